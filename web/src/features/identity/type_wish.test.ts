import { expect, test } from "vitest";
import { inputOfType, wishOf } from "./type_wish";

test("of a type that Onefold ships only its limits and whether it joins are sent", () => {
  expect(inputOfType({ ...wishOf(null), code: "phone", is_joining: false, limits_records: 30 }, true)).toEqual({ code: "phone", is_joining: false, limits: { strong_beside: 0, records: 30 } });
});

test("a new type is sent whole, and what nobody wrote is left out", () => {
  const input = inputOfType({ ...wishOf(null), code: "dealer_no", label_en: " Dealer ", label_zh: "Haendler", pattern: " D-[0-9]+ " }, false);
  expect(input).toMatchObject({ label: { en: "Dealer", "zh-CN": "Haendler" }, pattern: "D-[0-9]+", strength: "strong" });
  expect(input).not.toHaveProperty("pattern_message");
});
