// Rules on a form: what was changed, and what cannot be saved.
import type { FieldRule } from "../../api/types";

export const same = (a: FieldRule[], b: FieldRule[]): boolean => JSON.stringify(a) === JSON.stringify(b);
export const incomplete = (rules: FieldRule[]): string[] => rules.filter((rule) => rule.rule === "sources" && rule.sources.length === 0).map((rule) => rule.field);
export const withRule = (rules: FieldRule[], field: string, changes: Partial<FieldRule>): FieldRule[] =>
  rules.map((rule) => {
    if (rule.field !== field) return rule;
    const next = { ...rule, ...changes };
    return next.rule === "sources" ? next : { ...next, sources: [] };
  });
export function moved(sources: string[], source: string, step: -1 | 1): string[] {
  const from = sources.indexOf(source);
  const to = from + step;
  if (from < 0 || to < 0 || to >= sources.length) return sources;
  const next = [...sources];
  [next[from], next[to]] = [next[to]!, next[from]!];
  return next;
}
