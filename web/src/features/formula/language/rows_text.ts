// Functions of the family text. Characters are code points.
import { cut, Decimal, DecimalTrouble } from "./decimal";
import { beginningOf, bytesOf, folded, lengthOf } from "./fault";
import { formatDigits, formatMoment, formatNumber } from "./format";
import { Draft, num, type Body, type Run } from "./run";
import { Day, dayMicros, floorBig, Instant } from "./time";
import { toText, type Value } from "./value";

const textAt = (args: Value[], index: number): string => args[index] as string;
// A count that stands at a place, or the one that is meant where there is none; negative ones are below every use.
const countAt = (args: Value[], index: number, otherwise: number): number => (index < args.length ? Number(cut(args[index] as Decimal) ?? -1n) : otherwise);
const refused = (run: Run, arg: Value): Value => run.fail("bad_argument", toText(arg));
// Where the character with this index begins, or the text's end.
const placeOf = (text: string, index: number): number => beginningOf(text, Math.min(index, text.length)).length;

// One character's own capital or small letter, where that is one character.
const capitals = new Map(["ᾀ", "ᾁ", "ᾂ", "ᾃ", "ᾄ", "ᾅ", "ᾆ", "ᾇ", "ᾐ", "ᾑ", "ᾒ", "ᾓ", "ᾔ", "ᾕ", "ᾖ", "ᾗ", "ᾠ", "ᾡ", "ᾢ", "ᾣ", "ᾤ", "ᾥ", "ᾦ", "ᾧ"].map((c) => [c, String.fromCharCode(c.charCodeAt(0) + 8)]));
for (const c of "ᾳῃῳ") capitals.set(c, String.fromCharCode(c.charCodeAt(0) + 9));
const alone = (c: string, mapped: string): string => (lengthOf(mapped) === 1 ? mapped : c);
export const upperOf = (c: string): string => capitals.get(c) ?? alone(c, c.toUpperCase());
export const lowerOf = (c: string): string => (c === "İ" ? "i" : alone(c, c.toLowerCase()));

const mapped = (text: string, map: (c: string) => string): string => {
  let result = "";
  for (const c of text) result += map(c);
  return result;
};
const mapping = (make: () => (c: string) => string): Body => (run, args) => {
  const text = textAt(args, 0);
  return run.mayTake(bytesOf(text) * 2) ? run.text(mapped(text, make())) : run.giveUp("too_much_memory");
};

