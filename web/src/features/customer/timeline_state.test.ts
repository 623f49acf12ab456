import { expect, test } from "vitest";
import { clearTimeline, isNarrowed, readTimelineState, timelineQuery } from "./timeline_state";

const today = "2026-11-27";
const all = { kind: undefined, source: undefined, name: undefined, from: undefined, to: undefined };

test("the address says the whole filter, and nonsense in it is passed over", () => {
  expect(readTimelineState({ event: "page", source: "web", name: "Home", period: "own", from: "2026-11-01", to: "2026-13-01" })).toEqual({
    kind: "page",
    source: "web",
    name: "Home",
    period: "own",
    from: "2026-11-01",
    to: null,
    of: "with_members",
  });
  expect(isNarrowed(readTimelineState({ tab: "timeline", period: "forever", from: "2026-11-01" }))).toBe(false);
});

test("clearing takes away every word of the filter", () => {
  expect(Object.keys(clearTimeline).toSorted()).toEqual(["event", "from", "name", "period", "source", "to"]);
});

test("a period counts days of the company's zone, today included", () => {
  expect(timelineQuery(readTimelineState({}), "Asia/Shanghai", today)).toEqual(all);
  expect(timelineQuery(readTimelineState({ period: "7" }), "Asia/Shanghai", today)).toEqual({ ...all, from: "2026-11-20T16:00:00.000Z" });
});

test("own days are both included, and a period that ends before it begins has no end", () => {
  expect(timelineQuery(readTimelineState({ period: "own", from: "2026-11-01", to: "2026-11-01" }), "UTC", today)).toEqual({
    ...all,
    from: "2026-11-01T00:00:00.000Z",
    to: "2026-11-02T00:00:00.000Z",
  });
  expect(timelineQuery(readTimelineState({ period: "own", from: "2026-11-05", to: "2026-11-01" }), "UTC", today).to).toBeUndefined();
});
