// Days as a zone has them: "2026-11-27" and the instants at which it begins and ends.
const dayFormat = (zone: string) => new Intl.DateTimeFormat("sv-SE", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
const clock = (zone: string) =>
  new Intl.DateTimeFormat("sv-SE", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" });

export const isDay = (text: string | undefined): text is string =>
  text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);

export const dayOf = (instant: number, zone: string): string => dayFormat(zone).format(instant);

export function addDays(day: string, count: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + count);
  return at.toISOString().slice(0, 10);
}

// How far the zone's clock is ahead of UTC at an instant, in milliseconds.
const aheadAt = (instant: number, zone: string): number => Date.parse(`${clock(zone).format(instant).replace(" ", "T")}Z`) - Math.floor(instant / 1000) * 1000;

// The first moment of a day. A midnight that a shift skips is the moment after the gap.
export function beginOfDay(day: string, zone: string): string {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  let begin = midnight - aheadAt(midnight, zone);
  begin = midnight - aheadAt(begin, zone);
  if (dayOf(begin, zone) < day) begin += aheadAt(begin + 7_200_000, zone) - aheadAt(begin, zone);
  return new Date(begin).toISOString();
}
