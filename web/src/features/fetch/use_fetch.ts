// How a source fetches by itself, asked again and again while something goes on.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { get } from "../../api/client";
import { usePages } from "../../api/queries";
import type { Fetch, FetchedFile } from "../../api/types";

export const fetchPath = (source: string) => `/api/v1/sources/${encodeURIComponent(source)}/fetch`;
const filesPath = (source: string) => `/api/v1/sources/${encodeURIComponent(source)}/fetched_files`;
const whileLookingMs = 700;
const elseMs = 10_000;

// It looks, or is about to look again at what may still be written.
const isBusy = (fetch: Fetch | undefined) => fetch?.is_looking || (fetch?.last_look?.unsteady ?? 0) > 0;

export const useFetch = (source: string, language: string) =>
  useQuery({
    queryKey: [fetchPath(source), language],
    queryFn: ({ signal }) => get<Fetch>(fetchPath(source), {}, signal),
    staleTime: 0,
    refetchInterval: ({ state }) => (isBusy(state.data) ? whileLookingMs : elseMs),
  });

export const useFetchedFiles = (source: string) => usePages<FetchedFile>(filesPath(source), {});

export function useRefresh(source: string): () => void {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ predicate: ({ queryKey: [path] }) => [fetchPath(source), filesPath(source)].includes(String(path)) });
}
