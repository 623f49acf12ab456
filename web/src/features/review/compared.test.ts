import { expect, test } from "vitest";
import { nextOf, rowsOf } from "./compared";

test("what differs stands first, then what one of them alone says, then what is equal", () => {
  const rows = rowsOf({ name: "Ann", city: "Leeds", email: "a@x.com" }, { name: "Ann", city: "York", phone: "1", title: "" }, ["name", "email", "phone", "city", "title"]);
  expect(rows.map((row) => [row.code, row.standing])).toEqual([["city", "differs"], ["email", "one"], ["phone", "one"], ["name", "same"]]);
});

test("after a decision comes the pair behind it, at the end the one before, and then none", () => {
  expect(nextOf(["1", "2", "3"], "2")).toBe("3");
  expect(nextOf(["1", "2", "3"], "3")).toBe("2");
  expect(nextOf(["3"], "3")).toBe(null);
  expect(nextOf(["1", "2"], "9")).toBe("1");
});
