// What operators and functions share: powers, roots, days.
import { Decimal, powerOfTen, whole, placesMax } from "./decimal";
import { num, type Run } from "./run";
import { civilOf, Day, dayMicros, daysOf, floorBig, Instant, isDayInRange, isInRange, lastDayOf, type Zone } from "./time";
import type { Value } from "./value";

// ---- what has no exact form: to 60 digits and more, then as the server rounds ----

const bits = 240n;
const one = 1n << bits;
const half = num(5).over(num(10));
type Fixed = bigint; // units of 2^-bits

export const fixedOf = ({ units, places }: Decimal): Fixed => (units << bits) / powerOfTen(places);

// Of |t| at most a third: 2 · (t + t³/3 + t⁵/5 + …)
function twiceAtanh(t: Fixed): Fixed {
  const square = (t * t) >> bits;
  let sum = 0n;
  let raised = t;
  for (let n = 1n; raised !== 0n && raised !== -1n; n += 2n) {
    sum += raised / n;
    raised = (raised * square) >> bits;
  }
  return 2n * sum;
}
const ln2 = twiceAtanh(one / 3n);
const lengthOfBits = (value: bigint): number => value.toString(2).length;

export function ln(value: Fixed): Fixed {
  const shift = lengthOfBits(value) - Number(bits);
  const scaled = shift >= 0 ? value >> BigInt(shift) : value << BigInt(-shift);
  return twiceAtanh(((scaled - one) << bits) / (scaled + one)) + BigInt(shift) * ln2;
}
export const quotient = (left: Fixed, right: Fixed): Fixed => (left << bits) / right;

// null beyond 38 digits.
export function exp(value: Fixed): Fixed | null {
  if (value > 90n << bits) return null;
  if (value < -(200n << bits)) return 0n;
  const times = (value + ln2 / 2n) / ln2 - (value < 0n ? 1n : 0n);
  const rest = value - times * ln2;
  let sum = 0n;
  let term = one;
  for (let n = 1n; term !== 0n && term !== -1n; ++n) {
    sum += term;
    term = (term * rest) >> bits;
    term /= n;
  }
  return times >= 0n ? sum << times : sum >> -times;
}

const nearest = (value: Fixed, places: number): bigint => {
  const size = (value < 0n ? -value : value) * powerOfTen(places);
  const rounded = (size + one / 2n) >> bits;
  return value < 0n ? -rounded : rounded;
};
// To 12 significant digits; null for what is too great.
export function approximate(value: Fixed | null): Decimal | null {
  if (value === null) return null;
  const size = value < 0n ? -value : value;
  if (size >> bits >= powerOfTen(38)) return null;
  const fine = nearest(value, placesMax);
  const isFine = (fine < 0n ? -fine : fine) < powerOfTen(38);
  const digits = isFine ? Decimal.ofUnits(fine, placesMax) : Decimal.ofUnits(nearest(value, 0), 0);
  if (digits.isZero) return digits;
  const wholePart = size >> bits;
  const exponent = wholePart > 0n ? wholePart.toString().length - 1 : -1;
  try {
    return digits.rounded(Math.min(11 - exponent, placesMax));
  } catch {
    return null;
  }
}

// ---- powers and roots ----

