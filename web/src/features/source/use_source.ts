// What the pages of a source ask for, and how they hear that something came.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { get } from "../../api/client";
import type { Page, Source, SourceTraffic, Traffic } from "../../api/types";

export const sourcesPath = "/api/v1/sources";
export const sourcePath = (id: string) => `${sourcesPath}/${encodeURIComponent(id)}`;
const trafficPath = "/api/v1/traffic";
const refreshMs = 20_000;
const pauseMs = 700;

export const useSource = (id: string) => useQuery({ queryKey: [sourcesPath, id], queryFn: ({ signal }) => get<Source>(sourcePath(id), {}, signal) });

export const useAllTraffic = () => useQuery({ queryKey: [trafficPath], queryFn: ({ signal }) => get<Page<SourceTraffic>>(trafficPath, {}, signal), staleTime: 0, refetchInterval: refreshMs });

export const useTraffic = (id: string) => useQuery({ queryKey: [trafficPath, id], queryFn: ({ signal }) => get<Traffic>(`${sourcePath(id)}/traffic`, {}, signal), staleTime: 0, refetchInterval: refreshMs });

// After a change of a source, its keys or its messages: everything that is shown of it is asked for again.
export function useRefresh(id: string): () => void {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ predicate: ({ queryKey: [path, of] }) => [sourcesPath, trafficPath].includes(String(path)) || String(path).startsWith(sourcePath(id)) || of === id });
  };
}

// Calls back when the source sent something: at once, then at most every 0.7 s.
export function useTrafficNews(id: string, isOn: boolean, onNews: () => void): void {
  const call = useEffectEvent(onNews);
  useEffect(() => {
    if (!isOn || typeof EventSource === "undefined") return;
    const stream = new EventSource(`${sourcePath(id)}/traffic/stream`);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ranAt = -pauseMs;
    const run = () => {
      timer = undefined;
      ranAt = performance.now();
      call();
    };
    stream.addEventListener("traffic", () => {
      timer ??= setTimeout(run, Math.max(0, ranAt + pauseMs - performance.now()));
    });
    return () => {
      clearTimeout(timer);
      stream.close();
    };
  }, [id, isOn]);
}
