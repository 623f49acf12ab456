// Exact decimal numbers: units / 10^places, at most 38 digits and 12 places, as the server keeps them. What does not fit is said, never rounded.
export type Rounding = "half_away" | "toward_zero" | "away_from_zero" | "down" | "up";
export class DecimalTrouble extends Error {
  constructor(readonly why: "division_by_zero" | "out_of_range") {
    super(why);
  }
}

export const placesMax = 12;
const digitsMax = 38;
const powers = Array.from({ length: 100 }, (_, exponent) => 10n ** BigInt(exponent));
export const powerOfTen = (exponent: number): bigint => powers[exponent] ?? 10n ** BigInt(exponent);
const unitsBound = powerOfTen(digitsMax);
const wide = 1n << 128n;

const outOfRange = (): never => {
  throw new DecimalTrouble("out_of_range");
};
const size = (units: bigint): bigint => (units < 0n ? -units : units);
// Within the 128 bits that the server computes with.
const raised = (units: bigint, by: number): bigint => {
  const result = units * powerOfTen(by);
  return result < wide ? result : outOfRange();
};

export class Decimal {
  private constructor(
    readonly units: bigint,
    readonly places: number,
  ) {}

  private static normal(units: bigint, places: number): Decimal {
    while (places > 0 && units % 10n === 0n) {
      units /= 10n;
      --places;
    }
    return new Decimal(units, places);
  }
  private static fitted(isNegative: boolean, units: bigint, places: number): Decimal {
    while (units >= unitsBound && places > 0 && units % 10n === 0n) {
      units /= 10n;
      --places;
    }
    if (units >= unitsBound) outOfRange();
    return Decimal.normal(isNegative ? -units : units, places);
  }

  static of(whole: number | bigint): Decimal {
    return new Decimal(BigInt(whole), 0);
  }
  static ofUnits(units: bigint, places: number): Decimal {
    return Decimal.fitted(units < 0n, size(units), places);
  }
  // "-1234.50", "+3", ".5"; null for what is no number. Too many digits are out of range.
  static parse(text: string): Decimal | null {
    const found = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text);
    const whole = (found?.[2] ?? "").replace(/^0+/, "");
    if (!found || (found[2] === "" && !found[3])) return null;
    const fraction = (found[3] ?? "").replace(/0+$/, "");
    const significant = (whole + fraction).replace(/^0+/, "");
    if (significant.length > digitsMax || fraction.length > placesMax) outOfRange();
    const units = BigInt(significant || "0");
    return Decimal.normal(found[1] === "-" ? -units : units, fraction.length);
  }
  static tryParse(text: string): Decimal | null {
    try {
      return Decimal.parse(text);
    } catch {
      return null;
    }
  }

  get isNegative(): boolean {
    return this.units < 0n;
  }
  get isZero(): boolean {
    return this.units === 0n;
  }
  get negated(): Decimal {
    return new Decimal(-this.units, this.places);
  }
  toString(): string {
    const digits = size(this.units).toString().padStart(this.places + 1, "0");
    const point = digits.length - this.places;
    return (this.isNegative ? "-" : "") + digits.slice(0, point) + (this.places > 0 ? `.${digits.slice(point)}` : "");
  }

  plus(other: Decimal): Decimal {
    const places = Math.max(this.places, other.places);
    const left = raised(size(this.units), places - this.places);
    const right = raised(size(other.units), places - other.places);
    const total = (this.isNegative ? -left : left) + (other.isNegative ? -right : right);
    if (size(total) >= wide) outOfRange();
    return Decimal.fitted(total < 0n, size(total), places);
  }
  minus(other: Decimal): Decimal {
    return this.plus(other.negated);
  }
  times(other: Decimal): Decimal {
    let product = size(this.units) * size(other.units);
    let places = this.places + other.places;
    if (places > placesMax) {
      const divisor = powerOfTen(places - placesMax);
      product = product / divisor + ((product % divisor) * 2n >= divisor ? 1n : 0n);
      places = placesMax;
    }
    return Decimal.narrowed(this.isNegative !== other.isNegative, product, places);
  }
  over(other: Decimal): Decimal {
    if (other.isZero) throw new DecimalTrouble("division_by_zero");
    const divisor = size(other.units);
    const dividend = size(this.units) * powerOfTen(placesMax + other.places - this.places);
    const rest = dividend % divisor;
    return Decimal.narrowed(this.isNegative !== other.isNegative, dividend / divisor + (rest >= divisor - rest ? 1n : 0n), placesMax);
  }
  private static narrowed(isNegative: boolean, units: bigint, places: number): Decimal {
    for (; units >= wide && places > 0 && units % 10n === 0n; --places) units /= 10n;
    if (units >= wide) outOfRange();
    return Decimal.fitted(isNegative, units, places);
  }

  rounded(places: number, how: Rounding = "half_away"): Decimal {
    if (places >= this.places) return this;
    const dropped = this.places - places;
    const units = size(this.units);
    const isBeyond = dropped > digitsMax;
    const one = isBeyond ? 0n : powerOfTen(dropped);
    const rest = isBeyond ? units : units % one;
    const isAway = how === "away_from_zero" || (how === "up" && !this.isNegative) || (how === "down" && this.isNegative);
    let kept = isBeyond ? 0n : units / one;
    if ((isAway && rest !== 0n) || (how === "half_away" && !isBeyond && rest >= one - rest)) ++kept;
    if (kept === 0n) return Decimal.of(0);
    if (isBeyond) outOfRange();
    return Decimal.fitted(this.isNegative, raised(kept, Math.max(0, -places)), Math.max(0, places));
  }

  compare(other: Decimal): number {
    const left = this.units * powerOfTen(placesMax - this.places);
    const right = other.units * powerOfTen(placesMax - other.places);
    return left < right ? -1 : left > right ? 1 : 0;
  }
  equals(other: Decimal): boolean {
    return this.units === other.units && this.places === other.places;
  }
}

const int64Max = (1n << 63n) - 1n;
// A whole number within 64 bits; null for others.
export const whole = (number: Decimal): bigint | null => (number.places === 0 && number.units <= int64Max && number.units >= -int64Max - 1n ? number.units : null);
// Towards zero, as spreadsheets read a count.
export const cut = (number: Decimal): bigint | null => whole(number.rounded(0, "toward_zero"));
