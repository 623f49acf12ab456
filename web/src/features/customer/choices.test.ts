import { expect, test } from "vitest";
import { choicesOf, valuesOf } from "./choices";

const here = { name: "Ann", city: "Xi'an", country: "CN", note: "", age: null };
const there = { name: "Anna", city: "Beijing", country: "CN", note: "x", title: "CEO" };
const automatic = { name: "Anna", city: "Xi'an", country: "CN", note: "x", title: "CEO" };

test("only fields that both have and that differ ask for a choice, in the order of the fields", () => {
  expect(choicesOf(here, there, automatic, ["city", "name"]).map(({ code }) => code)).toEqual(["city", "name"]);
  expect(choicesOf(here, here, here)).toEqual([]);
});

test("what wins by itself is not typed", () => {
  const choices = choicesOf(here, there, automatic);
  expect(valuesOf(choices, {})).toEqual({});
  expect(valuesOf(choices, { name: "Anna", city: "Beijing" })).toEqual({ city: "Beijing" });
  expect(valuesOf(choices, { name: "Ann", unknown: "x" })).toEqual({ name: "Ann" });
});
