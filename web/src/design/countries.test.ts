import { expect, test } from "vitest";
import { countriesWith, countryCodes } from "./countries";

test("each country is there once and has a name in both languages", () => {
  expect(new Set(countryCodes).size).toBe(countryCodes.length);
  for (const language of ["en", "zh-CN"] as const) {
    const choices = countriesWith(language);
    expect(choices.map(({ value }) => value).toSorted()).toEqual(countryCodes.toSorted());
    for (const { value, label } of choices) expect(label, value).toMatch(new RegExp(`^.+ · ${value}$`));
  }
});

const label = (language: "en" | "zh-CN", code: string) => countriesWith(language).find(({ value }) => value === code)?.label;

test("Germany and Georgia are told apart, in the language of who reads", () => {
  expect([label("en", "DE"), label("en", "GE")]).toEqual(["Germany · DE", "Georgia · GE"]);
  expect([label("zh-CN", "DE"), label("zh-CN", "GE")]).toEqual(["\u5fb7\u56fd · DE", "\u683c\u9c81\u5409\u4e9a · GE"]);
});

test("a code that is there already stays a choice, and is not there twice", () => {
  expect(countriesWith("en", "QQ")[0]).toEqual({ value: "QQ", label: "QQ" });
  expect(countriesWith("en", "JP").filter(({ value }) => value === "JP")).toHaveLength(1);
});
