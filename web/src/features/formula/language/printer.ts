// Tree → the canonical text: parse(print(tree)) is the tree again.
import { Decimal } from "./decimal";
import type { Expression, Operator } from "./expression";
import { upperAscii } from "./fault";
import { isPlainName } from "./lexer";

// How tightly what is printed binds; a part that binds less than its place asks stands in parentheses.
const level = { lowest: 1, or: 1, and: 2, not: 3, comparison: 4, join: 5, sum: 6, product: 7, power: 8, percent: 9, sign: 10, primary: 11 } as const;
type Printed = readonly [text: string, level: number];
type Call = Expression & { form: "call" };

const reserved = new Set(["AND", "OR", "NOT", "IN", "TRUE", "FALSE"]);
export const printText = (text: string): string => `"${text.replaceAll('"', '""')}"`;
export const printName = (name: string): string => (isPlainName(name) && !reserved.has(upperAscii(name)) ? name : `'${name.replaceAll("'", "''")}'`);
export const printPath = (path: string[]): string => path.map(printName).join(".");

const atLeast = (wanted: number, expression: Expression): string => {
  const [text, own] = printed(expression);
  return own >= wanted ? text : `(${text})`;
};
const listed = (args: Expression[]): string => args.map((arg) => atLeast(level.lowest, arg)).join(", ");
const called = (name: string, args: Expression[]): Printed => [`${name}(${listed(args)})`, level.primary];

// A chain of one operator is one call, so a chain within the first part stays in its parentheses.
function chain({ args, op }: Call, word: string, own: number, gathers: boolean): Printed {
  if (args.length === 1) return called(word, args);
  const first = args[0]!;
  const isSame = gathers && first.form === "call" && first.op === op;
  return [[atLeast(isSame ? own + 1 : own, first), ...args.slice(1).map((arg) => atLeast(own + 1, arg))].join(` ${word} `), own];
}
function negated(of: Expression): Printed {
  const number = of.form === "literal" && of.value instanceof Decimal ? of.value : null;
  if (number && !number.isNegative && !number.isZero) return [`-(${number})`, level.sign]; // else it would be read as one number
  return [`-${atLeast(level.sign, of)}`, level.sign];
}
const within = (word: string, args: Expression[]): Printed => [`${atLeast(level.join, args[0]!)} ${word} (${listed(args.slice(1))})`, level.comparison];
const denied = (of: Expression): Printed => (of.form === "call" && of.op === "in" ? within("NOT IN", of.args) : [`NOT ${atLeast(level.not, of)}`, level.not]);

const chains: Partial<Record<Operator, [word: string, level: number, gathers: boolean]>> = {
  and: ["AND", level.and, true], or: ["OR", level.or, true], "+": ["+", level.sum, true], "-": ["-", level.sum, false], "*": ["*", level.product, true], "/": ["/", level.product, false],
  "^": ["^", level.power, false], "&": ["&", level.join, true],
};
const names: Partial<Record<Operator, string>> = { contains: "CONTAINS", blank: "ISBLANK", ago: "AGO" };

function ofCall(made: Call): Printed {
  const { op, args } = made;
  const way = chains[op];
  if (way) return chain(made, ...way);
  const name = op === "call" ? made.name : names[op];
  if (name) return called(name, args);
  const first = args[0]!;
  if (op === "not") return denied(first);
  if (op === "in") return within("IN", args);
  if (op === "negate") return negated(first);
  if (op === "percent") return [`${atLeast(level.percent, first)}%`, level.percent];
  if (op === "list") return [`{${listed(args)}}`, level.primary];
  return [`${atLeast(level.join, first)} ${op} ${atLeast(level.join, args[1]!)}`, level.comparison];
}

function printed(expression: Expression): Printed {
  if (expression.form === "field") return [printPath(expression.path), level.primary];
  if (expression.form === "call") return ofCall(expression);
  const { value } = expression;
  if (value instanceof Decimal) return [value.toString(), value.isNegative ? level.sign : level.primary];
  return [value === null ? "BLANK()" : typeof value === "string" ? printText(value) : value ? "TRUE" : "FALSE", level.primary];
}

export const print = (expression: Expression): string => printed(expression)[0];
