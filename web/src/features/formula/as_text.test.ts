import { expect, test } from "vitest";
import { groupOf, textOf } from "./as_text";
import { check, evaluate, parse, readSample, toText, Zone, instantNamed, ofJson, print, type Json } from "./language";
import { formulaOf, opsOf, startOf, takes, type Field, type Group, type Leaf } from "./tree";

const fields: Field[] = [
  { code: "city", label: "城市", kind: "text" },
  { code: "name", label: "Name", kind: "text" },
  { code: "order_count", label: "Orders", kind: "number" },
  { code: "last_seen_at", label: "Last seen", kind: "time" },
  { code: "kind", label: "Kind", kind: "choice", choices: [{ value: "person", label: "Person" }, { value: "household", label: "Household" }] },
  { code: "orders", label: "Orders in a period", kind: "records" },
  { code: "sources", label: "Sources", kind: "several", choices: [{ value: "2", label: "web" }, { value: "3", label: "shop" }] },
];
const group = (join: Group["join"], ...items: Group["items"]): Group => ({ join, items });
const leaf = (field: string, op: Leaf["op"], ...values: string[]): Leaf => ({ field, op, values });
const read = (text: string) => groupOf(text, fields);

test("people's ten conditions are plain formulas", () => {
  const cases: [Group, string][] = [
    [group("all", leaf("city", "is", "上海")), 'city = "上海"'],
    [group("any", leaf("city", "is", "上海"), leaf("city", "is", "北京")), 'city = "上海" OR city = "北京"'],
    [group("all", leaf("name", "contains", "Lin")), 'CONTAINS(name, "Lin")'],
    [group("all", leaf("city", "blank")), "ISBLANK(city)"],
    [group("all", leaf("last_seen_at", "within", "30", "day")), 'last_seen_at >= AGO(30, "day")'],
    [group("all", leaf("order_count", "at_least", "1000.5")), "order_count >= 1000.5"],
    [group("all", leaf("order_count", "at_least", "2"), leaf("order_count", "at_most", "5")), "order_count >= 2 AND order_count <= 5"],
    [group("all", leaf("orders", "at_least_within", "2", "90", "day")), 'COUNT(orders, time >= AGO(90, "day")) >= 2'],
    [group("all", leaf("city", "is", "x"), group("any", leaf("kind", "among", "person"), leaf("sources", "has", "2", "3"))), 'city = "x" AND (kind IN ("person") OR HAS(sources, 2, 3))'],
    [group("none", leaf("city", "is", "上海")), 'NOT (NOT ISBLANK(city) AND city = "上海")'],
  ];
  for (const [tree, text] of cases) {
    expect(textOf(tree, fields)).toBe(text);
    expect(read(text)).toEqual({ group: tree });
  }
});

test("every comparison comes back as it was, also where it is denied", () => {
  const values: Record<string, string[]> = { word: ["x"], number: ["5"], span: ["30", "day"], count_span: ["2", "90", "week"], day: ["2026-05-01"], nothing: [] };
  for (const { code, kind } of fields)
    for (const op of opsOf(kind)) {
      const one = leaf(code, op, ...(takes(op) === "choices" ? (kind === "choice" ? ["person"] : ["2"]) : (values[takes(op)] ?? startOf(op))));
      for (const tree of [group("all", one), group("none", one), group("all", one, group("any", one, group("none", one, one))), group("none", group("all", one, one))]) {
        const text = textOf(tree, fields);
        const again = read(text);
        expect("group" in again && textOf(again.group, fields), text).toBe(text);
      }
      expect(read(textOf(group("all", one), fields))).toEqual({ group: group("all", one) });
    }
});

test("other ways to write it are shown as well", () => {
  expect(read('"上海" = 城市')).toEqual({ group: group("all", leaf("city", "is", "上海")) });
  expect(read('city IN ("a", "b")')).toEqual({ group: group("any", leaf("city", "is", "a"), leaf("city", "is", "b")) });
  expect(read("BETWEEN(order_count, 2, 5)")).toEqual({ group: group("all", leaf("order_count", "at_least", "2"), leaf("order_count", "at_most", "5")) });
  expect(read('city <> "x"')).toEqual({ group: group("all", leaf("city", "filled"), group("none", leaf("city", "is", "x"))) });
  expect(read("NOT ISBLANK(city)")).toEqual({ group: group("all", leaf("city", "filled")) });
  expect(read("")).toEqual({ group: group("all") });
});

test("what the builder has no line for is told by the part", () => {
  expect(read('city = "a" AND LEN(name) > 3')).toEqual({ part: "LEN(name) > 3", instead: null });
  expect(read('NOT (city = "a" OR LEN(name) > 3)')).toEqual({ part: "LEN(name) > 3", instead: null });
  expect(read("order_count > 3")).toEqual({ part: "order_count > 3", instead: null });
  expect(read("TRUE")).toEqual({ part: "TRUE", instead: null });
});

test("groups come back as deep as the builder makes them, and no deeper", () => {
  const nested = (depth: number): Group => (depth === 1 ? group("all", leaf("city", "is", "a"), leaf("name", "is", "b")) : group(depth % 2 ? "all" : "any", leaf("city", "is", "c"), nested(depth - 1)));
  for (const depth of [1, 2, 3, 4]) expect(read(textOf(nested(depth), fields))).toEqual({ group: nested(depth) });
  expect(read(textOf(nested(5), fields))).toEqual({ part: 'city = "a" AND name = "b"', instead: null });
});

