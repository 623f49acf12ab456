// The fields that a formula's text names, where each stands and what it is.
import { upperAscii } from "../language/fault";
import { findFunction, type FunctionRow } from "../language/functions";
import { lexLoosely, type Token } from "../language/lexer";
import { namedIn, type NamedField, type Objects } from "./objects";
import { isDot, isName, objectOfRecords, pathFrom } from "./place";

export interface Reference {
  from: number; // in UTF-16 units
  to: number;
  fields: NamedField[]; // over relations to the last
}
interface Open {
  row: FunctionRow | null;
  begin: number; // of its arguments, among the tokens
  scopes: string[]; // objects whose fields can be named, the innermost first
  isFirst: boolean; // its first argument
}
const reserved = new Set(["AND", "OR", "NOT", "IN", "TRUE", "FALSE"]);

// From code points to UTF-16 units.
export function unitsOf(text: string): number[] {
  const units = [0];
  for (const c of text) units.push(units.at(-1)! + c.length);
  return units;
}

function fieldsAt(path: string[], objects: Objects, scopes: string[]): NamedField[] | null {
  const begin = scopes.find((scope) => namedIn(objects[scope] ?? [], path[0]!));
  const fields: NamedField[] = [];
  for (let at = begin, i = 0; i < path.length; ++i) {
    const field: NamedField | undefined = at === undefined ? undefined : namedIn(objects[at] ?? [], path[i]!);
    if (!field) return null;
    fields.push(field);
    at = field.object;
  }
  return fields;
}

export function referencesIn(text: string, objects: Objects, object: string): Reference[] {
  const units = unitsOf(text);
  const { tokens } = lexLoosely(text);
  const open: Open[] = [];
  const scopes = () => open.at(-1)?.scopes ?? [object];
  const sign = (own: string, i: number) => {
    const before = tokens[i - 1];
    if (own === "(" || own === "{") open.push({ row: own === "(" && before?.kind === "name" ? (findFunction(upperAscii(before.text)) ?? null) : null, begin: i + 1, scopes: scopes(), isFirst: true });
    else if (own === ")" || own === "}") open.pop();
    else if (own === "," && open.at(-1)?.isFirst) {
      const call = open.at(-1)!;
      call.isFirst = false;
      const path = call.row?.is_aggregate ? pathFrom(tokens, call.begin) : [];
      const inner = path.length === 0 ? null : call.scopes.map((scope) => objectOfRecords(objects, scope, path)).find((one) => one !== null);
      if (inner) call.scopes = [inner, ...call.scopes];
    }
  };
  const references: Reference[] = [];
  for (let i = 0; i < tokens.length; ++i) {
    const token = tokens[i]!;
    if (token.kind === "sign") sign(token.text, i);
    if (!isName(token) || (token.kind === "name" && reserved.has(upperAscii(token.text)))) continue;
    const path = pathFrom(tokens, i);
    const last: Token = tokens[i + 2 * (path.length - 1)]!;
    const isCall = tokens[i + 2 * path.length - 1]?.text === "(" && path.length === 1 && token.kind === "name";
    i += 2 * (path.length - 1);
    const fields = isCall || isDot(tokens[i - 2 * (path.length - 1) - 1]) ? null : fieldsAt(path, objects, scopes());
    const [from, to] = [units[token.at.begin]!, units[last.at.begin + last.at.length]!];
    if (fields && !text.slice(from, to).includes("\n")) references.push({ from, to, fields });
  }
  return references;
}
