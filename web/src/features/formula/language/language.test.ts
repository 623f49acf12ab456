// What every evaluator of the language is held to: test/formula/cases.json, and the examples of the functions' table.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { check } from "./check";
import { Fault } from "./fault";
import { isSame } from "./expression";
import { compile } from "./program";
import { functions } from "./functions";
import { parse } from "./parser";
import { print } from "./printer";
import { Run } from "./run";
import { bodies } from "./bodies";
import { readSample, type Json } from "./sample";
import { instantNamed, Zone } from "./time";
import type { Shape } from "./type";
import { examples } from "./table.json";
import { faultOf, toText, Trouble, type Value } from "./value";

interface Case {
  text: string;
  value?: string;
  error?: string;
  record?: string;
  zone?: string;
  now?: string;
  at?: [number, number]; // where it is wrong, and what is said of it
  en?: string;
  "zh-CN"?: string;
  source: string;
}
const root = join(import.meta.dirname, "../../../../..");
interface Cases {
  cases: Case[];
  records: Record<string, Json>;
  choices: Record<string, { code: string; label: Record<string, string> }[]>;
  choice_cases: Case[];
}
const { cases, records, choices, choice_cases: choiceCases } = JSON.parse(readFileSync(join(root, "test/formula/cases.json"), "utf8")) as Cases;
// A record's fields, some of them with choices.
const chosen = (shape: Shape): Shape => ({
  ...shape,
  names: () => shape.names(),
  find(name) {
    const slot = shape.find(name);
    const own = Object.hasOwn(choices, name) ? choices[name]!.map(({ code, label }) => ({ code, labels: Object.values(label) })) : undefined;
    return slot && own ? { ...slot, choices: own } : slot;
  },
});

function outcome({ text, record, zone: zoneName = "UTC", now = "2026-05-31T08:30:00Z" }: Pick<Case, "text" | "record" | "zone" | "now">, areChosen = false): Value | Fault {
  try {
    const zone = Zone.named(zoneName)!;
    const sample = readSample(record ? records[record]! : {}, zone);
    const value = compile(check(parse(text), { shape: areChosen ? chosen(sample.shape) : sample.shape, zone }))(new Run({ now: instantNamed(now), zone }, { steps: 1_000_000, milliseconds: 60_000, bytes: 16 << 20 }), sample.record);
    return value instanceof Trouble ? faultOf(value) : value;
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown;
    throw thrown;
  }
}
function answer(one: Parameters<typeof outcome>[0]): string {
  const value = outcome(one);
  return value instanceof Fault ? value.code : toText(value);
}

test("every case has its value or its error", () => {
  expect(cases.length).toBeGreaterThanOrEqual(300);
  const wrong = cases.filter((one) => answer(one) !== (one.error ?? one.value)).map((one) => `${one.text}: ${answer(one)}, not ${one.error ?? one.value}`);
  expect(wrong).toEqual([]);
});

function isTold(one: Case, fault: Value | Fault): void {
  if (!one.at || !(fault instanceof Fault)) return;
  expect([fault.at.begin, fault.at.length], one.text).toEqual(one.at);
  if (one.en) expect(fault.text.en).toBe(one.en);
  if (one["zh-CN"]) expect(fault.text["zh-CN"]).toBe(one["zh-CN"]);
}
test("what is wrong is told where it is, in both languages", () => {
  const told = cases.filter(({ at }) => at);
  expect(told.length).toBeGreaterThan(5);
  for (const one of told) isTold(one, outcome(one));
});

test("where codes are compared, the words that they are shown by are refused, with the code", () => {
  for (const one of choiceCases) {
    const value = outcome(one, true);
    expect(value instanceof Fault ? value.code : toText(value), one.text).toBe(one.error ?? one.value);
    isTold(one, value);
  }
});

test("every example of the table has its value", () => {
  expect(examples.length).toBeGreaterThan(200);
  expect(examples.filter((one) => answer(one) !== one.value).map((one) => `${one.text}: ${answer(one)}, not ${one.value}`)).toEqual([]);
});

test("every function of the table does something", () => {
  const operators = new Set(["AND", "OR", "NOT", "CONTAINS", "ISBLANK", "AGO"]);
  expect(functions.filter(({ name, special }) => !bodies[name] && !operators.has(name) && (!special || special === "matches_pattern")).map(({ name }) => name)).toEqual([]);
  expect(Object.keys(bodies).filter((name) => !functions.some((row) => row.name === name))).toEqual([]);
});

describe("what is printed is read as the same tree", () => {
  test.each(cases.filter(({ error }) => error !== "formula.syntax").map(({ text }) => text))("%s", (text) => {
    let tree;
    try {
      tree = parse(text);
    } catch {
      return;
    }
    expect(isSame(parse(print(tree)), tree), print(tree)).toBe(true);
  });
});
