import { expect, test } from "vitest";
import { kinds, partsOf } from "./naming";
import en from "./texts.en.json";
import zh from "./texts.zh-CN.json";

test("each call has a word in both languages", () => {
  expect(kinds.toSorted()).toEqual(["alias", "group", "identify", "merge", "page", "screen", "track"]);
  for (const texts of [en, zh]) for (const kind of kinds) expect(texts).toHaveProperty([`kind.${kind}`]);
});

test("a path opens into the names that led to the value", () => {
  expect(partsOf("price")).toEqual(["price"]);
  expect(partsOf("address/city")).toEqual(["address", "city"]);
  expect(partsOf("a~1b/c~0d")).toEqual(["a/b", "c~d"]);
  expect(partsOf("~01")).toEqual(["~1"]);
  expect(partsOf("")).toEqual([""]);
});
