// Interests in groups, in the order in which people ask for them. Pure.
import type { Interest, InterestKind } from "../../api/types";

const order: InterestKind[] = ["product", "category", "search", "page"];

export const byKind = (interests: Interest[]): { kind: InterestKind; items: Interest[] }[] =>
  order.map((kind) => ({ kind, items: interests.filter((one) => one.kind === kind) })).filter(({ items }) => items.length > 0);
