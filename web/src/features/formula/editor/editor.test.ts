import { closeBrackets, closeCompletion, startCompletion } from "@codemirror/autocomplete";
import { diagnosticCount } from "@codemirror/lint";
import { EditorState, Transaction, type TransactionSpec } from "@codemirror/state";
import { EditorView, showTooltip } from "@codemirror/view";
import { expect, test, vi } from "vitest";
import type { FormulaFunction } from "../../../api/types";
import { checkCondition, Fault, parse, Zone } from "../language";
import { functions as rows } from "../language/functions";
import { accept } from "./accept";
import { choicesAt, type Choice } from "./complete";
import { shapeOf, type Objects } from "./objects";
import { placeIn } from "./place";
import { NotHeld, recordOf } from "./record";
import { callHelp, diagnosticOf, setup } from "./setup";

const field = (code: string, en: string, zh: string, kind: Objects[string][number]["kind"] = "text", object?: string) => ({ code, labels: { en, "zh-CN": zh }, kind, ...(object ? { object } : {}) });
const objects: Objects = {
  customer: [field("city", "City", "城市"), field("order_count", "Orders", "订单数", "number"), field("orders", "Orders of theirs", "订单", "records", "order"), { ...field("tags", "Tags", "标签"), isSeveral: true }],
  order: [field("time", "Time", "时间", "instant"), field("total", "Total", "金额", "number"), field("lines", "Order lines", "订单行", "records", "line"), field("customer", "Customer", "客户", "record", "customer")],
  line: [field("sku", "SKU", "货号")],
};
const functions = rows.map(({ name, aliases, signature }) => ({ name, aliases, signature, family: "logic", help: { en: "", "zh-CN": "" }, examples: [], is_aggregate: false })) as unknown as FormulaFunction[];
const offered = (text: string, language = "en") => choicesAt(placeIn(text, text.length), objects, "customer", functions, language).map(({ text: own }) => own);

test("fields are offered by code and by their name in any language", () => {
  expect(offered("ci")[0]).toBe("city");
  expect(offered("城")).toEqual(["city"]);
  expect(choicesAt(placeIn("cit", 3), objects, "customer", functions, "zh-CN")[0]).toMatchObject({ label: "城市", detail: "city" });
  expect(offered("orders")[0]).toBe("orders");
  expect(offered("count")[0]).toBe("COUNT");
});

test("behind a dot the fields of what is named, in a condition on records theirs first", () => {
  expect(offered("orders.")).toEqual(["time", "total", "lines", "customer"]);
  expect(offered("orders.to")[0]).toBe("total");
  expect(offered("orders.lines.")).toEqual(["sku"]);
  expect(offered("COUNT(orders, ").slice(0, 4)).toEqual(["time", "total", "lines", "customer"]);
  expect(offered("SUM(orders.total, ti")[0]).toBe("time");
  expect(offered("SUM(orders.lines.price, sk")[0]).toBe("sku");
  expect(offered("COUNT(orders, COUNT(lines, s")[0]).toBe("sku");
  expect(offered("nobody.")).toEqual([]);
});

test("behind a value only what joins it to the next, in a text nothing", () => {
  expect(offered("city i")).toEqual(["IN"]);
  expect(offered('city = "x" a')).toEqual(["AND"]);
  expect(offered("NOT ci")[0]).toBe("city");
  expect(offered('city = "ci')).toEqual([]);
  expect(offered("'ci")[0]).toBe("city");
});

test("where an argument is one of some words, these are offered, in quotation marks or within them", () => {
  expect(offered("AGO(3,")).toEqual(['"minute"', '"hour"', '"day"', '"week"', '"month"', '"quarter"', '"year"']);
  expect(offered("AGO(3, m")).toEqual(['"minute"', '"month"']);
  expect(offered('DATEADD(x, 3, "M')).toEqual(["minute", "month"]);
  expect(offered("STARTOF(x, “qu")).toEqual(["quarter"]);
  expect(offered('DATEDIF(x, y, "')).toEqual(["Y", "M", "D", "YM", "MD", "YD"]);
  expect(offered("WEEKDAY(x, ")).toEqual(["1", "2", "3"]);
  expect(offered('WEEKDAY(x, "')).toEqual([]);
  expect(offered('AGO(3, "dayz')).toEqual([]);
  expect(offered('AGO(3, "day" & "')).toEqual([]);
  expect(offered('AGO("')).toEqual([]);
});

