import { expect, test } from "vitest";
import type { Customer, CustomerIdentifier } from "../../api/types";
import { callHref, mailHref, mapHref, placeOf, waysOf } from "./reach";

const desk = "Mozilla/5.0 (X11; Linux x86_64)";
const identifier = (type: string, value: string, state: CustomerIdentifier["state"] = "open"): CustomerIdentifier => ({ id: "1", type, value, scope: null, state, is_verified: false }) as CustomerIdentifier;

test("a number is dialled without what only eyes need, and what is no number is not dialled", () => {
  expect(callHref("+86 139-1234 (5678)")).toBe("tel:+8613912345678");
  expect(callHref("ask at the desk")).toBeNull();
  expect(callHref("+86 139;ext=1+2")).toBeNull();
});

test("an address takes nothing along", () => {
  expect(mailHref("ann@example.com")).toBe("mailto:ann@example.com");
  expect(mailHref("ann@example.com?subject=x")).toBe("mailto:ann@example.com%3Fsubject%3Dx");
  expect(mailHref("ann@example.com?bcc=all@example.com")).toBeNull();
  expect(mailHref("nobody")).toBeNull();
});

test("each device has its map", () => {
  expect(mapHref("Leeds & York", "en", desk)).toBe("https://www.openstreetmap.org/search?query=Leeds%20%26%20York");
  expect(mapHref("x", "zh-CN", desk)).toMatch(/^https:\/\/uri\.amap\.com\//);
  expect(mapHref("x", "en", "Mozilla/5.0 (Linux; Android 15)")).toBe("geo:0,0?q=x");
  expect(mapHref("x", "en", "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0)")).toBe("maps://?q=x");
});

test("a place reads as addresses of its kind are written", () => {
  expect(placeOf({ fields: { province: "P", city: "C", address: "1 Road", country: "UK", postal_code: "LS1" } })).toBe("1 Road, C, P, LS1, UK");
  expect(placeOf({ fields: { province: "\u5e7f\u4e1c", city: "\u6df1\u5733", address: "88" } })).toBe("\u5e7f\u4e1c\u6df1\u573388");
  expect(placeOf({ fields: { country: "UK" } })).toBe("");
});

test("the golden value goes first, then an identifier that joins; a shared one is nobody's own", () => {
  const customer = { fields: { email: "a@b.c" }, identifiers: [identifier("email", "x@y.z"), identifier("phone", "+861", "shared"), identifier("phone", "+8613912345678")] } as unknown as Customer;
  expect(waysOf(customer, "en", desk).map(({ kind, text }) => [kind, text])).toEqual([["call", "+8613912345678"], ["mail", "a@b.c"]]);
});
