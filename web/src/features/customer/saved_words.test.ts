import { expect, test } from "vitest";
import { writeTree, type Field, type Group } from "../formula/tree";
import { readLayout, usualLayout, writeLayout } from "./columns";
import { readListState } from "./list_state";
import { differs, isBare, opening } from "./saved_state";
import { questionOf, wordsOf } from "./saved_words";

const fields: Field[] = [
  { code: "city", label: "City", kind: "text" },
  { code: "total_spend", label: "Total spend", kind: "number" },
  { code: "last_seen_at", label: "Last seen", kind: "time" },
  { code: "orders", label: "Orders", kind: "records" },
  { code: "sources", label: "Sources", kind: "several", choices: [{ value: "3", label: "shop" }] },
];
const tree: Group = {
  join: "all",
  items: [
    { field: "city", op: "is", values: ["上海"] },
    { join: "any", items: [{ field: "total_spend", op: "at_least", values: ["100"] }, { field: "orders", op: "at_least_within", values: ["2", "90", "day"] }] },
    { join: "none", items: [{ field: "last_seen_at", op: "within", values: ["30", "day"] }, { field: "sources", op: "has", values: ["3"] }] },
  ],
};
const layout = readLayout("name:200!,city,total_spend:150")!;

test("what is saved is opened as it was", () => {
  const state = readListState({ kind: "person", sort: "-total_spend" });
  const question = questionOf(state, layout, { tree, formula: undefined }, fields);
  expect(question.kind).toBe("person");
  expect(wordsOf({ question }, fields)).toEqual({ kind: "person", sort: "-total_spend", columns: "name:200!,city,total_spend:150", where: writeTree(tree) });
});

test("a name that is searched for is saved as a condition, an identifier is not", () => {
  const named: Field[] = [{ code: "name", label: "Name", kind: "text" }, ...fields];
  const asked = (q: string, was: { tree: Group; formula: string | undefined }) => questionOf(readListState({ q }), layout, was, named).condition;
  expect(asked("Lin", { tree: { join: "all", items: [] }, formula: undefined })).toBe('CONTAINS(name, "Lin")');
  const all = { join: "all" as const, items: [tree.items[0]!] };
  expect(wordsOf({ question: questionOf(readListState({ q: "Lin" }), layout, { tree: all, formula: undefined }, named) }, named).where).toBe(writeTree({ join: "all", items: [tree.items[0]!, { field: "name", op: "contains", values: ["Lin"] }] }));
  expect(asked("Lin", { tree: { ...all, join: "any" }, formula: undefined })).toBe(`${asked("", { tree: { ...all, join: "any" }, formula: undefined })} AND CONTAINS(name, "Lin")`);
  expect(asked("Lin", { tree: all, formula: 'city = "a" OR city = "b"' })).toBe('CONTAINS(name, "Lin") AND (city = "a" OR city = "b")');
  expect(asked("3M", { tree: { join: "all", items: [] }, formula: undefined })).toBe('CONTAINS(name, "3M")');
  expect(asked("13907554321", { tree: { join: "all", items: [] }, formula: undefined })).toBeNull();
});

test("a formula that the builder would write otherwise stays a formula", () => {
  const formula = 'LEN(city) > 2 OR city = "上海"';
  const question = questionOf(readListState({}), usualLayout(), { tree: { join: "all", items: [] }, formula }, fields);
  expect(question.condition).toBe(formula);
  expect(wordsOf({ question }, fields)).toEqual({ sort: "-last_seen_at", columns: writeLayout(usualLayout()), formula });
});

test("a list without columns shows the usual ones, and asks nothing where nothing was asked", () => {
  expect(wordsOf({ question: { columns: [] } }, fields)).toEqual({ sort: "-last_seen_at", columns: writeLayout(usualLayout()) });
  expect(questionOf(readListState({}), usualLayout(), { tree: { join: "all", items: [] }, formula: undefined }, fields).condition).toBeNull();
});

test("an address that names the list alone is to be opened, and a changed one differs", () => {
  expect(isBare({ list: "5", q: "x" })).toBe(true);
  expect(isBare({ list: "5", sort: "name" })).toBe(false);
  expect(differs({ sort: "name", kind: "person" }, { sort: "name", kind: "person" })).toBe(false);
  expect(differs({ sort: "name" }, { sort: "name", kind: "person" })).toBe(true);
  expect(differs({ sort: "name", q: "Lin" }, { sort: "name" })).toBe(true);
  expect(opening("5")).toMatchObject({ list: "5", where: null, formula: null, kind: null, sort: null, columns: null, q: null });
});
