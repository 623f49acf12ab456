import { expect, test } from "vitest";
import { piecesOf } from "./marked";

const shown = (text: string, marks: { from: number; to: number }[]) => piecesOf(text, marks).map(({ text: part, isMarked }) => (isMarked ? `[${part}]` : part)).join("");

test("a text is cut where marks begin and end", () => {
  expect(shown("王小明", [{ from: 1, to: 3 }])).toBe("王[小明]");
  expect(shown("Anna Meyer", [{ from: 5, to: 8 }, { from: 0, to: 3 }])).toBe("[Ann]a [Mey]er");
  expect(shown("𠀀王", [{ from: 2, to: 3 }])).toBe("𠀀[王]");
  expect(shown("Anna", [])).toBe("Anna");
  expect(piecesOf("", [])).toEqual([]);
});

test("marks that do not fit the text leave it whole", () => {
  expect(shown("Anna", [{ from: 2, to: 9 }, { from: 3, to: 3 }])).toBe("Anna");
  expect(shown("Anna", [{ from: 0, to: 3 }, { from: 2, to: 4 }])).toBe("[Ann]a");
});
