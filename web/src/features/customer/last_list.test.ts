import { expect, test } from "vitest";
import { lastList, noteList, notePlace, placeIn } from "./last_list";

test("the list that was left is found as it stood, another one begins at its beginning", () => {
  noteList({ sort: "name", q: "Lin" });
  notePlace({ offset: 1320, row: 31 });
  noteList({ sort: "name", q: "Lin" });
  expect(lastList()).toEqual({ sort: "name", q: "Lin" });
  expect(placeIn({ sort: "name", q: "Lin" })).toEqual({ offset: 1320, row: 31 });
  expect(placeIn({ sort: "name" })).toEqual({ offset: 0, row: -1 });
  noteList({ sort: "name" });
  expect(placeIn({ sort: "name" })).toEqual({ offset: 0, row: -1 });
});
