import { expect, test } from "vitest";
import { partsOf } from "./naming";

test("a path opens into the names that led to the value", () => {
  expect(partsOf("price")).toEqual(["price"]);
  expect(partsOf("address/city")).toEqual(["address", "city"]);
  expect(partsOf("a~1b/c~0d")).toEqual(["a/b", "c~d"]);
  expect(partsOf("~01")).toEqual(["~1"]);
  expect(partsOf("")).toEqual([""]);
});
