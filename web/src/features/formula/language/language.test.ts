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
const { cases, records } = JSON.parse(readFileSync(join(root, "test/formula/cases.json"), "utf8")) as { cases: Case[]; records: Record<string, Json> };

function outcome({ text, record, zone: zoneName = "UTC", now = "2026-05-31T08:30:00Z" }: Pick<Case, "text" | "record" | "zone" | "now">): Value | Fault {
  try {
    const zone = Zone.named(zoneName)!;
    const sample = readSample(record ? records[record]! : {}, zone);
    const value = compile(check(parse(text), { shape: sample.shape, zone }))(new Run({ now: instantNamed(now), zone }, { steps: 1_000_000, milliseconds: 60_000, bytes: 16 << 20 }), sample.record);
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

test("what is wrong is told where it is, in both languages", () => {
  const told = cases.filter(({ at }) => at);
  expect(told.length).toBeGreaterThan(5);
  for (const one of told) {
    const fault = outcome(one) as Fault;
    expect([fault.at.begin, fault.at.length], one.text).toEqual(one.at);
    if (one.en) expect(fault.text.en).toBe(one.en);
    if (one["zh-CN"]) expect(fault.text["zh-CN"]).toBe(one["zh-CN"]);
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
