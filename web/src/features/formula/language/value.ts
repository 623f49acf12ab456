// Values, and why there is none.
import { Decimal } from "./decimal";
import { beginningOf, compareTexts, Fault, said, type LocalText, type Span } from "./fault";
import { messages } from "./table.json";
import { Day, dayText, Instant, instantText } from "./time";
import type { Kind } from "./type";

// A spent budget ends the whole evaluation; the others are caught by IFERROR.
export type Why = "division_by_zero" | "out_of_range" | "not_a_number" | "not_a_date" | "bad_argument" | "bad_pattern" | "unknown_zone" | "not_found" | "too_many_steps" | "too_slow" | "too_much_memory";
export class Trouble {
  constructor(
    readonly why: Why,
    readonly at: Span,
    readonly detail: string,
  ) {}
  get isSpent(): boolean {
    return this.why === "too_many_steps" || this.why === "too_slow" || this.why === "too_much_memory";
  }
}
// null is blank.
export type Value = null | boolean | Decimal | string | Day | Instant | Trouble | Value[];

export const isWithout = (value: Value): value is null | Trouble => value === null || value instanceof Trouble;
export const isEmpty = (value: Value): boolean => value === null || value === "";

// Two values of one type, neither blank.
export function compare(left: Value, right: Value): number {
  if (left instanceof Decimal) return left.compare(right as Decimal);
  if (typeof left === "string") return compareTexts(left, right as string);
  if (left instanceof Day) return left.days - (right as Day).days;
  if (left instanceof Instant) {
    const other = (right as Instant).micros;
    return left.micros < other ? -1 : left.micros > other ? 1 : 0;
  }
  return Number(left) - Number(right);
}

// As a person reads one line; a list as JSON.
export function toText(value: Value): string {
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  if (value instanceof Decimal) return value.toString();
  if (typeof value === "string") return value;
  if (value instanceof Day) return dayText(value.days);
  if (value instanceof Instant) return instantText(value.micros);
  return Array.isArray(value) ? toJsonText(value) : "";
}
function toJsonText(value: Value): string {
  if (typeof value === "boolean" || value instanceof Decimal) return String(value);
  if (Array.isArray(value)) return `[${value.map(toJsonText).join(",")}]`;
  return value === null ? "null" : JSON.stringify(toText(value));
}
export function kindOf(value: Value): Kind {
  if (typeof value === "boolean") return "truth";
  if (value instanceof Decimal) return "number";
  if (typeof value === "string") return "text";
  if (value instanceof Day) return "date";
  if (value instanceof Instant) return "instant";
  return Array.isArray(value) ? "list" : "blank";
}

// In the program's own words; {} is what it is said of.
export function messageOf({ why, detail }: Trouble): LocalText {
  const shown = beginningOf(detail, 60);
  const told = (text: string) => text.replace("{}", () => shown);
  return said(told(messages[why].en), told(messages[why]["zh-CN"]));
}
export const faultOf = (trouble: Trouble): Fault => new Fault(trouble.at, `formula.${trouble.why}`, messageOf(trouble));
