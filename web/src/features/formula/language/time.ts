// Days, instants and the zones of the world, as the server reads and writes them.
import { Fault } from "./fault";

export class Day {
  constructor(readonly days: number) {} // since 1970-01-01
}
export class Instant {
  constructor(readonly micros: bigint) {} // since 1970, UTC
}

const floorDiv = (left: number, right: number): number => Math.floor(left / right);
export const dayMicros = 86_400_000_000n;
export const floorBig = (left: bigint, right: bigint): bigint => left / right - (left % right < 0n ? 1n : 0n);

// ---- the calendar (Gregorian, also before it was) ----

export interface Civil {
  year: number;
  month: number; // 1 to 12
  day: number;
}
export function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = floorDiv(y, 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = floorDiv(153 * (month + (month > 2 ? -3 : 9)) + 2, 5) + day - 1;
  return era * 146097 + yearOfEra * 365 + floorDiv(yearOfEra, 4) - floorDiv(yearOfEra, 100) + dayOfYear - 719468;
}
export function civilOf(days: number): Civil {
  const shifted = days + 719468;
  const era = floorDiv(shifted, 146097);
  const dayOfEra = shifted - era * 146097;
  const yearOfEra = floorDiv(dayOfEra - floorDiv(dayOfEra, 1460) + floorDiv(dayOfEra, 36524) - floorDiv(dayOfEra, 146096), 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + floorDiv(yearOfEra, 4) - floorDiv(yearOfEra, 100));
  const shiftedMonth = floorDiv(5 * dayOfYear + 2, 153);
  const month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9);
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: dayOfYear - floorDiv(153 * shiftedMonth + 2, 5) + 1 };
}
export const lastDayOf = (year: number, month: number): number => (month === 2 ? (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
// 0 Sunday to 6.
export const weekdayOf = (days: number): number => (((days + 4) % 7) + 7) % 7;
export const isoWeekdayOf = (days: number): number => weekdayOf(days) || 7;

export const firstDay = daysOf(1, 1, 1);
export const lastDay = daysOf(9999, 12, 31);
export const isDayInRange = (days: number): boolean => days >= firstDay && days <= lastDay;
const firstMicros = BigInt(firstDay) * dayMicros;
const endMicros = BigInt(lastDay + 1) * dayMicros;
export const isInRange = (micros: bigint): boolean => micros >= firstMicros && micros < endMicros;

const padded = (number: number | bigint, width: number): string => String(number).padStart(width, "0");
export function dayText(days: number): string {
  const { year, month, day } = civilOf(days);
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;
}
export function instantText(micros: bigint): string {
  const days = floorBig(micros, dayMicros);
  const rest = Number(micros - days * dayMicros);
  const seconds = Math.floor(rest / 1e6);
  const under = rest % 1e6;
  const fraction = under === 0 ? "" : under % 1000 === 0 ? `.${padded(under / 1000, 3)}` : `.${padded(under, 6)}`;
  return `${dayText(Number(days))}T${padded(Math.floor(seconds / 3600), 2)}:${padded(Math.floor(seconds / 60) % 60, 2)}:${padded(seconds % 60, 2)}${fraction}Z`;
}

// ---- zones ----

export class Zone {
  private readonly format: Intl.DateTimeFormat | null;
  private readonly known = new Map<number, number>(); // offsets of quarters of an hour

  private constructor(readonly name: string) {
    this.format =
      name === "UTC"
        ? null
        : new Intl.DateTimeFormat("en-US", { timeZone: name, calendar: "gregory", numberingSystem: "latn", era: "short", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric", hourCycle: "h23" });
  }
  static readonly utc = new Zone("UTC");
  private static readonly met = new Map<string, Zone | null>([["UTC", Zone.utc]]);
  // An IANA name; null for others.
  static named(name: string): Zone | null {
    const met = Zone.met.get(name);
    if (met !== undefined) return met;
    let zone: Zone | null = null;
    try {
      const isName = /^[A-Za-z]/.test(name) && name.length < 64;
      const made = isName ? new Zone(name) : null;
      const resolved = made?.format?.resolvedOptions().timeZone ?? name;
      zone = made && (resolved === name || resolved.toLowerCase() !== name.toLowerCase()) && /^[A-Z]/.test(name) ? made : null;
    } catch {
      zone = null;
    }
    if (Zone.met.size > 200) Zone.met.clear();
    Zone.met.set(name, zone);
    return zone;
  }

  // Microseconds that its clocks are ahead of UTC.
  offsetAt(micros: bigint): bigint {
    if (!this.format) return 0n;
    const seconds = Number(floorBig(micros, 1_000_000n));
    const quarter = Math.floor(seconds / 900);
    const known = this.known.get(quarter);
    if (known !== undefined) return BigInt(known) * 1_000_000n;
    const start = this.askedAt(quarter * 900);
    if (start !== this.askedAt(quarter * 900 + 899)) return BigInt(this.askedAt(seconds)) * 1_000_000n;
    if (this.known.size > 5000) this.known.clear();
    this.known.set(quarter, start);
    return BigInt(start) * 1_000_000n;
  }
  private askedAt(seconds: number): number {
    const parts: Record<string, string> = {};
    for (const { type, value } of this.format!.formatToParts(seconds * 1000)) parts[type] = value;
    const year = parts.era === "BC" ? 1 - Number(parts.year) : Number(parts.year);
    const local = daysOf(year, Number(parts.month), Number(parts.day)) * 86_400 + Number(parts.hour) * 3600 + Number(parts.minute) * 60 + Number(parts.second);
    return local - seconds;
  }
  localOf(micros: bigint): bigint {
    return micros + this.offsetAt(micros);
  }
  // A time that a shift skips moves forward by the gap, one that comes twice means the first.
  ofLocal(local: bigint): bigint {
    if (!this.format) return local;
    const before = this.offsetAt(local - dayMicros);
    const after = this.offsetAt(local + dayMicros);
    const early = local - before;
    if (before === after || this.offsetAt(early) === before) return early;
    const late = local - after;
    return this.offsetAt(late) === after ? late : early;
  }
}

// ---- reading ----

// 2026-01-05; null for what is none.
export function parseDay(text: string): Day | null {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  return found ? dayAt(found[1]!, found[2]!, found[3]!) : null;
}
function dayAt(year: string, month: string, day: string): Day | null {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  return y > 0 && m >= 1 && m <= 12 && d >= 1 && d <= lastDayOf(y, m) ? new Day(daysOf(y, m, d)) : null;
}
const timePattern = "(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?";
const offsetPattern = "(?:([Zz])|([+-])(\\d{2}):?(\\d{2}))";
const anyTime = new RegExp(`^(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})(?:[Tt ]${timePattern}( ?${offsetPattern})?)?$`);
const withOffset = new RegExp(`^(\\d{4})-(\\d{1,2})-(\\d{1,2})[Tt ]${timePattern}(${offsetPattern})$`);

function read(pattern: RegExp, text: string, zone: Zone): Instant | null {
  const [, y, m, d, hour, minute, second, fraction, offset, , sign, offsetHour, offsetMinute] = pattern.exec(text) ?? [];
  const day = y ? dayAt(y, m!, d!) : null;
  if (!day || Number(hour ?? 0) > 23 || Number(minute ?? 0) > 59 || Number(second ?? 0) > 60 || Number(offsetHour ?? 0) > 23 || Number(offsetMinute ?? 0) > 59) return null;
  const seconds = Number(hour ?? 0) * 3600 + Number(minute ?? 0) * 60 + Number(second ?? 0);
  const local = BigInt(day.days) * dayMicros + BigInt(seconds) * 1_000_000n + BigInt((fraction ?? "").padEnd(6, "0").slice(0, 6));
  const away = BigInt(Number(offsetHour ?? 0) * 3600 + Number(offsetMinute ?? 0) * 60) * 1_000_000n;
  const micros = offset ? (sign === "-" ? local + away : local - away) : zone.ofLocal(local);
  return isInRange(micros) ? new Instant(micros) : null;
}
export const parseRfc3339 = (text: string): Instant | null => read(withOffset, text, Zone.utc);
// RFC 3339, else ISO without offset, read in the zone.
export const parseTime = (text: string, zone: Zone): Instant | null => read(anyTime, text, zone);

export const instantNamed = (text: string): Instant => parseRfc3339(text) ?? fail(text);
const fail = (text: string): never => {
  throw new Fault({ begin: 0, length: 0 }, "formula.not_a_date", { en: text, "zh-CN": text });
};
