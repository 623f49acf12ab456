// Which functions are looked for.
import type { FormulaFunction, FunctionFamily } from "../../api/types";

export const families: FunctionFamily[] = ["logic", "text", "number", "date", "list"];
export const familyOf = (word: string | undefined): FunctionFamily | null => families.find((family) => family === word) ?? null;

const textOf = ({ name, aliases, help }: FormulaFunction) => [name, ...aliases, ...Object.values(help)].join("\n").toLowerCase();

// By every word of the question, in the name, another name, or the help in any language; names that begin so come first.
export function found(all: FormulaFunction[], question: string, family: FunctionFamily | null): FormulaFunction[] {
  const asked = question.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const matching = all.filter((one) => (!family || one.family === family) && asked.every((word) => textOf(one).includes(word)));
  const isNamedSo = ({ name, aliases }: FormulaFunction) => asked.length > 0 && [name, ...aliases].some((one) => one.toLowerCase().startsWith(asked[0]!));
  return [...matching.filter(isNamedSo), ...matching.filter((one) => !isNamedSo(one))];
}
