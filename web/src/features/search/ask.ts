// What is asked of the server, and when: not while an input method composes, not before somebody paused, and what was asked before is given up.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { get } from "../../api/client";
import { asFailure } from "../../api/failure";
import type { CustomerKind, Found, SearchHit, SearchIndex } from "../../api/types";

const pause_ms = 120;
export const textLengthMax = 100;

export function useSettled(text: string, isHeld: boolean): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => setSettled(text), text ? pause_ms : 0);
    return () => clearTimeout(timer);
  }, [text, isHeld]);
  return settled;
}

// While somebody types on, or takes back, what was found stays until the answer comes; of another question nothing stays.
export const isGoneOn = (before: string, now: string): boolean => before !== "" && now !== "" && (now.startsWith(before) || before.startsWith(now));

export const findPath = "/api/v1/search";

export function useFound(text: string, { kind = null, limit }: { kind?: CustomerKind | null; limit: number }) {
  return useQuery({
    queryKey: [findPath, text, kind, limit],
    queryFn: ({ signal }) => get<Found>(findPath, { q: text, kind, limit }, signal),
    enabled: text !== "" && [...text].length <= textLengthMax,
    placeholderData: (before, query) => (query && isGoneOn(String(query.queryKey[1]), text) ? before : undefined),
    retry: (count, thrown) => count < 1 && asFailure(thrown).kind === "busy",
    refetchInterval: (query) => (query.state.data?.is_complete === false && !query.state.data.items.length ? 2000 : false),
  });
}

const indexPath = "/api/v1/search_index";
export const useIndex = () =>
  useQuery({
    queryKey: [indexPath],
    queryFn: ({ signal }) => get<SearchIndex>(indexPath, {}, signal),
    refetchInterval: (query) => (query.state.data?.state === "following" ? false : 1000),
  }).data;

export interface Group<Item> {
  kind: CustomerKind;
  hits: Item[];
}
// By kind; the kind of the best hit first, and within a kind the order of the answer.
export function groupsOf(hits: SearchHit[]): Group<SearchHit>[] {
  const groups: Group<SearchHit>[] = [];
  for (const hit of hits) {
    const group = groups.find(({ kind }) => kind === hit.customer.kind);
    if (group) group.hits.push(hit);
    else groups.push({ kind: hit.customer.kind, hits: [hit] });
  }
  return groups;
}
