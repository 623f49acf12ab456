import { expect, test } from "vitest";
import { Dwell } from "./dwell";

test("only what is before the eyes counts", () => {
  const dwell = new Dwell();
  dwell.show(1_000);
  dwell.hide(3_000);
  dwell.hide(9_000);
  dwell.show(10_000);
  dwell.show(10_500);
  expect(dwell.tell(11_000, true)).toEqual({ dwell_ms: 3_000, max_scroll_percent: 0, part: 1 });
});

test("parts of a view add up, and a glance is told with the next", () => {
  const dwell = new Dwell();
  dwell.show(0);
  expect(dwell.tell(5_000, false)).toMatchObject({ dwell_ms: 5_000, part: 1 });
  dwell.hide(5_000);
  dwell.show(60_000);
  expect(dwell.tell(60_400, false)).toBeNull();
  dwell.hide(60_400);
  dwell.show(70_000);
  expect(dwell.tell(72_000, true)).toMatchObject({ dwell_ms: 2_400, part: 2 });
});

test("telling does not stop the clock of a page that stays", () => {
  const dwell = new Dwell();
  dwell.show(0);
  dwell.tell(1_000, false);
  expect(dwell.tell(4_000, true)).toMatchObject({ dwell_ms: 3_000 });
});

test("a page that nobody saw is left all the same, once", () => {
  const dwell = new Dwell();
  expect(dwell.tell(9_000, false)).toBeNull();
  expect(dwell.tell(9_000, true)).toEqual({ dwell_ms: 0, max_scroll_percent: 0, part: 1 });
  expect(dwell.tell(9_000, true)).toBeNull();
});

test("the deepest scroll counts, at most the whole page", () => {
  const dwell = new Dwell();
  for (const bottom of [500, 1_500, 800]) dwell.scroll(bottom, 2_000);
  dwell.scroll(10, 0);
  expect(dwell.tell(0, true)).toMatchObject({ max_scroll_percent: 75 });
  dwell.scroll(2_100, 2_000);
  dwell.show(0);
  expect(dwell.tell(5_000, true)).toMatchObject({ max_scroll_percent: 100 });
});
