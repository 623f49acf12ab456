import { expect, test } from "vitest";
import { lookupOf } from "./find";
import { filterOf, listQuery, nextSort, readListState, readSort, writeSort } from "./list_state";

test("a typed word is read as what it may be", () => {
  expect(lookupOf("17850")).toEqual({ identifiers: ["member_no:17850", "user_id:17850"], name: null });
  expect(lookupOf(" a@b.c ")).toEqual({ identifiers: ["email:a@b.c"], name: null });
  expect(lookupOf("138 0013 6621").identifiers).toContain("phone:13800136621");
  expect(lookupOf("李晓雯")).toEqual({ identifiers: [], name: "李晓雯" });
  expect(lookupOf("Marisa Obrien")).toEqual({ identifiers: [], name: "Marisa Obrien" });
  expect(lookupOf("member_no@shop:17850")).toEqual({ identifiers: ["member_no@shop:17850"], name: null });
  expect(lookupOf("A-1001")).toEqual({ identifiers: ["member_no:A-1001", "user_id:A-1001"], name: "A-1001" });
  expect(lookupOf("note: hello").name).toBe("note: hello");
  expect(lookupOf("   ")).toEqual({ identifiers: [], name: null });
});

test("the address says the whole question, and nonsense in it is passed over", () => {
  expect(readListState({ q: "李", kind: "organisation", sort: "-total_spend" })).toEqual({
    q: "李",
    kind: "organisation",
    sort: { field: "total_spend", direction: "descending" },
  });
  expect(readListState({ kind: "robot", sort: "password" })).toEqual({ q: "", kind: null, sort: { field: "last_seen_at", direction: "descending" } });
});

test("an order is written as it is read", () => {
  for (const word of ["name", "-name", "-total_spend", "order_count"]) expect(writeSort(readSort(word))).toBe(word);
});

test("a click on a column shows the most first, the next click turns round", () => {
  const usual = readSort(undefined);
  const once = nextSort(usual, "total_spend");
  expect(writeSort(once)).toBe("-total_spend");
  expect(writeSort(nextSort(once, "total_spend"))).toBe("total_spend");
  expect(writeSort(nextSort(usual, "name"))).toBe("name");
});

test("the server gets one filter tree", () => {
  const state = readListState({ q: "Obrien", kind: "person" });
  expect(filterOf(state)).toEqual({
    op: "and",
    args: [
      { op: "contains", args: [{ field: "name" }, { value: "Obrien" }] },
      { op: "=", args: [{ field: "kind" }, { value: "person" }] },
    ],
  });
  expect(listQuery(readListState({}))).toEqual({ sort: "-last_seen_at", filter: undefined });
});
