// The builder's conditions as a formula's text, and back where the builder can show it. Fetched when somebody writes formulas.
import { Decimal } from "./language/decimal";
import { call, field, literal, type Expression, type Operator } from "./language/expression";
import { Fault } from "./language/fault";
import { parse } from "./language/parser";
import { print } from "./language/printer";
import { emptyGroup, isComplete, isGroup, units, type Field, type Group, type Join, type Leaf, type Node, type Op } from "./tree";

type Call = Expression & { form: "call" };
const depthMax = 4; // of groups, as the builder makes them
const itemsMax = 50;

// ---- to text ----

const blank = (of: Expression): Expression => call("blank", [of]);
const not = (of: Expression): Expression => call("not", [of]);
const named = (name: string, args: Expression[]): Expression => call("call", args, undefined, name);
const ago = (count: string, unit: string): Expression => call("ago", [literal(Decimal.parse(count)), literal(unit)]);

function partOf(kind: Field["kind"], { op, values }: Leaf): [op: Operator, right: Expression[]] | null {
  const word = (values[0] ?? "").trim();
  const one = (): Expression[] => [literal(kind === "number" ? Decimal.tryParse(word) : word)];
  const moment = (): Expression[] => [ago(word, values[1]!)];
  switch (op) {
    case "is":
    case "is_not":
    case "equals":
    case "equals_not":
      return ["=", one()];
    case "contains":
    case "contains_not":
      return ["contains", one()];
    case "at_least":
      return [">=", one()];
    case "at_most":
      return ["<=", one()];
    case "within":
      return [">=", moment()];
    case "before_last":
      return ["<", moment()];
    case "since":
      return [">=", one()];
    case "until":
      return ["<", one()];
    case "among":
    case "not_among":
      return ["in", values.map((value) => literal(value))];
    default:
      return null;
  }
}

// `isSure`: nothing denies it, so that what is blank counts as false anyway and need not be asked for.
function ofLeaf(leaf: Leaf, kind: Field["kind"], isSure: boolean): Expression {
  const of = field([leaf.field]);
  const part = partOf(kind, leaf);
  if (part) {
    const [op, right] = part;
    const isDenied = leaf.op === "is_not" || leaf.op === "equals_not" || leaf.op === "contains_not" || leaf.op === "not_among";
    if (!isDenied) return isSure ? call(op, [of, ...right]) : call("and", [not(blank(of)), call(op, [of, ...right])]);
    return call("or", [blank(of), op === "=" ? call("<>", [of, ...right]) : not(call(op, [of, ...right]))]);
  }
  const { op, values } = leaf;
  if (op === "blank") return blank(of);
  if (op === "filled") return not(blank(of));
  if (op === "has" || op === "has_not") {
    const has = named("HAS", [of, ...values.map((value) => literal(/^\d{1,15}$/.test(value) ? Decimal.parse(value) : value))]);
    return op === "has" ? has : not(has);
  }
  const [least, count, unit] = values as [string, string, string];
  return call(op === "at_least_within" ? ">=" : "<", [named("COUNT", [of, call(">=", [field(["time"]), ago(count, unit)])]), literal(Decimal.parse(least))]);
}

function ofNode(node: Node, fields: Field[], isSure: boolean): Expression | null {
  if (!isGroup(node)) {
    const kind = fields.find(({ code }) => code === node.field)?.kind;
    return kind && isComplete(node) ? ofLeaf(node, kind, isSure) : null;
  }
  const parts = node.items.map((item) => ofNode(item, fields, isSure && node.join !== "none")).filter((part) => part !== null);
  if (parts.length === 0) return null;
  const joined = parts.length === 1 ? parts[0]! : call(node.join === "all" ? "and" : "or", parts);
  return node.join === "none" ? not(joined) : joined;
}
export function textOf(group: Group, fields: Field[]): string {
  const made = ofNode(group, fields, true);
  return made ? print(made) : "";
}

// ---- from text ----

// A part that the builder has no line for.
class NotShown extends Error {
  constructor(readonly part: Expression) {
    super(print(part));
  }
}
const isCall = (part: Expression | undefined, op: Operator): part is Call => part?.form === "call" && part.op === op;
const onlyIn = (part: Expression | undefined, op: Operator): Expression | undefined => (isCall(part, op) ? part.args[0] : undefined);
const blankIn = (part: Expression | undefined): Expression | undefined => onlyIn(part, "blank");
const textIn = (part: Expression): string | null => (part.form !== "literal" ? null : typeof part.value === "string" ? part.value : part.value instanceof Decimal ? part.value.toString() : null);

