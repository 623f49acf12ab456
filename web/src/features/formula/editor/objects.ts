// What formulas can name: the fields of each kind of record, and the records that belong to one.
import { typeOf, listOf, type Choice, type Kind, type Shape, type Slot } from "../language/type";

export interface NamedField {
  code: string;
  labels: Record<string, string>;
  kind: Kind; // `each` of it where there are several
  isSeveral?: boolean;
  object?: string; // of a record, or records
  choices?: Choice[]; // of values that are shown by other words
}
export type Objects = Record<string, NamedField[]>;

export function namedIn(fields: NamedField[], name: string): NamedField | undefined {
  return fields.find(({ code }) => code === name) ?? fields.find(({ labels }) => Object.values(labels).includes(name));
}
export function shapeOf(objects: Objects, object: string): Shape {
  const fields = objects[object] ?? [];
  return {
    find(name): Slot | undefined {
      const found = namedIn(fields, name);
      if (!found) return undefined;
      const slot: Slot = { key: found.code, type: found.isSeveral ? listOf(found.kind) : typeOf(found.kind), ...(found.choices ? { choices: found.choices } : {}) };
      return found.object ? { ...slot, target: shapeOf(objects, found.object) } : slot;
    },
    names: () => fields.map(({ code }) => code),
  };
}
