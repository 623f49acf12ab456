import { expect, test } from "vitest";
import { choose, formatsOf, mapOf, targetsOf } from "./targets";

const order = {
  identifiers: { "E-mail": "email", Card: "member_no@shop" },
  fields: { Name: "name" },
  organisation: { identifiers: { Code: "credit_code" }, fields: { Firm: "name" } },
  membership: { role: "Role" },
  order: { number: "No", time: "At", lines: { quantity: "N", price: "Price" } },
  formats: { At: "day_first" },
};

test("a map becomes choices and the same map again", () => {
  const targets = targetsOf(order);
  expect(targets["N"]).toEqual(["order/lines/quantity"]);
  expect(targets["Card"]).toEqual(["identifiers/member_no@shop"]);
  expect(mapOf("order", targets, formatsOf(order))).toEqual(order);
});

test("who is described inside “person” is the same person", () => {
  expect(mapOf("customer", targetsOf({ person: { identifiers: { a: "phone" }, fields: { b: "name" } } }), {})).toEqual({ identifiers: { a: "phone" }, fields: { b: "name" } });
});

test("a place has one column, identifiers may have several", () => {
  const targets = choose({ a: ["fields/name"], b: ["identifiers/phone"] }, "c", ["fields/name"]);
  expect(targets).toEqual({ b: ["identifiers/phone"], c: ["fields/name"] });
  expect(choose(targets, "d", ["identifiers/phone"])).toEqual({ b: ["identifiers/phone"], c: ["fields/name"], d: ["identifiers/phone"] });
  expect(choose(targets, "c", [])).toEqual({ b: ["identifiers/phone"] });
});

test("what another kind of file would say is left out, and its formats", () => {
  expect(mapOf("ticket", targetsOf(order), formatsOf(order))).toEqual({
    identifiers: order.identifiers,
    fields: order.fields,
    organisation: order.organisation,
    membership: order.membership,
    ticket: {},
  });
});
