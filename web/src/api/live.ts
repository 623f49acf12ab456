// One event stream for all pages of this tab: calls back soon after something new is visible, and again after a pause at the earliest.
import { useEffect, useEffectEvent } from "react";
import { reads } from "./client";

const calmMs = 3000;
/** For what is cheap to ask and looked at while it comes in: news are there within a second. */
export const briskMs = 700;
const soonMs = 150;
const listeners = new Set<() => void>();
let stream: EventSource | null = null;
let told: string | null = null; // the position of which the pages heard last

// What came before the stream was there is news too, to whoever read before it came.
function hear({ type, data }: MessageEvent<string>): void {
  const { position } = JSON.parse(data) as { position: string };
  const isNews = type === "position" || position !== (told ?? reads.first);
  told = position;
  if (isNews) listeners.forEach((call) => call());
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  if (!stream && typeof EventSource !== "undefined") {
    stream = new EventSource("/api/v1/stream");
    stream.addEventListener("begin", hear);
    stream.addEventListener("position", hear);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    stream?.close();
    stream = null;
  };
}

export function useLive(onNews: () => void, pauseMs = calmMs): void {
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
  }, [pauseMs]);
}
