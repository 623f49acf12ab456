// What the bars of growth show: the oldest day first, how high each is, and what they are together.
export interface Day {
  day: string;
  count?: number | null; // not known where counting took too long
}

export function barsOf(newestFirst: Day[]) {
  const days = newestFirst.toReversed();
  const most = Math.max(0, ...days.map(({ count }) => count ?? 0));
  const sum = days.reduce((all, { count }) => all + (count ?? 0), 0);
  return {
    days: days.map((one) => ({ ...one, share: !one.count || most === 0 ? 0 : Math.max(4, (one.count / most) * 100) })),
    most,
    sum,
    isWhole: days.every(({ count }) => count !== null && count !== undefined),
  };
}
