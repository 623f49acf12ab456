// The server's table of functions, as table.json holds it (written and checked by src/formula/table_test.cc).
import { compareTexts, nearestOf } from "./fault";
import { functions as rows } from "./table.json";

export type Want = "text" | "number" | "truth" | "date" | "moment" | "instant" | "any" | "same" | "numbers" | "truths" | "values" | "parts" | "list";
export type Give = "text" | "number" | "truth" | "date" | "instant" | "same" | "moment" | "each" | "list" | "values" | "texts";
export type Special = "if" | "ifs" | "switch" | "if_error" | "is_error" | "coalesce" | "choose" | "matches_pattern";
export interface Param {
  name: string;
  want: Want;
  is_optional?: boolean;
  repeats?: boolean;
  words?: string[]; // all that it may be, where that is a fixed set
  is_zone?: boolean; // the name of a time zone
}
export interface FunctionRow {
  name: string;
  family: string;
  signature: string;
  aliases: string[];
  params: Param[];
  give: Give;
  takes_blanks?: boolean;
  special?: Special;
  is_aggregate?: boolean;
}

export const functions = rows as FunctionRow[];
const byName = new Map(functions.flatMap((row) => [row.name, ...row.aliases].map((name) => [name, row] as const)));
const names = [...byName.keys()].toSorted(compareTexts);

export const findFunction = (name: string): FunctionRow | undefined => byName.get(name);
export const nearestFunction = (name: string): string => nearestOf(name, names);
// A call has its argument's parameter by its place; the last one stands for all further.
export const paramAt = (row: FunctionRow, index: number): Param => row.params[Math.min(index, row.params.length - 1)]!;
