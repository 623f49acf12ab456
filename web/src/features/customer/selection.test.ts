import { expect, test } from "vitest";
import { among, extend, nobody, toggle } from "./selection";

const all = ["a", "b", "c", "d", "e"];
const ids = (selection: { ids: ReadonlySet<string> }) => [...selection.ids].toSorted().join("");

test("a row is selected and let go", () => {
  const one = toggle(nobody, "b", 1);
  expect(ids(one)).toBe("b");
  expect(ids(toggle(one, "b", 1))).toBe("");
});

test("a range goes from the last row touched, both ways, and keeps what was there", () => {
  const one = toggle(toggle(nobody, "a", 0), "c", 2);
  expect(ids(extend(one, all, 4))).toBe("acde");
  expect(ids(extend(one, all, 1))).toBe("abc");
  expect(ids(extend(nobody, all, 2))).toBe("c");
});

test("only who is still listed counts", () => {
  expect(among(extend(toggle(nobody, "a", 0), all, 1), [{ id: "b" }, { id: "z" }])).toEqual([{ id: "b" }]);
});
