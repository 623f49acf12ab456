import { EditorSelection, EditorState, type TransactionSpec } from "@codemirror/state";
import { EditorView, type DecorationSet } from "@codemirror/view";
import { expect, test } from "vitest";
import { fieldChips } from "./chips";
import type { Objects } from "./objects";
import { referencesIn } from "./references";

const field = (code: string, en: string, zh: string, kind: Objects[string][number]["kind"] = "text", object?: string) => ({ code, labels: { en, "zh-CN": zh }, kind, ...(object ? { object } : {}) });
const objects: Objects = {
  customer: [field("city", "City", "城市"), field("order_count", "Orders", "订单数", "number"), field("orders", "Orders of theirs", "订单", "records", "order")],
  order: [field("time", "Time", "时间", "instant"), field("total", "Total", "金额", "number"), field("lines", "Order lines", "订单行", "records", "line"), field("customer", "Customer", "客户", "record", "customer")],
  line: [field("sku", "SKU", "货号"), field("total", "Line total", "行金额", "number")],
};
const named = (text: string) => referencesIn(text, objects, "customer").map(({ from, to, fields }) => [text.slice(from, to), fields.map(({ labels }) => labels.en).join(" › ")]);

test("each field that is named is a reference, by code or by name, over relations too", () => {
  expect(named('城市 = "city" AND NOT order_count > 3')).toEqual([["城市", "City"], ["order_count", "Orders"]]);
  expect(named("SUM(orders.lines.total) > 5")).toEqual([["orders.lines.total", "Orders of theirs › Order lines › Line total"]]);
  expect(named('"😀" & \'city\' & [城市]')).toEqual([["'city'", "City"], ["[城市]", "City"]]);
  expect(named("citty = 1 OR orders.nothing = 2 OR city.x")).toEqual([]);
  expect(named("orders.")).toEqual([["orders", "Orders of theirs"]]);
  expect(named("city = \"order_count")).toEqual([["city", "City"]]);
});

test("in a condition on records names are theirs first, then what is around", () => {
  expect(named("COUNT(orders, total > 5 AND city = customer.city) > order_count")).toEqual([
    ["orders", "Orders of theirs"], ["total", "Total"], ["city", "City"], ["customer.city", "Customer › City"], ["order_count", "Orders"],
  ]);
  expect(named("COUNT(orders, COUNT(lines, total > 1) > 0 AND total > 1)").map(([, name]) => name)).toEqual(["Orders of theirs", "Order lines", "Line total", "Total"]);
  expect(named("total > 1")).toEqual([]);
  expect(named("IF(orders, total, 1)")).toEqual([["orders", "Orders of theirs"]]);
});

const atoms = (state: EditorState): DecorationSet => state.facet(EditorView.decorations).find((one): one is DecorationSet => typeof one !== "function")!;
function chipsOf(state: EditorState): string[] {
  const texts: string[] = [];
  atoms(state).between(0, state.doc.length, (from, to) => void texts.push(state.sliceDoc(from, to)));
  return texts;
}
class Written {
  state = EditorState.create({ doc: "", extensions: fieldChips(() => ({ objects, object: "customer", language: "en" })) });
  do(spec: TransactionSpec): this {
    this.state = this.state.update(spec).state;
    return this;
  }
  type(text: string, userEvent = "input.type"): this {
    for (const c of text) {
      const { head } = this.state.selection.main;
      this.do({ changes: { from: head, insert: c }, selection: EditorSelection.cursor(head + c.length), userEvent });
    }
    return this;
  }
  erase(): this {
    const { head } = this.state.selection.main;
    return this.do({ changes: { from: head - 1, to: head }, userEvent: "delete.backward" });
  }
  move(to: number): this {
    return this.do({ selection: EditorSelection.cursor(to), userEvent: "select" });
  }
}

test("what is being written becomes a chip once the cursor goes on", () => {
  const written = new Written().type("city");
  expect(chipsOf(written.state)).toEqual([]);
  expect(chipsOf(written.move(2).state)).toEqual([]);
  expect(chipsOf(written.move(4).type(" = ").state)).toEqual(["city"]);
  expect(chipsOf(written.type("order_coun").state)).toEqual(["city"]);
  expect(chipsOf(written.type("t").state)).toEqual(["city"]);
  expect(chipsOf(written.move(0).state)).toEqual(["city", "order_count"]);
});

test("a chip stays one beside the cursor, also when what follows it is deleted", () => {
  const written = new Written().type("city ");
  expect(chipsOf(written.erase().state)).toEqual(["city"]);
  expect(chipsOf(written.type("x").state)).toEqual([]);
  expect(chipsOf(written.erase().state)).toEqual([]);
});

test("what a completion, a paste or somebody else put there is a chip at once", () => {
  const written = new Written().type("cit").do({ changes: { from: 0, to: 3, insert: "city" }, selection: { anchor: 4 }, userEvent: "input.complete" });
  expect(chipsOf(written.state)).toEqual(["city"]);
  expect(chipsOf(written.do({ changes: { from: 0, to: 4, insert: "order_count" } }).state)).toEqual(["order_count"]);
  expect(chipsOf(new Written().do({ changes: { from: 0, insert: "city" }, selection: { anchor: 4 }, userEvent: "input.paste" }).state)).toEqual(["city"]);
});

test("what an input method composes stays text", () => {
  const written = new Written().type("城市", "input.type.compose");
  expect(chipsOf(written.state)).toEqual([]);
  expect(chipsOf(written.type(" ").state)).toEqual(["城市"]);
});
