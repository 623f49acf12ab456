// How pages ask and keep answers: keys, paging by cursor, retries.
import { QueryCache, QueryClient, infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { get, post } from "./client";
import { asFailure } from "./failure";
import type { Figures, Page } from "./types";

export const sessionKey = ["session"] as const;

export function createQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (thrown, query) => {
        if (asFailure(thrown).kind === "signed_out" && query.queryKey[0] !== sessionKey[0]) client.setQueryData(sessionKey, null);
      },
    }),
    defaultOptions: {
      mutations: { networkMode: "always" },
      queries: {
        // A server on this host answers without a network; a request that fails is told, not put off.
        networkMode: "always",
        staleTime: 15_000,
        refetchOnWindowFocus: true,
        retry: (count, thrown) => count < 2 && ["offline", "busy"].includes(asFailure(thrown).kind),
        retryDelay: (count) => 400 * 2 ** count,
      },
    },
  });
  return client;
}

type ListQuery = Record<string, string | undefined>;

// A list that is read page by page. `limit: null` for lists that come whole.
export const pagesOf = <T>(path: string, query: ListQuery = {}, limit: number | null = 50) =>
  infiniteQueryOptions({
    queryKey: [path, query, limit],
    queryFn: ({ pageParam, signal }) => get<Page<T>>(path, limit === null ? query : { ...query, limit, after: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next || undefined,
  });

// While another question is on its way the old rows stay.
export function usePages<T>(path: string, query: ListQuery = {}, { limit = 50, isOn = true }: { limit?: number | null; isOn?: boolean } = {}) {
  const result = useInfiniteQuery({
    ...pagesOf<T>(path, query, limit),
    placeholderData: keepPreviousData,
    enabled: isOn,
  });
  const items = useMemo(() => result.data?.pages.flatMap((page) => page.items) ?? [], [result.data]);
  // Asked again before the answer came, it stays one request.
  const loadMore = (): void => void result.fetchNextPage({ cancelRefetch: false });
  return { ...result, items, loadMore };
}
export type Pages<T> = ReturnType<typeof usePages<T>>;

export interface Selection {
  path: string;
  aggregate?: "count" | "sum" | "min" | "max" | "average";
}
interface Question {
  object: string;
  select: Selection[];
  group?: string[];
  limit?: number;
}
// The rows of a question to the catalogue.
export const rowsOf = async (question: Question, signal?: AbortSignal): Promise<Figures["rows"]> => (await post<Figures>("/api/v1/query", question, { signal })).rows;
// The single row of an aggregate question.
export const figures = async (object: string, select: Selection[], signal?: AbortSignal): Promise<Figures["rows"][number]> => (await rowsOf({ object, select }, signal))[0] ?? [];
