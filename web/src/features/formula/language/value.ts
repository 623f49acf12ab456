// Values, and why there is none.
import { Decimal } from "./decimal";
import { beginningOf, compareTexts, Fault, said, type LocalText, type Span } from "./fault";
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

export function messageOf({ why, detail }: Trouble): LocalText {
  const shown = beginningOf(detail, 60);
  switch (why) {
    case "division_by_zero":
      return said("division by zero.", "除数为零。");
    case "out_of_range":
      return said("the result is outside what can be kept exactly (38 digits, the years 0001 to 9999).", "结果超出可精确保存的范围（38 位数字，公元 1 至 9999 年）。");
    case "not_a_number":
      return said(`“${shown}” is not a number.`, `“${shown}”不是数字。`);
    case "not_a_date":
      return said(`“${shown}” is not a date such as 2026-05-31.`, `“${shown}”不是日期，正确的写法如 2026-05-31。`);
    case "bad_argument":
      return said(`${shown} cannot be used here.`, `此处不能使用 ${shown}。`);
    case "bad_pattern":
      return said(`the pattern cannot be read: ${shown}.`, `无法识别该正则表达式：${shown}。`);
    case "unknown_zone":
      return said(`“${shown}” is not a time zone; write it as Asia/Shanghai.`, `“${shown}”不是时区名，正确的写法如 Asia/Shanghai。`);
    case "not_found":
      return said(`“${shown}” was not found.`, `未找到“${shown}”。`);
    case "too_many_steps":
      return said("the formula takes more steps than allowed.", "公式的计算步骤超出限制。");
    case "too_slow":
      return said("the formula takes longer than allowed.", "公式的计算时间超出限制。");
    case "too_much_memory":
      return said("the formula needs more memory than allowed.", "公式占用的内存超出限制。");
  }
}
export const faultOf = (trouble: Trouble): Fault => new Fault(trouble.at, `formula.${trouble.why}`, messageOf(trouble));
