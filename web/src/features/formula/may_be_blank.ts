// Whether a part of a formula can be blank: then what it is compared with, and NOT before it, leave the record out.
import type { Expression } from "./language/expression";

type Call = Expression & { form: "call" };
export type Paths = ReadonlySet<string>; // of fields, by keyOf
export const keyOf = (path: string[]): string => path.join("\n");

const never = new Set(["COUNT", "COUNTUNIQUE", "SUM", "HAS", "HASALL", "ISFILLED", "ISERROR", "TODAY", "NOW", "PI", "CONCAT"]);
const decided = new Set(["ANY", "ALL", "NONE"]);
const always = new Set(["AVERAGE", "MIN", "MAX", "MEDIAN", "MODE", "STDEV", "FIRST", "LAST", "INDEX", "LARGE", "SMALL", "IFS", "SWITCH", "BLANK"]);

// What COALESCE stops at: neither blank nor an empty text, which it takes for blank.
function isFilled(part: Expression): boolean {
  if (part.form === "literal") return part.value !== null && part.value !== "";
  return part.form === "call" && part.op === "call" && part.name !== "CONCAT" && never.has(part.name);
}
function isBlankOf(part: Expression | undefined): string | null {
  const of = part?.form === "call" && part.op === "blank" ? part.args[0] : undefined;
  return of?.form === "field" ? keyOf(of.path) : null;
}
// What is known where AND or OR is not decided yet: beside NOT ISBLANK(city) AND …, ISBLANK(city) OR …, the city.
export function knownBeside({ op, args }: Call, known: Paths): Paths {
  const guards = op === "or" ? args.map(isBlankOf) : op === "and" ? args.map((arg) => (arg.form === "call" && arg.op === "not" ? isBlankOf(arg.args[0]) : null)) : [];
  const found = guards.filter((guard) => guard !== null);
  return found.length === 0 ? known : new Set([...known, ...found]);
}

// `isSeveral`: the field is a list, which is never blank.
export function mayBeBlank(part: Expression, known: Paths, isSeveral: (path: string[]) => boolean): boolean {
  if (part.form === "literal") return part.value === null;
  if (part.form === "field") return !known.has(keyOf(part.path)) && !isSeveral(part.path);
  const { op, args } = part;
  if (op === "blank" || op === "&" || op === "list") return false;
  if (op === "call" && never.has(part.name)) return false;
  if (op === "call" && always.has(part.name)) return true;
  if (op === "call" && part.name === "COALESCE") return !args.some(isFilled);
  if (op === "call" && decided.has(part.name)) return args.length < 2 || mayBeBlank(args[1]!, new Set(), isSeveral); // of each related record
  if (op === "call" && part.name === "IF") return args.length < 3 || args.slice(1).some((arg) => mayBeBlank(arg, known, isSeveral));
  const beside = knownBeside(part, known);
  return args.some((arg) => mayBeBlank(arg, beside, isSeveral));
}
