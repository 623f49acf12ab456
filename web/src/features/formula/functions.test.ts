import { expect, test } from "vitest";
import type { FormulaFunction } from "../../api/types";
import { familyOf, found } from "./functions";

const one = (name: string, family: FormulaFunction["family"], en: string, zh: string, aliases: string[] = []): FormulaFunction => ({ name, aliases, family, signature: `${name}()`, help: { en, "zh-CN": zh }, is_aggregate: false, words: [], examples: [] });
const all = [one("LEN", "text", "How many characters.", "字符数。", ["LENGTH"]), one("COUNT", "list", "How many records.", "记录或值的个数。"), one("DISCOUNT", "number", "Less.", "折扣。"), one("COUNTDISTINCT", "list", "Different values.", "不同值的个数。")];
const names = (q: string, family: string | undefined = undefined) => found(all, q, familyOf(family)).map(({ name }) => name);

test("functions are found by name, other name and help in either language", () => {
  expect(names("count")).toEqual(["COUNT", "COUNTDISTINCT", "DISCOUNT"]);
  expect(names("length")).toEqual(["LEN"]);
  expect(names("how many")).toEqual(["LEN", "COUNT"]);
  expect(names("个数")).toEqual(["COUNT", "COUNTDISTINCT"]);
  expect(names("nothing like it")).toEqual([]);
});

test("a kind narrows, and what is none does not", () => {
  expect(names("", "list")).toEqual(["COUNT", "COUNTDISTINCT"]);
  expect(names("", "spaceships")).toHaveLength(4);
});
