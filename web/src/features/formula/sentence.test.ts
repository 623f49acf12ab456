import { expect, test } from "vitest";
import { sentenceOf } from "./sentence";
import en from "./texts.en.json";
import zh from "./texts.zh-CN.json";
import type { Field, Group } from "./tree";

type Texts = Record<string, string>;
const speak = (texts: Texts) =>
  ((key: string, values: Record<string, string | number> = {}) => {
    const plural = `${key}_${Number(values.count) === 1 ? "one" : "other"}`;
    return (texts[key] ?? texts[plural]!).replace(/{{(\w+)}}/g, (_, hole: string) => String(values[hole]));
  }) as never;
const fieldsIn = (labels: string[]): Field[] => [
  { code: "city", label: labels[0]!, kind: "text" },
  { code: "order_count", label: labels[1]!, kind: "number" },
  { code: "sources", label: labels[2]!, kind: "several", choices: [{ value: "2", label: "web" }, { value: "3", label: "crm" }] },
  { code: "last_seen_at", label: labels[3]!, kind: "time" },
  { code: "orders", label: labels[1]!, kind: "records" },
];
const tree: Group = {
  join: "all",
  items: [
    { field: "city", op: "is", values: ["上海"] },
    { join: "any", items: [{ field: "order_count", op: "at_least", values: ["3"] }, { field: "sources", op: "has", values: ["2", "3"] }] },
    { join: "none", items: [{ field: "last_seen_at", op: "before_last", values: ["90", "day"] }] },
    { field: "city", op: "is", values: [] },
  ],
};

test("a condition reads as a sentence in both languages", () => {
  expect(sentenceOf(tree, fieldsIn(["City", "Orders", "Sources", "Last seen"]), speak(en))).toBe("City is “上海” and (Orders at least 3 or Sources include any of web, crm) and not (Last seen more than 90 days ago)");
  expect(sentenceOf(tree, fieldsIn(["城市", "订单数", "来源", "最近出现"]), speak(zh))).toBe("城市为“上海”，且（订单数不少于 3，或来源包含 web、crm 中任一），且并非（最近出现在 90 天以前）");
});

test("what is counted in a time reads as a sentence", () => {
  const counted: Group = { join: "all", items: [{ field: "orders", op: "at_least_within", values: ["2", "90", "day"] }] };
  expect(sentenceOf(counted, fieldsIn(["", "Orders", "", ""]), speak(en))).toBe("Orders at least 2 in the last 90 days");
  expect(sentenceOf(counted, fieldsIn(["", "订单数", "", ""]), speak(zh))).toBe("最近 90 天内订单数不少于 2");
});

const told = (texts: Texts, field: string, op: "is_not" | "contains_not" | "equals_not", value: string) => sentenceOf({ join: "all", items: [{ field, op, values: [value] }] }, fieldsIn(["City", "Orders", "", ""]), speak(texts));
test("what is not asks for what is empty too, and says so", () => {
  expect([told(en, "city", "is_not", "x"), told(en, "city", "contains_not", "x"), told(en, "order_count", "equals_not", "5")]).toEqual(["City is not “x” (or empty)", "City does not contain “x” (or is empty)", "Orders not 5 (or empty)"]);
  expect([told(zh, "city", "is_not", "x"), told(zh, "city", "contains_not", "x"), told(zh, "order_count", "equals_not", "5")]).toEqual(["City不为“x”（或为空）", "City不包含“x”（或为空）", "Orders不等于 5（或为空）"]);
});

test("nothing asked says nothing", () => {
  expect(sentenceOf({ join: "all", items: [{ field: "city", op: "is", values: [""] }] }, fieldsIn(["a", "b", "c", "d"]), speak(en))).toBe("");
});
