// Where the cursor stands in a formula that is being written: in which call, at which argument, behind which path.
import { findFunction, type FunctionRow } from "../language/functions";
import { upperAscii } from "../language/fault";
import { lexLoosely, type Token } from "../language/lexer";
import { namedIn, type NamedField, type Objects } from "./objects";

export interface CallAt {
  row: FunctionRow;
  argument: number; // from 0
  first: string[]; // the path that its first argument begins with
}
export interface Place {
  isInText: boolean;
  isBehindValue: boolean; // where only AND, OR, IN and operators can follow
  word: string; // what is written of a name
  from: number; // where it begins, in UTF-16 units
  path: string[] | null; // before it, with dots; null where there is none
  calls: CallAt[]; // around, the outermost first
}

interface Open {
  row: FunctionRow | null;
  argument: number;
  begin: number; // of its arguments, among the tokens
}
export const isName = (token: Token | undefined): token is Token => token?.kind === "name" || token?.kind === "quoted";
const words = new Set(["AND", "OR", "NOT", "IN"]);
const isValue = (token: Token | undefined): boolean =>
  token?.kind === "number" || token?.kind === "text" || (token?.kind === "sign" && [")", "}", "%"].includes(token.text)) || (isName(token) && !words.has(upperAscii(token.text)));
export const isDot = (token: Token | undefined): boolean => token?.kind === "sign" && token.text === ".";

export function pathFrom(tokens: Token[], begin: number): string[] {
  const path: string[] = [];
  for (let i = begin; isName(tokens[i]); i += 2) {
    path.push(tokens[i]!.text);
    if (!isDot(tokens[i + 1])) break;
  }
  return path;
}
function pathBefore(tokens: Token[], end: number): string[] | null {
  const path: string[] = [];
  for (let i = end - 1; isDot(tokens[i]) && isName(tokens[i - 1]); i -= 2) path.unshift(tokens[i - 1]!.text);
  return path.length === 0 ? null : path;
}

function callsOf(tokens: Token[]): CallAt[] {
  const open: Open[] = [];
  tokens.forEach(({ kind, text }, i) => {
    if (kind !== "sign") return;
    if (text === "(" || text === "{") {
      const before = tokens[i - 1];
      open.push({ row: text === "(" && before?.kind === "name" ? (findFunction(upperAscii(before.text)) ?? null) : null, argument: 0, begin: i + 1 });
    } else if (text === ")" || text === "}") open.pop();
    else if (text === "," && open.length > 0) ++open.at(-1)!.argument;
  });
  return open.flatMap(({ row, argument, begin }) => (row ? [{ row, argument, first: pathFrom(tokens, begin) }] : []));
}

export function placeIn(text: string, cursor: number): Place {
  const before = text.slice(0, cursor);
  const points = [...before];
  const { tokens, open } = lexLoosely(before);
  if (tokens.at(-1)?.kind === "end") tokens.pop();
  const unitsBefore = (index: number) => points.slice(0, index).join("").length;
  const calls = callsOf(tokens);
  const quote = open === null ? "" : points[open]!;
  if (quote !== "" && quote !== "'" && quote !== "[") return { isInText: true, isBehindValue: false, word: "", from: cursor, path: null, calls };
  if (open !== null) return { isInText: false, isBehindValue: false, word: points.slice(open + 1).join(""), from: unitsBefore(open), path: pathBefore(tokens, tokens.length), calls };
  const last = tokens.at(-1);
  const isWord = last?.kind === "name" && last.at.begin + last.at.length === points.length;
  const end = isWord ? tokens.length - 1 : tokens.length;
  return { isInText: false, isBehindValue: isValue(tokens[end - 1]), word: isWord ? last.text : "", from: isWord ? unitsBefore(last.at.begin) : cursor, path: pathBefore(tokens, end), calls };
}

// The object at the end of a path from this one.
export function objectAt(objects: Objects, object: string, path: string[]): string | null {
  let at: string = object;
  for (const name of path) {
    const next: NamedField | undefined = namedIn(objects[at] ?? [], name);
    if (!next?.object) return null;
    at = next.object;
  }
  return at;
}

// The objects whose fields can be named here, the innermost first.
export function objectsAt(place: Place, objects: Objects, object: string): string[] {
  const scopes = [object];
  for (const { row, argument, first } of place.calls) {
    if (!row.is_aggregate || argument === 0 || first.length === 0) continue;
    const found = scopes.map((scope) => objectOfRecords(objects, scope, first)).find((one) => one !== null);
    if (found) scopes.unshift(found);
  }
  if (!place.path) return scopes;
  const { path } = place;
  return scopes.map((scope) => objectAt(objects, scope, path)).filter((one) => one !== null).slice(0, 1);
}
// orders, or orders.total: the orders.
export function objectOfRecords(objects: Objects, object: string, path: string[]): string | null {
  for (let end = path.length; end > 0; --end) {
    const found = objectAt(objects, object, path.slice(0, end));
    if (found) return found;
  }
  return null;
}
