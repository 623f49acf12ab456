// Server-side messages land at the input that they are about; what names no input is returned, to be shown above the form.
import type { FormInstance } from "antd";
import { useEffect, useRef } from "react";
import { asFailure, inputOf, type Failure } from "../api/failure";
import { useDesignText } from "./texts";

// An input with an error, with what stands beneath it.
export const intoSight = { focus: true, block: "center" } as const;

export function spreadFailure(form: FormInstance, thrown: unknown): Failure | null {
  const failure = asFailure(thrown);
  const inputs = Object.keys(form.getFieldsValue(true) as object).concat(Object.keys(form.getFieldsValue() as object));
  const placed = failure.fields.filter((field) => inputs.includes(inputOf(field.path)));
  form.setFields(placed.map((field) => ({ name: inputOf(field.path), errors: [field.message] })));
  const isWhole = placed.length > 0 && placed.length === failure.fields.length;
  if (isWhole) form.scrollToField(inputOf(placed[0]!.path), intoSight);
  return isWhole ? null : failure;
}

// Messages that stand at inputs follow the language too.
export function useFormLanguage(form: FormInstance): void {
  const { language } = useDesignText();
  const known = useRef(language);
  useEffect(() => {
    if (known.current === language) return;
    known.current = language;
    const wrong = form.getFieldsError().filter((field) => field.errors.length > 0);
    if (wrong.length > 0) void form.validateFields(wrong.map((field) => field.name)).catch(() => undefined);
  }, [form, language]);
}
