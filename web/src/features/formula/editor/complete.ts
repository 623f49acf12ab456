// What can be written at a place: fields by their codes and their names in any language, functions, words.
import type { FormulaFunction } from "../../../api/types";
import { closingOf } from "../language/lexer";
import { printName, printText } from "../language/printer";
import type { NamedField, Objects } from "./objects";
import { findFunction, paramAt } from "../language/functions";
import type { Kind } from "../language/type";
import { fieldAt, kindsAt, objectsAt, type Place } from "./place";

export interface Choice {
  kind: "field" | "records" | "function" | "word" | "value";
  text: string; // as it is written
  names?: string[]; // of a value, by which it is found
  closing?: string; // of a value whose quotation mark stands already
  from?: number; // where it begins, where that is before the word
  label: string;
  detail: string;
  function?: FormulaFunction;
}
const joining = ["AND", "OR", "IN", "NOT IN"];
const words = ["NOT", "TRUE", "FALSE"]; // where a value begins
const choicesMax = 80;

interface Match {
  rank: number; // from 0: is it, by another name, begins so, ends so, holds it
  isOther: boolean; // by another name
  length: number; // of the name
}
// By the name that fits best.
function matchOf(wanted: string, names: string[]): Match | null {
  if (wanted === "") return { rank: 0, isOther: false, length: 0 };
  const matches = names.flatMap((own, i): Match[] => {
    const name = own.toLowerCase();
    if (!name.includes(wanted)) return [];
    return [{ rank: name === wanted ? (i > 0 ? 1 : 0) : name.startsWith(wanted) ? 2 : name.endsWith(wanted) ? 3 : 4, isOther: i > 0, length: name.length }];
  });
  return matches.toSorted((one, other) => one.rank - other.rank || Number(one.isOther) - Number(other.isOther) || one.length - other.length)[0] ?? null;
}
// 0: what is expected here; 1: perhaps; 2: not.
function misfitOf(gives: string | undefined, kinds: Kind[] | null): number {
  if (!kinds || !gives) return 0;
  if (gives === "moment") return kinds.includes("instant") ? 0 : 2;
  if (gives === "same" || gives === "each" || gives === "values") return 1;
  return (kinds as string[]).includes(gives) ? 0 : 2;
}
const labelOf = ({ code, labels }: NamedField, language: string) => labels[language] ?? labels.en ?? code;
const choiceOf = (field: NamedField, language: string): Choice => {
  const [label, { code, kind, object }] = [labelOf(field, language), field];
  return { kind: kind === "records" || object ? "records" : "field", text: printName(code), label, detail: label === code ? "" : code };
};
const wordOf = (text: string): Choice => ({ kind: "word", text, label: text, detail: "" });

const namesOf = ({ labels }: NamedField) => Object.values(labels).map((label) => label.toLowerCase());

// Behind a value: what joins it to the next, or the rest of a name with blanks in it.
function choicesBehind(place: Place, objects: Objects, object: string, language: string): Choice[] {
  const wanted = place.word.toUpperCase();
  const joined = joining.filter((word) => wanted !== "" && word.startsWith(wanted)).map(wordOf);
  const fields = objectsAt(place, objects, object).flatMap((scope) => objects[scope] ?? []);
  for (const { text, from } of place.phrases) {
    const begun = text.toLowerCase();
    const found = fields.filter((field) => namesOf(field).some((name) => name.startsWith(begun)));
    if (found.length === 0) continue;
    const head = begun.slice(0, begun.length - place.word.length).trim();
    const isWhole = fields.some((field) => field.code.toLowerCase() === head || namesOf(field).includes(head)); // what was written before is a field already
    const offered = found.map((field) => ({ ...choiceOf(field, language), from }));
    return isWhole ? [...joined, ...(wanted === "" ? [] : offered)] : [...offered, ...joined];
  }
  return joined;
}

// What the argument can be, where that is a fixed set of words; the codes that a field can hold, where it is compared.
function valuesAt(place: Place, objects: Objects, object: string): Choice[] {
  const { calls, isFirst, isInText, quote } = place;
  if (place.path) return [];
  const closing = closingOf(quote);
  if (isInText && closing === "") return [];
  const call = isFirst ? calls.at(-1) : undefined;
  const { words: own = [], want } = call ? paramAt(call.row, call.argument) : {};
  const isText = own.length === 0 || want === "text";
  if (isInText && !isText) return [];
  const written = (word: string) => (isInText || !isText ? word : printText(word));
  const choice = (word: string, label: string, labels: string[]): Choice => ({ kind: "value", text: written(word), label, detail: label === word ? "" : word, names: [word, ...labels], ...(isInText ? { closing } : {}) });
  if (own.length > 0) return own.map((word) => choice(word, word, []));
  const path = place.compared ?? (call && ["HAS", "HASALL"].includes(call.row.name) && call.argument > 0 ? call.first : []);
  return (fieldAt(place, path, objects, object)?.choices ?? []).map(({ code, labels }) => choice(code, labels[0] ?? code, labels));
}
export const areValuesAt = (place: Place, { objects, object }: { objects: Objects; object: string }): boolean => valuesAt(place, objects, object).length > 0;
const valueMatches = (wanted: string, { label, names = [label] }: Choice) => names.some((name) => name.toLowerCase().startsWith(wanted));

const compareOrders = (one: number[], other: number[]) => one.map((value, i) => value - other[i]!).find((value) => value !== 0) ?? 0;
export function choicesAt(place: Place, objects: Objects, object: string, functions: FormulaFunction[], language: string): Choice[] {
  if (place.isInText) return valuesAt(place, objects, object).filter((value) => valueMatches(place.word.toLowerCase(), value));
  if (place.isBehindValue) return choicesBehind(place, objects, object, language);
  const wanted = place.word.toLowerCase();
  const kinds = kindsAt(place, objects, object);
  const found: { order: number[]; choice: Choice }[] = [];
  const offer = (names: string[], choice: Choice, misfit: number, later: number, scope = 0) => {
    const match = matchOf(wanted, names);
    if (match) found.push({ order: [match.rank, misfit, later, Number(match.isOther && choice.kind === "function"), scope, match.length], choice });
  };
  objectsAt(place, objects, object).forEach((scope, i) => {
    // A condition begins with a field of any kind.
    for (const field of objects[scope] ?? []) offer([field.code, ...Object.values(field.labels)], choiceOf(field, language), kinds?.includes("truth") ? 0 : misfitOf(field.kind, kinds), 1, i);
  });
  if (!place.path) {
    for (const row of functions) if (row.name !== "NOT") offer([row.name, ...row.aliases], { kind: "function", text: row.name, label: row.signature, detail: "", function: row }, misfitOf(findFunction(row.name)?.give, kinds), 2);
    if (wanted !== "") for (const word of words) if (word.toLowerCase().startsWith(wanted)) offer([word], wordOf(word), 0, wanted.length > 1 ? 0 : 3);
  }
  const values = valuesAt(place, objects, object).filter((value) => valueMatches(wanted, value));
  const others = found.toSorted((one, other) => compareOrders(one.order, other.order)).map(({ choice }) => choice);
  // Where a field is compared, another may be meant.
  return (values.length === 0 ? others : wanted === "" ? values : [...values, ...others.filter(({ kind }) => kind !== "function")]).slice(0, choicesMax);
}
