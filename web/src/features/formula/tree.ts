// A condition as people build it: groups of conditions on fields, how it stands in an address, and the server's tree that it means.
import type { Formula } from "../../api/types";

export type Kind = "text" | "number" | "time" | "choice" | "several" | "records"; // records: others that belong to this one, and have a time
export interface Choice {
  value: string;
  label: string;
}
export interface Field {
  code: string;
  label: string;
  noun?: string; // in a sentence, where that is another word
  kind: Kind;
  choices?: Choice[];
  isSuggested?: boolean; // its values are few enough to be offered
}

export const joins = ["all", "any", "none"] as const;
export type Join = (typeof joins)[number];
export interface Group {
  join: Join;
  items: Node[];
}
export interface Leaf {
  field: string;
  op: Op;
  values: string[];
}
export type Node = Group | Leaf;
export const isGroup = (node: Node): node is Group => "join" in node;

const ops = {
  text: ["is", "is_not", "contains", "contains_not", "blank", "filled"],
  number: ["at_least", "at_most", "equals", "equals_not", "blank", "filled"],
  time: ["within", "before_last", "since", "until", "blank", "filled"],
  choice: ["among", "not_among"],
  several: ["has", "has_not", "blank", "filled"],
  records: ["at_least_within", "fewer_within"],
} as const;
export type Op = (typeof ops)[Kind][number];
export const opsOf = (kind: Kind): readonly Op[] => ops[kind];
export const units = ["day", "week", "hour"] as const;

// How many values an operator takes: none, one, a number and a unit, a count before them, or any number of them.
export type Takes = "nothing" | "word" | "number" | "span" | "count_span" | "day" | "choices";
export function takes(op: Op): Takes {
  if (op === "blank" || op === "filled") return "nothing";
  if (op === "within" || op === "before_last") return "span";
  if (op === "at_least_within" || op === "fewer_within") return "count_span";
  if (op === "since" || op === "until") return "day";
  if (op === "among" || op === "not_among" || op === "has" || op === "has_not") return "choices";
  return op === "is" || op === "is_not" || op === "contains" || op === "contains_not" ? "word" : "number";
}

export const emptyGroup = (): Group => ({ join: "all", items: [] });
export const firstLeaf = (field: Field): Leaf => ({ field: field.code, op: opsOf(field.kind)[0]!, values: startOf(opsOf(field.kind)[0]!) });
export const startOf = (op: Op): string[] => (takes(op) === "span" ? ["30", "day"] : takes(op) === "count_span" ? ["2", "90", "day"] : []);

const depthMax = 5;
const itemsMax = 50;

// ---- the address: ["all", ["city", "is", "上海"], ["any", …]] ----

type Written = (string | Written)[];
const written = (node: Node): Written => (isGroup(node) ? [node.join, ...node.items.map(written)] : [node.field, node.op, ...node.values]);
export const writeTree = (group: Group): string | null => (group.items.length === 0 ? null : JSON.stringify(written(group)));

function readNode(part: unknown, fields: Field[], depth: number): Node | null {
  if (!Array.isArray(part) || typeof part[0] !== "string") return null;
  const [first, ...rest] = part as [string, ...unknown[]];
  if ((joins as readonly string[]).includes(first)) {
    if (depth >= depthMax) return null;
    return { join: first as Join, items: rest.slice(0, itemsMax).map((item) => readNode(item, fields, depth + 1)).filter((item) => item !== null) };
  }
  const field = fields.find((one) => one.code === first);
  const op = rest[0] as Op;
  if (!field || !opsOf(field.kind).includes(op)) return null;
  return { field: first, op, values: rest.slice(1).filter((value) => typeof value === "string").slice(0, 200) };
}

// What is not known (any more) is left out.
export function readTree(text: string | undefined, fields: Field[]): Group {
  try {
    const node = text ? readNode(JSON.parse(text), fields, 0) : null;
    return node && isGroup(node) ? node : emptyGroup();
  } catch {
    return emptyGroup();
  }
}

// ---- what it means ----

