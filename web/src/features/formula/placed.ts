// What is wrong, and at which of the words: they stand in the editor by their names, so counting the characters that were written leads elsewhere.
import { beginningOf, pointsOf, type Fault } from "./language/fault";
import type { useFormulaText } from "./texts";

const shownMax = 40; // characters

export function placed({ at: { begin, length }, text: said }: Fault, text: string, { say, language }: Pick<ReturnType<typeof useFormulaText>, "say" | "language">): string {
  const points = pointsOf(text);
  const part = points.slice(begin, begin + length).join("").trim().replaceAll(/\s+/g, " ").replace(/^["＂“]([^"＂”]+)["＂”]$/, "$1");
  const what = said[language];
  if (part !== "") return say("formula.at", { part: beginningOf(part, shownMax) === part ? part : `${beginningOf(part, shownMax)}…`, what });
  return begin > 0 && points.slice(begin).join("").trim() === "" ? say("formula.at_end", { what }) : what;
}
