// What of a timeline is shown, as it stands in the address and as the server wants it.
import { addDays, beginOfDay, isDay } from "../../design/day";
import type { Words } from "../../design/address";

export interface TimelineState {
  kind: string | null;
  source: string | null;
  name: string | null;
  period: Period | null;
  from: string | null; // days, both included
  to: string | null;
  of: Of;
}
// An organisation's page shows what its members did too, until somebody asks for its own alone.
export type Of = "own" | "with_members";
export const readOf = (words: Words): Of => (words.of === "own" ? "own" : "with_members");

export const periods = ["7", "30", "90", "365"] as const; // the last days, today included
export type Period = (typeof periods)[number] | "own";

export function readTimelineState(words: Words): TimelineState {
  const from = isDay(words.from) ? words.from : null;
  const to = isDay(words.to) ? words.to : null;
  const period = [...periods, "own" as const].find((one) => one === words.period) ?? null;
  return { kind: words.event ?? null, source: words.source ?? null, name: words.name ?? null, period, from: period === "own" ? from : null, to: period === "own" ? to : null, of: readOf(words) };
}

export const clearTimeline: Record<string, null> = { event: null, source: null, name: null, period: null, from: null, to: null };

export const isNarrowed = (state: TimelineState): boolean => Boolean(state.kind ?? state.source ?? state.name ?? state.period);

export function timelineQuery(state: TimelineState, zone: string, today: string): Record<string, string | undefined> {
  const isOwn = state.period === "own";
  const from = isOwn ? state.from : state.period ? addDays(today, 1 - Number(state.period)) : null;
  const to = isOwn && state.to ? addDays(state.to, 1) : null;
  const isBackwards = from !== null && to !== null && from >= to;
  return {
    kind: state.kind ?? undefined,
    source: state.source ?? undefined,
    name: state.name ?? undefined,
    from: from ? beginOfDay(from, zone) : undefined,
    to: to && !isBackwards ? beginOfDay(to, zone) : undefined,
  };
}
