import { expect, test } from "vitest";
import { parseSearch, stringifySearch } from "./address";

test("a number in the address stays the text that was typed", () => {
  expect(parseSearch("?q=017850&sort=-total_spend")).toEqual({ q: "017850", sort: "-total_spend" });
  expect(stringifySearch({ q: "017850", kind: undefined, tab: "" })).toBe("?q=017850");
});

test("what is written is read back", () => {
  for (const q of ["a@b.c", "李 晓雯", "1+1=2&3", "#%", '"quoted"']) expect(parseSearch(stringifySearch({ q }))).toEqual({ q });
  expect(stringifySearch({})).toBe("");
});
