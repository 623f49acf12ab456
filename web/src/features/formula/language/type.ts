// What a formula's parts are, before anything is evaluated.
import type { LocalText } from "./fault";
import { types } from "./table.json";

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

const names: Record<string, LocalText | undefined> = types; // in the program's own words
export const nameOf = ({ kind, each }: Type): LocalText => (kind === "list" ? (names[`list of ${each}`] ?? names["list of blank"]!) : names[kind]!);