const isNumber = (text: string | undefined) => text !== undefined && /^-?\d{1,18}(\.\d{1,6})?$/.test(text.trim());
const isCount = (text: string | undefined) => text !== undefined && /^\d{1,5}$/.test(text.trim());
const isDay = (text: string | undefined) => text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

export function isComplete({ op, values }: Leaf): boolean {
  switch (takes(op)) {
    case "nothing":
      return true;
    case "word":
      return (values[0] ?? "").trim() !== "";
    case "number":
      return isNumber(values[0]);
    case "span":
      return isCount(values[0]) && (units as readonly string[]).includes(values[1] ?? "");
    case "count_span":
      return isCount(values[0]) && Number(values[0]) > 0 && isComplete({ field: "", op: "within", values: values.slice(1) });
    case "day":
      return isDay(values[0]);
    case "choices":
      return values.length > 0;
  }
}

type Sign = Extract<Formula, { op: unknown }>["op"];
const call = (op: Sign, ...args: Formula[]): Formula => ({ op, args });
const value = (text: string | number): Formula => ({ value: text });
const not = (part: Formula): Formula => call("not", part);

// COUNT(orders, time >= AGO(90, "day")) >= 2
const counted = (records: string, [least, count, unit]: string[]): Formula =>
  call(">=", { call: "COUNT", args: [{ field: records }, call(">=", { field: "time" }, call("ago", value(Number(count)), value(unit!)))] }, value(Number(least)));

// True or false, never blank, so that "none of" and "is not" mean what they say of customers without a value.
function meaningOf({ field: code, op, values }: Leaf, startOfDay: (day: string) => string): Formula {
  const field: Formula = { field: code };
  const blank = call("blank", field);
  const known = (part: Formula) => call("and", not(blank), part);
  const word = (values[0] ?? "").trim();
  const moment = () => call("ago", value(Number(word)), value(values[1]!));
  switch (op) {
    case "is":
    case "equals":
      return known(call("=", field, value(word)));
    case "is_not":
    case "equals_not":
      return not(known(call("=", field, value(word))));
    case "contains":
      return known(call("contains", field, value(word)));
    case "contains_not":
      return not(known(call("contains", field, value(word))));
    case "at_least":
      return known(call(">=", field, value(word)));
    case "at_most":
      return known(call("<=", field, value(word)));
    case "within":
      return known(call(">=", field, moment()));
    case "before_last":
      return known(call("<", field, moment()));
    case "since":
      return known(call(">=", field, value(startOfDay(word))));
    case "until":
      return known(call("<", field, value(startOfDay(word))));
    case "among":
      return known(call("in", field, ...values.map(value)));
    case "not_among":
      return not(known(call("in", field, ...values.map(value))));
    case "at_least_within":
      return counted(code, values);
    case "fewer_within":
      return not(counted(code, values));
    case "has":
      return call("in", field, ...values.map(value));
    case "has_not":
      return not(call("in", field, ...values.map(value)));
    case "blank":
      return blank;
    case "filled":
      return not(blank);
  }
}

// null where nothing is asked yet: what is half written counts for nothing.
export function formulaOf(node: Node, startOfDay: (day: string) => string): Formula | null {
  if (!isGroup(node)) return isComplete(node) ? meaningOf(node, startOfDay) : null;
  const parts = node.items.map((item) => formulaOf(item, startOfDay)).filter((part) => part !== null);
  if (parts.length === 0) return null;
  const joined = parts.length === 1 ? parts[0]! : call(node.join === "all" ? "and" : "or", ...parts);
  return node.join === "none" ? not(joined) : joined;
}

export const countOf = (node: Node): number => (isGroup(node) ? node.items.reduce((sum, item) => sum + countOf(item), 0) : isComplete(node) ? 1 : 0);

// ---- changing it ----

export const replaceAt = (group: Group, index: number, next: Node | null): Group => ({
  ...group,
  items: next === null ? group.items.filter((_, at) => at !== index) : group.items.map((item, at) => (at === index ? next : item)),
});
