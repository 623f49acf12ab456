import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { renderHook } from "@testing-library/react";
import { reads } from "./client";
import { briskMs, useLive } from "./live";

class Stream {
  static open: Stream[] = [];
  private hears = new Map<string, (event: { type: string; data: string }) => void>();
  constructor() {
    Stream.open.push(this);
  }
  addEventListener(type: string, hear: (event: { type: string; data: string }) => void) {
    this.hears.set(type, hear);
  }
  close() {}
  send(type: "begin" | "position", position: string) {
    this.hears.get(type)!({ type, data: JSON.stringify({ position }) });
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", Stream);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

// One tab's life, since what was heard last is remembered.
test("news are what came since the first read, and since the stream was last listened to", () => {
  const onNews = vi.fn();
  const heard = () => {
    vi.advanceTimersByTime(4000);
    const { length } = onNews.mock.calls;
    onNews.mockClear();
    return length;
  };
  const listen = () => {
    const { unmount } = renderHook(() => useLive(onNews));
    return { stream: Stream.open.at(-1)!, leave: unmount };
  };
  reads.first = "10";
  const first = listen();
  first.stream.send("begin", "10");
  expect(heard()).toBe(0);
  first.stream.send("position", "20");
  first.stream.send("position", "30");
  expect(heard()).toBe(1);
  first.stream.send("begin", "30"); // the line was lost, and nothing with it
  expect(heard()).toBe(0);
  first.leave();
  const second = listen();
  second.stream.send("begin", "40");
  expect(heard()).toBe(1);
  second.leave();
});

test("news come at once, and again after the pause, which a page may shorten", () => {
  const [calm, brisk] = [vi.fn(), vi.fn()];
  const pages = [renderHook(() => useLive(calm)), renderHook(() => useLive(brisk, briskMs))];
  const stream = Stream.open.at(-1)!;
  const counts = (ms: number) => {
    stream.send("position", String(100 + ms));
    vi.advanceTimersByTime(ms);
    return [calm.mock.calls.length, brisk.mock.calls.length];
  };
  expect(counts(200)).toEqual([1, 1]);
  expect(counts(800)).toEqual([1, 2]);
  expect(counts(800)).toEqual([1, 3]);
  expect(counts(2000)).toEqual([2, 4]);
  pages.forEach(({ unmount }) => unmount());
});

test("what came between the first read and the stream is news", async () => {
  vi.resetModules();
  const [{ reads: fresh }, { useLive: listenTo }] = await Promise.all([import("./client"), import("./live")]);
  fresh.first = "10";
  const onNews = vi.fn();
  const { unmount } = renderHook(() => listenTo(onNews));
  Stream.open.at(-1)!.send("begin", "11");
  vi.advanceTimersByTime(4000);
  expect(onNews).toHaveBeenCalledTimes(1);
  unmount();
});
