import { expect, test } from "vitest";
import { barsOf } from "./growth";

test("the oldest day comes first, the highest bar is full, and a small one can be seen", () => {
  const { bars, sum, isWhole } = barsOf([{ day: "2026-03-03", count: 1000 }, { day: "2026-03-02", count: 1 }, { day: "2026-03-01", count: 0 }]);
  expect(bars.map(({ day, share }) => [day, share])).toEqual([["2026-03-01", 0], ["2026-03-02", 4], ["2026-03-03", 100]]);
  expect([sum, isWhole]).toEqual([1001, true]);
});

test("a day that was not counted is no day without customers", () => {
  const { bars, sum, isWhole } = barsOf([{ day: "2026-03-02", count: 2 }, { day: "2026-03-01", count: null }]);
  expect([bars[0]!.count, sum, isWhole]).toEqual([null, 2, false]);
  expect(barsOf([]).bars).toEqual([]);
});

test("weeks end today, and the oldest may be short", () => {
  const days = Array.from({ length: 10 }, (_, ago) => ({ day: `2026-03-${20 - ago}`, count: 1 }));
  expect(barsOf(days, 7).bars.map(({ day, count }) => [day, count])).toEqual([["2026-03-11", 3], ["2026-03-14", 7]]);
});
