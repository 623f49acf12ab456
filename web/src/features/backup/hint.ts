// What an administrator should know about backups without looking for it.
import type { Backup } from "../../api/types";
import type { Backups } from "./use_backups";

const oldAfterMs = 7 * 86_400_000;

export type Hint = { kind: "none" } | { kind: "failed"; reason: string } | { kind: "old"; at: string } | null;

export function hintOf({ items, last_whole: whole }: Backups, now: number): Hint {
  const last: Backup | undefined = items.find((backup) => backup.state !== "running");
  if (last?.state === "failed") return { kind: "failed", reason: last.error ?? "" };
  if (!whole) return items.length > 0 ? null : { kind: "none" };
  return now - new Date(whole.started_at).getTime() > oldAfterMs ? { kind: "old", at: whole.started_at } : null;
}

export const tookMs = (backup: Backup): number | null => (backup.ended_at ? new Date(backup.ended_at).getTime() - new Date(backup.started_at).getTime() : null);
