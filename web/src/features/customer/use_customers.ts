import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { figures, usePages } from "../../api/queries";
import type { Customer } from "../../api/types";
import { distinct, findMatches, lookupOf, matchesKey } from "./find";
import { listQuery, type ListState } from "./list_state";

// Customers whose identifier is exactly what was typed come first, then those whose name contains it.
export function useCustomers(state: ListState) {
  const { identifiers, name } = lookupOf(state.q);
  const isListed = name !== null || identifiers.length === 0;
  const matches = useQuery({
    queryKey: matchesKey(state.q.trim()),
    queryFn: ({ signal }) => findMatches(state.q, signal),
    enabled: identifiers.length > 0,
    placeholderData: keepPreviousData,
  });
  const pages = usePages<Customer>("/api/v1/customers", listQuery(state), { isOn: isListed });
  const exact = identifiers.length > 0 ? matches.data : undefined;
  const items = useMemo(() => {
    const found = (exact ?? []).filter((customer) => !state.kind || customer.kind === state.kind);
    return distinct([...found, ...(isListed ? pages.items : [])]);
  }, [exact, pages.items, isListed, state.kind]);

  const asked = [...(identifiers.length > 0 ? [matches] : []), ...(isListed ? [pages] : [])];
  const failed = asked.find((query) => query.isError);
  return {
    items,
    data: asked.every((query) => query.data !== undefined) ? items : undefined,
    isPending: asked.some((query) => query.isPending),
    isFetching: asked.some((query) => query.isFetching),
    isPlaceholder: asked.some((query) => query.isPlaceholderData),
    isError: failed !== undefined,
    error: failed?.error ?? null,
    refetch: () => asked.forEach((query) => void query.refetch()),
    hasMore: isListed && pages.hasNextPage,
    isLoadingMore: pages.isFetchingNextPage,
    loadMore: () => void (pages.hasNextPage && !pages.isFetching && pages.loadMore()),
  };
}

export const useCustomerCount = (isOn: boolean) =>
  useQuery({
    queryKey: ["figures", "customer", "count"],
    queryFn: async ({ signal }) => Number((await figures("customer", [{ path: "id", aggregate: "count" }], signal))[0] ?? 0),
    enabled: isOn,
  });
