import { expect, test } from "vitest";
import { bytesOf } from "./queue";
import { scopedOf } from "./tracker";

test("a trait that is an identifier within an app stands outside the traits, with the app", () => {
  const traits = { openid: "o-1", unionid: "u-1", name: "李梅" };
  expect(scopedOf(traits, { openid: "wx1" })).toEqual({
    traits: { unionid: "u-1", name: "李梅" },
    externalIds: [{ id: "o-1", type: "openid@wx1", collection: "users", encoding: "none" }],
  });
  expect(scopedOf(traits, {})).toEqual({ traits, externalIds: [] });
  expect(scopedOf({ openid: "" }, { openid: "wx1" })).toEqual({ traits: { openid: "" }, externalIds: [] });
});

test("bytes are those of UTF-8", () => {
  for (const text of ["", "abc", "é", "归一", "🍵tea", "a\u0800\uffff"]) expect(bytesOf(text), text).toBe(new TextEncoder().encode(text).length);
});
