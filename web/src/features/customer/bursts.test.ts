import { expect, test } from "vitest";
import type { TimelineItem } from "../../api/types";
import { foldBursts, gap_ms_max, pageLeft } from "./bursts";

const start = Date.parse("2026-03-01T08:00:00Z");
let position = 1000;
const item = (kind: string, name: string, minute: number, more: Partial<TimelineItem> = {}): TimelineItem => ({ kind, name, source: "web", at: new Date(start + minute * 60_000).toISOString(), position: String(position--), properties: {}, ...more });
const shape = (items: TimelineItem[]) => foldBursts(items).map((row) => (row.burst ? `${row.burst.count} ${row.burst.kind === "pages" ? "pages" : row.burst.name} in ${row.burst.span_ms / 60_000}` : row.item.name));

test("pages in quick succession are one line, with what was said when they were left", () => {
  expect(shape([item("track", pageLeft, 8), item("page", "C", 8), item("track", pageLeft, 3), item("page", "B", 3), item("page", "A", 0)])).toEqual(["3 pages in 8"]);
});

test("two pages stay two, and leaving them does not make three", () => {
  expect(shape([item("track", pageLeft, 2), item("page", "B", 1), item("track", pageLeft, 1), item("page", "A", 0)])).toEqual([pageLeft, "B", pageLeft, "A"]);
});

test("a pause, another source, an order and another person end it", () => {
  const minutes = gap_ms_max / 60_000;
  expect(shape([item("page", "F", 3 * minutes + 3), item("page", "E", 2 * minutes + 2), item("page", "D", minutes + 1), item("page", "C", 0)])).toEqual(["F", "E", "D", "C"]);
  expect(shape([item("page", "D", 3), item("page", "C", 2, { source: "app" }), item("page", "B", 1), item("page", "A", 0)])).toEqual(["D", "C", "B", "A"]);
  expect(shape([item("page", "D", 3), item("page", "C", 2), item("order", "O1", 2, { position: null }), item("page", "B", 1), item("page", "A", 0)])).toEqual(["D", "C", "O1", "B", "A"]);
  expect(shape([item("page", "C", 2), item("page", "B", 1, { member: { customer: "7", name: "Ann" } }), item("page", "A", 0)])).toEqual(["C", "B", "A"]);
});

test("the same event again and again is one line, others are not", () => {
  expect(shape([item("track", "Viewed", 3), item("track", "Viewed", 2), item("track", "Viewed", 2), item("track", "Bought", 1), item("track", "Viewed", 0)])).toEqual(["3 Viewed in 1", "Bought", "Viewed"]);
  const orders = [1, 2, 3].map((number) => item("order", "order", number, { position: null, properties: { id: String(number) } }));
  expect(foldBursts(orders)).toHaveLength(3);
});

test("a line keeps its key while newer pages join it, and every entry is there once", () => {
  const all = [item("page", "D", 3), item("page", "C", 2), item("page", "B", 1), item("page", "A", 0)];
  expect(foldBursts(all.slice(1))[0]!.key).toBe(foldBursts(all)[0]!.key);
  expect(foldBursts(all).flatMap((row) => row.burst?.items ?? [row.item])).toEqual(all);
});
