// What a written condition asks, in words; the text itself where it is no formula.
import { useFormulaText } from "./texts";
import { sentenceOfFormula, type Words } from "./formula_sentence";
import { Fault } from "./language/fault";
import { parse } from "./language/parser";

export default function FormulaSentence({ text, ...known }: { text: string } & Pick<Words, "objects" | "object" | "fields">) {
  const { say, language } = useFormulaText();
  return <>{told(text, { ...known, say, language })}</>;
}
function told(text: string, words: Words): string {
  try {
    return sentenceOfFormula(parse(text), words);
  } catch (thrown) {
    if (thrown instanceof Fault) return text;
    throw thrown;
  }
}
