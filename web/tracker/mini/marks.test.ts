import { expect, test } from "vitest";
import { propertiesOf, tapOf } from "./marks";

const tap = (dataset: unknown, more: object = {}) => ({ type: "tap", timeStamp: 7, currentTarget: { dataset }, ...more });

test("a tap on a marked element is its event, with the marks as properties", () => {
  const dataset = { onefold: "Product Added", onefoldOrderId: "007", onefoldPrice: 19.9, onefoldProperties: '{"price":20}', sku: "not told" };
  expect(tapOf(tap(dataset))).toEqual({ name: "Product Added", properties: { order_id: "007", price: 20 }, at: 7 });
  expect(tapOf(tap({ onefoldEvent: "As on websites" }))).toMatchObject({ name: "As on websites", properties: {} });
});

test("what is no tap on a marked element says nothing", () => {
  const others = [undefined, null, "tap", {}, tap({}), tap(null), tap({ onefold: "" }), tap({ onefold: 7 }), tap({ onefold: "e" }, { type: "input" }), { type: "tap" }];
  for (const heard of others) expect(tapOf(heard)).toBeNull();
});

test("properties may be an object; what is no JSON object is left out, and texts have an end", () => {
  expect(propertiesOf({ onefoldProperties: { a: 1 } })).toEqual({ a: 1 });
  for (const onefoldProperties of ["{", "[1]", "7", 7, null]) expect(propertiesOf({ onefoldProperties, onefoldB: "1" })).toEqual({ b: "1" });
  expect(propertiesOf({ onefoldText: "x".repeat(900) }).text).toHaveLength(500);
});
