// The browser's evaluator of formulas is held to the program's: formulas and records by chance, each with its value or its error, whole: code, place and words in both languages.
// ONEFOLD_LAW_CASES=100000 for more, ONEFOLD_LAW_SEED=n for others.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "../../web/node_modules/vite/dist/node/index.js";
import { Leftovers, fresh_folder } from "./onefold.mjs";

const root = new URL("../..", import.meta.url).pathname;
const leftovers = new Leftovers();
after(() => leftovers.run());

async function language_in(folder) {
  await build({
    root: join(root, "web"),
    configFile: false,
    logLevel: "error",
    build: { outDir: folder, emptyOutDir: false, minify: false, lib: { entry: join(root, "web/src/features/formula/language/index.ts"), formats: ["es"], fileName: () => "language.mjs" } },
  });
  return import(pathToFileURL(join(folder, "language.mjs")));
}

function cases_in(folder) {
  const file = join(folder, "cases.jsonl");
  execFileSync(join(root, "build/test/query_test"), ["--gtest_brief=1", "--gtest_filter=BrowserCases.*"], { env: { ONEFOLD_LAW_CASES: "12000", ...process.env, ONEFOLD_CASES_FILE: file }, stdio: "inherit" });
  return readFileSync(file, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
}

test("formulas mean the same in the browser as in the program", { timeout: 1_800_000 }, async () => {
  const folder = fresh_folder(leftovers);
  const { check, compile, parse, print, isSame, readSample, Run, Trouble, Fault, faultOf, Zone, instantNamed, kindOf, toText, Decimal, parseDay, typeOf } = await language_in(folder);
  const [{ shapes, deals, sample }, ...formulas] = cases_in(folder);

  // The program's records, with the kinds that it says their fields have.
  const shape_of = (kind) => ({
    find(name) {
      const { fields, single = {}, many = {} } = shapes[kind];
      if (Object.hasOwn(fields, name)) return { key: name, type: typeOf(fields[name]) };
      if (Object.hasOwn(single, name)) return { key: name, type: typeOf("record"), target: shape_of(single[name]) };
      return Object.hasOwn(many, name) ? { key: name, type: typeOf("records"), target: shape_of(many[name]) } : undefined;
    },
    names: () => [],
  });
  const readers = { text: (value) => value, truth: (value) => value, number: (value) => Decimal.parse(value), date: parseDay, instant: instantNamed };
  const record_of = (kind, stored) => {
    const { fields, single = {}, many = {} } = shapes[kind];
    const values = Object.fromEntries(Object.entries(fields).map(([name, of]) => [name, stored[name] === null ? null : readers[of](stored[name])]));
    const ones = Object.fromEntries(Object.entries(single).map(([name, of]) => [name, stored[name] && record_of(of, stored[name])]));
    const lists = Object.fromEntries(Object.entries(many).map(([name, of]) => [name, stored[name].map((one) => record_of(of, one))]));
    return { value: (key) => values[key], related: (key) => ones[key], records: (key) => lists[key] };
  };
  const own_records = deals.map((deal) => record_of("deal", deal));
  const own_shape = shape_of("deal");

  const told = (fault) => ({ error: fault.code, at: [fault.at.begin, fault.at.length], en: fault.whole.en, "zh-CN": fault.whole["zh-CN"] });
  const told_value = (value) => (value === null ? null : value instanceof Trouble ? { ...told(faultOf(value)), ...(value.isSpent ? { is_spent: true } : {}) } : [kindOf(value), toText(value)]);
  const answers = ({ text, zone: name, now, is_sample }) => {
    const zone = Zone.named(name);
    const { shape, records } = is_sample ? (({ shape, record }) => ({ shape, records: [record] }))(readSample(sample, zone)) : { shape: own_shape, records: own_records };
    try {
      const tree = parse(text);
      assert.ok(isSame(parse(print(tree)), tree), text);
      const run = new Run({ now: instantNamed(now), zone }, { steps: 1_000_000, milliseconds: 60_000, bytes: 16 << 20 });
      const program = compile(check(tree, { shape, zone }));
      return { values: records.map((record) => told_value(program(run, record))) };
    } catch (thrown) {
      if (thrown instanceof Fault) return { fault: told(thrown) };
      throw new Error(text, { cause: thrown });
    }
  };

  const shares = new Map();
  const counts = { cases: 0, blanks: 0, errors: 0, faults: 0, elsewhere: 0, edges: 0, spent: 0 };
  const differences = [];
  for (const one of formulas) {
    const own = answers(one);
    const wanted = one.fault ? { fault: one.fault } : { values: one.values };
    const list = one.values ?? [one.fault];
    counts.cases += list.length;
    counts.faults += one.fault ? 1 : 0;
    counts.elsewhere += one.zone === "UTC" ? 0 : list.length;
    for (const value of one.values ?? []) {
      counts.blanks += value === null ? 1 : 0;
      counts.errors += value?.error ? 1 : 0;
      counts.spent += value?.is_spent ? 1 : 0;
      counts.edges += value?.error === "formula.out_of_range" || (value?.[0] === "number" && (value[1].length > 25 || /\.\d{12}$/.test(value[1]))) ? 1 : 0;
    }
    for (const name of one.names ?? []) shares.set(name, (shares.get(name) ?? 0) + list.length);
    if (!isEqual(own, wanted)) differences.push({ formula: one.text, zone: one.zone, now: one.now, ...difference_of(own, wanted) });
  }
  console.log(`${formulas.length} formulas, ${counts.cases} cases: ${counts.blanks} blank, ${counts.errors} errors (${counts.spent} of a spent budget), ${counts.faults} that are no formula, ${counts.elsewhere} in other zones than UTC, ${counts.edges} at the edge of decimals`);
  console.log([...shares].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `${name} ${((100 * count) / counts.cases).toFixed(2)} %`).join("  "));
  assert.equal(differences.length, 0, `${differences.length} differ:\n${differences.slice(0, 12).map((one) => JSON.stringify(one)).join("\n")}`);
  for (const [what, count] of Object.entries(counts)) if (what !== "spent") assert.ok(count > 0, what);
  assert.ok(shares.size > 100);
});

const isEqual = (one, other) => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
const sorted = (value) =>
  value && typeof value === "object" && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)])) : Array.isArray(value) ? value.map(sorted) : value;
function difference_of(own, wanted) {
  if (!own.values || !wanted.values) return { own: own.fault ?? own.values[0], wanted: wanted.fault ?? wanted.values[0] };
  const place = own.values.findIndex((value, i) => !isEqual(value, wanted.values[i]));
  return { place, own: own.values[place], wanted: wanted.values[place] };
}
