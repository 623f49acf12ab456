import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { get, post } from "../../api/client";
import { asFailure } from "../../api/failure";
import { usePages } from "../../api/queries";
import type { Count, Customer, Page } from "../../api/types";
import { distinct, findMatches, isLookup, lookupOf, matchesKey } from "./find";
import { filterOf, listQuery, type ListState } from "./list_state";
import type { Asked } from "./use_conditions";

// Customers whose identifier is exactly what was typed come first, then those whose name contains it.
// `isReady` is false while it is not known yet what the conditions mean.
export function useCustomers(state: ListState, asked: Asked, isReady = true) {
  const isNarrowed = asked.filter !== null || asked.condition !== null;
  const { identifiers, name } = lookupOf(state.q);
  const isListed = name !== null || identifiers.length === 0;
  const matches = useQuery({
    queryKey: [...matchesKey(state.q.trim()), asked],
    queryFn: ({ signal }) => (isNarrowed ? findAmong(identifiers, asked, signal) : findMatches(state.q, signal)),
    enabled: isReady && identifiers.length > 0,
    placeholderData: keepPreviousData,
  });
  const pages = usePages<Customer>("/api/v1/customers", listQuery(state, asked.filter, asked.condition), { isOn: isReady && isListed });
  const exact = identifiers.length > 0 ? matches.data : undefined;
  const items = useMemo(() => {
    const found = (exact ?? []).filter((customer) => !state.kind || customer.kind === state.kind);
    return distinct([...found, ...(isListed ? pages.items : [])]);
  }, [exact, pages.items, isListed, state.kind]);

  const queries = [...(identifiers.length > 0 ? [matches] : []), ...(isListed ? [pages] : [])];
  const failed = queries.find((query) => query.isError);
  return {
    items,
    data: queries.every((query) => query.data !== undefined) ? items : undefined,
    isFound: exact !== undefined && exact.length > 0 && (!isListed || (pages.data !== undefined && !pages.hasNextPage)), // whole, and some by what they are identified with, which no condition says
    isPending: queries.some((query) => query.isPending),
    isFetching: queries.some((query) => query.isFetching),
    isPlaceholder: queries.some((query) => query.isPlaceholderData),
    isError: failed !== undefined,
    error: failed?.error ?? null,
    refetch: () => queries.forEach((query) => void query.refetch()),
    hasMore: isListed && pages.hasNextPage,
    isLoadingMore: pages.isFetchingNextPage,
    loadMore: () => void (pages.hasNextPage && !pages.isFetching && pages.loadMore()),
  };
}

async function findAmong(identifiers: string[], { filter, condition }: Asked, signal: AbortSignal): Promise<Customer[]> {
  const find = async (identifier: string): Promise<Customer[]> => {
    try {
      return (await get<Page<Customer>>("/api/v1/customers", { identifier, filter: filter ? JSON.stringify(filter) : undefined, condition: condition ?? undefined, limit: 20 }, signal)).items;
    } catch (thrown) {
      if (asFailure(thrown).status === 400) return []; // a number that is typed only half
      throw thrown;
    }
  };
  return distinct((await Promise.all(identifiers.map(find))).flat());
}

// How many there are; a question that is no longer asked is taken back.
export function useCustomerCount(state: ListState, { filter: conditions, condition }: Asked, isReady = true) {
  const filter = filterOf(state, conditions);
  return useQuery({
    queryKey: ["customer-count", filter, condition],
    queryFn: ({ signal }) => post<Count>("/api/v1/query/count", { object: "customer", ...(filter ? { filter } : {}), ...(condition ? { condition } : {}) }, { signal }),
    enabled: isReady && !isLookup(state.q),
    placeholderData: keepPreviousData,
  });
}
