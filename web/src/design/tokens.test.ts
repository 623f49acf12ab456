import { expect, test } from "vitest";
import { dark, faceColour, light, type Palette } from "./tokens";

const channel = (value: number) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const luminance = (colour: string) => {
  const [red, green, blue] = [1, 3, 5].map((at) => channel(parseInt(colour.slice(at, at + 2), 16) / 255));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
};
const contrast = (one: string, other: string) => {
  const [low, high] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (high! + 0.05) / (low! + 0.05);
};

const pairs: [keyof Palette, keyof Palette][] = [
  ...(["text", "textSoft", "textFaint", "accentText"] as const).flatMap((text) => (["page", "card", "raised", "hover"] as const).map((ground): [keyof Palette, keyof Palette] => [text, ground])),
  ["accentText", "accentSoft"],
  ["text", "accentSoft"],
  ["textSoft", "accentSoft"],
  ["good", "goodSoft"],
  ["warn", "warnSoft"],
  ["bad", "badSoft"],
  ["bad", "card"],
];

test.each([
  ["light", light],
  ["dark", dark],
] as const)("every text of the %s theme stands out 4.5 to 1", (_, palette) => {
  expect(pairs.filter(([text, ground]) => contrast(palette[text], palette[ground]) < 4.5).map((pair) => `${pair.join(" on ")} ${contrast(palette[pair[0]], palette[pair[1]]).toFixed(2)}`)).toEqual([]);
  expect(contrast("#ffffff", palette.accent)).toBeGreaterThanOrEqual(4.5);
});

test("white letters stand out on every face", () => {
  for (let seed = 0; seed < 200; seed++) expect(contrast("#ffffff", faceColour(String(seed)))).toBeGreaterThanOrEqual(4.5);
});
