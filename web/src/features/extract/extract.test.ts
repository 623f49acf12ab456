import { expect, test } from "vitest";
import { isGoing, ofCustomer, shareOf, wishOf } from "./extract";

test("what is asked for is the list and the format", () => {
  expect(wishOf({ object: "order", filter: ofCustomer("7"), sort: "-time" }, "xlsx")).toEqual({ object: "order", format: "xlsx", sort: "-time", filter: { op: "=", args: [{ field: "customer" }, { value: "7" }] } });
});

test("it is on its way until it has ended", () => {
  expect(["waiting", "running", "finished", "failed", "cancelled"].map((state) => isGoing({ state: state as never }))).toEqual([true, true, false, false, false]);
  expect(isGoing(undefined)).toBe(false);
});

test("how far it is has a measure only between its ends", () => {
  expect(shareOf({ records: 0, records_total: null })).toBeNull();
  expect(shareOf({ records: 5, records_total: 20 })).toEqual({ value: 5, max: 20 });
  expect(shareOf({ records: 20, records_total: 20 })).toBeNull();
});
