// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Lease } from "./lease";
import { Queue, batchBytesMax, batchCountMax, charactersMax, countMax } from "./queue";
import { Store } from "./store";

const noon = Date.UTC(2026, 0, 1, 12);
const texts = (queue: Queue) => queue.batch().map(({ text }) => text);
const kept = () => Object.keys(localStorage).filter((name) => name.startsWith("onefold_q."));

afterEach(() => vi.unstubAllGlobals());
beforeEach(() => localStorage.clear());

test("what one page puts in, the next sends, the oldest first, until it is confirmed", () => {
  const queue = new Queue(new Store(""));
  for (let i = 0; i < 12; i++) queue.add(`m${i}`, noon);
  queue.add("earlier", noon - 1);
  const next = new Queue(new Store(""));
  expect(texts(next)).toEqual(["earlier", ...Array.from({ length: 12 }, (_, i) => `m${i}`)]);
  next.remove(next.batch().slice(0, 12));
  expect(texts(queue)).toEqual(["m11"]);
  queue.clear();
  expect(kept()).toEqual([]);
});

test("two tabs lose nothing of each other", () => {
  const [one, other] = [new Queue(new Store("")), new Queue(new Store(""))];
  one.add("a", noon);
  other.add("b", noon);
  expect(texts(one).sort()).toEqual(["a", "b"]);
});

test("a request has its limits in messages and in bytes, not characters", () => {
  const queue = new Queue(new Store(""));
  for (let i = 0; i < batchCountMax + 5; i++) queue.add("{}", noon + i);
  expect(queue.batch()).toHaveLength(batchCountMax);
  queue.clear();
  const chinese = "归".repeat(batchBytesMax / 3 - 10);
  queue.add(chinese, noon);
  queue.add(chinese, noon + 1);
  expect(queue.batch()).toHaveLength(1);
});

test("the oldest give way: by number, by size, by age; the newest stays", () => {
  const queue = new Queue(new Store(""));
  for (let i = 0; i < countMax + 3; i++) queue.add(`m${i}`, noon + i);
  expect(kept()).toHaveLength(countMax);
  expect(texts(queue)[0]).toBe("m3");
  const large = "x".repeat(charactersMax / 2);
  for (const mark of ["1", "2", "3"]) queue.add(large + mark, noon + 1_000 + Number(mark));
  expect(texts(queue)).toEqual([large + "3"]);
  queue.add("next month", noon + 31 * 24 * 3_600_000);
  expect(texts(queue)).toEqual(["next month"]);
});

test("where nothing can be stored, the page's memory holds it", () => {
  vi.stubGlobal("localStorage", undefined);
  const queue = new Queue(new Store(""));
  queue.add("a", noon);
  expect(texts(queue)).toEqual(["a"]);
  expect(texts(new Queue(new Store("")))).toEqual([]);
  queue.remove(queue.batch());
  expect(texts(queue)).toEqual([]);
});

test("one tab at a time has the lease; one that is forgotten runs out", () => {
  const store = new Store("");
  const [one, other] = [new Lease(store, 5_000), new Lease(store, 5_000)];
  expect(one.take(noon)).toBe(0);
  expect(one.take(noon + 10)).toBe(0);
  expect(other.take(noon + 1_000)).toBe(4_010);
  other.release();
  expect(other.take(noon + 1_000)).toBe(4_010);
  expect(other.take(noon + 6_000)).toBe(0);
  one.release();
  expect(one.take(noon + 6_001)).toBeGreaterThan(0);
  other.release();
  expect(one.take(noon + 6_002)).toBe(0);
  expect(other.take(noon - 3_600_000)).toBe(0); // the clock was set back
});
