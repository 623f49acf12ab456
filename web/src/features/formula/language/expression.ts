// The expression tree, as the server's JSON says it too.
import type { Formula } from "../../../api/types";
import { Decimal } from "./decimal";
import type { Span } from "./fault";

export type Operator = "and" | "or" | "not" | "=" | "<>" | "<" | "<=" | ">" | ">=" | "in" | "contains" | "blank" | "ago" | "+" | "-" | "*" | "/" | "^" | "negate" | "percent" | "&" | "list" | "call";
export type Literal = null | boolean | Decimal | string;
export type Expression = ({ form: "literal"; value: Literal } | { form: "field"; path: string[] } | { form: "call"; op: Operator; args: Expression[]; name: string }) & { at: Span };

export const depthMax = 64;
export const membersMax = 1000;
export const pathLengthMax = 8;
export const codeLengthMax = 64;
const nowhere: Span = { begin: 0, length: 0 };

export const literal = (value: Literal, at = nowhere): Expression => ({ form: "literal", value, at });
export const field = (path: string[], at = nowhere): Expression => ({ form: "field", path, at });
export const call = (op: Operator, args: Expression[], at = nowhere, name = ""): Expression => ({ form: "call", op, args, name, at });

const many = membersMax;
const arities: Record<Operator, readonly [number, number]> = {
  and: [1, many], or: [1, many], not: [1, 1], "=": [2, 2], "<>": [2, 2], "<": [2, 2], "<=": [2, 2], ">": [2, 2], ">=": [2, 2], in: [2, many + 1],
  contains: [2, 2], blank: [1, 1], ago: [2, 2], "+": [2, many], "-": [2, 2], "*": [2, many], "/": [2, 2], "^": [2, 2], negate: [1, 1], percent: [1, 1], "&": [2, many], list: [0, many], call: [0, many],
};
export const arityOf = (op: Operator): readonly [number, number] => arities[op];

// These functions are operators of the tree.
const alike: Record<string, Operator> = { AND: "and", OR: "or", NOT: "not", CONTAINS: "contains", ISBLANK: "blank", AGO: "ago" };
export const operatorOf = (name: string): Operator | undefined => (Object.hasOwn(alike, name) ? alike[name] : undefined);

// The same tree, wherever it stood.
export function isSame(one: Expression, other: Expression): boolean {
  if (one.form === "literal") return other.form === "literal" && (one.value instanceof Decimal ? other.value instanceof Decimal && one.value.equals(other.value) : one.value === other.value);
  if (one.form === "field") return other.form === "field" && one.path.join("\0") === other.path.join("\0");
  return other.form === "call" && one.op === other.op && one.name === other.name && one.args.length === other.args.length && one.args.every((arg, i) => isSame(arg, other.args[i]!));
}

const jsonOf = (value: Literal): string | number | boolean | null => {
  if (!(value instanceof Decimal)) return value;
  const text = value.toString();
  return text.replace(/\D/g, "").length <= 15 && String(Number(text)) === text ? Number(text) : text;
};
export function toJson(expression: Expression): Formula {
  if (expression.form === "literal") return { value: jsonOf(expression.value) } as Formula;
  if (expression.form === "field") return { field: expression.path.join(".") };
  const args = expression.args.map(toJson);
  return expression.op === "call" ? { call: expression.name, args } : ({ op: expression.op, args } as Formula);
}
// Of what this interface made itself; the server is who checks it.
export function ofJson(json: Formula): Expression {
  if ("field" in json) return field(json.field.split("."));
  if ("value" in json) return literal(typeof json.value === "number" ? Decimal.tryParse(String(json.value)) : (json.value ?? null));
  const args = (json.args ?? []).map(ofJson);
  return "call" in json ? call("call", args, nowhere, json.call) : call(json.op as Operator, args);
}
