import { expect, test } from "vitest";
import { optionsOf } from "./options";

const of = (said: Record<string, string>, address = "https://cdp.example/onefold.js") => optionsOf((name) => said[name] ?? null, address);

test("the key is enough", () => {
  expect(of({ "data-key": "k" })).toEqual({ key: "k", host: "https://cdp.example", consent: "ask", hasPages: true, routes: "history", hasOutbound: false, heedsSignals: false, domain: "" });
});

test("messages go where the script came from, also behind a prefix, or where the page says", () => {
  expect(of({}, "https://shop.example/cdp/onefold.js?key=k").host).toBe("https://shop.example/cdp");
  expect(of({ "data-host": "https://other.example/" }).host).toBe("https://other.example");
});

test("the address says what attributes do not", () => {
  expect(of({ "data-consent": "required" }, "https://cdp.example/onefold.js?key=k&consent=none&pages=off")).toMatchObject({ key: "k", consent: "required", hasPages: false });
});

test("words that mean nothing change nothing", () => {
  expect(of({ "data-consent": "maybe", "data-spa": "yes", "data-pages": "on", "data-outbound": "" })).toMatchObject({ consent: "ask", routes: "history", hasPages: true, hasOutbound: false });
});
