// Functions of the family date. Days and hours are those of the company's zone, or of the zone that is named.
import { movedDay, movedInstant, monthsLater } from "./arithmetic";
import { cut, type Decimal } from "./decimal";
import { bytesOf, lowerAscii, upperAscii } from "./fault";
import { num, type Body, type Run } from "./run";
import { civilOf, Day, dayMicros, daysOf, floorBig, Instant, isDayInRange, isoWeekdayOf, lastDayOf, parseRfc3339, parseTime, weekdayOf, Zone } from "./time";
import { toText, type Value } from "./value";

const refused = (run: Run, arg: Value): Value => run.fail("bad_argument", toText(arg));
// The zone that is named at this place, else the company's; null where there is none of that name.
const zoneAt = (run: Run, args: Value[], index: number): Zone | null => (index >= args.length ? run.moment.zone : Zone.named(args[index] as string));

interface Local {
  days: number;
  seconds: number;
}
function localIn(zone: Zone, at: Instant): Local {
  const local = zone.localOf(at.micros);
  const midnight = floorBig(local, dayMicros);
  return { days: Number(midnight), seconds: Number((local - midnight * dayMicros) / 1_000_000n) };
}
const daysAt = (run: Run, value: Value): number => (value instanceof Day ? value.days : localIn(run.moment.zone, value as Instant).days);

// Of the first argument, in the zone of the second, if there is one.
const taken = (take: (local: Local) => Value): Body => (run, args) => {
  const at = args[0]!;
  if (at instanceof Day) return take({ days: at.days, seconds: 0 });
  const zone = zoneAt(run, args, 1);
  return zone ? take(localIn(zone, at as Instant)) : run.fail("unknown_zone", args[1] as string);
};
const ofDay = (take: (run: Run, days: number, args: Value[]) => Value): Body => (run, args) => take(run, daysAt(run, args[0]!), args);

// Months and days beyond their range go on into the next years and months.
function dateOf(args: Value[]): number | null {
  const parts = args.slice(0, 3).map((arg) => cut(arg as Decimal));
  if (parts.some((part) => part === null || part > 4_000_000n || part < -4_000_000n)) return null;
  const [year, month, day] = parts.map(Number) as [number, number, number];
  const months = year * 12 + month - 1;
  if (months < 0 || months >= 12 * 20_000) return null;
  const there = daysOf(Math.floor(months / 12), (months % 12) + 1, 1) + day - 1;
  return isDayInRange(there) ? there : null;
}
const dateAndTime: Body = (run, args) => {
  const days = dateOf(args);
  let seconds = 0;
  for (let i = 3; i < args.length; ++i) {
    const part = cut(args[i] as Decimal);
    if (part === null || part < 0n || part > (i === 3 ? 23n : 59n)) return refused(run, args[i]!);
    seconds += Number(part) * (i === 3 ? 3600 : i === 4 ? 60 : 1);
  }
  return days === null ? run.fail("out_of_range") : new Instant(run.moment.zone.ofLocal(BigInt(days) * dayMicros + BigInt(seconds) * 1_000_000n));
};

const plainly = (text: string): string => text.replace("年", "-").replace("月", "-").replace("日", "");
const timeIn = (text: string, zone: Zone): Instant | null => (bytesOf(text) < 60 ? parseTime(plainly(text), zone) : null);
const dateIn: Body = (run, args) => {
  const text = args[0] as string;
  const exact = parseRfc3339(text);
  if (exact) return run.dayOf(exact);
  const at = timeIn(text, Zone.utc);
  return at ? new Day(Number(floorBig(at.micros, dayMicros))) : run.fail("not_a_date", text);
};

const typeOf = (args: Value[]): number => (args.length > 1 ? Number(cut(args[1] as Decimal) ?? 0n) : 1);
const weekday = ofDay((run, days, args) => {
  const type = typeOf(args);
  return type === 1 ? num(weekdayOf(days) + 1) : type === 2 ? num(isoWeekdayOf(days)) : type === 3 ? num(isoWeekdayOf(days) - 1) : refused(run, args[1]!);
});
const firstOfYear = (days: number): number => daysOf(civilOf(days).year, 1, 1);
function isoWeek(days: number): Value {
  const thursday = days + 4 - isoWeekdayOf(days);
  return num(Math.floor((thursday - firstOfYear(thursday)) / 7) + 1);
}
const week = ofDay((run, days, args) => {
  const type = typeOf(args);
  if (type === 21) return isoWeek(days);
  if (type !== 1 && type !== 2) return refused(run, args[1]!);
  const first = firstOfYear(days);
  return num(Math.floor((days - first + (type === 1 ? weekdayOf(first) : isoWeekdayOf(first) - 1)) / 7) + 1);
});

const monthsOn = (args: Value[], days: number): number | null => {
  const months = cut(args[1] as Decimal);
  return months === null || months > 120_000n || months < -120_000n ? null : monthsLater(days, Number(months));
};
const endOfMonth = ofDay((run, days, args) => {
  const there = monthsOn(args, days);
  if (there === null) return run.fail("out_of_range");
  const { year, month } = civilOf(there);
  return new Day(daysOf(year, month, lastDayOf(year, month)));
});

