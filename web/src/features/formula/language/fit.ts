// How what stands somewhere becomes what is wanted there: a text literal beside a date is a date, a date beside an instant is the day's first moment, and so on; and what is said where it cannot.
import { Decimal } from "./decimal";
import type { Operator } from "./expression";
import { beginningOf, Fault, lengthOf, said, type LocalText, type Span } from "./fault";
import type { FunctionRow } from "./functions";
import { parseDay, parseTime, type Zone } from "./time";
import { isScalar, isType, listOf, nameOf, typeOf, type Kind, type Slot, type Type } from "./type";
import type { Value } from "./value";

// The checked tree: every part has a type, every name is a slot, every call has its function.
export interface Checked {
  form: "constant" | "field" | "gather" | "start" | "call";
  type: Type;
  at: Span;
  constant: Value;
  scope: number; // 0: the record that is asked about; 1: those of the outermost gather around; …
  path: Slot[];
  op: Operator;
  row?: FunctionRow; // of a function
  args: Checked[];
  text: string; // how it is written, for what is said about it
}
export const checked = (form: Checked["form"], type: Type, more: Partial<Checked> = {}): Checked => ({ form, type, at: { begin: 0, length: 0 }, constant: null, scope: 0, path: [], op: "call", args: [], text: "", ...more });
export const callOf = (op: Operator, type: Type, args: Checked[]): Checked => checked("call", type, { op, args });

// A list that holds TRUE for each of the records.
export const counted = (records: Checked): Checked => ({ ...records, form: "gather", type: listOf("truth"), args: [...records.args, checked("constant", typeOf("truth"), { constant: true })] });

const textLiteral = (part: Checked): string | null => (part.form === "constant" && typeof part.constant === "string" ? part.constant : null);

function read(text: string, wanted: Kind, zone: Zone): Value {
  if (wanted === "number") return Decimal.tryParse(text);
  if (wanted === "date") return parseDay(text);
  return wanted === "instant" && text.length >= 8 ? parseTime(text, zone) : null;
}

function whatIs(part: Checked): LocalText {
  const shown = beginningOf(part.text, 40) + (lengthOf(part.text) > 40 ? "…" : "");
  const name = nameOf(part.type);
  return said(`${shown} is ${name.en}`, `${shown} 是${name["zh-CN"]}`);
}
// What may have been meant.
function hint({ type: { kind }, type }: Checked, wanted: Type): LocalText {
  if (kind === "records" || (kind === "list" && isScalar(wanted))) return said(" Ask it with a function such as COUNT, SUM, MAX, ANY or FIRST.", "可用 COUNT、SUM、MAX、ANY、FIRST 等函数求值。");
  if (kind === "record") return said(" Name one of its fields behind a dot.", "请在点号后写出它的某个字段。");
  if (kind === "text" && wanted.kind === "number") return said(" VALUE(…) reads a number out of text.", "可用 VALUE(…) 将文本读作数字。");
  if (kind === "text" && (wanted.kind === "date" || wanted.kind === "instant")) return said(' A date is written "2026-05-31"; DATEVALUE(…) reads one out of text.', '日期写作 "2026-05-31"；可用 DATEVALUE(…) 将文本读作日期。');
  if (kind === "instant" && wanted.kind === "date") return said(" TODATE(…) is its day.", "可用 TODATE(…) 取得日期。");
  if (wanted.kind === "text" && isScalar(type)) return said(' TEXT(…) or & "" makes text of it.', '可用 TEXT(…) 或 & "" 转为文本。');
  return said("", "");
}
export function wrongType(part: Checked, wanted: Type | LocalText): Fault {
  const is = whatIs(part);
  const name = "en" in wanted ? wanted : nameOf(wanted);
  const meant = hint(part, "en" in wanted ? typeOf("truth") : wanted);
  return new Fault(part.at, "formula.wrong_type", said(`${is.en}, but ${name.en} is expected here.${meant.en}`, `${is["zh-CN"]}，但此处应为${name["zh-CN"]}。${meant["zh-CN"]}`));
}

