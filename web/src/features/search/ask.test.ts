import { expect, test } from "vitest";
import type { SearchHit } from "../../api/types";
import { groupsOf, isGoneOn } from "./ask";

const hit = (id: string, kind: string) => ({ customer: { id, kind } }) as SearchHit;

test("hits stand by kind, the best kind first, each in its order", () => {
  const groups = groupsOf([hit("1", "organisation"), hit("2", "person"), hit("3", "organisation"), hit("4", "person")]);
  expect(groups.map(({ kind, hits }) => [kind, hits.map(({ customer }) => customer.id)])).toEqual([
    ["organisation", ["1", "3"]],
    ["person", ["2", "4"]],
  ]);
  expect(groupsOf([])).toEqual([]);
});

test("what was found stays while the text grows or shrinks, and goes with another text", () => {
  for (const [before, now] of [["wa", "wang"], ["wang", "wa"], ["wang", "wang"]] as const) expect(isGoneOn(before, now)).toBe(true);
  for (const [before, now] of [["suzhou", "王小"], ["", "wang"], ["wang", "lin"]] as const) expect(isGoneOn(before, now)).toBe(false);
});