test("where a field with choices is compared, its codes are offered, found by how they are shown", () => {
  const choices = [{ code: "person", labels: ["Person", "个人"] }, { code: "household", labels: ["Household", "家庭"] }];
  const kinds: Objects = { ...objects, customer: [{ ...field("kind", "Kind", "类型"), choices }, { ...field("kinds", "Kinds", "各类型"), isSeveral: true, choices }, field("person_in_charge", "Owner", "负责人"), ...objects.customer!] };
  const of = (text: string) => choicesAt(placeIn(text, text.length), kinds, "customer", functions, "en").map(({ text: own }) => own);
  expect(of("kind = ")).toEqual(['"person"', '"household"']);
  expect(of("kind <> 家")).toEqual(['"household"']);
  expect(of('kind = "Pers')).toEqual(["person"]);
  expect(of("kind = per")).toEqual(['"person"', "person_in_charge"]);
  expect(of('HAS(kinds, "')).toEqual(["person", "household"]);
  expect(of("COUNT(orders, customer.kind = ")).toEqual(['"person"', '"household"']);
  expect(of('city = "')).toEqual([]);
  expect(of("COUNT(orders, customer.kind = customer.")).not.toContain('"person"');
  expect(of("COUNT(orders, customer.kind = customer.")).toContain("city");
  const surroundings = { shape: shapeOf(kinds, "customer"), zone: Zone.utc };
  expect(() => checkCondition(parse('kind = "家庭"'), surroundings)).toThrow('“家庭” is how household is shown; write "household".');
  expect(checkCondition(parse('kind = "household"'), surroundings).type.kind).toBe("truth");
});

test("what begins with or ends in what is written comes first, what fits what is expected before what does not", () => {
  expect(offered("blank")[0]).toBe("ISBLANK");
  expect(offered("tod").slice(0, 2)).toEqual(["TODAY", "TODATE"]);
  const aged: Objects = { ...objects, customer: [field("age", "Age", "年龄", "number"), field("seen", "Last seen", "最近出现", "instant"), ...objects.customer!] };
  const of = (text: string) => choicesAt(placeIn(text, text.length), aged, "customer", functions, "en").map(({ text: own }) => own);
  expect(of("seen >= ag")[0]).toBe("AGO");
  expect(of("[Last seen] >= ag")[0]).toBe("AGO");
  expect(of("order_count > ag")[0]).toBe("age");
  expect(of("COUNT(orders, time >= ag")[0]).toBe("AGO");
  expect(of("ag")[0]).toBe("age");
  expect(of("DATEADD(se")[0]).toBe("seen");
});

test("NOT, AND and OR are offered once, as what they can be there", () => {
  const count = (text: string, name: string) => offered(text).filter((one) => one === name).length;
  expect([count("no", "NOT"), count("an", "AND"), count("o", "OR"), count('city = "x" an', "AND")]).toEqual([1, 1, 1, 1]);
  expect(offered("no")[0]).toBe("NOT");
  expect(offered("city n")).toEqual(["NOT IN"]);
});

test("a name with blanks is offered as long as it goes on so", () => {
  const named: Objects = { ...objects, customer: [...objects.customer!, field("seen_at", "Last seen", "最近出现", "instant"), field("city_tier", "City tier", "城市级别")] };
  const of = (text: string) => choicesAt(placeIn(text, text.length), named, "customer", functions, "en").map(({ text: own, from }) => [own, from]);
  expect(of("last ")).toEqual([["seen_at", 0]]);
  expect(of('city = "x" AND last  se')).toEqual([["seen_at", 15]]);
  expect(of("last sa")).toEqual([]);
  // A field that is written whole is one.
  expect(of("city ")).toEqual([]);
  expect(of("city t")).toEqual([["city_tier", 0]]);
  expect(of("city i")).toEqual([["IN", undefined]]);
});

const taken = (text: string, choice: Pick<Choice, "kind" | "text" | "closing">, rest = "") => {
  let state = EditorState.create({ doc: text + rest, selection: { anchor: text.length }, extensions: closeBrackets() });
  const view = { get state() { return state; }, dispatch: (one: TransactionSpec | Transaction) => void (state = one instanceof Transaction ? one.state : state.update(one).state) };
  accept(view as unknown as EditorView, { label: "", detail: "", ...choice }, text.search(/\w*$/), text.length);
  const { head } = state.selection.main;
  return `${state.sliceDoc(0, head)}|${state.sliceDoc(head)}`;
};
test("behind what was taken the cursor stands where it goes on", () => {
  expect(taken("tod", { kind: "function", text: "TODAY" })).toBe("TODAY()|");
  expect(taken("no", { kind: "function", text: "NOW" }, "x")).toBe("NOW()|x");
  expect(taken("tod", { kind: "function", text: "TODAY" }, "()")).toBe("TODAY()|");
  expect(taken("no", { kind: "word", text: "NOT" })).toBe("NOT |");
  expect(taken('city = "x" a', { kind: "word", text: "AND" }, " city")).toBe('city = "x" AND| city');
  expect(taken("city i", { kind: "word", text: "IN" })).toBe("city IN (|)");
  expect(taken("city i", { kind: "word", text: "IN" }, ' ("a")')).toBe('city IN| ("a")');
  expect(taken("tr", { kind: "word", text: "TRUE" })).toBe("TRUE|");
  expect(taken("AGO(3, d", { kind: "value", text: '"day"' }, ")")).toBe('AGO(3, "day"|)');
  expect(taken('AGO(3, "h', { kind: "value", text: "hour", closing: '"' }, 'day")')).toBe('AGO(3, "hour"|)');
  expect(taken('kind = "p', { kind: "value", text: "person", closing: '"' }, ' AND city = "x"')).toBe('kind = "person"| AND city = "x"');
  expect(taken('AGO(3, "d', { kind: "value", text: "day", closing: '"' }, '")')).toBe('AGO(3, "day"|)');
  expect(taken("AGO(3, “", { kind: "value", text: "day", closing: "”" })).toBe("AGO(3, “day”|");
});

