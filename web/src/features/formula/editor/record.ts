// A record as the server's answers hold it, for formulas to be tried on.
import { Decimal } from "../language/decimal";
import type { FormulaRecord } from "../language/run";
import { parseDay, parseRfc3339 } from "../language/time";
import type { Kind } from "../language/type";
import type { Value } from "../language/value";
import type { Objects } from "./objects";

export type RawRecord = { [code: string]: unknown };

// What the record holds of this was not read.
export class NotHeld extends Error {}

function valueOf(raw: unknown, kind: Kind): Value {
  if (raw === null || raw === undefined) return null;
  switch (kind) {
    case "truth":
      return raw === true || raw === 1 || raw === "1" || raw === "true";
    case "number":
      return Decimal.tryParse(String(raw));
    case "date":
      return parseDay(String(raw));
    case "instant":
      return parseRfc3339(String(raw));
    default:
      return String(raw);
  }
}

export function recordOf(raw: RawRecord, objects: Objects, object: string): FormulaRecord {
  const fields = objects[object] ?? [];
  const fieldOf = (code: string) => fields.find((field) => field.code === code);
  const held = (code: string): unknown => {
    if (raw[code] === undefined) throw new NotHeld(code);
    return raw[code];
  };
  const listAt = (code: string): unknown[] => {
    const list = held(code);
    return Array.isArray(list) ? list : [];
  };
  const related = (code: string): FormulaRecord[] => {
    const target = fieldOf(code)?.object;
    return target ? listAt(code).map((one) => recordOf(one as RawRecord, objects, target)) : [];
  };
  return {
    value(code) {
      const field = fieldOf(code);
      if (!field) return null;
      return field.isSeveral ? listAt(code).map((one) => valueOf(one, field.kind)) : valueOf(held(code), field.kind);
    },
    related: (code) => related(code)[0] ?? null,
    records: related,
  };
}
