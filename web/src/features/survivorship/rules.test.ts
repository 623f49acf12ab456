import { expect, test } from "vitest";
import type { FieldRule } from "../../api/types";
import { incomplete, moved, same, withRule } from "./rules";

const rule = (field: string, name: FieldRule["rule"] = "trusted", sources: string[] = []): FieldRule => ({ field, rule: name, sources, is_verified_first: false });

test("a rule without named sources drops them", () => {
  const rules = [rule("city", "sources", ["crm"]), rule("name")];
  expect(withRule(rules, "city", { rule: "newest" })).toEqual([rule("city", "newest"), rule("name")]);
  expect(withRule(rules, "city", { is_verified_first: true })[0]!.sources).toEqual(["crm"]);
});
test("named sources must be named", () => {
  expect(incomplete([rule("city", "sources"), rule("name", "sources", ["crm"]), rule("title")])).toEqual(["city"]);
});
test("sources move one place, and not beyond the ends", () => {
  expect(moved(["a", "b", "c"], "c", -1)).toEqual(["a", "c", "b"]);
  expect(moved(["a", "b"], "a", -1)).toEqual(["a", "b"]);
  expect(moved(["a", "b"], "b", 1)).toEqual(["a", "b"]);
});
test("equal rules are no change", () => {
  expect(same([rule("city")], [rule("city")])).toBe(true);
  expect(same([rule("city")], [rule("city", "newest")])).toBe(false);
});
