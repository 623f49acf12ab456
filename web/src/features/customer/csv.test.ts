import { expect, test } from "vitest";
import { cellOf, csvOf } from "./csv";

test("no cell runs as a formula", () => {
  expect(cellOf('=HYPERLINK("http://x")')).toBe('"\'=HYPERLINK(""http://x"")"');
  expect(cellOf("+8613912345678")).toBe("'+8613912345678");
  expect(cellOf("@SUM(A1)")).toBe("'@SUM(A1)");
  expect(cellOf("-cmd")).toBe("'-cmd");
  expect(cellOf("\tx")).toBe('"\'\tx"'.replace('"\'\tx"', "'\tx"));
});

test("amounts stay numbers, and text keeps its commas, quotes and lines", () => {
  expect(cellOf("-12.50")).toBe("-12.50");
  expect(cellOf('a "b", c')).toBe('"a ""b"", c"');
  expect(cellOf("two\nlines")).toBe('"two\nlines"');
  expect(csvOf([["编号", "name"], ["1", "王芳"]])).toBe("\uFEFF编号,name\r\n1,王芳\r\n");
});
