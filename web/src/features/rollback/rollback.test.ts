import { expect, test } from "vitest";
import type { Import, Rollback, RollbackRecord } from "../../api/types";
import { changesAnything, isListed, leftParts, mayBegin, placeOf, rowsOf, standingOf, sumOf } from "./rollback";

const none = { goes: 0, returns: 0, stays: 0 };
const rollback = (of: Partial<Rollback>): Rollback => ({ import: "1", state: "previewed", is_preview: true, started_at: "2026-01-01T00:00:00Z", is_planned: true, customers: none, orders: none, tickets: none, events: none, customers_gone: 0, done: 0, total: 0, ...of });
const rolled = (state: NonNullable<Import["rollback"]>["state"]): Pick<Import, "rollback"> => ({ rollback: { state, started_at: "2026-01-01T00:00:00Z", done: 0, total: 0 } });

test("an import is rolled back wholly, partly, just now or not", () => {
  expect(standingOf({})).toBe("none");
  expect(["waiting", "running", "finished", "failed", "cancelled"].map((state) => standingOf(rolled(state as never)))).toEqual(["going", "going", "done", "partly", "partly"]);
});

test("a roll-back begins when the import has ended, and again when one was cut off", () => {
  expect(["waiting", "running"].map((state) => mayBegin({ state: state as never }))).toEqual([false, false]);
  expect(["finished", "failed", "interrupted", "cancelled"].map((state) => mayBegin({ state: state as never }))).toEqual([true, true, true, true]);
  expect(["finished", "running", "cancelled"].map((state) => mayBegin({ state: "finished", ...rolled(state as never) }))).toEqual([false, false, true]);
});

test("only kinds of which the import brought any have a row", () => {
  const found = rollback({ orders: { goes: 2, returns: 0, stays: 1 }, events: { goes: 0, returns: 0, stays: 3 } });
  expect(rowsOf(found).map(({ kind }) => kind)).toEqual(["orders", "events"]);
  expect([sumOf(found, "goes"), sumOf(found, "returns"), sumOf(found, "stays")]).toEqual([2, 0, 4]);
});

test("where everything stays there is nothing to roll back", () => {
  expect(changesAnything(rollback({ customers: { goes: 0, returns: 0, stays: 5 } }))).toBe(false);
  expect(changesAnything(rollback({ customers: { goes: 0, returns: 1, stays: 5 } }))).toBe(true);
});

test("events that go are not listed", () => {
  const found = rollback({ events: { goes: 7, returns: 0, stays: 1 } });
  expect([isListed(found, "goes"), isListed(found, "stays"), isListed(found, "returns")]).toEqual([false, true, false]);
});

test("what stays is fetched in parts", () => {
  expect([0, 1, 100_000, 100_001].map((stays) => leftParts(rollback({ customers: { goes: 0, returns: 0, stays } })))).toEqual([0, 1, 1, 2]);
});

const record = (of: Partial<RollbackRecord>): RollbackRecord => ({ kind: "customer", ref: 1, name: "", reason: "", customer: "7", ...of });

test("a record is found at its customer", () => {
  expect(placeOf(record({}))).toEqual({ id: "7", tab: undefined });
  expect(placeOf(record({ kind: "order" }))).toEqual({ id: "7", tab: "orders" });
  expect(placeOf(record({ customer: null }))).toBeNull();
});