const middle: Body = (run, args) => {
  const [start, count] = [countAt(args, 1, 1), countAt(args, 2, 0)];
  if (start < 1 || count < 0) return refused(run, args[start < 1 ? 1 : 2]!);
  const text = textAt(args, 0);
  return beginningOf(text.slice(placeOf(text, start - 1)), count);
};
const right: Body = (run, args) => {
  const text = textAt(args, 0);
  const count = countAt(args, 1, 1);
  return count < 0 ? refused(run, args[1]!) : text.slice(placeOf(text, Math.max(0, lengthOf(text) - count)));
};
const isSpace = (c: string): boolean => c === " " || c === "\t" || c === "\u00a0" || c === "\u3000";
const trim: Body = (run, args) => {
  let isAfterSpace = true;
  const text = mapped(textAt(args, 0), (c) => {
    const isDropped = isSpace(c) && isAfterSpace;
    isAfterSpace = isSpace(c);
    return isDropped ? "" : isAfterSpace ? " " : c;
  });
  return run.text(text.endsWith(" ") ? text.slice(0, -1) : text);
};
const substitute: Body = (run, args) => {
  const [text, old, fresh] = [textAt(args, 0), textAt(args, 1), textAt(args, 2)];
  const only = countAt(args, 3, 0);
  if (args.length > 3 && only < 1) return refused(run, args[3]!);
  const draft = new Draft(run);
  let from = 0;
  for (let nth = 1; ; ++nth) {
    const found = old === "" ? -1 : text.indexOf(old, from);
    if (found < 0) break;
    if (!run.step() || !draft.add(text.slice(from, found)) || !draft.add(only === 0 || nth === only ? fresh : old)) return draft.value();
    from = found + old.length;
  }
  draft.add(text.slice(from));
  return draft.value();
};
const replace: Body = (run, args) => {
  const [start, count] = [countAt(args, 1, 1), countAt(args, 2, 0)];
  if (start < 1 || count < 0) return refused(run, args[start < 1 ? 1 : 2]!);
  const text = textAt(args, 0);
  const from = placeOf(text, start - 1);
  const draft = new Draft(run);
  draft.add(text.slice(0, from));
  draft.add(textAt(args, 3));
  draft.add(text.slice(from + placeOf(text.slice(from), count)));
  return draft.value();
};
function foundAt(run: Run, part: string, text: string, args: Value[]): Value {
  const start = countAt(args, 2, 1);
  if (start < 1) return refused(run, args[2]!);
  if (!run.stepOver(bytesOf(text))) return run.spent;
  const found = start - 1 > lengthOf(text) ? -1 : text.indexOf(part, placeOf(text, start - 1));
  return found < 0 ? run.fail("not_found", textAt(args, 0)) : num(lengthOf(text.slice(0, found)) + 1);
}
const search: Body = (run, args) => {
  const [part, text] = [textAt(args, 0), textAt(args, 1)];
  if (!run.mayTake(2 * (bytesOf(part) + bytesOf(text)))) return run.giveUp("too_much_memory");
  return foundAt(run, mapped(part, lowerOf), mapped(text, lowerOf), args);
};
const beside = (take: (text: string, found: number, mark: string) => string): Body => (run, args) => {
  const [text, mark] = [textAt(args, 0), textAt(args, 1)];
  const found = text.indexOf(mark);
  return found < 0 ? run.fail("not_found", mark) : take(text, found, mark);
};

// ---- values as text, and texts read and joined ----

const everyValue = (args: Value[]): Value[] => args.flatMap((arg) => (Array.isArray(arg) ? arg : [arg]));
const concat: Body = (run, args) => {
  const draft = new Draft(run);
  everyValue(args).every((value) => draft.add(toText(value)));
  return draft.value();
};
const textJoin: Body = (run, args) => {
  if (args[0] === null || args[1] === null) return null;
  const draft = new Draft(run);
  let isFirst = true;
  everyValue(args.slice(2)).every((value) => {
    const text = toText(value);
    if (args[1] === true && text === "") return run.step();
    const isAdded = isFirst || draft.add(textAt(args, 0));
    isFirst = false;
    return isAdded && draft.add(text);
  });
  return draft.value();
};
const repeat: Body = (run, args) => {
  const text = textAt(args, 0);
  const count = countAt(args, 1, 0);
  if (count < 0) return refused(run, args[1]!);
  if (text === "") return text;
  const bytes = bytesOf(text);
  return count > Math.floor(2 ** 40 / bytes) || !run.mayTake(count * bytes) ? run.giveUp("too_much_memory") : run.text(text.repeat(count));
};
const inFormat: Body = (run, args) => {
  const [value, pattern] = [args[0]!, textAt(args, 1)];
  if (value instanceof Decimal) {
    const text = formatNumber(value, pattern);
    return text === null ? run.fail("bad_argument", pattern) : run.text(text);
  }
  if (value instanceof Day) return run.text(formatMoment(value.days, 0, pattern));
  if (!(value instanceof Instant)) return run.text(toText(value));
  const local = run.moment.zone.localOf(value.micros);
  const midnight = floorBig(local, dayMicros);
  return run.text(formatMoment(Number(midnight), Number((local - midnight * dayMicros) / 1_000_000n), pattern));
};
const fixed: Body = (run, args) => {
  const places = countAt(args, 1, 2);
  if (places < 0 || places > 12) return refused(run, args[1]!);
  return run.text(formatDigits(args[0] as Decimal, { wholeLeast: 1, least: places, most: places, isGrouped: args.length < 3 || args[2] !== true }));
};

