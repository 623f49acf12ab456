// Where the cursor stands in a formula that is being written: in which call, at which argument, behind which path.
import { findFunction, paramAt, type FunctionRow } from "../language/functions";
import { upperAscii } from "../language/fault";
import { lexLoosely, type Token } from "../language/lexer";
import type { Kind } from "../language/type";
import { namedIn, type NamedField, type Objects } from "./objects";

export interface CallAt {
  row: FunctionRow;
  argument: number; // from 0
  first: string[]; // the path that its first argument begins with
}
export interface Place {
  isInText: boolean; // then `word` is what is written of it
  quote: string; // that began it
  isBehindValue: boolean; // where only AND, OR, IN and operators can follow
  word: string; // what is written of a name
  from: number; // where it begins, in UTF-16 units
  path: string[] | null; // before it, with dots; null where there is none
  calls: CallAt[]; // around, the outermost first
  phrases: Phrase[]; // what is written of a name with blanks in it, the longest first
  isFirst: boolean; // where a condition or an argument begins
  compared: string[] | null; // the path that is compared with what is written here
}
export interface Phrase {
  text: string; // one blank between its words, and behind them where one is written
  from: number;
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

const comparisons = new Set(["=", "<>", "<", "<=", ">", ">="]);
// Where it is no operator: city = "a" AND (…), NOT (…).
export function functionAt(tokens: Token[], parenthesis: number): FunctionRow | null {
  const before = tokens[parenthesis - 1];
  if (tokens[parenthesis]?.text !== "(" || before?.kind !== "name") return null;
  const name = upperAscii(before.text);
  const isOperator = name === "NOT" ? tokens[parenthesis]!.isAfterBlank : (name === "AND" || name === "OR") && isValue(tokens[parenthesis - 2]);
  return isOperator ? null : (findFunction(name) ?? null);
}
function callsOf(tokens: Token[]): CallAt[] {
  const open: Open[] = [];
  tokens.forEach(({ kind, text }, i) => {
    if (kind !== "sign") return;
    if (text === "(" || text === "{") {
      open.push({ row: functionAt(tokens, i), argument: 0, begin: i + 1 });
    } else if (text === ")" || text === "}") open.pop();
    else if (text === "," && open.length > 0) ++open.at(-1)!.argument;
  });
  return open.flatMap(({ row, argument, begin }) => (row ? [{ row, argument, first: pathFrom(tokens, begin) }] : []));
}

function phrasesOf(tokens: Token[], text: string, unitsBefore: (index: number) => number): Phrase[] {
  const phrases: Phrase[] = [];
  for (let i = tokens.length - 1; i >= 0; --i) {
    const { kind, text: word, at } = tokens[i]!;
    if (kind !== "name" || words.has(upperAscii(word))) break;
    const from = unitsBefore(at.begin);
    const phrase = text.slice(from).replace(/\s+/g, " ");
    if (phrase.includes(" ")) phrases.unshift({ text: phrase, from });
  }
  return phrases;
}
function pathUpTo(tokens: Token[], end: number): string[] | null {
  const last = tokens[end - 1];
  return isName(last) ? [...(pathBefore(tokens, end - 1) ?? []), last.text] : null;
}

function beginningAt(tokens: Token[], begin: number): Pick<Place, "isFirst" | "compared"> {
  const ahead = tokens[begin - 1];
  const isFirst = !ahead || ["(", ","].includes(ahead.text) || (ahead.kind === "name" && ["AND", "OR", "NOT"].includes(upperAscii(ahead.text)));
  return { isFirst, compared: ahead?.kind === "sign" && comparisons.has(ahead.text) ? pathUpTo(tokens, begin - 1) : null };
}
export function placeIn(text: string, cursor: number): Place {
  const before = text.slice(0, cursor);
  const points = [...before];
  const { tokens, open } = lexLoosely(before);
  if (tokens.at(-1)?.kind === "end") tokens.pop();
  const unitsBefore = (index: number) => points.slice(0, index).join("").length;
  const calls = callsOf(tokens);
  const quote = open === null ? "" : points[open]!;
  const own = { isInText: false, quote: "", isBehindValue: false, calls, phrases: [], isFirst: false, compared: null };
  if (open !== null && quote !== "'" && quote !== "[") return { ...own, ...beginningAt(tokens, tokens.length), isInText: true, quote, word: points.slice(open + 1).join(""), from: unitsBefore(open + 1), path: null };
  if (open !== null) return { ...own, word: points.slice(open + 1).join(""), from: unitsBefore(open), path: pathBefore(tokens, tokens.length) };
  const last = tokens.at(-1);
  const isWord = last?.kind === "name" && last.at.begin + last.at.length === points.length;
  const end = isWord ? tokens.length - 1 : tokens.length;
  const path = pathBefore(tokens, end);
  const begin = end - 2 * (path?.length ?? 0);
  return { ...own, ...beginningAt(tokens, begin), isBehindValue: isValue(tokens[end - 1]), word: isWord ? last.text : "", from: isWord ? unitsBefore(last.at.begin) : cursor, path, phrases: phrasesOf(tokens, before, unitsBefore) };
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

// The field at the end of a path that is written here.
export function fieldAt(place: Place, path: string[], objects: Objects, object: string): NamedField | undefined {
  const [name] = path.slice(-1);
  for (const scope of name === undefined ? [] : objectsAt({ ...place, path: null }, objects, object)) {
    const at = objectAt(objects, scope, path.slice(0, -1));
    const found = at === null ? undefined : namedIn(objects[at] ?? [], name!);
    if (found) return found;
  }
  return undefined;
}

const wanted: Partial<Record<string, Kind[]>> = { text: ["text"], number: ["number"], numbers: ["number"], truth: ["truth"], truths: ["truth"], date: ["date", "instant"], moment: ["date", "instant"], instant: ["date", "instant"] };
// The kinds of values that make sense here; null where any do.
export function kindsAt(place: Place, objects: Objects, object: string): Kind[] | null {
  if (place.compared) return wanted[fieldAt(place, place.compared, objects, object)?.kind ?? ""] ?? null;
  if (!place.isFirst) return null;
  const call = place.calls.at(-1);
  return call ? (wanted[paramAt(call.row, call.argument)?.want ?? ""] ?? null) : ["truth"];
}
