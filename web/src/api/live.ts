// One event stream for all pages of this tab: calls back, at most every three seconds, when something new is visible.
import { useEffect, useEffectEvent } from "react";

const pauseMs = 3000;
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
    const run = () => {
      timer = undefined;
      if (document.visibilityState === "hidden") {
        isOwed = true;
        return;
      }
      call();
    };
    const later = () => {
      timer ??= setTimeout(run, pauseMs);
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
