// Notes which customer's page is open.
import { useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";
import { useSession } from "../../api/session";
import { noteRecent } from "./recent";

export function useNoteRecent(): void {
  const { user } = useSession();
  const path = useRouterState({ select: (state) => state.location.pathname });
  useEffect(() => {
    const found = /^\/customers\/(\d+)$/.exec(path);
    if (found) noteRecent(user.id, found[1]!);
  }, [path, user.id]);
}
