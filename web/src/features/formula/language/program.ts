// Checked tree → something that runs: small nodes over resolved slots.
import type { Checked } from "./fit";
import { bodies } from "./bodies";
import { conditionNode } from "./conditions";
import { operatorNode } from "./operators";
import { Run, type Body, type FormulaRecord } from "./run";
import { specialNode } from "./special";
import { Day } from "./time";
import { type Slot } from "./type";
import { Trouble, type Value } from "./value";

export type Node = (run: Run) => Value;
export const valueOf = (node: Node, run: Run): Value => (run.step() ? node(run) : run.spent);

function fieldNode({ scope, path, type }: Checked): Node {
  const last = path.at(-1)!;
  const over = path.slice(0, -1);
  if (over.length === 0 && type.kind !== "record") return (run) => run.scopes[scope]!.value(last.key);
  return (run) => {
    let record: FormulaRecord | null = run.scopes[scope]!;
    for (const slot of over) {
      record = record.related(slot.key);
      if (!record) return null;
    }
    if (last.type.kind === "record") return record.related(last.key) ? true : null;
    return record.value(last.key);
  };
}

function gatherNode({ scope, path, args }: Checked): Node {
  const each = nodeOf(args[0]!);
  const condition = args[1] ? nodeOf(args[1]) : null;
  const take = (run: Run, record: FormulaRecord, values: Value[]): Value => {
    run.scopes.push(record);
    let chosen = condition ? valueOf(condition, run) : true;
    if (chosen === true) {
      chosen = valueOf(each, run);
      if (!(chosen instanceof Trouble)) values.push(chosen);
    }
    run.scopes.pop();
    if (!run.mayHold(values.length)) return run.giveUp("too_much_memory");
    return chosen instanceof Trouble ? chosen : null;
  };
  // Blank, or the error that ends it.
  const visit = (run: Run, record: FormulaRecord, step: number, values: Value[]): Value => {
    const slot: Slot | undefined = path[step];
    if (!slot) return take(run, record, values);
    if (slot.type.kind === "record") {
      const next = record.related(slot.key);
      return next ? visit(run, next, step + 1, values) : null;
    }
    for (const next of record.records(slot.key)) {
      const error = visit(run, next, step + 1, values);
      if (error instanceof Trouble) return error;
    }
    return null;
  };
  return (run) => {
    const values: Value[] = [];
    const error = visit(run, run.scopes[scope]!, 0, values);
    return error instanceof Trouble ? error : run.list(values);
  };
}

const startNode = (days: Node): Node => (run) => {
  const of = valueOf(days, run);
  if (of instanceof Day) return run.startOf(of);
  if (!Array.isArray(of)) return of;
  const starts: Value[] = [];
  for (const day of of) {
    if (!run.step()) return run.spent;
    starts.push(day === null ? null : run.startOf(day as Day));
  }
  return run.list(starts);
};

const calledNode = (body: Body, takesBlanks: boolean, { at, args }: Checked): Node => {
  const nodes = args.map(nodeOf);
  return (run) => {
    const values: Value[] = [];
    let isOneBlank = false;
    for (const node of nodes) {
      const value = valueOf(node, run);
      if (value instanceof Trouble) return value;
      isOneBlank ||= value === null;
      values.push(value);
    }
    if (isOneBlank && !takesBlanks) return null;
    run.at = at;
    return body(run, values);
  };
};

// TODAY() - 30, and whatever else is the same for every record.
const isOfRecords = (part: Checked): boolean => part.form === "field" || part.form === "gather" || part.args.some(isOfRecords);
const isKnown = (part: Checked): boolean => ["truth", "number", "date", "instant"].includes(part.type.kind) && (part.form === "call" || part.form === "start") && !isOfRecords(part);
const knownNode = (of: Node): Node => (run) => {
  const known = run.known.get(of);
  if (known !== undefined) return known;
  const value = of(run);
  if (!(value instanceof Trouble)) run.known.set(of, value);
  return value;
};

function ownNodeOf(part: Checked): Node {
  switch (part.form) {
    case "constant":
      return () => part.constant;
    case "field":
      return fieldNode(part);
    case "gather":
      return gatherNode(part);
    case "start":
      return startNode(nodeOf(part.args[0]!));
    case "call":
      break;
  }
  if (!part.row) return conditionNode(part) ?? operatorNode(part);
  const body = bodies[part.row.name];
  return body ? calledNode(body, part.row.takes_blanks ?? false, part) : specialNode(part);
}

export function nodeOf(part: Checked): Node {
  const node = ownNodeOf(part);
  return isKnown(part) ? knownNode(node) : node;
}

// The value of the formula for this record.
export function compile(part: Checked): (run: Run, record: FormulaRecord) => Value {
  const root = nodeOf(part);
  return (run, record) => {
    run.begin(record);
    return valueOf(root, run);
  };
}
