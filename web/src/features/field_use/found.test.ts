import { expect, test } from "vitest";
import type { FieldUses } from "../../api/types";
import { foundFields } from "./found";

const field = (object: string, code: string, en: string, zh: string, uses = 0): FieldUses => ({ id: code, object, object_label: { en: object, "zh-CN": object }, code, label: { en, "zh-CN": zh }, type: "text", is_computed: false, uses, hidden: 0 });
const fields = [field("customer", "city", "City", "城市", 2), field("customer", "total_spend", "Total spend", "累计消费"), field("order", "total", "Total", "金额", 1)];
const codes = (q: string, isUsedOnly = false) => foundFields(fields, q, isUsedOnly).map(({ object, fields: own }) => [object, own.map(({ code }) => code)]);

test("fields are found by name in either language and by code, and stand by object", () => {
  expect(codes("")).toEqual([["customer", ["city", "total_spend"]], ["order", ["total"]]]);
  expect(codes("TOTAL")).toEqual([["customer", ["total_spend"]], ["order", ["total"]]]);
  expect(codes("spend total")).toEqual([["customer", ["total_spend"]]]);
  expect(codes("城市")).toEqual([["customer", ["city"]]]);
  expect(codes("total_s")).toEqual([["customer", ["total_spend"]]]);
  expect(codes("nothing")).toEqual([]);
});

test("those that nothing uses can be left out", () => {
  expect(codes("", true)).toEqual([["customer", ["city"]], ["order", ["total"]]]);
});
