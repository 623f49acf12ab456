// What a formula's parts are, before anything is evaluated.
import { said, type LocalText } from "./fault";

// Of every type a value may be blank. `blank` is the type of what is always blank, and fits in anywhere.
export type Kind = "blank" | "truth" | "number" | "text" | "date" | "instant" | "list" | "record" | "records";
export interface Type {
  kind: Kind;
  each: Kind; // of a list
}
export const typeOf = (kind: Kind): Type => ({ kind, each: "blank" });
export const listOf = (each: Kind): Type => ({ kind: "list", each });
export const isType = (one: Type, other: Type): boolean => one.kind === other.kind && one.each === other.each;
export const isScalar = ({ kind }: Type): boolean => kind !== "list" && kind !== "record" && kind !== "records";

// A value that a field holds, and how people see it.
export interface Choice {
  code: string;
  labels: string[]; // in any language
}

// What a record of one object has. A field that the asker may not read is not there.
export interface Slot {
  key: string; // where a record keeps it
  type: Type;
  target?: Shape; // of a record, or records
  choices?: Choice[]; // of values that are shown by other words than they are written with
  text?: string; // where the same is to be had as text, as it was written
}
export interface Shape {
  find(name: string): Slot | undefined;
  names(): string[];
}

const ones: Partial<Record<Kind, LocalText>> = {
  blank: said("blank", "空值"), truth: said("a condition (TRUE or FALSE)", "条件（TRUE 或 FALSE）"), number: said("a number", "数字"), text: said("text", "文本"), date: said("a date", "日期"),
  instant: said("a date and time", "日期时间"), record: said("a record", "记录"), records: said("records", "多条记录"),
};
const lists: Partial<Record<Kind, LocalText>> = {
  truth: said("a list of conditions", "条件列表"), number: said("a list of numbers", "数字列表"), text: said("a list of texts", "文本列表"), date: said("a list of dates", "日期列表"),
  instant: said("a list of dates and times", "日期时间列表"),
};
export const nameOf = ({ kind, each }: Type): LocalText => ones[kind] ?? lists[each] ?? said("a list", "列表");
