// The list's question, as it stands in the address and as the server wants it.
import type { CustomerKind, Formula } from "../../api/types";
import type { Words } from "../../design/address";
import { lookupOf, nameContains } from "./find";

export const sortFields = ["name", "total_spend", "order_count", "ticket_count", "last_purchase_at", "first_seen_at", "last_seen_at"] as const;
export type SortField = (typeof sortFields)[number];
export interface Sort {
  field: SortField;
  direction: "ascending" | "descending";
}
export interface ListState {
  q: string;
  kind: CustomerKind | null;
  sort: Sort;
}

export const kinds: CustomerKind[] = ["person", "organisation", "household"];
const usual: Sort = { field: "last_seen_at", direction: "descending" };

export function readSort(word: string | undefined): Sort {
  const field = word?.replace(/^-/, "");
  if (!field || !(sortFields as readonly string[]).includes(field)) return usual;
  return { field: field as SortField, direction: word!.startsWith("-") ? "descending" : "ascending" };
}
export const writeSort = (sort: Sort): string => (sort.direction === "descending" ? "-" : "") + sort.field;

export function readListState(words: Words): ListState {
  const kind = kinds.find((one) => one === words.kind) ?? null;
  return { q: words.q ?? "", kind, sort: readSort(words.sort) };
}

// A first click shows the most, the newest, or the first in the alphabet; the next turns it round.
export function nextSort(sort: Sort, field: SortField): Sort {
  if (sort.field === field) return { field, direction: sort.direction === "ascending" ? "descending" : "ascending" };
  return { field, direction: field === "name" ? "ascending" : "descending" };
}

// `conditions` are those of the builder, as the server's tree.
export function filterOf(state: ListState, conditions: Formula | null = null): Formula | null {
  const { name } = lookupOf(state.q);
  const parts: Formula[] = [];
  if (name) parts.push(nameContains(name));
  if (state.kind) parts.push({ op: "=", args: [{ field: "kind" }, { value: state.kind }] });
  if (conditions) parts.push(conditions);
  return parts.length === 0 ? null : parts.length === 1 ? parts[0]! : { op: "and", args: parts };
}

// `condition` is one that was written as a formula.
export function listQuery(state: ListState, conditions: Formula | null = null, condition: string | null = null): Record<string, string | undefined> {
  const filter = filterOf(state, conditions);
  return { sort: writeSort(state.sort), filter: filter ? JSON.stringify(filter) : undefined, condition: condition ?? undefined };
}
