// What is said to be never blank is so, whatever a record holds.
import { expect, test } from "vitest";
import { check, compile, parse, readSample, Run, Zone, instantNamed } from "./language";
import { mayBeBlank } from "./may_be_blank";

const leaves = ['city = "a"', 'city <> "a"', "total > 1", "ISBLANK(city)", "NOT ISBLANK(city)", "NOT ISBLANK(total)", 'city IN ("a", "b")', 'CONTAINS(city, "a")', "COUNT(orders) > 1", "MAX(orders.total) > 1", "ISFILLED(total)", "LEN(city) > 0", 'COALESCE(city, "x") = "x"', 'city & "x" = "x"', "ANY(orders, total > 1)", "NOT NONE(orders, ISBLANK(total))", 'COALESCE(city, "") = "x"'];
const formulas = leaves.flatMap((one) => leaves.flatMap((two) => [one, `NOT (${one})`, `${one} AND ${two}`, `${one} OR ${two}`, `NOT (${one} AND (${two} OR ${one}))`]));
const records = [{ city: null, total: null, orders: [] }, { city: "a", total: null, orders: [{ total: null }] }, { city: null, total: 2, orders: [{ total: 2 }, { total: 3 }] }, { city: "b", total: 1, orders: [{ total: 1 }] }];
const shapes = readSample({ city: "a", total: 1, orders: [{ total: 1 }] }, Zone.utc).shape;

test("nothing is blank that cannot be, and most of the rest can", () => {
  const moment = { now: instantNamed("2026-05-31T08:30:00Z"), zone: Zone.utc };
  let [unsure, blank] = [0, 0];
  for (const text of new Set(formulas)) {
    const tree = parse(text);
    const program = compile(check(tree, { shape: shapes, zone: Zone.utc }));
    const isUnsure = mayBeBlank(tree, new Set(), () => false);
    const isBlank = records.some((record) => program(new Run(moment), readSample(record, Zone.utc).record) === null);
    if (!isUnsure) expect(isBlank, text).toBe(false);
    unsure += Number(isUnsure);
    blank += Number(isBlank);
  }
  expect(blank).toBeGreaterThan(100);
  expect(blank / unsure).toBeGreaterThan(0.75);
});
