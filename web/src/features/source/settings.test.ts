import { expect, test } from "vitest";
import { changed, type Settings } from "./settings";

const settings: Settings = { zone: "UTC", currency: "CNY", region: "CN", trust: 50, consent: "none", allowed_origins: ["https://a.example"], order_scope: "" };

test("only what differs is saved", () => {
  expect(changed(settings, { ...settings, allowed_origins: ["https://a.example"] })).toEqual({});
  expect(changed(settings, { ...settings, trust: 60, allowed_origins: [] })).toEqual({ trust: 60, allowed_origins: [] });
});

test("an input that is not shown changes nothing", () => {
  expect(changed(settings, { zone: "UTC" })).toEqual({});
});
