// How the address says that a saved list is open: its id, and all that it asks, so that what is changed stays in sight.
import type { Words } from "../../design/address";

const parts = ["where", "formula", "kind", "sort", "columns"] as const;

// Nothing but the list is named: what it asks is still to be written there.
export const isBare = (words: Words): boolean => parts.every((part) => words[part] === undefined);

// `q` is a name that is searched for in the list: saved, it becomes one of the conditions.
export const differs = (now: Words, saved: Words): boolean => [...parts, "q" as const].some((part) => (now[part] ?? "") !== (saved[part] ?? ""));

// The address of a list, or of all customers, whatever it said before.
export const opening = (id: string | null): Record<string, string | null> => ({ q: null, where: null, formula: null, kind: null, sort: null, columns: null, list: id });
