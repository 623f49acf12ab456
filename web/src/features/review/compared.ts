// Two customers of a pair, field by field. Pure.
import type { Customer, FieldValue } from "../../api/types";

export interface Row {
  code: string;
  here: FieldValue | undefined;
  there: FieldValue | undefined;
  standing: "same" | "differs" | "one"; // "one": only one of them says anything
}

const isBlank = (value: FieldValue | undefined) => value === undefined || value === null || value === "";

// What differs first, each group in the order of the fields.
export function rowsOf(here: Customer["fields"], there: Customer["fields"], order: string[]): Row[] {
  const codes = [...new Set([...Object.keys(here), ...Object.keys(there)])].filter((code) => !isBlank(here[code]) || !isBlank(there[code]));
  const rank = (code: string) => (order.includes(code) ? order.indexOf(code) : order.length);
  const groups = { differs: 0, one: 1, same: 2 };
  return codes
    .map((code): Row => {
      const standing = isBlank(here[code]) || isBlank(there[code]) ? "one" : JSON.stringify(here[code]) === JSON.stringify(there[code]) ? "same" : "differs";
      return { code, here: here[code], there: there[code], standing };
    })
    .toSorted((a, b) => groups[a.standing] - groups[b.standing] || rank(a.code) - rank(b.code));
}

// The pair that is shown when this one is gone: the one behind it, else the one before.
export const nextOf = (ids: string[], gone: string): string | null => {
  const at = ids.indexOf(gone);
  return ids[at + 1] ?? (at > 0 ? ids[at - 1]! : (ids.find((id) => id !== gone) ?? null));
};
