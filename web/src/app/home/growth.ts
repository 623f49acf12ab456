// What the bars of growth show: the oldest first, how high each is, and what they are together.
export interface Day {
  day: string;
  count?: number | null; // not known where counting took too long
}
export interface Bar {
  day: string; // its first
  count: number | null;
  share: number; // of the highest, in percent
}

// A bar is `per` days together; the newest one ends today.
export function barsOf(newestFirst: Day[], per = 1) {
  const groups = Array.from({ length: Math.ceil(newestFirst.length / per) }, (_, at) => newestFirst.slice(at * per, (at + 1) * per)).toReversed();
  const counts = groups.map((days) => (days.some(({ count }) => count === null || count === undefined) ? null : days.reduce((sum, { count }) => sum + count!, 0)));
  const most = Math.max(0, ...counts.map((count) => count ?? 0));
  return {
    bars: groups.map((days, at): Bar => ({ day: days.at(-1)!.day, count: counts[at]!, share: !counts[at] || most === 0 ? 0 : Math.max(4, (counts[at] / most) * 100) })),
    sum: newestFirst.reduce((sum, { count }) => sum + (count ?? 0), 0),
    isWhole: counts.every((count) => count !== null),
  };
}
