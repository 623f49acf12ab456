// What can be done with notes; each deletion can be taken back.
import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { keyKeeper, patch, post, request } from "../../api/client";
import { asFailure } from "../../api/failure";
import type { Note } from "../../api/types";
import { useToast } from "../../design/toast";
import { useNoteText } from "./texts";

export const notesPath = (customer: string): string => `/api/v1/customers/${encodeURIComponent(customer)}/notes`;
const timelineOf = (customer: string): string => `/api/v1/customers/${encodeURIComponent(customer)}/timeline`;
const pathOf = (note: Note): string => `/api/v1/notes/${encodeURIComponent(note.id)}`;
export const versionsPath = (note: Note): string => `${pathOf(note)}/versions`;

export interface NoteChange {
  text?: string;
  is_pinned?: boolean;
}

export function useNoteActs(customer: string) {
  const { say } = useNoteText();
  const client = useQueryClient();
  const toast = useToast();
  const keeper = useRef<ReturnType<typeof keyKeeper>>(null);
  const again = () => client.invalidateQueries({ predicate: ({ queryKey: [path] }) => path === notesPath(customer) || path === timelineOf(customer) || String(path).startsWith("/api/v1/notes/") });
  const keyOf = (wish: unknown): string => (keeper.current ??= keyKeeper())(wish);

  // Throw a Failure where nothing was saved; after a conflict the newest is loaded.
  const write = async (text: string, isPinned: boolean): Promise<void> => {
    await post<Note>(notesPath(customer), { text, is_pinned: isPinned }, { once: keyOf(["write", customer, text, isPinned]) });
    keeper.current = null;
    await again();
    toast.done(say("saved"));
  };
  const change = async (note: Note, changes: NoteChange): Promise<void> => {
    try {
      await patch<Note>(pathOf(note), changes, note.version, keyOf([note.id, note.version, changes]));
    } catch (thrown) {
      if (asFailure(thrown).kind === "conflict") await again();
      throw thrown;
    }
    await again();
  };
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (thrown) {
      toast.failed(asFailure(thrown).message || say("failed"));
    }
  };
  const restore = (note: Note) =>
    attempt(async () => {
      await post<Note>(`${pathOf(note)}/restore`);
      await again();
      toast.done(say("restored"));
    });
  const remove = (note: Note) =>
    attempt(async () => {
      await request("DELETE", pathOf(note));
      await again();
      toast.done(say("deleted"), { kind: "undo", label: say("undo"), run: () => void restore(note) });
    });
  return { write, change, remove, pin: (note: Note, isPinned: boolean) => attempt(() => change(note, { is_pinned: isPinned })) };
}
