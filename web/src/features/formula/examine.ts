// Whether a text is a condition, and what is wrong where it is none. Nothing written is nothing wrong.
import { checkCondition, type Surroundings } from "./language/check";
import { Fault } from "./language/fault";
import type { Checked } from "./language/fit";
import { parse } from "./language/parser";

export function examine(text: string, surroundings: Surroundings): { fault: Fault | null; checked: Checked | null } {
  if (text.trim() === "") return { fault: null, checked: null };
  try {
    return { fault: null, checked: checkCondition(parse(text), surroundings) };
  } catch (thrown) {
    if (thrown instanceof Fault) return { fault: thrown, checked: null };
    throw thrown;
  }
}
