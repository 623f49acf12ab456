import { expect, test } from "vitest";
import { addDays, beginOfDay, dayOf, isDay } from "./day";

test("a day begins when its zone says so", () => {
  expect(beginOfDay("2026-11-27", "UTC")).toBe("2026-11-27T00:00:00.000Z");
  expect(beginOfDay("2026-11-27", "Asia/Shanghai")).toBe("2026-11-26T16:00:00.000Z");
  expect(beginOfDay("2026-07-01", "America/New_York")).toBe("2026-07-01T04:00:00.000Z");
  expect(beginOfDay("2026-12-01", "America/New_York")).toBe("2026-12-01T05:00:00.000Z");
});

test("a day of a clock shift begins once, also where its midnight is skipped", () => {
  expect(beginOfDay("2026-03-08", "America/New_York")).toBe("2026-03-08T05:00:00.000Z");
  expect(beginOfDay("2026-11-02", "America/New_York")).toBe("2026-11-02T05:00:00.000Z");
  expect(beginOfDay("2018-11-04", "America/Sao_Paulo")).toBe("2018-11-04T03:00:00.000Z");
});

test("an instant is of one day in each zone", () => {
  const instant = Date.parse("2026-11-26T16:30:00Z");
  expect(dayOf(instant, "UTC")).toBe("2026-11-26");
  expect(dayOf(instant, "Asia/Shanghai")).toBe("2026-11-27");
});

test("days are counted over the ends of months and years", () => {
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
  expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
});

test("what is no day is none", () => {
  expect(isDay("2026-02-28")).toBe(true);
  for (const text of ["2026-02-30", "2026-2-3", "yesterday", "", undefined]) expect(isDay(text)).toBe(false);
});
