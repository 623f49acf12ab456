// AND, OR, NOT, IN, ISBLANK: three-valued, and of no order. What decides, decides, also beside an error.
import type { Checked } from "./fit";
import { nodeOf, valueOf, type Node } from "./program";
import { compare, isEmpty, Trouble, type Value } from "./value";

const joined = (nodes: Node[], decides: boolean): Node => (run) => {
  let result: Value = !decides;
  for (const node of nodes) {
    const one = valueOf(node, run);
    if (one === decides) return one;
    if (typeof one !== "boolean" && !(result instanceof Trouble)) result = one; // blank, or the first error
  }
  return result;
};

// Equal to one of the members; the members' own lists are looked through.
const within = (nodes: Node[]): Node => (run) => {
  const one = valueOf(nodes[0]!, run);
  if (one instanceof Trouble) return one;
  let result: Value = false;
  const takes = (member: Value): boolean => {
    if (member instanceof Trouble || one === null || member === null) {
      if (!(result instanceof Trouble)) result = member instanceof Trouble ? member : null;
      return false;
    }
    return compare(one, member) === 0;
  };
  for (const node of nodes.slice(1)) {
    const member = valueOf(node, run);
    if (!Array.isArray(member)) {
      if (takes(member)) return true;
      continue;
    }
    if (!run.step(member.length)) return run.spent;
    for (const each of member) if (takes(each)) return true;
  }
  return result;
};

export function conditionNode({ op, args }: Checked): Node | null {
  const nodes = () => args.map(nodeOf);
  if (op === "and" || op === "or") return joined(nodes(), op === "or");
  if (op === "in") return within(nodes());
  if (op !== "not" && op !== "blank") return null;
  const node = nodeOf(args[0]!);
  return (run) => {
    const of = valueOf(node, run);
    if (op === "not") return typeof of === "boolean" ? !of : of;
    return of instanceof Trouble ? of : isEmpty(of) || (Array.isArray(of) && of.length === 0);
  };
}
