// What can be done with saved lists; each deletion can be taken back.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { get, keyKeeper, patch, post, request } from "../../api/client";
import { asFailure } from "../../api/failure";
import type { Page, SavedList, SavedQuestion } from "../../api/types";
import { useToast } from "../../design/toast";
import { useSavedListText } from "./texts";

export const listsPath = "/api/v1/saved_lists";
export const listPath = (id: string): string => `${listsPath}/${encodeURIComponent(id)}`;
// Asked anew whenever the menu opens: others share lists meanwhile.
export function useSavedLists(isOn: boolean): { mine: SavedList[]; shared: SavedList[]; isKnown: boolean; isWaiting: boolean } {
  const { data, isError } = useQuery({ queryKey: [listsPath], queryFn: ({ signal }) => get<Page<SavedList>>(listsPath, { limit: 1000 }, signal), enabled: isOn, staleTime: 0 });
  const sorted = (data?.items ?? []).toSorted((a, b) => a.name.localeCompare(b.name));
  return { mine: sorted.filter(({ is_own }) => is_own), shared: sorted.filter(({ is_own }) => !is_own), isKnown: data !== undefined, isWaiting: data === undefined && !isError };
}

export interface ListDraft {
  name: string;
  is_shared: boolean;
  question: SavedQuestion;
}

export function useListActs(onOpen: (list: SavedList | null) => void) {
  const { say } = useSavedListText();
  const client = useQueryClient();
  const toast = useToast();
  const keeper = useRef<ReturnType<typeof keyKeeper>>(null);
  const keyOf = (wish: unknown): string => (keeper.current ??= keyKeeper())(wish);
  const took = async (list: SavedList): Promise<void> => {
    client.setQueryData([listPath(list.id)], list);
    await again();
  };
  // The lists are read at once, though nobody sees them: the menu opens as it stays.
  const again = () => Promise.all([client.invalidateQueries({ queryKey: [listsPath], refetchType: "all" }), client.invalidateQueries({ predicate: ({ queryKey: [path] }) => path === "/api/v1/field_uses" || String(path).startsWith("/api/v1/fields/") })]);

  // Throw a Failure where nothing was saved; after a conflict the newest is loaded.
  const create = async (draft: ListDraft): Promise<void> => {
    const made = await post<SavedList>(listsPath, draft, { once: keyOf(draft) });
    keeper.current = null;
    await took(made);
    toast.done(say("saved"));
    onOpen(made);
  };
  const change = async (list: SavedList, changes: Partial<ListDraft>): Promise<SavedList> => {
    try {
      const changed = await patch<SavedList>(listPath(list.id), changes, list.version, keyOf([list.id, list.version, changes]));
      await took(changed);
      return changed;
    } catch (thrown) {
      if (asFailure(thrown).kind === "conflict") await client.invalidateQueries({ queryKey: [listPath(list.id)] });
      throw thrown;
    }
  };
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (thrown) {
      toast.failed(asFailure(thrown).message || say("failed"));
    }
  };
  const restore = (list: SavedList) =>
    attempt(async () => {
      const back = await post<SavedList>(`${listPath(list.id)}/restore`);
      await took(back);
      toast.done(say("restored"));
      onOpen(back);
    });
  return {
    create,
    rename: async (list: SavedList, name: string): Promise<void> => {
      await change(list, { name });
      toast.done(say("renamed"));
    },
    keep: (list: SavedList, question: SavedQuestion) =>
      attempt(async () => {
        const kept = await change(list, { question });
        toast.done(say("saved"));
        onOpen(kept);
      }),
    share: (list: SavedList, is_shared: boolean) =>
      attempt(async () => {
        await change(list, { is_shared });
        toast.done(say(is_shared ? "is_shared.done" : "unshared.done"));
      }),
    remove: (list: SavedList) =>
      attempt(async () => {
        await request("DELETE", listPath(list.id));
        onOpen(null);
        await again();
        toast.done(say("deleted"), { kind: "undo", label: say("undo"), run: () => void restore(list) });
      }),
  };
}
