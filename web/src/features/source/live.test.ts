import { expect, test } from "vitest";
import type { SourceMessage } from "../../api/types";
import { lookupOf, newerThan, pageOf } from "./live";

const page = (message: object | string, type = "page", name = "") => pageOf({ type, name, message: typeof message === "string" ? message : JSON.stringify(message) });

test("the view of a page says which, from its properties or from its context", () => {
  expect(page({ properties: { title: "Oolong", path: "/oolong" } })).toEqual({ title: "Oolong", path: "/oolong" });
  expect(page({ context: { page: { title: "Tea", url: "https://shop.example/tea" } } })).toEqual({ title: "Tea", path: "https://shop.example/tea" });
  expect(page({ properties: { path: "/oolong" } }, "track", "Page Left").path).toBe("/oolong");
});

test("other events, and what is no message, say no page", () => {
  const none = { title: "", path: "" };
  expect(page({ properties: { path: "/oolong" } }, "track", "Product Added")).toEqual(none);
  for (const broken of ["", "{", "null", "7", { properties: [], context: { page: "x" } }, { properties: { path: 7 } }]) expect(page(broken)).toEqual(none);
});

const at = (second: number, fate: SourceMessage["fate"] = "accepted") => ({ id: String(second), fate, at: `2026-01-01T00:00:0${second}.000Z` }) as SourceMessage;

test("what came since is counted, and not what only came to light as others went", () => {
  const held = [at(3), at(2)];
  expect(newerThan(held, held)).toBe(0);
  expect(newerThan(held, [at(5), at(4), at(3), at(2)])).toBe(2);
  expect(newerThan(held, [at(4), at(3), at(3, "refused"), at(1)])).toBe(2);
  expect(newerThan([], [at(1)])).toBe(1);
});

const of = (who: string, message: object, fate: SourceMessage["fate"] = "accepted") => lookupOf({ fate, who, message: JSON.stringify(message) });

test("who a taken message is of is looked up by what it was called with", () => {
  expect(of("u-1", { userId: "u-1", anonymousId: "a-1" })).toBe("user_id:u-1");
  expect(of("a-1", { anonymousId: "a-1" })).toBe("anonymous_id:a-1");
  expect([of("u-1", { userId: "u-1" }, "refused"), of("", {}), of("7", { userId: 7 })]).toEqual([null, null, null]);
});
