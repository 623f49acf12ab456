import { expect, test } from "vitest";
import type { Backup } from "../../api/types";
import { hintOf, tookMs } from "./hint";

const now = Date.parse("2026-03-20T12:00:00Z");
const backup = (change: Partial<Backup>): Backup => ({
  id: "1", cause: "schedule", target: "/b", has_keys: true, state: "whole", started_at: "2026-03-20T03:00:00Z", ended_at: "2026-03-20T03:00:09Z", bytes: 1, events: 1, position: "1", ...change,
});

test("no backup at all is told, and one that runs is awaited", () => {
  expect(hintOf({ items: [] }, now)).toEqual({ kind: "none" });
  expect(hintOf({ items: [backup({ state: "running" })] }, now)).toBeNull();
});

test("a good one is not worth a word until it is a week old", () => {
  const whole = backup({});
  expect(hintOf({ items: [whole], last_whole: whole }, now)).toBeNull();
  expect(hintOf({ items: [whole], last_whole: whole }, now + 8 * 86_400_000)).toEqual({ kind: "old", at: whole.started_at });
});

test("a failure is told with its reason, also behind one that runs, until the next good one", () => {
  const whole = backup({}), failed = backup({ id: "2", state: "failed", error: "The disk is full." });
  expect(hintOf({ items: [failed, whole], last_whole: whole }, now)).toEqual({ kind: "failed", reason: "The disk is full." });
  expect(hintOf({ items: [backup({ id: "3", state: "running" }), failed, whole], last_whole: whole }, now)?.kind).toBe("failed");
  expect(hintOf({ items: [backup({ id: "3" }), failed, whole], last_whole: whole }, now)).toBeNull();
});

test("it took as long as from its begin to its end", () => {
  expect(tookMs(backup({}))).toBe(9000);
  expect(tookMs(backup({ ended_at: null }))).toBeNull();
});
