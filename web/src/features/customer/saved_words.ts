// A saved list as the list's address, and the address as a saved list. Fetched when there is one, or somebody saves.
import type { SavedList, SavedQuestion } from "../../api/types";
import type { Words } from "../../design/address";
import { groupOf, textOf } from "../formula/as_text";
import { writeTree, type Field, type Group, type Leaf } from "../formula/tree";
import { lookupOf } from "./find";
import { readLayout, usualLayout, usualWidth, writeLayout, type Layout } from "./columns";
import { readSort, writeSort, type ListState } from "./list_state";

// What the builder can show exactly is built; all else is a formula.
function conditionWords(text: string, fields: Field[]): Words {
  const answer = groupOf(text, fields);
  const where = "group" in answer && textOf(answer.group, fields) === text ? writeTree(answer.group) : null;
  return where === null ? { formula: text } : { where };
}

export function wordsOf({ question }: Pick<SavedList, "question">, fields: Field[]): Words {
  const layout = readLayout(question.columns.map(({ field, width, is_frozen }) => field + (width ? `:${width}` : "") + (is_frozen ? "!" : "")).join(","));
  return {
    sort: writeSort(readSort(question.sort ?? undefined)),
    columns: writeLayout(layout ?? usualLayout()),
    ...(question.kind ? { kind: question.kind } : {}),
    ...(question.condition ? conditionWords(question.condition, fields) : {}),
  };
}

// A name that is searched for becomes a condition like the others, and is shown as one when the list is opened.
function conditionOf(name: string | null, tree: Group, formula: string | undefined, fields: Field[]): string {
  if (name === null) return formula ?? textOf(tree, fields);
  const leaf: Leaf = { field: "name", op: "contains", values: [name] };
  if (formula !== undefined) return `${textOf({ join: "all", items: [leaf] }, fields)} AND (${formula})`;
  return textOf(tree.join === "all" ? { ...tree, items: [...tree.items, leaf] } : { join: "all", items: tree.items.length > 0 ? [tree, leaf] : [leaf] }, fields);
}

export function questionOf(state: ListState, layout: Layout, { tree, formula }: { tree: Group; formula: string | undefined }, fields: Field[]): SavedQuestion {
  return {
    condition: conditionOf(lookupOf(state.q).name, tree, formula, fields) || null,
    kind: state.kind,
    sort: writeSort(state.sort),
    columns: layout.map(({ code, width, isFrozen }) => ({ field: code, width: width === usualWidth(code) ? null : width, is_frozen: isFrozen ? true : null })),
  };
}
