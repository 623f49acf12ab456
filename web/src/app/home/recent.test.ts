import { beforeEach, expect, test } from "vitest";
import { inOrderOf, noteRecent, readRecent } from "./recent";

beforeEach(() => localStorage.clear());

test("the last opened stands first, once, and each user has their own", () => {
  for (const id of ["1", "2", "3", "1"]) noteRecent("7", id);
  expect(readRecent("7")).toEqual(["1", "3", "2"]);
  expect(readRecent("8")).toEqual([]);
});

test("only so many are kept, and only ids", () => {
  for (let id = 1; id <= 30; id++) noteRecent("7", String(id));
  expect(readRecent("7")).toHaveLength(20);
  noteRecent("7", "<script>");
  expect(readRecent("7")[0]).toBe("30");
  localStorage.setItem("onefold.recent.7", '{"a":1}');
  expect(readRecent("7")).toEqual([]);
  localStorage.setItem("onefold.recent.7", "{");
  expect(readRecent("7")).toEqual([]);
});

test("who is gone is left out", () => {
  expect(inOrderOf(["3", "1", "2"], [{ id: "2" }, { id: "3" }])).toEqual([{ id: "3" }, { id: "2" }]);
});
