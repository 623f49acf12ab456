// What can be written at a place: fields by their codes and their names in any language, functions, words.
import type { FormulaFunction } from "../../../api/types";
import { printName } from "../language/printer";
import type { Objects } from "./objects";
import { objectsAt, type Place } from "./place";

export interface Choice {
  kind: "field" | "records" | "function" | "word";
  text: string; // as it is written
  label: string;
  detail: string;
  function?: FormulaFunction;
}
const joining = ["AND", "OR", "IN", "NOT"];
const words = [...joining, "TRUE", "FALSE"];
const choicesMax = 80;

const rankOf = (wanted: string, names: string[]): number | null => {
  if (wanted === "") return 1;
  const lower = names.map((name) => name.toLowerCase());
  if (lower[0] === wanted) return -2;
  if (lower.includes(wanted)) return -1;
  if (lower.some((name) => name.startsWith(wanted))) return 0;
  return lower.some((name) => name.includes(wanted)) ? 1 : null;
};

export function choicesAt(place: Place, objects: Objects, object: string, functions: FormulaFunction[], language: string): Choice[] {
  const wanted = place.word.toLowerCase();
  const found: { rank: number; choice: Choice }[] = [];
  const offer = (names: string[], choice: Choice, later = 0) => {
    const rank = rankOf(wanted, names);
    if (rank !== null) found.push({ rank: rank * 10 + later, choice });
  };
  if (place.isInText) return [];
  if (place.isBehindValue) return joining.filter((word) => wanted !== "" && word.toLowerCase().startsWith(wanted)).map((word) => ({ kind: "word", text: word, label: word, detail: "" }));
  for (const scope of objectsAt(place, objects, object))
    for (const { code, labels, kind, object: target } of objects[scope] ?? []) {
      const label = labels[language] ?? labels.en ?? code;
      offer([code, ...Object.values(labels)], { kind: kind === "records" || target ? "records" : "field", text: printName(code), label, detail: label === code ? "" : code });
    }
  if (!place.path) {
    for (const row of functions) offer([row.name, ...row.aliases], { kind: "function", text: row.name, label: row.signature, detail: "", function: row }, 1);
    if (wanted !== "") for (const word of words) if (word.toLowerCase().startsWith(wanted)) offer([word], { kind: "word", text: word, label: word, detail: "" }, wanted.length > 1 ? -1 : 2);
  }
  return found.toSorted((one, other) => one.rank - other.rank).slice(0, choicesMax).map(({ choice }) => choice);
}
