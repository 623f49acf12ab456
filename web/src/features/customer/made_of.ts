// The records of a customer in the order in which evidence joined them: each stands below the one that it was joined to.
import type { Lineage, LineageLink, LineageNode } from "../../api/types";

export interface Piece {
  node: LineageNode;
  depth: number;
  by: LineageLink[]; // empty for the first of each group
  isFollowed: boolean; // another was joined to the same one later
}

export function piecesOf({ nodes, links }: Lineage): Piece[] {
  const ordered = nodes.toSorted((a, b) => (a.first_at ?? "9").localeCompare(b.first_at ?? "9"));
  const neighbours = neighboursOf(links);
  const rank = new Map(ordered.map((node, at) => [node.id, at]));
  const waiting = new Set(ordered.map((node) => node.id));
  const placed: Piece[] = [];
  for (const first of ordered) {
    const stack: { at: number; depth: number; by: LineageLink[] }[] = [{ at: rank.get(first.id)!, depth: 0, by: [] }];
    while (stack.length > 0) {
      const { at, depth, by } = stack.pop()!;
      const node = ordered[at]!;
      if (!waiting.delete(node.id)) continue;
      placed.push({ node, depth, by, isFollowed: false });
      const next = [...(neighbours.get(node.id) ?? [])].filter(([other]) => waiting.has(other) && rank.has(other)).map(([other, between]) => ({ at: rank.get(other)!, depth: depth + 1, by: between }));
      stack.push(...next.toSorted((a, b) => b.at - a.at));
    }
  }
  return withSiblings(placed);
}

// Of each record those that a link joins it to, with these links.
export function neighboursOf(links: LineageLink[]): Map<string, Map<string, LineageLink[]>> {
  const all = new Map<string, Map<string, LineageLink[]>>();
  const add = (from: string, to: string, link: LineageLink) => {
    const of = all.get(from) ?? new Map<string, LineageLink[]>();
    of.set(to, [...(of.get(to) ?? []), link]);
    all.set(from, of);
  };
  for (const link of links) {
    add(link.node_a, link.node_b, link);
    add(link.node_b, link.node_a, link);
  }
  return all;
}

// From the last on: whether the next record that stands no deeper stands as deep.
function withSiblings(pieces: Piece[]): Piece[] {
  const open: number[] = []; // depths behind this one, each shallower than the one before
  const followed = pieces.map(() => false);
  for (let at = pieces.length - 1; at >= 0; --at) {
    const { depth } = pieces[at]!;
    while (open.length > 0 && open.at(-1)! > depth) open.pop();
    followed[at] = depth > 0 && open.at(-1) === depth;
    if (open.at(-1) !== depth) open.push(depth);
  }
  return pieces.map((piece, at) => ({ ...piece, isFollowed: followed[at]! }));
}
