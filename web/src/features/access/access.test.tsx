import { expect, test } from "vitest";
import { safeTarget } from "./SignInPage";
import { missingLength, strengthOf } from "./strength";

test("a password is measured by length first", () => {
  expect(strengthOf("short")).toBe(0);
  expect(strengthOf("aaaaaaaaaaaa")).toBe(1);
  expect(strengthOf("correct horse")).toBe(2);
  expect(strengthOf("correct horse battery staple")).toBe(3);
  expect(missingLength("小明今天吃苹果")).toBe(5);
});

test("signing in leads back to our own pages only", () => {
  expect(safeTarget("/customers?q=17850")).toBe("/customers?q=17850");
  for (const bad of [undefined, "", "//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/sign-in?to=/"]) expect(safeTarget(bad)).toBe("/");
});
