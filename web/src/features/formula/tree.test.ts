import { expect, test } from "vitest";
import { countOf, formulaOf, isComplete, opsOf, readTree, replaceAt, takes, writeTree, type Field, type Group, type Leaf } from "./tree";

const fields: Field[] = [
  { code: "city", label: "City", kind: "text" },
  { code: "order_count", label: "Orders", kind: "number" },
  { code: "last_seen_at", label: "Last seen", kind: "time" },
  { code: "kind", label: "Kind", kind: "choice", choices: [{ value: "person", label: "Person" }] },
  { code: "orders", label: "Orders in a period", kind: "records" },
  { code: "sources", label: "Sources", kind: "several", choices: [{ value: "2", label: "web" }] },
];
const startOfDay = (day: string) => `${day}T00:00:00+08:00`;
const meaning = (...items: Group["items"]) => formulaOf({ join: "all", items }, startOfDay);

test("a tree is written into an address as it is read from there", () => {
  const text = '["all",["city","is","上海"],["any",["order_count","at_least","3"],["none",["sources","has","2","3"]]],["last_seen_at","within","30","day"]]';
  expect(writeTree(readTree(text, fields))).toBe(text);
  expect(writeTree(readTree(undefined, fields))).toBeNull();
});

test("what nobody knows is passed over, whatever the address says", () => {
  for (const text of ["{", "[]", '["city","is","x"]', "7", '["all",7,["password","is","x"],["city","at_least","3"]]', "null"]) expect(readTree(text, fields)).toEqual({ join: "all", items: [] });
  const deep = `${'["any",'.repeat(20)}["city","is","x"]${"]".repeat(20)}`;
  expect(JSON.stringify(readTree(deep, fields)).length).toBeLessThan(400);
});

test("what is half written counts for nothing", () => {
  expect(meaning({ field: "city", op: "is", values: [" "] }, { field: "order_count", op: "at_least", values: ["x"] })).toBeNull();
  expect(isComplete({ field: "last_seen_at", op: "since", values: ["2026-02-31"] } as Leaf)).toBe(isComplete({ field: "last_seen_at", op: "since", values: ["2026-03-03"] }));
  expect(isComplete({ field: "last_seen_at", op: "since", values: ["yesterday"] })).toBe(false);
  expect(isComplete({ field: "last_seen_at", op: "within", values: ["30", "year"] })).toBe(false);
  expect(isComplete({ field: "sources", op: "has", values: [] })).toBe(false);
  expect(countOf({ join: "all", items: [{ field: "city", op: "blank", values: [] }, { field: "city", op: "is", values: [] }, { join: "any", items: [{ field: "city", op: "is", values: ["x"] }] }] })).toBe(2);
});

test("each operator is the server's tree", () => {
  const known = (part: object) => ({ op: "and", args: [{ op: "not", args: [blank("city")] }, part] });
  const is = { op: "=", args: [{ field: "city" }, { value: "上海" }] };
  expect(meaning({ field: "city", op: "is", values: ["上海"] })).toEqual(known(is));
  expect(meaning({ field: "city", op: "is_not", values: ["上海"] })).toEqual({ op: "not", args: [known(is)] });
  expect(meaning({ field: "city", op: "filled", values: [] })).toEqual({ op: "not", args: [blank("city")] });
  expect(meaning({ field: "sources", op: "has", values: ["2", "3"] })).toEqual({ op: "in", args: [{ field: "sources" }, { value: "2" }, { value: "3" }] });
  expect(JSON.stringify(meaning({ field: "last_seen_at", op: "before_last", values: ["90", "day"] }))).toContain('{"op":"ago","args":[{"value":90},{"value":"day"}]}');
  expect(JSON.stringify(meaning({ field: "last_seen_at", op: "since", values: ["2026-03-01"] }))).toContain("2026-03-01T00:00:00+08:00");
});

test("records of a time are counted", () => {
  const two: Leaf = { field: "orders", op: "at_least_within", values: ["2", "90", "day"] };
  const counted = { op: ">=", args: [{ call: "COUNT", args: [{ field: "orders" }, { op: ">=", args: [{ field: "time" }, { op: "ago", args: [{ value: 90 }, { value: "day" }] }] }] }, { value: 2 }] };
  expect(meaning(two)).toEqual(counted);
  expect(meaning({ ...two, op: "fewer_within" })).toEqual({ op: "not", args: [counted] });
  for (const values of [["0", "90", "day"], ["2", "x", "day"], ["2", "90", "year"], ["2"], []]) expect(isComplete({ ...two, values })).toBe(false);
  const text = '["all",["orders","at_least_within","2","90","day"]]';
  expect(writeTree(readTree(text, fields))).toBe(text);
});

const blank = (field: string) => ({ op: "blank", args: [{ field }] });

test("all, any and none", () => {
  const one: Leaf = { field: "city", op: "blank", values: [] }, other: Leaf = { field: "order_count", op: "blank", values: [] };
  const parts = [blank("city"), blank("order_count")];
  expect(formulaOf({ join: "all", items: [one, other] }, startOfDay)).toEqual({ op: "and", args: parts });
  expect(formulaOf({ join: "any", items: [one, other] }, startOfDay)).toEqual({ op: "or", args: parts });
  expect(formulaOf({ join: "none", items: [one, other] }, startOfDay)).toEqual({ op: "not", args: [{ op: "or", args: parts }] });
  expect(formulaOf({ join: "none", items: [one] }, startOfDay)).toEqual({ op: "not", args: [blank("city")] });
});

test("every operator says what it takes, and an item is replaced or taken out", () => {
  for (const kind of ["text", "number", "time", "choice", "several", "records"] as const) for (const op of opsOf(kind)) expect(takes(op)).toBeTruthy();
  const group: Group = { join: "all", items: [{ field: "city", op: "blank", values: [] }, { field: "city", op: "filled", values: [] }] };
  expect(replaceAt(group, 0, null).items).toEqual([group.items[1]]);
  expect(replaceAt(group, 1, group.items[0]!).items).toEqual([group.items[0], group.items[0]]);
});
