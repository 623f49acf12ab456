// One event stream for all pages of this tab: calls back soon after something new is visible, and at most every three seconds.
import { useEffect, useEffectEvent } from "react";

const pauseMs = 3000;
const soonMs = 150;
const listeners = new Set<() => void>();
let stream: EventSource | null = null;

function listen(listener: () => void): () => void {
  listeners.add(listener);
  if (!stream && typeof EventSource !== "undefined") {
    stream = new EventSource("/api/v1/stream");
    stream.addEventListener("position", () => listeners.forEach((call) => call()));
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    stream?.close();
    stream = null;
  };
}

export function useLive(onNews: () => void): void {
  const call = useEffectEvent(onNews);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOwed = false;
    let ranAt = -pauseMs;
    const run = () => {
      timer = undefined;
      ranAt = performance.now();
      if (document.visibilityState === "hidden") {
        isOwed = true;
        return;
      }
      call();
    };
    const later = () => {
      timer ??= setTimeout(run, Math.max(soonMs, ranAt + pauseMs - performance.now()));
    };
    const onShow = () => {
      if (!isOwed || document.visibilityState === "hidden") return;
      isOwed = false;
      later();
    };
    document.addEventListener("visibilitychange", onShow);
    const stop = listen(later);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onShow);
      stop();
    };
  }, []);
}
