import { expect, test } from "vitest";
import { changed, untouched, type Settings } from "./settings";

const settings: Settings = { zone: "UTC", currency: "CNY", region: "CN", trust: 50, consent: "none", allowed_origins: ["https://a.example"], order_scope: "" };

test("only what differs is saved", () => {
  expect(changed(settings, { ...settings, allowed_origins: ["https://a.example"] })).toEqual({});
  expect(changed(settings, { ...settings, trust: 60, allowed_origins: [] })).toEqual({ trust: 60, allowed_origins: [] });
});

test("an input that is not shown changes nothing", () => {
  expect(changed(settings, { zone: "UTC" })).toEqual({});
});

test("what somebody else changed meanwhile is not taken back by who never touched it", () => {
  const newest: Settings = { ...settings, zone: "Asia/Tokyo", trust: 70 };
  const mine = { zone: "UTC", currency: "CNY", trust: 60 };
  expect(untouched(settings, mine, newest)).toEqual({ zone: "Asia/Tokyo", currency: "CNY" });
  expect(changed(newest, { ...mine, ...untouched(settings, mine, newest) })).toEqual({ trust: 60 });
});
