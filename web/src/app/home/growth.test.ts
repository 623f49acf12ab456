import { expect, test } from "vitest";
import { barsOf } from "./growth";

test("the oldest day comes first, the highest bar is full, and a small one can be seen", () => {
  const bars = barsOf([{ day: "2026-03-03", count: 1000 }, { day: "2026-03-02", count: 1 }, { day: "2026-03-01", count: 0 }]);
  expect(bars.days.map(({ day, share }) => [day, share])).toEqual([["2026-03-01", 0], ["2026-03-02", 4], ["2026-03-03", 100]]);
  expect([bars.sum, bars.most, bars.isWhole]).toEqual([1001, 1000, true]);
});

test("a day that was not counted is no day without customers", () => {
  expect(barsOf([{ day: "2026-03-02", count: 2 }, { day: "2026-03-01", count: null }])).toMatchObject({ sum: 2, isWhole: false });
  expect(barsOf([]).days).toEqual([]);
});
