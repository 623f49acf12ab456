// The backups that were made; while one runs, asked again and again.
import { useQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import type { Backup, Page } from "../../api/types";

export const backupsPath = "/api/v1/backups";
export const settingsPath = "/api/v1/backup_settings";
const whileRunningMs = 500;
const elseMs = 30_000;

export type Backups = Page<Backup> & { last_whole?: Backup | null };

export const useBackups = () =>
  useQuery({
    queryKey: [backupsPath],
    queryFn: ({ signal }) => get<Backups>(backupsPath, undefined, signal),
    refetchInterval: ({ state }) => (state.data?.items[0]?.state === "running" ? whileRunningMs : elseMs),
  });
