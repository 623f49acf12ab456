import { expect, test } from "vitest";
import { Pattern } from "./pattern";

const found = (pattern: string, text: string): string | null => {
  const points = [...text];
  const places = new Pattern(pattern).match(points, 0);
  return places && points.slice(places[0], places[1]).join("");
};

test("the first way in order of preference, as RE2", () => {
  expect(found("a|ab", "ab")).toBe("a");
  expect(found("a*?b", "aab")).toBe("aab");
  expect(found("(a+)(a?)", "aaa")).toBe("aaa");
  expect(found("x*", "aaa")).toBe("");
  expect(found("a{2,3}?", "aaaa")).toBe("aa");
  expect(found("$", "上海")).toBe("");
  expect(found("^上.$", "上😀")).toBe("上😀");
  expect(found("(?i)straSSe", "STRASSE")).toBe("STRASSE");
  expect(found("[[:digit:]]+", "ab12")).toBe("12");
  expect(found("\\p{Han}+", "ab上海")).toBe("上海");
  expect(found("b", "aaa")).toBeNull();
  expect(found("[\\d-a]+", "x1-a")).toBe("1-a"); // a hyphen that makes no range is one
});

test("what takes other engines for ever takes a moment", () => {
  const begun = performance.now();
  expect(found("(a*)*b", "a".repeat(3000))).toBeNull();
  expect(found("(a|a)*(a|a)*(a|a)*$", `${"a".repeat(300)}b`)).toBe("");
  expect(performance.now() - begun).toBeLessThan(2000);
});

const told = (pattern: string): string => {
  try {
    return String(new Pattern(pattern).groups);
  } catch (thrown) {
    return (thrown as Error).message;
  }
};

test("what is none is said as RE2 says it", () => {
  expect(told("(")).toBe("missing ): (");
  expect(told("[a")).toBe("missing ]: [a");
  expect(told("a**")).toBe("bad repetition operator: **");
  expect(told("*")).toBe("no argument for repetition operator: *");
  expect(told("\\q")).toBe("invalid escape sequence: \\q");
  expect(told("a{1001}")).toBe("invalid repetition size: {1001}");
  expect(told("(?=a)")).toBe("invalid perl operator: (?=");
  expect(told("((((a{100}){100}){100}){100})")).toMatch(/^invalid repetition size|^pattern too large/);
});