const called = (text: string) => placeIn(text, text.length).calls.map(({ row }) => row.name);
test("the call around the cursor and its argument", () => {
  expect(placeIn('IF(city = "a", LEFT(city, ', 26).calls.map(({ row, argument }) => [row.name, argument])).toEqual([["IF", 1], ["LEFT", 1]]);
  expect(placeIn("LEFT(city, 2)", 13).calls).toEqual([]);
  expect([called('city = "a" AND ('), called("NOT ("), called("AND("), called("NOT("), called('IF(city = "a" OR (')]).toEqual([[], [], ["AND"], ["NOT"], ["IF"]]);
  expect(placeIn('LEFT("a,b(", ', 13).calls.map(({ argument }) => argument)).toEqual([1]);
});

test("the call's help is shown as long as somebody writes there", () => {
  let state = EditorState.create({ doc: "", extensions: callHelp(() => ({ objects, object: "customer", functions, language: "en", fault: () => null })) });
  const tips = () => state.facet(showTooltip).filter((tip) => tip !== null).length;
  const focus = (isFocused: boolean) => {
    state = state.update({ effects: state.facet(EditorView.focusChangeEffect).map((effectOf) => effectOf(state, isFocused)!) }).state;
  };
  const write = (insert: string) => {
    state = state.update({ changes: { from: 0, to: state.doc.length, insert }, selection: { anchor: insert.length } }).state;
  };
  write("LEFT(");
  expect(tips()).toBe(0);
  focus(true);
  expect(tips()).toBe(1);
  write('city = "a" AND (');
  expect(tips()).toBe(0);
  write("LEFT(city, ");
  expect(tips()).toBe(1);
  focus(false);
  expect(tips()).toBe(0);
});

const patience = { timeout: 10_000 };
test("nothing is called wrong while the list of completions is open", async () => {
  const fault = new Fault({ begin: 0, length: 2 }, "formula.unknown_field", { en: "there is no field ci", "zh-CN": "没有字段 ci" });
  const onOffer = vi.fn();
  const extensions = setup(() => ({ objects, object: "customer", functions, language: "en", fault: () => fault }), "", { onChange: vi.fn(), onOffer });
  const view = new EditorView({ parent: document.body, state: EditorState.create({ doc: "ci", selection: { anchor: 2 }, extensions }) });
  await vi.waitFor(() => expect(diagnosticCount(view.state)).toBe(1), patience);
  startCompletion(view);
  await vi.waitFor(() => expect(onOffer).toHaveBeenLastCalledWith(true), patience);
  await vi.waitFor(() => expect(diagnosticCount(view.state)).toBe(0), patience);
  closeCompletion(view);
  expect(onOffer).toHaveBeenLastCalledWith(false);
  await vi.waitFor(() => expect(diagnosticCount(view.state)).toBe(1), patience);
  view.destroy();
});

test("a mistake is underlined where it is, in code points, and where the text ends at what stands before", () => {
  const surroundings = { shape: shapeOf(objects, "customer"), zone: Zone.utc };
  const marked = (text: string, language: "en" | "zh-CN" = "en") => {
    try {
      checkCondition(parse(text), surroundings);
    } catch (thrown) {
      return diagnosticOf(text, thrown as Fault, language).map(({ from, to, message }) => [text.slice(from, to), message]);
    }
    return [];
  };
  expect(marked('city = "😀😀" AND citty = "x"')).toEqual([["citty", "there is no field citty. Did you mean city?"]]);
  expect(marked('citty = "x"', "zh-CN")[0]![1]).toMatch(/citty.*city/);
  expect(marked("city = ")[0]![0]).toBe(" ");
  expect(marked('城市 = "上海" AND COUNT(订单, 金额 > 5) > 1')).toEqual([]);
  expect(marked("order_count")).toEqual([["order_count", "order_count is a number, but a condition (TRUE or FALSE) is expected here."]]);
});

test("a record is what was read of it", () => {
  const record = recordOf({ city: "上海", order_count: "3", orders: [{ time: "2026-05-31T08:30:00Z", total: 5 }] }, objects, "customer");
  expect(record.value("city")).toBe("上海");
  expect(String(record.value("order_count"))).toBe("3");
  expect(record.records("orders")).toHaveLength(1);
  expect(String(record.records("orders")[0]!.value("total"))).toBe("5");
  expect(() => record.value("tags")).toThrow(NotHeld);
});
