// Numbers, dates and times by a spreadsheet's patterns: "#,##0.00", "0%", "yyyy-mm-dd hh:mm", "m月d日".
import { Decimal } from "./decimal";
import { lowerAscii } from "./fault";
import { num } from "./run";
import { civilOf, weekdayOf } from "./time";

interface Piece {
  text: string;
  isLiteral: boolean;
}
// A pattern's words in "…" stand for themselves.
function piecesOf(pattern: string): Piece[] {
  const pieces: Piece[] = [];
  let isLiteral = false;
  let text = "";
  const endPiece = () => {
    if (text !== "") pieces.push({ text, isLiteral });
    text = "";
  };
  for (let i = 0; i < pattern.length; ++i) {
    const c = pattern[i]!;
    if (c === '"') {
      endPiece();
      isLiteral = !isLiteral;
    } else if (c === "\\" && !isLiteral && i + 1 < pattern.length) {
      endPiece();
      pieces.push({ text: pattern[++i]!, isLiteral: true });
    } else text += c;
  }
  endPiece();
  return pieces;
}

const monthNames = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const dayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const chineseDays = "日一二三四五六";

interface Unit {
  letter: string; // y m d h s a; n for minutes, p for AM/PM
  count: number;
  literal: string;
}
function lettersOf(text: string): Unit[] {
  const units: Unit[] = [];
  for (let i = 0; i < text.length; ) {
    if (lowerAscii(text.slice(i, i + 5)) === "am/pm") {
      units.push({ letter: "p", count: 5, literal: "" });
      i += 5;
      continue;
    }
    const letter = lowerAscii(text[i]!);
    let end = i + 1;
    if ("ymdhsa".includes(letter)) {
      while (end < text.length && lowerAscii(text[end]!) === letter) ++end;
      units.push({ letter, count: end - i, literal: "" });
    } else units.push({ letter: "", count: 0, literal: text[i]! });
    i = end;
  }
  return units;
}
// An m beside hours or seconds means minutes.
function unitsOf(pattern: string): Unit[] {
  const units = piecesOf(pattern).flatMap(({ text, isLiteral }) => (isLiteral ? [{ letter: "", count: 0, literal: text }] : lettersOf(text)));
  let last: Unit | null = null;
  for (const unit of units) {
    if (unit.letter === "" || unit.letter === "p") continue;
    if (unit.letter === "m" && unit.count <= 2 && last?.letter === "h") unit.letter = "n";
    if (unit.letter === "s" && last?.letter === "m" && last.count <= 2) last.letter = "n";
    last = unit;
  }
  return units;
}

// At least `least` and at most `most` digits behind the point.
export interface Digits {
  wholeLeast: number;
  least: number;
  most: number;
  isGrouped: boolean;
}
export function formatDigits(number: Decimal, { wholeLeast, least, most, isGrouped }: Digits): string {
  const text = number.rounded(most).toString();
  const isNegative = text.startsWith("-");
  let [before = "", behind = ""] = text.slice(isNegative ? 1 : 0).split(".");
  if (before === "0" && wholeLeast === 0) before = "";
  before = before.padStart(wholeLeast, "0");
  behind = behind.padEnd(least, "0");
  if (isGrouped) before = before.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${isNegative ? "-" : ""}${before}${behind === "" ? "" : "."}${behind}`;
}

// null: the pattern has no place for the number.
export function formatNumber(number: Decimal, pattern: string): string | null {
  const digits: Digits = { wholeLeast: 0, least: 0, most: 0, isGrouped: false };
  let [before, behind] = ["", ""];
  let [isFound, isBehindPoint, isOver] = [false, false, false];
  let shown = number;
  for (const { text, isLiteral } of piecesOf(pattern))
    for (const c of text) {
      const isPlace = !isLiteral && (c === "0" || c === "#" || c === "." || (c === "," && isFound));
      if (isPlace && !isOver) {
        isFound = true;
        if (c === ".") isBehindPoint = true;
        else if (c === ",") digits.isGrouped = true;
        else if (isBehindPoint) {
          ++digits.most;
          if (c === "0") digits.least = digits.most;
        } else digits.wholeLeast += c === "0" ? 1 : 0;
        continue;
      }
      isOver = isFound;
      if (c === "%" && !isLiteral)
        try {
          shown = shown.times(num(100));
        } catch {
          // as it is
        }
      if (isFound) behind += c;
      else before += c;
    }
  if (!isFound) return null;
  const text = formatDigits(shown, digits);
  const isNegative = text.startsWith("-");
  return `${isNegative ? "-" : ""}${before}${text.slice(isNegative ? 1 : 0)}${behind}`;
}

const digitsOf = (number: number, count: number): string => String(number).padStart(count >= 2 ? 2 : 1, "0");

const named = (names: string[], index: number, count: number, number: number): string => (count === 3 ? names[index]!.slice(0, 3) : count > 3 ? names[index]! : digitsOf(number, count));

// `seconds` is the time of day.
export function formatMoment(days: number, seconds: number, pattern: string): string {
  const { year, month, day } = civilOf(days);
  const weekday = weekdayOf(days);
  const units = unitsOf(pattern);
  const isHalved = units.some(({ letter }) => letter === "p");
  const hour = Math.floor(seconds / 3600);
  const written = ({ letter, count, literal }: Unit): string => {
    switch (letter) {
      case "y":
        return count <= 2 ? digitsOf(year % 100, 2) : String(year).padStart(4, "0");
      case "m":
        return named(monthNames, month - 1, count, month);
      case "d":
        return named(dayNames, weekday, count, day);
      case "a":
        return (count > 3 ? "星期" : "") + chineseDays[weekday]!;
      case "h":
        return digitsOf(isHalved ? ((hour + 11) % 12) + 1 : hour, count);
      case "n":
        return digitsOf(Math.floor(seconds / 60) % 60, count);
      case "s":
        return digitsOf(seconds % 60, count);
      case "p":
        return hour < 12 ? "AM" : "PM";
      default:
        return literal;
    }
  };
  return units.map(written).join("");
}
