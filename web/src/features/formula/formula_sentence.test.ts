import { expect, test } from "vitest";
import { sentenceOfFormula } from "./formula_sentence";
import { parse } from "./language";
import { functions } from "./language/functions";
import { examples } from "./language/table.json";
import en from "./texts.en.json";
import zh from "./texts.zh-CN.json";

const texts: Record<string, Record<string, string>> = { en, "zh-CN": zh };
const speak = (language: string) => (key: string, values: Record<string, string | number> = {}) => {
  const words = texts[language]!;
  const text = words[key] ?? words[`${key}_${language === "en" && values.count === 1 ? "one" : "other"}`];
  if (text === undefined) throw new Error(`no words for ${key}`);
  return text.replaceAll(/{{\s*(\w+)\s*}}/g, (_, name: string) => String(values[name]));
};
const field = (code: string, label: string, zhLabel: string, kind: "text" | "number" | "instant" | "records", object?: string) => ({ code, labels: { en: label, "zh-CN": zhLabel }, kind, ...(object ? { object } : {}) });
const objects = {
  customer: [field("city", "City", "城市", "text"), field("total_spend", "Total spend", "累计消费", "number"), field("last_seen_at", "Last seen", "最近出现", "instant"), field("orders", "Orders", "订单", "records", "order"), { ...field("tags", "Tags", "标签", "text"), isSeveral: true }],
  order: [field("time", "Time", "时间", "instant"), field("total", "Amount", "金额", "number")],
};
const told = (text: string, language: string) => sentenceOfFormula(parse(text), { objects, object: "customer", fields: [], say: speak(language) as never, language });

test("what is asked reads as a sentence in both languages", () => {
  const cases = [
    ['city = "上海"', "City is “上海”", "城市等于“上海”"],
    ['city NOT IN ("a", "b") AND total_spend >= 100', "City is known but none of “a”, “b” and Total spend is at least 100", "城市不为空且不是“a”、“b”中的任何一个，且累计消费不小于100"],
    ['last_seen_at >= AGO(30, "day")', "Last seen is not before 30 days ago", "最近出现不早于30 天前"],
    ['COUNT(orders, time >= AGO(90, "day")) >= 2', "the number of Orders where Time is not before 90 days ago is at least 2", "满足“时间不早于90 天前”的订单的数量不小于2"],
    ["SUM(orders.total) > total_spend / 2", "the sum of Amount of Orders is more than (Total spend ÷ 2)", "订单的金额之和大于（累计消费 ÷ 2）"],
    ['NOT ISBLANK(city) AND (city = "a" OR CONTAINS(city, "b"))', "City is known and (City is “a” or City contains “b”)", "城市不为空，且（城市等于“a”，或城市包含“b”）"],
    ["NOT (total_spend < 5)", "not (Total spend is less than 5; empty values left out)", "并非（累计消费小于5；空值除外）"],
    ["ANY(orders, total > 100)", "for one of Orders: Amount is more than 100", "订单中至少一条满足“金额大于100”"],
    // Whether what is empty is left out.
    ['city <> "上海"', "City is known but not “上海”", "城市不为空且不等于“上海”"],
    ['"上海" <> city', "City is known but not “上海”", "城市不为空且不等于“上海”"],
    ["COUNT(orders) <> total_spend", "Total spend is known but not the number of Orders", "累计消费不为空且不等于订单的数量"],
    ["city <> COALESCE(city, province)", "City and COALESCE(City, province) are both known and differ", "城市与COALESCE(城市, province)均不为空且不相等"],
    ["NOT ANY(orders, total > 100)", "not (for one of Orders: Amount is more than 100; empty values left out)", "并非（订单中至少一条满足“金额大于100”；空值除外）"],
    ['ISBLANK(city) OR city <> "上海"', "City is empty or City is not “上海”", "城市为空，或城市不等于“上海”"],
    ['NOT ISBLANK(city) AND (city <> "a" OR total_spend <> 5)', "City is known and (City is not “a” or Total spend is known but not 5)", "城市不为空，且（城市不等于“a”，或累计消费不为空且不等于5）"],
    ['NOT city = "a"', "not (City is “a”; empty values left out)", "并非（城市等于“a”；空值除外）"],
    ['NOT (NOT ISBLANK(city) AND city = "a")', "not (City is known and City is “a”)", "并非（城市不为空，且城市等于“a”）"],
    ['NOT (COUNT(orders) > 1)', "not (the number of Orders is more than 1)", "并非（订单的数量大于1）"],
    ['tags NOT IN ("vip")', "Tags is none of “vip”", "标签不是“vip”中的任何一个"],
    ["last_seen_at < TODAY() - 30", "Last seen is before (today − 30)", "最近出现早于（今天 − 30）"],
  ];
  for (const [text, english, chinese] of cases) {
    expect(told(text!, "en")).toBe(english);
    expect(told(text!, "zh-CN"), text).toBe(chinese);
  }
});

test("every function of the table is told, whatever its arguments", () => {
  for (const { text } of examples)
    for (const language of ["en", "zh-CN"]) {
      const sentence = told(text, language);
      expect(sentence, text).not.toMatch(/undefined|{{|\[object/);
      expect(sentence).not.toBe("");
    }
  expect(functions.every(({ name }) => examples.some(({ text }) => text.includes(`${name}(`)))).toBe(true);
});