// What AGO says, as a count and a unit.
function spanIn(part: Expression): string[] | null {
  if (!isCall(part, "ago")) return null;
  const span = part.args.map(textIn);
  return span[0] !== null && span[1] !== null && (units as readonly string[]).includes(span[1]!) && /^\d{1,5}$/.test(span[0]!) ? (span as string[]) : null;
}
const turned: Partial<Record<Operator, Operator>> = { "=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

class Reader {
  private items = 0;
  constructor(private readonly fields: Field[]) {}

  group(part: Expression): Group {
    const node = this.node(part, true, 1);
    return isGroup(node) ? node : { join: "all", items: [node] };
  }

  private fieldOf(part: Expression | undefined): Field | null {
    if (part?.form !== "field" || part.path.length !== 1) return null;
    const [name] = part.path;
    return this.fields.find(({ code }) => code === name) ?? this.fields.find(({ label }) => label === name) ?? null;
  }
  private leaf(of: Field, op: Op, values: string[], part: Expression): Leaf {
    const leaf: Leaf = { field: of.code, op, values };
    if (!isComplete(leaf) || ++this.items > itemsMax) throw new NotShown(part);
    return leaf;
  }

  private node(part: Expression, isSure: boolean, depth: number): Node {
    if (part.form !== "call") throw new NotShown(part);
    const whole = this.wholeLeaf(part) ?? (depth > depthMax && isSure ? this.bareLeaf(part) : null);
    if (whole) return whole;
    if (depth > depthMax) throw new NotShown(part); // a line may stand in the deepest group, a group not
    if (part.op === "and" || part.op === "or") return this.joined(part.op === "and" ? "all" : "any", part.args, isSure, depth);
    if (part.op === "not") return this.denied(part, isSure, depth);
    if (!isSure) throw new NotShown(part); // of a blank field it is blank, which the builder never is
    return this.bare(part, depth);
  }
  private joined(join: Join, args: Expression[], isSure: boolean, depth: number): Group {
    return { join, items: args.map((arg) => this.node(arg, isSure, depth + 1)) };
  }
  private denied(part: Call, isSure: boolean, depth: number): Node {
    const of = part.args[0]!;
    if (isSure) {
      const leaf = this.bareLeaf(of);
      if (leaf) return { join: "all", items: [this.leaf(this.fields.find(({ code }) => code === leaf.field)!, "filled", [], part), { join: "none", items: [leaf] }] };
    }
    const before = this.items;
    try {
      const inner = this.node(of, false, depth);
      return { join: "none", items: isGroup(inner) && inner.join === "any" ? inner.items : [inner] };
    } catch (thrown) {
      if (!(thrown instanceof NotShown) || !isSure) throw thrown;
      this.items = before;
      return this.deniedGroup(part, depth);
    }
  }
  // NOT (a OR b): it holds where all that a and b name is known, and none of them holds. NOT (a AND b): of one of them.
  private deniedGroup(part: Call, depth: number): Node {
    const of = part.args[0]!;
    if (of.form !== "call" || (of.op !== "and" && of.op !== "or") || depth + 2 > depthMax) throw new NotShown(part);
    if (of.op === "and") return this.joined("any", of.args.map((arg) => call("not", [arg], arg.at)), true, depth);
    const codes = new Set<string>();
    const leaves = of.args.map((arg) => {
      const whole = arg.form === "call" ? this.wholeLeaf(arg) : null;
      const leaf = whole ?? this.bareLeaf(arg);
      if (!leaf) throw new NotShown(arg);
      if (!whole) codes.add(leaf.field);
      return leaf;
    });
    const known = [...codes].map((code) => this.leaf(this.fields.find((one) => one.code === code)!, "filled", [], part));
    return { join: "all", items: [...known, { join: "none", items: leaves }] };
  }

  // What is true or false and never blank, as the builder writes it.
  private wholeLeaf(part: Call): Leaf | null {
    const [first, second] = part.args;
    if (part.op === "blank") {
      const of = this.fieldOf(first);
      return of && of.kind !== "choice" && of.kind !== "records" ? this.leaf(of, "blank", [], part) : null;
    }
    if (part.op === "not" && isCall(first, "blank")) {
      const of = this.fieldOf(first.args[0]);
      return of && of.kind !== "choice" && of.kind !== "records" ? this.leaf(of, "filled", [], part) : null;
    }
    const denied = part.op === "not" ? this.hasIn(first) : null;
    if (denied) return this.has(denied, "has_not");
    if (this.hasIn(part)) return this.has(part, "has");
    if (isCall(first, "call") && first.name === "COUNT") return this.counted(part, first);
    if (part.args.length !== 2 || !second) return null;
    if (part.op === "or") return this.deniedLeaf(second, this.fieldOf(blankIn(first)));
    const of = part.op === "and" ? this.fieldOf(blankIn(onlyIn(first, "not"))) : null;
    const leaf = of && this.bareLeaf(second);
    return leaf?.field === of?.code ? leaf : null;
  }
  private deniedLeaf(part: Expression, of: Field | null): Leaf | null {
    const inner = onlyIn(part, "not") ?? (isCall(part, "<>") ? call("=", part.args) : null);
    const leaf = inner && this.bareLeaf(inner);
    const opposites: Partial<Record<Op, Op>> = { is: "is_not", equals: "equals_not", contains: "contains_not", among: "not_among" };
    const op = leaf && opposites[leaf.op];
    return leaf && op && leaf.field === of?.code ? { ...leaf, op } : null;
  }
  private hasIn(part: Expression | undefined): Call | null {
    return isCall(part, "call") && part.name === "HAS" ? part : null;
  }
  private has(part: Call, op: "has" | "has_not"): Leaf | null {
    const of = this.fieldOf(part.args[0]);
    const values = part.args.slice(1).map(textIn);
    return of?.kind === "several" && values.every((value) => value !== null && of.choices?.some((choice) => choice.value === value)) ? this.leaf(of, op, values as string[], part) : null;
  }
  // COUNT(orders, time >= AGO(90, "day")) >= 2
  private counted(part: Call, count: Call): Leaf | null {
    const of = this.fieldOf(count.args[0]);
    const inner = count.args[1];
    const least = part.args[1] && textIn(part.args[1]);
    const time = isCall(inner, ">=") ? inner.args[0] : undefined;
    const span = isCall(inner, ">=") && time?.form === "field" && time.path.join(".") === "time" ? spanIn(inner.args[1]!) : null;
    if (of?.kind !== "records" || !span || !least) return null;
    if (part.op === ">=") return this.leaf(of, "at_least_within", [least, ...span], part);
    return part.op === "<" ? this.leaf(of, "fewer_within", [least, ...span], part) : null;
  }

  // A comparison that is blank where its field is.
  private bareLeaf(part: Expression): Leaf | null {
    if (part.form !== "call" || part.args.length < 2) return null;
    const [first, second] = part.args as [Expression, Expression];
    const of = this.fieldOf(first);
    if (!of) {
      const other = this.fieldOf(second);
      const op = turned[part.op];
      return other && op && first.form !== "field" ? this.bareLeaf(call(op, [second, first], part.at)) : null;
    }
    if (part.op === "in") {
      const values = part.args.slice(1).map(textIn);
      return of.kind === "choice" && values.every((value) => of.choices?.some((choice) => choice.value === value)) ? this.leaf(of, "among", values as string[], part) : null;
    }
    const word = textIn(second);
    const ops: Partial<Record<Operator, Op>> = of.kind === "text" ? { "=": "is", contains: "contains" } : of.kind === "number" ? { "=": "equals", ">=": "at_least", "<=": "at_most" } : of.kind === "time" ? { ">=": "since", "<": "until" } : {};
    const op = ops[part.op];
    if (of.kind === "choice" && part.op === "=" && word !== null && of.choices?.some(({ value }) => value === word)) return this.leaf(of, "among", [word], part);
    if (word !== null && op) return this.leaf(of, op, [word], part);
    const span = of.kind === "time" ? spanIn(second) : null;
    return span && op ? this.leaf(of, op === "since" ? "within" : "before_last", span, part) : null;
  }
  private bare(part: Call, depth: number): Node {
    const leaf = this.bareLeaf(part);
    if (leaf) return leaf;
    const of = this.fieldOf(part.args[0]);
    if (of && part.op === "<>") return this.node(not(call("=", part.args)), true, depth);
    // city IN ("a", "b"): any of two lines; BETWEEN(n, 1, 5): both.
    if (of && part.op === "in" && (of.kind === "text" || of.kind === "number")) return this.joined("any", part.args.slice(1).map((value) => call("=", [part.args[0]!, value])), true, depth);
    if (of?.kind === "number" && part.op === "call" && part.name === "BETWEEN") return this.joined("all", [call(">=", [part.args[0]!, part.args[1]!]), call("<=", [part.args[0]!, part.args[2]!])], true, depth);
    throw new NotShown(part);
  }
}

// The same with AGO, which the builder has, where a time is compared with a day so long before today. It means nearly the same: from this moment, not from midnight.
function withAgo(part: Expression, fields: Field[]): string | null {
  if (part.form !== "call" || (part.op !== ">=" && part.op !== "<")) return null;
  const [time, moment] = part.args;
  const [from, count] = isCall(moment, "-") && moment.args.length === 2 ? moment.args : [];
  const isTime = time?.form === "field" && fields.some(({ code, label, kind }) => kind === "time" && time.path.length === 1 && [code, label].includes(time.path[0]!));
  const isFromNow = isCall(from, "call") && ["TODAY", "NOW"].includes(from.name) && from.args.length === 0;
  const days = count && textIn(count);
  return isTime && isFromNow && days && /^\d{1,5}$/.test(days) ? print(call(part.op, [time, ago(days, "day")])) : null;
}

export type Built = { group: Group } | { part: string; instead: string | null } | { isBroken: true };
// The builder's group that means the same, or the part that it cannot show, and how that can be written for it; or it is no formula at all.
export function groupOf(text: string, fields: Field[]): Built {
  if (text.trim() === "") return { group: emptyGroup() };
  try {
    return { group: new Reader(fields).group(parse(text)) };
  } catch (thrown) {
    if (thrown instanceof NotShown) return { part: thrown.message, instead: withAgo(thrown.part, fields) };
    if (thrown instanceof Fault) return { isBroken: true };
    throw thrown;
  }
}
