import { expect, test } from "vitest";
import { changed, conflicting } from "./conflict";

const base = { name: "A", zone: "UTC", currency: "CNY", locale: "en", event_retention_days: 0 };

test("only what was changed is sent", () => {
  expect(changed(base, { ...base, zone: "Asia/Shanghai" })).toEqual({ zone: "Asia/Shanghai" });
  expect(changed(base, { ...base, event_retention_days: 365 })).toEqual({ event_retention_days: 365 });
});

test("changes side by side do not conflict, changes to the same field do, equal changes do not", () => {
  expect(conflicting(base, { ...base, name: "B" }, { ...base, zone: "Asia/Tokyo" })).toEqual([]);
  expect(conflicting(base, { ...base, name: "B" }, { ...base, name: "C" })).toEqual(["name"]);
  expect(conflicting(base, { ...base, name: "B" }, { ...base, name: "B" })).toEqual([]);
});