const asText = (part: Checked): Checked => {
  const last = part.path.at(-1)!;
  return { ...part, type: typeOf("text"), path: [...part.path.slice(0, -1), { ...last, type: typeOf("text"), key: last.text! }] };
};
const started = (part: Checked, type: Type): Checked => checked("start", type, { at: part.at, text: part.text, args: [part] });

// The type to which all of them can be brought, if any.
function common(parts: Checked[]): Type {
  let type = typeOf("blank");
  let of: Checked | null = null;
  for (const part of parts) {
    if (part.type.kind === "blank" || (textLiteral(part) !== null && of)) continue;
    const isLiteral = of !== null && textLiteral(of) !== null;
    const isLater = type.kind === "date" && part.type.kind === "instant";
    const isText = type.kind !== "text" && part.type.kind === "text" && textLiteral(part) === null;
    const isWider = type.kind === "list" && type.each === "blank";
    if (!of || isLiteral || isLater || isText || isWider) {
      type = part.type;
      of = part;
    }
  }
  return type;
}

export function fits(part: Checked, wanted: Type, zone: Zone): boolean {
  return fitted(part, wanted, zone) !== null;
}
export function fit(part: Checked, wanted: Type, zone: Zone): Checked {
  if (isType(part.type, wanted) || part.type.kind === "blank") return part;
  const isListMadeHere = wanted.kind === "list" && part.type.kind === "list" && part.type.each !== "blank" && wanted.each !== "blank" && part.form === "call" && part.op === "list";
  if (isListMadeHere) return { ...part, type: wanted, args: part.args.map((member) => fit(member, typeOf(wanted.each), zone)) }; // says which member is wrong
  const result = fitted(part, wanted, zone);
  if (!result) throw wrongType(part, wanted);
  return result;
}
function fitted(part: Checked, wanted: Type, zone: Zone): Checked | null {
  if (isType(part.type, wanted) || part.type.kind === "blank") return part;
  if (wanted.kind === "list" && part.type.kind === "list") {
    if (part.type.each === "blank" || wanted.each === "blank") return wanted.each === "blank" ? part : { ...part, type: wanted };
    const each = typeOf(wanted.each);
    if (part.form === "call" && part.op === "list") {
      const members = part.args.map((member) => fitted(member, each, zone));
      return members.some((member) => member === null) ? null : { ...part, type: wanted, args: members as Checked[] };
    }
    const gathered = part.form === "gather" ? fitted(part.args[0]!, each, zone) : null;
    if (gathered) return { ...part, type: wanted, args: [gathered, ...part.args.slice(1)] };
    if (part.type.each === "date" && wanted.each === "instant") return started(part, wanted);
  }
  const text = textLiteral(part);
  const constant = text === null ? null : read(text, wanted.kind, zone);
  if (constant !== null) return { ...part, constant, type: wanted };
  if (part.type.kind === "date" && wanted.kind === "instant") return started(part, wanted);
  if (wanted.kind === "text" && part.form === "field" && part.path.at(-1)!.text !== undefined && isScalar(part.type)) return asText(part);
  return null;
}

// Brings the parts at these places to one type, and answers it.
export function unify(args: Checked[], places: number[], zone: Zone): Type {
  const parts = places.map((place) => args[place]!);
  let type = common(parts);
  const allFit = (wanted: Type) => parts.every((part) => fits(part, wanted, zone));
  // What is a number or a date only because a text could be read so is text beside what cannot; but a date beside a text literal is a mistake in the literal.
  const mayBeText = type.kind === "number" || parts.every((part) => textLiteral(part) === null);
  if (type.kind !== "text" && isScalar(type) && mayBeText && !allFit(type) && allFit(typeOf("text"))) type = typeOf("text");
  if (type.kind === "record" || type.kind === "records") for (const part of parts) if (!isScalar(part.type)) throw wrongType(part, typeOf("text"));
  for (const place of places) args[place] = fit(args[place]!, type, zone);
  return type;
}

