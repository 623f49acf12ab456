// Numbers, money and time as the reader's language writes them. Amounts stay decimal strings: a float would lose cents.
import type { Language } from "../api/types";

const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>();
function kept<T extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>(key: string, make: () => T): T {
  let found = cache.get(key) as T | undefined;
  if (!found) cache.set(key, (found = make()));
  return found;
}

const fractionDigits = (amount: string): number => amount.split(".")[1]?.replace(/0+$/, "").length ?? 0;

// `amount` is a decimal string. Shows the currency's own places, and more only where the amount really has them.
export function formatMoney(amount: string, currency: string, language: Language): string {
  const make = (places?: number) =>
    new Intl.NumberFormat(language, {
      style: "currency",
      currency,
      currencyDisplay: "narrowSymbol",
      ...(places === undefined ? {} : { minimumFractionDigits: places, maximumFractionDigits: places }),
    });
  try {
    const own = kept(`m${language}${currency}`, () => make());
    const places = Math.max(own.resolvedOptions().maximumFractionDigits ?? 2, Math.min(fractionDigits(amount), 8));
    const format = places === own.resolvedOptions().maximumFractionDigits ? own : kept(`m${language}${currency}${places}`, () => make(places));
    return format.format(amount as unknown as number);
  } catch {
    return `${amount} ${currency}`.trim();
  }
}

export const formatNumber = (value: number | string, language: Language): string =>
  kept(`n${language}`, () => new Intl.NumberFormat(language, { maximumFractionDigits: 8 })).format(value as number);

// 万/亿 or K/M for the big figures of a tile.
export const formatShort = (value: number | string, language: Language): string =>
  Math.abs(Number(value)) < 100_000
    ? formatNumber(value, language)
    : kept(`s${language}`, () => new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 2 })).format(value as number);

export function formatShortMoney(amount: string, currency: string, language: Language): string {
  if (Math.abs(Number(amount)) < 100_000) return formatMoney(amount, currency, language);
  try {
    return kept(`ms${language}${currency}`, () =>
      new Intl.NumberFormat(language, { style: "currency", currency, currencyDisplay: "narrowSymbol", notation: "compact", minimumFractionDigits: 0, maximumFractionDigits: 2 }),
    ).format(amount as unknown as number);
  } catch {
    return formatMoney(amount, currency, language);
  }
}

export type InstantStyle = "full" | "minute" | "short" | "day"; // short leaves out this year

const optionsOf: Record<Exclude<InstantStyle, "short">, Intl.DateTimeFormatOptions> = {
  day: { year: "numeric", month: "short", day: "numeric" },
  minute: { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  full: { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short", hourCycle: "h23" },
};

export function formatInstant(instant: string, language: Language, zone: string, style: InstantStyle = "minute"): string {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return instant;
  const isThisYear = at.getUTCFullYear() === new Date().getUTCFullYear();
  const options = optionsOf[style === "short" ? "minute" : style];
  const shown = style === "short" && isThisYear ? { ...options, year: undefined } : options;
  const format = (timeZone: string) =>
    kept(`d${style}${isThisYear}${language}${timeZone}`, () => new Intl.DateTimeFormat(language, { ...shown, timeZone })).format(at);
  try {
    return format(zone);
  } catch {
    return format("UTC");
  }
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

export function formatAgo(instant: string, language: Language, now: number = Date.now()): string {
  const seconds = (new Date(instant).getTime() - now) / 1000;
  if (Number.isNaN(seconds)) return instant;
  // "yesterday", but "1 month ago": "last month" says less than it seems.
  const format = (numeric: "auto" | "always") => kept(`r${numeric}${language}`, () => new Intl.RelativeTimeFormat(language, { numeric }));
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size && !(unit === "week" && Math.abs(seconds) < 2 * size)) return format(unit === "day" ? "auto" : "always").format(Math.trunc(seconds / size), unit);
  }
  return format("auto").format(0, "second");
}

// "42 sec", "3 min 5 sec", "2 hr": the two largest units.
export function formatDuration(ms: number, language: Language): string {
  const unit = (value: number, name: "hour" | "minute" | "second") =>
    kept(`u${name}${language}`, () => new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "short" })).format(value);
  const seconds = Math.round(ms / 1000);
  if (seconds < 1) return `< ${unit(1, "second")}`;
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const parts: [number, "hour" | "minute" | "second"][] = hours > 0 ? [[hours, "hour"], [minutes, "minute"]] : [[minutes, "minute"], [seconds % 60, "second"]];
  return parts.filter(([value]) => value > 0).map(([value, name]) => unit(value, name)).join(" ");
}

// "652 kB", "1.2 GB": in steps of a thousand, as disks are sold.
export function formatBytes(bytes: number, language: Language): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
  const step = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  return kept(`b${step}${value < 10}${language}`, () => new Intl.NumberFormat(language, { style: "unit", unit: units[step]!, unitDisplay: step === 0 ? "long" : "short", maximumFractionDigits: value < 10 ? 1 : 0 })).format(value);
}

const day = /^\d{4}-\d{2}-\d{2}$/;
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

// A value of unknown shape, for golden records and properties.
export function formatValue(value: unknown, language: Language, zone: string): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") {
    if (day.test(value)) return formatInstant(`${value}T00:00:00Z`, language, "UTC", "day");
    if (instant.test(value)) return formatInstant(value, language, zone);
    return value;
  }
  if (Array.isArray(value)) return value.map((part) => formatValue(part, language, zone)).join(language === "zh-CN" ? "、" : ", ");
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
}