const trimmed = (text: string): string => text.replace(/^[ \t\r\n\v\f\u00a0\u3000]+|[ \t\r\n\v\f\u00a0\u3000]+$/g, "");
// "1,234.50", "12%", "￥5"
const numberIn: Body = (run, args) => {
  const given = textAt(args, 0);
  if (bytesOf(given) > 200) return run.fail("not_a_number", given);
  let text = trimmed(folded(given));
  for (const sign of "$¥€£") if (text.startsWith(sign)) text = trimmed(text.slice(1));
  const isPercent = text.endsWith("%");
  if (isPercent) text = trimmed(text.slice(0, -1));
  const digits = text.replace(/(?<=\d),(?!$)/g, "");
  try {
    const number = Decimal.parse(digits);
    if (number === null) return run.fail("not_a_number", given);
    return isPercent ? number.over(num(100)) : number;
  } catch (thrown) {
    if (thrown instanceof DecimalTrouble) return run.fail("out_of_range", given);
    throw thrown;
  }
};
const character: Body = (run, args) => {
  const code = countAt(args, 0, 0);
  return code < 1 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? refused(run, args[0]!) : run.text(String.fromCodePoint(code));
};
const split: Body = (run, args) => {
  const [text, mark] = [textAt(args, 0), textAt(args, 1)];
  if (mark === "") return run.fail("bad_argument", '""');
  const parts: Value[] = [];
  for (let from = 0; from >= 0; ) {
    if (!run.step() || !run.mayHold(parts.length)) return run.giveUp("too_much_memory");
    const found = text.indexOf(mark, from);
    parts.push(text.slice(from, found < 0 ? undefined : found));
    from = found < 0 ? found : found + mark.length;
  }
  return run.list(parts);
};

export const textBodies: Record<string, Body> = {
  LEN: (run, args) => (run.stepOver(bytesOf(textAt(args, 0))) ? num(lengthOf(textAt(args, 0))) : run.spent),
  LEFT: (run, args) => {
    const count = countAt(args, 1, 1);
    return count < 0 ? refused(run, args[1]!) : beginningOf(textAt(args, 0), count);
  },
  RIGHT: right,
  MID: middle,
  UPPER: mapping(() => upperOf),
  LOWER: mapping(() => lowerOf),
  PROPER: mapping(() => {
    let isWithin = false;
    return (c) => {
      const result = isWithin ? lowerOf(c) : upperOf(c);
      isWithin = /^\p{L}$/u.test(c);
      return result;
    };
  }),
  TRIM: trim,
  CLEAN: mapping(() => (c) => (c < " " || c === "\x7f" ? "" : c)),
  HALFWIDTH: mapping(() => (c) => (c === "\u3000" ? " " : c >= "\uff01" && c <= "\uff5e" ? String.fromCharCode(c.charCodeAt(0) - 0xfee0) : c)),
  SUBSTITUTE: substitute,
  REPLACE: replace,
  FIND: (run, args) => foundAt(run, textAt(args, 0), textAt(args, 1), args),
  SEARCH: search,
  STARTSWITH: (_, args) => textAt(args, 0).startsWith(textAt(args, 1)),
  ENDSWITH: (_, args) => textAt(args, 0).endsWith(textAt(args, 1)),
  EXACT: (_, args) => textAt(args, 0) === textAt(args, 1),
  TEXTBEFORE: beside((text, found) => text.slice(0, found)),
  TEXTAFTER: beside((text, found, mark) => text.slice(found + mark.length)),
  CONCAT: concat,
  TEXTJOIN: textJoin,
  REPT: repeat,
  TEXT: inFormat,
  FIXED: fixed,
  VALUE: numberIn,
  UNICHAR: character,
  UNICODE: (run, args) => (textAt(args, 0) === "" ? run.fail("bad_argument", '""') : num(textAt(args, 0).codePointAt(0)!)),
  SPLIT: split,
};
