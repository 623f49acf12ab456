// A type of identifiers as the form has it, and as the server wants it.
import type { IdentityType, IdentityTypeInput } from "../../api/types";

export interface TypeWish {
  code: string;
  label_en: string;
  label_zh: string;
  is_joining: boolean;
  strength: IdentityType["strength"];
  joins: IdentityType["joins"];
  is_scoped: boolean;
  kept: IdentityType["kept"];
  written: IdentityType["written"];
  is_case_folded: boolean;
  pattern: string;
  message_en: string;
  message_zh: string;
  length_min: number;
  length_max: number;
  limits_strong_beside: number;
  limits_records: number;
}

const fresh: TypeWish = {
  code: "",
  label_en: "",
  label_zh: "",
  is_joining: true,
  strength: "strong",
  joins: "persons",
  is_scoped: false,
  kept: "value",
  written: "text",
  is_case_folded: false,
  pattern: "",
  message_en: "",
  message_zh: "",
  length_min: 1,
  length_max: 64,
  limits_strong_beside: 0,
  limits_records: 200,
};

export function wishOf(type: IdentityType | null): TypeWish {
  if (!type) return fresh;
  const { code, is_joining, strength, joins, is_scoped, kept, written, is_case_folded, pattern, length_min, length_max } = type;
  return {
    code,
    is_joining,
    strength,
    joins,
    is_scoped,
    kept,
    written,
    is_case_folded,
    pattern,
    length_min,
    length_max,
    label_en: type.label.en ?? "",
    label_zh: type.label["zh-CN"] ?? "",
    message_en: type.pattern_message.en ?? "",
    message_zh: type.pattern_message["zh-CN"] ?? "",
    limits_strong_beside: type.limits.strong_beside,
    limits_records: type.limits.records,
  };
}

const textOf = (en: string, zh: string): Record<string, string> => Object.fromEntries([["en", en.trim()], ["zh-CN", zh.trim()]].filter(([, text]) => text));

// Of a type that Onefold ships only these can be changed.
export function inputOfType(wish: TypeWish, isBuiltIn: boolean): IdentityTypeInput {
  const { code, is_joining, strength, joins, is_scoped, kept, written, is_case_folded, length_min, length_max } = wish;
  const limits = { strong_beside: wish.limits_strong_beside ?? 0, records: wish.limits_records ?? 0 };
  if (isBuiltIn) return { code, is_joining, limits };
  return {
    code,
    is_joining,
    strength,
    joins,
    is_scoped,
    kept,
    written,
    is_case_folded,
    length_min,
    length_max,
    limits,
    pattern: wish.pattern.trim(),
    label: textOf(wish.label_en, wish.label_zh),
    ...(wish.message_en.trim() || wish.message_zh.trim() ? { pattern_message: textOf(wish.message_en, wish.message_zh) } : {}),
  };
}
