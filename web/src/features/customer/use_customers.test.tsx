import { QueryClientProvider } from "@tanstack/react-query";
import { renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { createQueryClient } from "../../api/queries";
import { readListState } from "./list_state";
import { useCustomerCount, useCustomers } from "./use_customers";

afterEach(() => vi.unstubAllGlobals());

// A company where `identified` have the identifier that is asked for, and the names of `named` contain what is.
async function open(q: string, { identified = [], named = [], next = null }: { identified?: string[]; named?: string[]; next?: string | null }) {
  const counted: unknown[] = [];
  vi.stubGlobal("fetch", async (url: string, { body }: RequestInit) => {
    if (body) counted.push(JSON.parse(body as string));
    const isNamed = url.includes("filter=");
    const items = (isNamed ? named : identified).map((id) => ({ id, kind: "person" }));
    return new Response(JSON.stringify(body ? { count: named.length, is_exact: true } : { items, next: isNamed ? next : null }));
  });
  const client = createQueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>;
  const asked = { filter: null, condition: null };
  const { result } = renderHook(() => ({ list: useCustomers(readListState({ q }), asked), count: useCustomerCount(readListState({ q }), asked) }), { wrapper });
  await waitFor(() => expect(result.current.list.data).toBeDefined());
  await waitFor(() => expect(result.current.count.isFetching).toBe(false));
  return { ids: result.current.list.items.map(({ id }) => id), isFound: result.current.list.isFound, counted };
}

test("a name that might be a number is counted and asked for as a name", async () => {
  const { ids, isFound, counted } = await open("3M", { named: ["1", "2"] });
  expect(ids).toEqual(["1", "2"]);
  expect(isFound).toBe(false);
  expect(counted).toEqual([{ object: "customer", filter: { op: "contains", args: [{ field: "name" }, { value: "3M" }] } }]);
});

test("whoever has it as a number stands first, and no condition says that list", async () => {
  expect(await open("A-1001", { identified: ["9"], named: ["1"] })).toMatchObject({ ids: ["9", "1"], isFound: true });
  expect(await open("A-1001", { identified: ["9"] })).toMatchObject({ ids: ["9"], isFound: true });
  expect((await open("A-1001", { identified: ["9"], named: ["1"], next: "more" })).isFound).toBe(false);
});

test("a mere number is looked up, and nothing is counted", async () => {
  expect(await open("17850", { identified: ["9"], named: ["1"] })).toEqual({ ids: ["9"], isFound: true, counted: [] });
});