// Whole months from one to the other.
function monthsBetween(from: number, to: number): number {
  const [first, second] = [civilOf(from), civilOf(to)];
  return (second.year - first.year) * 12 + second.month - first.month - (second.day < first.day ? 1 : 0);
}
const difference = ofDay((run, from, args) => {
  const to = daysAt(run, args[1]!);
  if (from > to) return refused(run, args[0]!);
  const months = monthsBetween(from, to);
  switch (upperAscii(args[2] as string)) {
    case "Y":
      return num(Math.floor(months / 12));
    case "M":
      return num(months);
    case "D":
      return num(to - from);
    case "YM":
      return num(months % 12);
    case "MD":
      return num(to - monthsLater(from, months)!);
    case "YD":
      return num(to - monthsLater(from, months - (months % 12))!);
    default:
      return run.fail("bad_argument", args[2] as string);
  }
});
const age = ofDay((run, from, args) => {
  const to = args.length > 1 ? daysAt(run, args[1]!) : run.dayOf(run.moment.now).days;
  return from > to ? refused(run, args[0]!) : num(Math.floor(monthsBetween(from, to) / 12));
});

const workingDays = ofDay((run, one, args) => {
  const other = daysAt(run, args[1]!);
  let count = 0;
  for (let day = Math.min(one, other); day <= Math.max(one, other); ++day) {
    if (!run.step()) return run.spent;
    count += run.isWorkingDay(day) ? 1 : 0;
  }
  return num(one > other ? -count : count);
});
const workingDay = ofDay((run, from, args) => {
  const count = cut(args[1] as Decimal) ?? 10_000_000n;
  const one = count < 0n ? -1 : 1;
  let day = from;
  for (let left = count < 0n ? -count : count; left > 0n; ) {
    day += one;
    if (!run.step()) return run.spent;
    if (!isDayInRange(day)) return run.fail("out_of_range");
    if (run.isWorkingDay(day)) --left;
  }
  return new Day(day);
});

const moved: Body = (run, args) => {
  const [at, by, unit] = [args[0] as Day | Instant, args[1] as Decimal, lowerAscii(args[2] as string)];
  const count = cut(by);
  const there = at instanceof Instant ? movedInstant(run.moment.zone, at, by, unit) : count === null ? null : movedDay(at.days, count, unit);
  return there ?? run.fail("bad_argument", unit);
};
const startOf = ofDay((run, days, args) => {
  const { year, month } = civilOf(days);
  switch (lowerAscii(args[1] as string)) {
    case "day":
      return new Day(days);
    case "week": {
      const monday = days - isoWeekdayOf(days) + 1;
      return isDayInRange(monday) ? new Day(monday) : run.fail("out_of_range");
    }
    case "month":
      return new Day(daysOf(year, month, 1));
    case "quarter":
      return new Day(daysOf(year, month - ((month - 1) % 3), 1));
    case "year":
      return new Day(daysOf(year, 1, 1));
    default:
      return run.fail("bad_argument", args[1] as string);
  }
});

export const dateBodies: Record<string, Body> = {
  TODAY: (run, args) => {
    const zone = zoneAt(run, args, 0);
    return zone ? new Day(localIn(zone, run.moment.now).days) : run.fail("unknown_zone", args[0] as string);
  },
  NOW: (run) => run.moment.now,
  DATE: (run, args) => {
    const days = dateOf(args);
    return days === null ? run.fail("out_of_range") : new Day(days);
  },
  DATETIME: dateAndTime,
  DATEVALUE: dateIn,
  DATETIMEVALUE: (run, args) => timeIn(args[0] as string, run.moment.zone) ?? run.fail("not_a_date", args[0] as string),
  TODATE: taken(({ days }) => new Day(days)),
  YEAR: taken(({ days }) => num(civilOf(days).year)),
  MONTH: taken(({ days }) => num(civilOf(days).month)),
  DAY: taken(({ days }) => num(civilOf(days).day)),
  QUARTER: taken(({ days }) => num(Math.floor((civilOf(days).month + 2) / 3))),
  HOUR: taken(({ seconds }) => num(Math.floor(seconds / 3600))),
  MINUTE: taken(({ seconds }) => num(Math.floor(seconds / 60) % 60)),
  SECOND: taken(({ seconds }) => num(seconds % 60)),
  WEEKDAY: weekday,
  WEEKNUM: week,
  ISOWEEKNUM: ofDay((_, days) => isoWeek(days)),
  EDATE: ofDay((run, days, args) => {
    const there = monthsOn(args, days);
    return there === null ? run.fail("out_of_range") : new Day(there);
  }),
  EOMONTH: endOfMonth,
  DATEDIF: difference,
  AGE: age,
  DAYS: ofDay((run, to, args) => num(to - daysAt(run, args[1]!))),
  NETWORKDAYS: workingDays,
  WORKDAY: workingDay,
  DATEADD: moved,
  STARTOF: startOf,
};
