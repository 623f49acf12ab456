// Forms that leave arguments unevaluated.
import { cut, type Decimal } from "./decimal";
import type { Checked } from "./fit";
import { nodeOf, valueOf, type Node } from "./program";
import { compare, isEmpty, isWithout, toText, Trouble, type Value } from "./value";

const isCaught = (value: Value): boolean => value instanceof Trouble && !value.isSpent;

// IF and IFS: pairs of condition and value, and what stands at the end alone.
const ifs = (nodes: Node[]): Node => (run) => {
  let i = 0;
  for (; i + 1 < nodes.length; i += 2) {
    const condition = valueOf(nodes[i]!, run);
    if (condition instanceof Trouble) return condition;
    if (condition === true) return valueOf(nodes[i + 1]!, run);
  }
  return i < nodes.length ? valueOf(nodes[i]!, run) : null;
};
const switched = (nodes: Node[]): Node => (run) => {
  const of = valueOf(nodes[0]!, run);
  if (of instanceof Trouble) return of;
  let i = 1;
  for (; i + 1 < nodes.length; i += 2) {
    const key = valueOf(nodes[i]!, run);
    if (key instanceof Trouble) return key;
    if (of !== null && key !== null && compare(of, key) === 0) return valueOf(nodes[i + 1]!, run);
  }
  return i < nodes.length ? valueOf(nodes[i]!, run) : null;
};
const coalesce = (nodes: Node[]): Node => (run) => {
  for (const node of nodes) {
    const one = valueOf(node, run);
    if (!isEmpty(one)) return one;
  }
  return null;
};

export function specialNode({ row, args, at }: Checked): Node {
  const nodes = args.map(nodeOf);
  const first = nodes[0]!;
  switch (row!.special) {
    case "if":
    case "ifs":
      return ifs(nodes);
    case "switch":
      return switched(nodes);
    case "coalesce":
      return coalesce(nodes);
    case "if_error":
      return (run) => {
        const of = valueOf(first, run);
        return isCaught(of) ? valueOf(nodes[1]!, run) : of;
      };
    case "is_error":
      return (run) => {
        const of = valueOf(first, run);
        return of instanceof Trouble && of.isSpent ? of : of instanceof Trouble;
      };
    case "choose":
      return (run) => {
        const place = valueOf(first, run);
        if (isWithout(place)) return place;
        const index = cut(place as Decimal);
        return index === null || index < 1n || index >= BigInt(nodes.length) ? run.fail("bad_argument", toText(place), at) : valueOf(nodes[Number(index)]!, run);
      };
    default:
      throw new Error(`no form ${row!.name}`);
  }
}
