import { expect, test } from "vitest";
import { lastList, noteList, notePlace, placeIn } from "./last_list";

test("the list that was left is found as it stood, another one begins at its beginning", () => {
  noteList("1", { sort: "name", q: "Lin" });
  notePlace({ offset: 1320, row: 31 });
  noteList("1", { sort: "name", q: "Lin" });
  expect(lastList("1")).toEqual({ sort: "name", q: "Lin" });
  expect(placeIn("1", { sort: "name", q: "Lin" })).toEqual({ offset: 1320, row: 31 });
  expect(placeIn("1", { sort: "name" })).toEqual({ offset: 0, row: -1 });
  noteList("1", { sort: "name" });
  expect(placeIn("1", { sort: "name" })).toEqual({ offset: 0, row: -1 });
});

test("whoever signs in next in the same tab finds nothing of it", () => {
  noteList("1", { q: "Lin" });
  notePlace({ offset: 440, row: 10 });
  expect(lastList("2")).toEqual({});
  expect(placeIn("2", { q: "Lin" })).toEqual({ offset: 0, row: -1 });
  noteList("2", { q: "Lin" });
  expect(placeIn("2", { q: "Lin" })).toEqual({ offset: 0, row: -1 });
  expect(lastList("1")).toEqual({});
});
