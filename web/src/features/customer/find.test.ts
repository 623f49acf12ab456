import { expect, test } from "vitest";
import { isLookup, lookupOf } from "./find";

const phonesOf = (text: string) => lookupOf(text).identifiers.filter((identifier) => identifier.startsWith("phone:"));

test("a Chinese mobile number is asked for once it is whole", () => {
  for (const whole of ["+8615410001134", "15410001134"])
    for (let length = 1; length <= whole.length; ++length) expect(phonesOf(whole.slice(0, length))).toEqual(length === whole.length ? [`phone:${whole}`] : []);
  expect(phonesOf("154 1000 1134")).toEqual(["phone:15410001134"]);
});

test("other numbers of seven digits and more may be phones, and numbers of any length members", () => {
  expect(phonesOf("021-5555123")).toEqual(["phone:0215555123"]);
  expect(phonesOf("+442079460018")).toEqual(["phone:+442079460018"]);
  expect(lookupOf("17850").identifiers).toEqual(["member_no:17850", "user_id:17850"]);
  expect(lookupOf("1541000").identifiers).toEqual(["member_no:1541000", "user_id:1541000"]);
});

test("what may be a name as well is no mere lookup", () => {
  for (const text of ["17850", "15410001134", "1541000", "lin@example.com", "member_no@shop:A-1", "user_id:u7"]) expect(isLookup(text), text).toBe(true);
  for (const text of ["3M", "7-Eleven", "A-1001", "Lin", ""]) expect(isLookup(text), text).toBe(false);
  expect(lookupOf("3M")).toEqual({ identifiers: ["member_no:3M", "user_id:3M"], name: "3M" });
});
