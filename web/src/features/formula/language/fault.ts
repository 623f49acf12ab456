// What is wrong in a formula, where (in code points), and what is said of it.
export interface Span {
  begin: number;
  length: number;
}
export interface LocalText {
  en: string;
  "zh-CN": string;
}
export const said = (en: string, zh: string): LocalText => ({ en, "zh-CN": zh });

export class Fault extends Error {
  constructor(
    readonly at: Span,
    readonly code: string,
    readonly text: LocalText,
  ) {
    super(text.en);
  }
  // With the place before it.
  get whole(): LocalText {
    const place = this.at.begin + 1;
    return said(`Character ${place}: ${this.text.en}`, `第 ${place} 个字符：${this.text["zh-CN"]}`);
  }
}

export const pointsOf = (text: string): string[] => [...text];
export const lengthOf = (text: string): number => {
  let count = 0;
  for (const _ of text) ++count;
  return count;
};
export function beginningOf(text: string, count: number): string {
  if (text.length <= count) return text;
  let end = 0;
  for (let left = count; left > 0 && end < text.length; --left) end += text.codePointAt(end)! > 0xffff ? 2 : 1;
  return text.slice(0, end);
}
// As many bytes as the server counts.
export function bytesOf(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; ++i) {
    const unit = text.charCodeAt(i);
    count += unit < 0x80 ? 1 : unit < 0x800 ? 2 : unit >= 0xd800 && unit < 0xe000 ? 2 : 3; // a pair is four
  }
  return count;
}
export const upperAscii = (text: string): string => text.replace(/[a-z]+/g, (part) => part.toUpperCase());
export const lowerAscii = (text: string): string => text.replace(/[A-Z]+/g, (part) => part.toLowerCase());
// By code point.
export function compareTexts(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length);
  for (let i = 0; i < shorter; ++i) {
    let a = left.charCodeAt(i);
    let b = right.charCodeAt(i);
    if (a === b) continue;
    if (a >= 0xd800 && a < 0xe000) a += 0x10000;
    if (b >= 0xd800 && b < 0xe000) b += 0x10000;
    return a - b;
  }
  return left.length - right.length;
}

export function wrongCount(name: string, least: number, most: number, count: number, at: Span): Fault {
  const range = least === most ? String(least) : most >= 1000 ? `≥ ${least}` : `${least}–${most}`;
  return new Fault(at, "formula.wrong_count", said(`${name} takes ${range} argument${range === "1" ? "" : "s"}, not ${count}.`, `${name} 需要 ${range} 个参数，而不是 ${count} 个。`));
}

// ---- what may have been meant ----

// Unicode's compatibility form in small letters.
export const folded = (text: string): string => text.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC").replace(/\p{Default_Ignorable_Code_Point}/gu, "").replaceAll("ς", "σ");
const bare = (word: string): string => folded(word).replace(/[ _-]/g, "");
const encoder = new TextEncoder();

function distance(left: Uint8Array, right: Uint8Array): number {
  const row = Array.from({ length: right.length + 1 }, (_, j) => j);
  for (let i = 1; i <= left.length; ++i) {
    let diagonal = row[0]!;
    row[0] = i;
    for (let j = 1; j <= right.length; ++j) {
      const replaced = diagonal + (left[i - 1] === right[j - 1] ? 0 : 1);
      diagonal = row[j]!;
      row[j] = Math.min(row[j]! + 1, row[j - 1]! + 1, replaced);
    }
  }
  return row[right.length]!;
}

export function nearestOf(word: string, known: string[]): string {
  if (bytesOf(word) > 100) return "";
  const wanted = encoder.encode(bare(word));
  let best = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  let result = "";
  for (const candidate of known) {
    if (bytesOf(candidate) > 100) continue;
    const away = distance(wanted, encoder.encode(bare(candidate)));
    if (away >= best) continue;
    best = away;
    result = candidate;
  }
  return result;
}
