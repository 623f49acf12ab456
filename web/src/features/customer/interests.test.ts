import { expect, test } from "vitest";
import type { Interest } from "../../api/types";
import { byKind } from "./interests";

const interest = (kind: Interest["kind"], name: string): Interest => ({ kind, name, seen: 1, bought: 0, last_at: "2026-03-01T00:00:00Z" });

test("interests stand by kind, each in the order in which they came, and what is empty is left out", () => {
  const groups = byKind([interest("page", "Pricing"), interest("product", "Pot"), interest("product", "Cup"), interest("search", "tea")]);
  expect(groups.map(({ kind, items }) => [kind, ...items.map(({ name }) => name)])).toEqual([["product", "Pot", "Cup"], ["search", "tea"], ["page", "Pricing"]]);
  expect(byKind([])).toEqual([]);
});