test("days before today are told with AGO, which the builder has", () => {
  expect(read("last_seen_at >= TODAY() - 30")).toEqual({ part: "last_seen_at >= TODAY() - 30", instead: 'last_seen_at >= AGO(30, "day")' });
  expect(read('city = "a" AND [Last seen] < NOW() - 7')).toMatchObject({ instead: "'Last seen' < AGO(7, \"day\")" });
  expect(read("last_seen_at > TODAY() - 30")).toMatchObject({ instead: null });
  expect(read("order_count >= TODAY() - 30")).toMatchObject({ instead: null });
});

test("what is no formula is told as such", () => {
  expect(read('city = "a')).toEqual({ isBroken: true });
  expect(read("city = AND")).toEqual({ isBroken: true });
});

test("none of several is the builder's own group, of those whose fields are known", () => {
  expect(read('NOT (city = "a" OR city = "b")')).toEqual({ group: group("all", leaf("city", "filled"), group("none", leaf("city", "is", "a"), leaf("city", "is", "b"))) });
  expect(read('NOT (city = "a" OR ISBLANK(name) OR order_count >= 2)')).toEqual({ group: group("all", leaf("city", "filled"), leaf("order_count", "filled"), group("none", leaf("city", "is", "a"), leaf("name", "blank"), leaf("order_count", "at_least", "2"))) });
  expect(read('NOT (city = "a" AND name = "b")')).toEqual({ group: group("any", group("all", leaf("city", "filled"), group("none", leaf("city", "is", "a"))), group("all", leaf("name", "filled"), group("none", leaf("name", "is", "b")))) });
});

// The text, the server's tree and what is read back from the text hold for the same records.
test("text and builder mean the same of every record, with or without values", () => {
  const zone = Zone.named("Asia/Shanghai")!;
  const moment = { now: instantNamed("2026-05-31T08:30:00Z"), zone };
  const shape = readSample({ city: "a", name: "b", order_count: 1, last_seen_at: "2026-05-31T08:30:00Z", kind: "person", orders: [{ time: "2026-05-31T08:30:00Z" }], sources: ["x"] }, zone).shape;
  const records = [null, "x", "y"].flatMap((city) => [null, 5, 7].flatMap((count) => [null, "2026-05-30T08:30:00Z", "2026-01-01T00:00:00Z"].map((seen): Json => ({ city, name: city, order_count: count, last_seen_at: seen, kind: "person", orders: seen ? [{ time: seen }, { time: seen }] : [], sources: ["x"] }))));
  const holds = (text: string, record: Json) => {
    const value = evaluate(text, { shape, zone }, readSample(record, zone).record, moment);
    return toText(value) === "TRUE";
  };
  const leaves = [leaf("city", "is", "x"), leaf("city", "is_not", "x"), leaf("name", "contains", "X"), leaf("name", "contains_not", "x"), leaf("order_count", "equals", "5"), leaf("order_count", "equals_not", "5"), leaf("order_count", "at_most", "6"), leaf("last_seen_at", "within", "7", "day"), leaf("last_seen_at", "before_last", "7", "day"), leaf("last_seen_at", "since", "2026-05-01"), leaf("last_seen_at", "until", "2026-05-01"), leaf("city", "blank"), leaf("city", "filled"), leaf("orders", "at_least_within", "2", "7", "day"), leaf("orders", "fewer_within", "2", "7", "day"), leaf("kind", "not_among", "person")];
  for (const one of leaves)
    for (const tree of [group("all", one), group("none", one), group("none", one, leaf("city", "is", "y")), group("all", group("none", group("any", one, leaf("order_count", "at_least", "7"))), leaf("city", "filled"))]) {
      const text = textOf(tree, fields);
      const ofServer = print(ofJson(formulaOf(tree, (day) => `${day}T00:00:00+08:00`)!));
      const again = read(text) as { group: Group };
      const ofAgain = print(ofJson(formulaOf(again.group, (day) => `${day}T00:00:00+08:00`)!));
      check(parse(text), { shape, zone });
      for (const record of records) {
        expect(holds(text, record), `${text} of ${JSON.stringify(record)}`).toBe(holds(ofServer, record));
        expect(holds(ofAgain, record), `${text} of ${JSON.stringify(record)}`).toBe(holds(ofServer, record));
      }
    }
  const others = ['NOT (city = "x" OR city = "q")', 'NOT (city = "x" OR order_count >= 6)', 'NOT (city = "x" AND order_count >= 6)', 'name = "x" OR NOT (ISBLANK(city) OR order_count = 5)', 'NOT (city = "x" OR last_seen_at >= AGO(7, "day")) AND order_count >= 5'];
  for (const text of others) {
    const { group: built } = read(text) as { group: Group };
    const ofBuilt = print(ofJson(formulaOf(built, (day) => `${day}T00:00:00+08:00`)!));
    for (const record of records) expect(holds(ofBuilt, record), `${text} of ${JSON.stringify(record)}`).toBe(holds(text, record));
    expect(new Set(records.map((record) => holds(text, record))).size, text).toBe(2);
  }
});
