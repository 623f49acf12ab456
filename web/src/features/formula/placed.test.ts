import { expect, test } from "vitest";
import { shapeOf } from "./editor/objects";
import { examine } from "./examine";
import { Zone } from "./language/time";
import { placed } from "./placed";
import en from "./texts.en.json";
import zh from "./texts.zh-CN.json";

const texts: Record<string, Record<string, string>> = { en, "zh-CN": zh };
const speak = (language: string) => (key: string, values: Record<string, string> = {}) => texts[language]![key]!.replaceAll(/{{(\w+)}}/g, (_, name: string) => values[name]!);
const surroundings = { shape: shapeOf({ customer: [{ code: "city", labels: {}, kind: "text" }, { code: "last_seen_at", labels: {}, kind: "instant" }] }, "customer"), zone: Zone.utc };
const told = (text: string, language: "en" | "zh-CN" = "en") => placed(examine(text, surroundings).fault!, text, { say: speak(language) as never, language });

test("what is wrong is told by the words that it stands in, not by a count of characters", () => {
  expect(told('citty = "x"')).toBe("At “citty”: there is no field citty. Did you mean city?");
  expect(told('city = "😀" AND last_seen_at >= AGO(3, "dayz")')).toMatch(/^At “dayz”: AGO knows no “dayz”/);
  expect(told('last_seen_at >= AGO(3, "dayz")', "zh-CN")).toMatch(/^“dayz”处：AGO 不认识“dayz”/);
  expect(told("last_seen_at >= AGO(3, “dayz”)")).toMatch(/^At “dayz”: /);
  expect(told('"a" & "b"')).toMatch(/^At “"a" & "b"”: /);
  expect(told("city = ")).toMatch(/^At the end: /);
  expect(told("city = ", "zh-CN")).toMatch(/^末尾：/);
  expect(told(`${"city & ".repeat(20)}city`)).toMatch(/^At “(city & ){5}city …”: /);
  expect(told(`city = "${"x".repeat(9000)}"`)).toMatch(/^a formula has at most/);
});
