// What a record that a customer is made of is called.
import type { LineageNode } from "../../api/types";
import { useIdentifierText } from "../naming/naming";
import { useCustomerText } from "./texts";

// What people typed stands in a record of its own.
export const isTyped = (node: LineageNode): boolean => node.source === "manual";

export function useNodeText() {
  const { say } = useCustomerText();
  const { textOf } = useIdentifierText();
  return {
    sourceOf: (node: LineageNode): string => (isTyped(node) ? say("lineage.typed") : node.source),
    wordsOf: (node: LineageNode): string => (isTyped(node) ? Object.values(node.facts ?? {}).map(String).join(" · ") : node.identifiers.map(textOf).join(" · ") || node.subject_key),
  };
}
