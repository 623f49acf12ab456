import { expect, test } from "vitest";
import type { Provenance } from "../../api/types";
import { inverse } from "./edit";

const origin = (rule: string, value: string | null): Provenance => ({ rule, value, source: "crm", at: "2026-01-01T00:00:00Z", is_verified: false });

test("what was automatic becomes automatic again", () => {
  expect(inverse({ fields: { city: "Suzhou" } }, { city: origin("most_recent", "Shanghai") })).toEqual({ automatic: ["city"] });
  expect(inverse({ fields: { city: "Suzhou" } }, {})).toEqual({ automatic: ["city"] });
});
test("what was typed or hidden is typed or hidden again", () => {
  expect(inverse({ automatic: ["city"] }, { city: origin("manual", "Suzhou") })).toEqual({ fields: { city: "Suzhou" } });
  expect(inverse({ automatic: ["city"] }, { city: origin("hidden", null) })).toEqual({ fields: { city: null } });
});
test("several fields go back together, each its own way", () => {
  const before = { city: origin("manual", "Suzhou"), title: origin("hidden", null), name: origin("only_value", "Ann"), note: origin("only_value", "x") };
  expect(inverse({ fields: { city: "a", title: "b", name: "c", note: "d" } }, before)).toEqual({ fields: { city: "Suzhou", title: null }, automatic: ["name", "note"] });
});
test("marks turn round", () => {
  expect(inverse({ verified: ["city"] }, {})).toEqual({ unverified: ["city"] });
  expect(inverse({ unverified_identifiers: ["7"] }, {})).toEqual({ verified_identifiers: ["7"] });
});
