// Which fields of two customers ask for a choice before they become one, and what of it must be said.
import type { FieldValue } from "../../api/types";

export type Values = Record<string, FieldValue | undefined>;
export interface Choice {
  code: string;
  here: string;
  there: string;
  automatic: string; // what would win by itself
}

const textOf = (value: FieldValue | undefined): string => (typeof value === "string" ? value : "");

export const choicesOf = (here: Values, there: Values, automatic: Values, order: string[] = []): Choice[] =>
  Object.keys(here)
    .filter((code) => textOf(here[code]) !== "" && textOf(there[code]) !== "" && here[code] !== there[code])
    .toSorted((a, b) => rank(a, order) - rank(b, order))
    .map((code) => ({ code, here: textOf(here[code]), there: textOf(there[code]), automatic: textOf(automatic[code]) }));

const rank = (code: string, order: string[]) => (order.includes(code) ? order.indexOf(code) : order.length);

// Only what would not win by itself is a value that somebody typed.
export const valuesOf = (choices: Choice[], chosen: Record<string, string>): Record<string, string> =>
  Object.fromEntries(choices.filter(({ code, automatic }) => chosen[code] !== undefined && chosen[code] !== automatic).map(({ code }) => [code, chosen[code]!]));
