import { expect, test } from "vitest";
import type { LineageLink, LineageNode } from "../../api/types";
import { farSideOf, graphOf, linksBetween } from "./graph";
import { piecesOf } from "./made_of";

const node = (id: string, first_at: string): LineageNode => ({ id, source: "shop", kind: "person", subject_key: id, first_at, identifiers: [], facts: {} });
const link = (node_a: string, node_b: string): LineageLink => ({ node_a, node_b, rule: "identifier", identifier: null, at: "2026-01-01T00:00:00Z", rule_version: 1, by: "system" });
const chain = { nodes: ["a", "b", "c", "d"].map((id, at) => node(id, `${at}`)), links: [link("a", "b"), link("c", "b"), link("c", "d")] };

test("a cut link parts what lies behind it, seen from the first record, whichever way it was written", () => {
  expect(farSideOf(chain, chain.links[1]!)).toEqual(["c", "d"]);
  expect(farSideOf(chain, chain.links[2]!)).toEqual(["d"]);
  expect(farSideOf(chain, chain.links[0]!)).toEqual(["b", "c", "d"]);
});

test("a link beside others cuts nothing alone, and two links of one pair are cut together", () => {
  expect(farSideOf({ ...chain, links: [...chain.links, link("a", "d")] }, chain.links[1]!)).toEqual([]);
  const doubled = { ...chain, links: [...chain.links, link("b", "c")] };
  expect(farSideOf(doubled, chain.links[1]!)).toEqual(["c", "d"]);
  expect(linksBetween(doubled, chain.links[1]!)).toHaveLength(2);
});

test("a graph is no larger than it may be, with no link into nothing", () => {
  const graph = graphOf(chain, 3);
  expect(graph.nodes.map((one) => one.id)).toEqual(["a", "b", "c"]);
  expect(graph.links).toHaveLength(2);
  expect(graph.total).toBe(4);
});

test("a customer of 1,000 records in one chain is laid out in a moment", () => {
  const nodes = Array.from({ length: 1000 }, (_, at) => node(`n${at}`, String(at).padStart(4, "0")));
  const long = { nodes, links: nodes.slice(1).map((one, at) => link(nodes[at]!.id, one.id)) };
  expect(piecesOf(long).at(-1)).toMatchObject({ depth: 999 });
  expect(farSideOf(long, long.links[499]!)).toHaveLength(500);
});
