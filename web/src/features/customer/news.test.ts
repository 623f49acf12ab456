import { expect, test } from "vitest";
import type { TimelineItem } from "../../api/types";
import { newsIn, putBefore, refreshed } from "./news";

const item = (position: number, at = position): TimelineItem => ({ kind: "track", name: `n${position}`, source: "web", at: new Date(at * 1000).toISOString(), position: String(position), properties: {} });
const names = (items: TimelineItem[]) => items.map(({ name }) => name);

test("new is what is not shown yet", () => {
  const shown = [item(3), item(2), item(1)];
  expect(newsIn([item(5), item(4), item(3)], shown)).toEqual({ items: [item(5), item(4)], isWhole: true });
  expect(newsIn(shown, shown).items).toEqual([]);
  expect(newsIn([item(9), item(8)], shown).isWhole).toBe(false);
  expect(newsIn([item(1)], []).isWhole).toBe(true);
});

test("it is put where it belongs in time, and the other pages stay as they are", () => {
  const second = { items: [item(1)], next: null };
  const data = { pages: [{ items: [item(4, 40), item(3, 30)], next: "x" }, second], pageParams: ["", "x"] };
  const after = putBefore(data, [item(6, 60), item(5, 35)]);
  expect(names(after.pages[0]!.items)).toEqual(["n6", "n4", "n5", "n3"]);
  expect(after.pages[0]!.next).toBe("x");
  expect(after.pages[1]).toBe(second);
  expect(putBefore(data, [])).toBe(data);
});

const note = (id: string, at: number, text = id): TimelineItem => ({ kind: "note", name: "", source: "", at: new Date(at * 1000).toISOString(), position: null, properties: { id, text } });

test("a note that was edited is shown as it is now, and one that was deleted is gone, as far as the fresh page reaches", () => {
  const data = { pages: [{ items: [note("a", 50), item(4, 40), note("b", 35)], next: "x" }, { items: [note("c", 20)], next: null }], pageParams: ["", "x"] };
  const texts = (fresh: TimelineItem[], isAll?: boolean) => refreshed(data, fresh, isAll).pages.map(({ items }) => items.map(({ name, properties }) => name || properties.text));
  expect(texts([item(4, 40), note("b", 35, "b anew"), item(1, 30)])).toEqual([["n4", "b anew"], ["c"]]);
  expect(texts([item(4, 40), note("b", 35)], true)).toEqual([["n4", "b"], []]);
  expect(texts([])).toEqual([["a", "n4", "b"], ["c"]]);
});

test("an order that changed is shown as it is now, where it stands", () => {
  const order = (status: string): TimelineItem => ({ kind: "order", name: "O1", source: "shop", at: item(2).at, position: null, properties: { id: "1", status } });
  const after = refreshed({ pages: [{ items: [item(3), order("paid"), item(1)], next: null }], pageParams: [""] }, [item(3), order("refunded")]);
  expect(after.pages[0]!.items.map(({ properties }) => properties.status ?? null)).toEqual([null, "refunded", null]);
});
