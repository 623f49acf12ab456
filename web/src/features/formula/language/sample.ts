// A record out of JSON, with the shape that it shows. Numbers are numbers, also texts that are exactly how one is written ("100.50", but not "007"); ISO dates and times in texts are dates and times, without an offset in
// the zone. All of these are still texts where text is wanted. An object is a record, an array of objects are records, another array is a list, null is blank.
import { Decimal } from "./decimal";
import { beginningOf, compareTexts, Fault, said } from "./fault";
import type { FormulaRecord } from "./run";
import { dayMicros, Instant, parseDay, parseTime, type Zone } from "./time";
import { listOf, typeOf, type Kind, type Shape, type Slot, type Type } from "./type";
import type { Value } from "./value";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };
const isObject = (value: Json): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

// As Decimal writes it, but for zeros behind the point.
const numberIn = (text: string): Decimal | null => (/^-?(0|[1-9]\d*)(\.\d+)?$/.test(text) ? Decimal.tryParse(text) : null);
const instantIn = (text: string, zone: Zone): Instant | null => (text.length >= 16 && text.length <= 40 && parseDay(text.slice(0, 10)) ? parseTime(text, zone) : null);

function kindOf(value: Json, zone: Zone): Kind {
  if (typeof value === "boolean") return "truth";
  if (typeof value === "number") return "number";
  if (isObject(value)) return "record";
  if (typeof value !== "string") return "blank";
  if (numberIn(value)) return "number";
  if (parseDay(value)) return "date";
  return instantIn(value, zone) ? "instant" : "text";
}

interface Column {
  kinds: Set<Kind>; // that were met
  isAllText: boolean;
  isList: boolean;
  isSingle: boolean;
  target: Inferred | null;
  type: Type;
}

// What there is, once all of a kind were seen.
class Inferred implements Shape {
  readonly columns = new Map<string, Column>();
  private isMet = false;
  private open: Inferred | null = null; // what is behind a blank: anything, blank
  constructor(readonly zone: Zone) {}

  meet(object: JsonObject): void {
    this.isMet = true;
    for (const [key, value] of Object.entries(object)) {
      const column = this.columns.get(key) ?? { kinds: new Set(), isAllText: true, isList: false, isSingle: false, target: null, type: typeOf("blank") };
      this.columns.set(key, column);
      this.meetValue(column, value);
    }
  }
  private meetValue(column: Column, value: Json): void {
    const list = Array.isArray(value) ? value : null;
    column.isList ||= list !== null;
    column.isSingle ||= list === null && value !== null;
    for (const one of list ?? [value]) {
      const kind = kindOf(one, this.zone);
      if (kind !== "blank") column.kinds.add(kind);
      column.isAllText &&= typeof one === "string" || one === null;
      if (Array.isArray(one)) column.kinds.add("list").add("text"); // a list in a list: refused
      if (isObject(one)) {
        column.target ??= new Inferred(this.zone);
        column.target.meet(one);
      }
    }
    if (list?.length === 0 && !column.target) column.isAllText = false;
  }
  settle(): void {
    this.open ??= new Inferred(this.zone);
    for (const [name, column] of this.columns) {
      const type = this.typeOf(column);
      if (!type) {
        const shown = beginningOf(name, 60);
        throw new Fault({ begin: 0, length: 0 }, "formula.bad_record", said(`The field “${shown}” holds values of different kinds.`, `字段“${shown}”的值类型不一致。`));
      }
      column.type = type;
      column.target?.settle();
    }
  }
  private typeOf(column: Column): Type | null {
    const { kinds, isList, isSingle, isAllText } = column;
    if (isList && isSingle) return null;
    let kind: Kind = [...kinds][0] ?? "blank";
    if (kinds.size > 1) {
      if (kinds.size === 2 && kinds.has("date") && kinds.has("instant")) kind = "instant";
      else if (isAllText) kind = "text";
      else return null;
    }
    if (kind === "record" || (isList && kind === "blank")) {
      column.target ??= new Inferred(this.zone); // an empty array may be of records
      return typeOf(isList ? "records" : "record");
    }
    return isList ? listOf(kind) : typeOf(kind);
  }

  find(name: string): Slot | undefined {
    const column = this.columns.get(name);
    if (!column) return this.isMet ? undefined : { key: name, type: typeOf("blank"), target: this };
    const { type, target, isAllText } = column;
    const slot: Slot = { key: name, type };
    const behind = type.kind === "blank" ? this.open : target;
    if (behind) slot.target = behind;
    if (isAllText && (type.kind === "number" || type.kind === "date" || type.kind === "instant")) slot.text = `${name}\0text`;
    return slot;
  }
  names(): string[] {
    return [...this.columns.keys()].toSorted(compareTexts);
  }
}

class SampleRecord implements FormulaRecord {
  private readonly values = new Map<string, Value>();
  private readonly many = new Map<string, SampleRecord[]>();

  constructor(object: JsonObject, shape: Inferred) {
    for (const [name, column] of shape.columns) {
      const value = object[name];
      if (value === undefined) continue;
      const { kind, each } = column.type;
      if (kind === "record" || kind === "records")
        this.many.set(
          name,
          (Array.isArray(value) ? value : [value]).filter(isObject).map((one) => new SampleRecord(one, column.target!)),
        );
      else if (Array.isArray(value)) this.values.set(name, value.map((one) => valueOf(one, each, shape.zone)));
      else {
        this.values.set(name, valueOf(value, kind, shape.zone));
        if (typeof value === "string") this.values.set(`${name}\0text`, value);
      }
    }
  }
  value(key: string): Value {
    return this.values.get(key) ?? null;
  }
  related(key: string): SampleRecord | null {
    return this.many.get(key)?.at(-1) ?? null;
  }
  records(key: string): SampleRecord[] {
    return this.many.get(key) ?? [];
  }
}

function valueOf(value: Json, kind: Kind, zone: Zone): Value {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number") return Decimal.parse(value.toLocaleString("en-US", { useGrouping: false, maximumFractionDigits: 12 }));
  const text = value as string;
  if (kind === "number") return numberIn(text);
  if (kind === "date") return parseDay(text);
  if (kind !== "instant") return text;
  const day = parseDay(text);
  return day ? new Instant(zone.ofLocal(BigInt(day.days) * dayMicros)) : instantIn(text, zone);
}

export function readSample(json: Json, zone: Zone): { shape: Shape; record: FormulaRecord } {
  if (!isObject(json)) throw new Fault({ begin: 0, length: 0 }, "formula.bad_record", said("A record is a JSON object.", "记录须为 JSON 对象。"));
  const shape = new Inferred(zone);
  shape.meet(json);
  shape.settle();
  return { shape, record: new SampleRecord(json, shape) };
}
