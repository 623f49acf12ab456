import { expect, test } from "vitest";
import { twoOf } from "./two_of";

const of = (...types: string[]) => types.map((type, at) => ({ type, value: `${type}${at}` }));
const told = (...types: string[]) => twoOf(of(...types)).map(({ type }) => type);

test("beside the first identifier stands what needs no word beside it", () => {
  expect(told("member_no", "user_id", "email")).toEqual(["member_no", "email"]);
  expect(told("phone", "member_no", "member_no")).toEqual(["member_no", "phone"]);
  expect(told("member_no", "member_no", "user_id")).toEqual(["member_no", "user_id"]);
  expect(told("member_no", "member_no")).toEqual(["member_no", "member_no"]);
  expect(told("email")).toEqual(["email"]);
  expect(told()).toEqual([]);
});
