import { expect, test } from "vitest";
import type { SearchHit } from "../../api/types";
import { groupsOf } from "./ask";

const hit = (id: string, kind: string) => ({ customer: { id, kind } }) as SearchHit;

test("hits stand by kind, the best kind first, each in its order", () => {
  const groups = groupsOf([hit("1", "organisation"), hit("2", "person"), hit("3", "organisation"), hit("4", "person")]);
  expect(groups.map(({ kind, hits }) => [kind, hits.map(({ customer }) => customer.id)])).toEqual([
    ["organisation", ["1", "3"]],
    ["person", ["2", "4"]],
  ]);
  expect(groupsOf([])).toEqual([]);
});
