// A customer's records as a graph that stays small enough to read, and what a cut link would part. Pure.
import type { Lineage, LineageLink, LineageNode } from "../../api/types";
import { neighboursOf, piecesOf } from "./made_of";

export interface Graph {
  nodes: LineageNode[]; // the first `limit` in the order in which evidence joined them
  links: LineageLink[]; // between those, one a pair: the others are beside it
  total: number;
}

const pairOf = (link: LineageLink) => [link.node_a, link.node_b].toSorted().join("-");

export function graphOf(lineage: Lineage, limit: number): Graph {
  const nodes = piecesOf(lineage).slice(0, limit).map((piece) => piece.node);
  const shown = new Set(nodes.map((node) => node.id));
  const links = new Map<string, LineageLink>();
  for (const link of lineage.links) if (shown.has(link.node_a) && shown.has(link.node_b) && !links.has(pairOf(link))) links.set(pairOf(link), link);
  return { nodes, links: [...links.values()], total: lineage.nodes.length };
}

export const linksBetween = (lineage: Lineage, link: LineageLink): LineageLink[] => lineage.links.filter((other) => pairOf(other) === pairOf(link));

// The records on the far side of a link, seen from the first record; none where other links hold both together as well.
export function farSideOf(lineage: Lineage, link: LineageLink): string[] {
  const first = piecesOf(lineage)[0]?.node.id;
  const neighbours = neighboursOf(lineage.links.filter((other) => pairOf(other) !== pairOf(link)));
  const reach = (from: string): Set<string> => {
    const seen = new Set([from]);
    for (const at of seen) for (const next of neighbours.get(at)?.keys() ?? []) seen.add(next);
    return seen;
  };
  const side = reach(link.node_b);
  if (side.has(link.node_a)) return [];
  return [...(first !== undefined && side.has(first) ? reach(link.node_a) : side)].toSorted();
}
