// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Store } from "./store";
import { Visitor, randomId } from "./visitor";

const noon = Date.UTC(2026, 0, 1, 12);
const minute = 60_000;
const someone = () => new Visitor(new Store(""));
const bakedNames = () => document.cookie.split("; ").filter(Boolean).map((one) => one.split("=")[0]);

afterEach(() => vi.unstubAllGlobals());
beforeEach(() => {
  localStorage.clear();
  bakedNames().forEach((name) => (document.cookie = `${name}=; Path=/; Max-Age=-1`));
});

test("ids are 128 bits of chance", () => {
  const ids = Array.from({ length: 1_000 }, randomId);
  expect(new Set(ids).size).toBe(1_000);
  ids.forEach((id) => expect(id).toMatch(/^[0-9a-f]{32}$/));
});

test("a visitor stays the same over pages", () => {
  const id = someone().anonymousId();
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(someone().anonymousId()).toBe(id);
  expect(bakedNames()).toEqual([]);
});

test("who says who they are keeps the id; somebody else on this device gets another", () => {
  const visitor = someone();
  const id = visitor.anonymousId();
  visitor.identify("u-1");
  visitor.join("g-1");
  visitor.identify("u-1");
  expect([visitor.anonymousId(), visitor.groupId()]).toEqual([id, "g-1"]);
  visitor.identify("u-2");
  expect(visitor.anonymousId()).not.toBe(id);
  expect([visitor.userId(), visitor.groupId()]).toEqual(["u-2", null]);
});

test("a session ends after half an hour of nothing", () => {
  const visitor = someone();
  const first = visitor.session(noon, {});
  expect(first.isNew).toBe(true);
  expect(visitor.session(noon + 30 * minute, {})).toMatchObject({ id: first.id, isNew: false });
  expect(visitor.session(noon + 60 * minute + 1, {})).toMatchObject({ isNew: true });
});

test("a visit's campaign holds to its end, or until another comes", () => {
  const visitor = someone();
  const spring = { campaign: { source: "baidu" } };
  visitor.session(noon, spring);
  expect(visitor.session(noon + minute, {}).origin).toEqual(spring);
  expect(visitor.session(noon + 2 * minute, { clickIds: { gclid: "1" } }).origin).toEqual({ clickIds: { gclid: "1" } });
  expect(visitor.session(noon + 60 * minute, {}).origin).toEqual({});
});

test("the first touch is kept, and goes with the visitor", () => {
  const visitor = someone();
  visitor.touch({ at: "a", url: "/", referrer: "" });
  visitor.touch({ at: "b", url: "/b", referrer: "" });
  expect(visitor.firstTouch()?.at).toBe("a");
  visitor.forget();
  expect(visitor.firstTouch()).toBeNull();
  expect(localStorage.length).toBe(0);
});

test("what somebody else wrote over is not believed", () => {
  localStorage.setItem("onefold_first", "{");
  localStorage.setItem("onefold_session", "x");
  expect(someone().firstTouch()).toBeNull();
  expect(someone().session(noon, {}).isNew).toBe(true);
});

test("without localStorage a cookie remembers, for this site alone", () => {
  vi.stubGlobal("localStorage", undefined);
  const id = someone().anonymousId();
  expect(someone().anonymousId()).toBe(id);
  expect(bakedNames()).toEqual(["onefold_id"]);
  someone().forget();
  expect(bakedNames()).toEqual([]);
});
