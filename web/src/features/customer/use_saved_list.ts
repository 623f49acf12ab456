// The saved list that the address names: opened where nothing else is said, and compared with what is asked now.
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { get } from "../../api/client";
import { asFailure } from "../../api/failure";
import type { SavedList } from "../../api/types";
import type { Words } from "../../design/address";
import type { Field } from "../formula/tree";
import { listPath } from "../saved_list/use_saved_lists";
import { writeLayout, type Layout } from "./columns";
import { lookupOf } from "./find";
import { readListState, writeSort } from "./list_state";
import { differs, isBare, opening } from "./saved_state";

interface Known {
  fields: Field[];
  isComplete: boolean; // the values that there are to choose from, too
  layout: Layout;
}

export function useSavedList(words: Words, { fields, isComplete, layout }: Known, change: (changes: Record<string, string | null>, how?: "push" | "replace") => void) {
  const id = words.list;
  const answer = useQuery({ queryKey: [listPath(id ?? "")], queryFn: ({ signal }) => get<SavedList>(listPath(id!), {}, signal), enabled: id !== undefined, retry: false });
  const list = (id !== undefined && answer.data) || null;
  const isReadable = list !== null && !list.problem;
  const { data: saved } = useQuery({
    queryKey: ["saved-list-words", list, fields],
    queryFn: async () => (await import("./saved_words")).wordsOf(list!, fields),
    enabled: isReadable && isComplete,
    staleTime: Infinity,
  });
  const isToOpen = id !== undefined && isBare(words);
  useEffect(() => {
    if (isToOpen && isReadable && saved) change({ ...saved }, "replace");
  }, [isToOpen, isReadable, saved, change]);
  const trouble = isToOpen ? (list?.problem ?? (answer.isError ? asFailure(answer.error).message : null)) : null;
  const { where, formula } = words;
  const q = lookupOf(words.q ?? "").name ?? ""; // what is looked up changes nothing of the list
  const now: Words = { q, ...(where ? { where } : {}), ...(formula ? { formula } : {}), ...(words.kind ? { kind: words.kind } : {}), sort: writeSort(readListState(words).sort), columns: writeLayout(layout) };
  return {
    list,
    trouble,
    isOpening: isToOpen && trouble === null,
    isChanged: isReadable && !isToOpen && saved !== undefined && differs(now, saved),
    open: (next: SavedList | null) => change(opening(next?.id ?? null)),
  };
}
