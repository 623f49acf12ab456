// Operators that compute or compare. A blank side makes the result blank, but for &, to which it is "".
import { daysBetween, daysLater, movedInstant, power } from "./arithmetic";
import { Decimal } from "./decimal";
import { bytesOf, lowerAscii } from "./fault";
import type { Checked } from "./fit";
import { nodeOf, valueOf, type Node } from "./program";
import { Draft, num, type Run } from "./run";
import type { Day, Instant } from "./time";
import { compare, isWithout, toText, Trouble, type Value } from "./value";

const twoSided = ({ args, at }: Checked, act: (run: Run, left: Value, right: Value) => Value): Node => {
  const [left, right] = [nodeOf(args[0]!), nodeOf(args[1]!)];
  return (run) => {
    const one = valueOf(left, run);
    if (one instanceof Trouble) return one;
    const other = valueOf(right, run);
    if (other instanceof Trouble) return other;
    if (one === null || other === null) return null;
    run.at = at;
    return act(run, one, other);
  };
};
const oneSided = ({ args, at }: Checked, act: (run: Run, of: Decimal) => Value): Node => {
  const node = nodeOf(args[0]!);
  return (run) => {
    const of = valueOf(node, run);
    if (isWithout(of)) return of;
    run.at = at;
    return act(run, of as Decimal);
  };
};

// Terms or factors in their order.
const chain = ({ args, at }: Checked, act: (left: Decimal, right: Decimal) => Decimal): Node => {
  const nodes = args.map(nodeOf);
  return (run) => {
    let result = valueOf(nodes[0]!, run);
    for (let i = 1; i < nodes.length && !(result instanceof Trouble); ++i) {
      const next = valueOf(nodes[i]!, run);
      if (next instanceof Trouble || result === null || next === null) {
        result = next instanceof Trouble ? next : null;
        continue;
      }
      run.at = at;
      const left = result as Decimal;
      result = run.result(() => act(left, next as Decimal));
    }
    return result;
  };
};

const joined = ({ args }: Checked): Node => {
  const nodes = args.map(nodeOf);
  return (run) => {
    const draft = new Draft(run);
    for (const node of nodes) {
      const one = valueOf(node, run);
      if (one instanceof Trouble) return one;
      if (!draft.add(toText(one))) break;
    }
    return draft.value();
  };
};
const listed = ({ args }: Checked): Node => {
  const nodes = args.map(nodeOf);
  return (run) => {
    const values: Value[] = [];
    for (const node of nodes) {
      const value = valueOf(node, run);
      if (value instanceof Trouble) return value;
      values.push(value);
    }
    return run.list(values);
  };
};

// Whether the part is in the text, ASCII letters of either case alike.
function contains(run: Run, text: string, part: string): Value {
  const bytes = bytesOf(text) + bytesOf(part);
  if (!run.stepOver(bytes)) return run.spent;
  return run.mayTake(bytes) ? lowerAscii(text).includes(lowerAscii(part)) : run.giveUp("too_much_memory");
}
const ago = (run: Run, count: Value, unit: Value): Value =>
  movedInstant(run.moment.zone, run.moment.now, (count as Decimal).negated, unit as string) ?? run.fail("bad_argument", unit as string);

const isOfMoments = (kind: string | undefined): boolean => kind === "date" || kind === "instant";
function sum(part: Checked): Node {
  const [left, right] = part.args.map(({ type }) => type.kind);
  const isMinus = part.op === "-";
  if (isMinus && isOfMoments(left) && isOfMoments(right)) return twoSided(part, (run, later, earlier) => daysBetween(run, later, earlier));
  if (isOfMoments(part.type.kind)) return twoSided(part, (run, at, days) => daysLater(run, at as Day | Instant, isMinus ? (days as Decimal).negated : (days as Decimal)));
  return chain(part, isMinus ? (one, other) => one.minus(other) : (one, other) => one.plus(other));
}

const relations: Record<string, (order: number) => boolean> = { "=": (o) => o === 0, "<>": (o) => o !== 0, "<": (o) => o < 0, "<=": (o) => o <= 0, ">": (o) => o > 0, ">=": (o) => o >= 0 };
const hundred = num(100);

export function operatorNode(part: Checked): Node {
  const relation = relations[part.op];
  if (relation) return twoSided(part, (_, left, right) => relation(compare(left, right)));
  switch (part.op) {
    case "contains":
      return twoSided(part, (run, text, of) => contains(run, text as string, of as string));
    case "ago":
      return twoSided(part, ago);
    case "+":
    case "-":
      return sum(part);
    case "*":
      return chain(part, (left, right) => left.times(right));
    case "/":
      return chain(part, (left, right) => left.over(right));
    case "^":
      return twoSided(part, (run, base, exponent) => power(run, base as Decimal, exponent as Decimal));
    case "negate":
      return oneSided(part, (_, of) => of.negated);
    case "percent":
      return oneSided(part, (run, of) => run.result(() => of.over(hundred)));
    case "&":
      return joined(part);
    case "list":
      return listed(part);
    default:
      throw new Error(`no operator ${part.op}`);
  }
}
