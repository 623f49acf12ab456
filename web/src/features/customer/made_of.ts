// The records of a customer in the order in which evidence joined them: each stands below the one that it was joined to.
import type { Lineage, LineageLink, LineageNode } from "../../api/types";

export interface Piece {
  node: LineageNode;
  depth: number;
  by: LineageLink[]; // empty for the first of each group
  isFollowed: boolean; // another was joined to the same one later
}

export function piecesOf({ nodes, links }: Lineage): Piece[] {
  const waiting = nodes.toSorted((a, b) => (a.first_at ?? "9").localeCompare(b.first_at ?? "9"));
  const placed: Piece[] = [];
  const between = (a: string, b: string) => links.filter((link) => (link.node_a === a && link.node_b === b) || (link.node_a === b && link.node_b === a));
  const place = (node: LineageNode, depth: number, by: LineageLink[]) => {
    waiting.splice(waiting.indexOf(node), 1);
    placed.push({ node, depth, by, isFollowed: false });
    for (const next of waiting.slice()) {
      const evidence = between(node.id, next.id);
      if (evidence.length > 0 && waiting.includes(next)) place(next, depth + 1, evidence);
    }
  };
  while (waiting.length > 0) place(waiting[0]!, 0, []);
  return placed.map((piece, at) => ({ ...piece, isFollowed: hasSiblingAfter(placed, at) }));
}

function hasSiblingAfter(pieces: Piece[], at: number): boolean {
  const { depth } = pieces[at]!;
  const next = pieces.slice(at + 1).find((piece) => piece.depth <= depth);
  return depth > 0 && next?.depth === depth;
}