function rootOf(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt(Math.ceil(lengthOfBits(value) / 2));
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
const wide = 1n << 128n;
// Of roots that differ in the last place the one that is nearest, where the server's 128 bits hold its square.
function nearestRoot(number: Decimal, root: Decimal): Decimal {
  const four = number.units * 4n * powerOfTen(2 * placesMax - number.places);
  let units = root.units * powerOfTen(placesMax - root.places);
  if (four >= wide || units >> 62n !== 0n || number.units >> 124n !== 0n) return root;
  while (units > 0n && (2n * units - 1n) ** 2n > four) --units;
  while ((2n * units + 1n) ** 2n <= four) ++units;
  return Decimal.ofUnits(units, placesMax);
}
// The root to 12 places, rounded half away from zero. `number` is not negative.
export function squareRoot(number: Decimal): Decimal {
  if (number.isZero) return number;
  let root = Decimal.ofUnits(rootOf(number.units * powerOfTen(2 * placesMax - number.places)), placesMax);
  for (let i = 0; i < 3 && !root.isZero; ++i)
    try {
      root = number.over(root).plus(root).times(half);
    } catch {
      break;
    }
  return nearestRoot(number, root);
}

function toWholePower(base: Decimal, exponent: bigint): Decimal {
  let result = num(1);
  for (;;) {
    if (exponent % 2n === 1n) result = result.times(base);
    exponent /= 2n;
    if (exponent === 0n || base.isZero) return exponent === 0n ? result : num(0);
    base = base.times(base);
  }
}
// Whole exponents by multiplication, each product to 12 places.
export function power(run: Run, base: Decimal, exponent: Decimal): Value {
  const count = whole(exponent);
  if (count !== null)
    return run.result(() => {
      const raised = toWholePower(base, count < 0n ? -count : count);
      return count >= 0n ? raised : num(1).over(raised);
    });
  if (base.isNegative) return run.fail("bad_argument", base.toString());
  if (exponent.equals(half)) return squareRoot(base);
  if (base.isZero) return exponent.isNegative ? run.fail("division_by_zero") : base;
  return approximate(exp((ln(fixedOf(base)) * fixedOf(exponent)) >> bits)) ?? run.fail("out_of_range");
}

// ---- days ----

const dayNumber = num(86_400_000_000);
const size = (value: bigint): bigint => (value < 0n ? -value : value);

// A date so many whole days later (fractions count as full days below), an instant so many times 24 hours.
export function daysLater(run: Run, at: Day | Instant, days: Decimal): Value {
  if (at instanceof Day) {
    const count = whole(days.rounded(0, "down"));
    if (count === null || size(count) > 4_000_000n || !isDayInRange(at.days + Number(count))) return run.fail("out_of_range");
    return new Day(at.days + Number(count));
  }
  try {
    const count = whole(days.times(dayNumber).rounded(0));
    if (count !== null && isInRange(at.micros + count)) return new Instant(at.micros + count);
  } catch {
    // more digits than there are
  }
  return run.fail("out_of_range");
}
export function daysBetween(run: Run, later: Value, earlier: Value): Value {
  if (later instanceof Day) return num(later.days - (earlier as Day).days);
  return run.result(() => num((later as Instant).micros - (earlier as Instant).micros).over(dayNumber));
}
export function monthsLater(days: number, count: number): number | null {
  const { year, month, day } = civilOf(days);
  const there = year * 12 + month - 1 + count;
  if (Math.abs(count) > 120_000 || there < 12 || there >= 12 * 10_000) return null;
  const [thereYear, thereMonth] = [Math.floor(there / 12), (there % 12) + 1];
  return daysOf(thereYear, thereMonth, Math.min(day, lastDayOf(thereYear, thereMonth)));
}

const monthsOf: Record<string, number> = { month: 1, quarter: 3, year: 12 };
const microsOf: Record<string, bigint> = { minute: 60_000_000n, hour: 3_600_000_000n, day: dayMicros, week: 7n * dayMicros };
const own = <T>(of: Record<string, T>, key: string): T | undefined => (Object.hasOwn(of, key) ? of[key] : undefined);

export function movedDay(days: number, count: bigint, unit: string): Day | null {
  const months = own(monthsOf, unit);
  if (months !== undefined) {
    const there = size(count) > 120_000n ? null : monthsLater(days, Number(count) * months);
    return there === null ? null : new Day(there);
  }
  if ((unit !== "day" && unit !== "week") || size(count) > 4_000_000n) return null;
  const there = days + Number(count) * (unit === "week" ? 7 : 1);
  return isDayInRange(there) ? new Day(there) : null;
}
// Months, quarters and years at the same time of day in the zone, the day cut to the month's last. null for another unit, a fraction, or a place outside the years.
export function movedInstant(zone: Zone, at: Instant, by: Decimal, unit: string): Instant | null {
  const count = whole(by);
  if (count === null || size(count) > 10_000_000_000n) return null;
  if (own(monthsOf, unit) !== undefined) {
    const local = zone.localOf(at.micros);
    const midnight = floorBig(local, dayMicros);
    const day = movedDay(Number(midnight), count, unit);
    const there = day && zone.ofLocal(BigInt(day.days) * dayMicros + local - midnight * dayMicros);
    return there !== null && isInRange(there) ? new Instant(there) : null;
  }
  const micros = own(microsOf, unit);
  const there = micros === undefined ? null : at.micros + count * micros;
  return there !== null && isInRange(there) ? new Instant(there) : null;
}
