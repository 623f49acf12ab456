// The condition as a sentence, in the reader's language.
import { isComplete, isGroup, takes, type Field, type Group, type Leaf, type Node } from "./tree";
import type { useFormulaText } from "./texts";

type Say = ReturnType<typeof useFormulaText>["say"];

export const wordsOf = (field: Field, values: string[], say: Say): string =>
  values.map((value) => field.choices?.find((choice) => choice.value === value)?.label ?? value).join(say("sentence.list"));

function ofLeaf(leaf: Leaf, field: Field, say: Say): string {
  const kind = takes(leaf.op);
  const name = field.noun ?? field.label;
  if (kind === "nothing") return say(`sentence.${leaf.op}` as "sentence.blank", { name });
  if (kind === "span") return say(`sentence.${leaf.op}` as "sentence.within", { name, span: say(`span.${leaf.values[1]}` as "span.day", { count: Number(leaf.values[0]) }) });
  if (kind === "count_span") return say(`sentence.${leaf.op}` as "sentence.at_least_within", { name, value: leaf.values[0]!, span: say(`span.${leaf.values[2]}` as "span.day", { count: Number(leaf.values[1]) }) });
  const value = kind === "choices" ? wordsOf(field, leaf.values, say) : kind === "word" ? say("sentence.quoted", { text: leaf.values[0] ?? "" }) : (leaf.values[0] ?? "");
  return say(`sentence.${leaf.op}` as "sentence.is", { name, value });
}

const isAsked = (node: Node): boolean => (isGroup(node) ? node.items.some(isAsked) : isComplete(node));

function ofNode(node: Node, fields: Field[], say: Say, isInner: boolean): string {
  if (!isGroup(node)) {
    const field = fields.find(({ code }) => code === node.field);
    return field ? ofLeaf(node, field, say) : "";
  }
  const parts = node.items.filter(isAsked).map((item) => ofNode(item, fields, say, true));
  const joined = parts.join(say(node.join === "all" ? "sentence.and" : "sentence.or"));
  if (node.join === "none") return say("sentence.none", { parts: joined });
  return isInner && parts.length > 1 ? say("sentence.inner", { parts: joined }) : joined;
}

export const sentenceOf = (group: Group, fields: Field[], say: Say): string => (isAsked(group) ? ofNode(group, fields, say, false) : "");
