// Which fields are shown: those whose name, in either language, or code holds every word, by object.
import type { FieldUses } from "../../api/types";

export interface ObjectFields {
  object: string;
  label: Record<string, string>;
  fields: FieldUses[];
}

const folded = (text: string): string => text.toLocaleLowerCase().normalize("NFKC");

export function foundFields(fields: FieldUses[], q: string, isUsedOnly: boolean): ObjectFields[] {
  const words = folded(q).split(/\s+/).filter(Boolean);
  const groups = new Map<string, ObjectFields>();
  for (const field of fields) {
    const text = folded([...Object.values(field.label), field.code].join("\n"));
    if ((isUsedOnly && field.uses === 0) || !words.every((word) => text.includes(word))) continue;
    const group = groups.get(field.object) ?? { object: field.object, label: field.object_label, fields: [] };
    groups.set(field.object, group);
    group.fields.push(field);
  }
  return [...groups.values()];
}
