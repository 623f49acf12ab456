import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { examplesOf } from "./examples";
import en from "./texts.en.json";
import { waysOf } from "./ways";

const ways = [...waysOf("tracker", "web", "https://cdp.example"), ...waysOf("api", "shop", "https://cdp.example")].map(({ name }) => name);

test("whatever can call shows who it is, what happened and an order, each with a title and a sentence", () => {
  for (const way of ways) {
    const names = examplesOf(way, "https://cdp.example").map(({ name }) => name);
    expect(names.length, way).toBe(["pixel", "snowplow_node"].includes(way) ? 0 : way === "web" ? 4 : 3);
    for (const name of names) for (const key of [`example.${name}`, `example_text.${name}`]) expect(en).toHaveProperty([key]);
  }
});

test("the calls of a page run, with an order's number, total, currency and products", () => {
  const said: unknown[] = [];
  const onefold = { identify: (...all: unknown[]) => said.push(["identify", ...all]), track: (...all: unknown[]) => said.push(["track", ...all]) };
  for (const { code } of examplesOf("mini_program", "https://cdp.example")) new Function("onefold", code)(onefold);
  expect(said).toEqual([
    ["identify", "1001", { email: "lin@example.com", phone: "13800138000" }],
    ["track", "Brochure Downloaded", { title: "Spring", pages: 24 }],
    ["track", "Order Completed", { order_id: "A-1001", total: 39.8, currency: "CNY", products: [{ sku: "T-1", name: "Oolong", price: 19.9, quantity: 2 }] }],
  ]);
});

test("what goes over the wire is JSON, to this very host", () => {
  for (const { code } of examplesOf("curl", "https://cdp.example")) {
    expect(code).toMatch(/^curl https:\/\/cdp\.example\/v1\/(identify|track) -u WRITE_KEY: /);
    expect(JSON.parse(code.slice(code.indexOf("-d '") + 4, -1))).toHaveProperty("userId", "1001");
  }
});

test("what stands in for the tracker before it has loaded is that of its documentation", () => {
  const text = readFileSync(join(import.meta.dirname, "../../../../docs/tracker.md"), "utf8");
  expect(text).toContain(examplesOf("web", "").at(-1)!.code);
});
