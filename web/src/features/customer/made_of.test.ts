import { expect, test } from "vitest";
import type { LineageLink, LineageNode } from "../../api/types";
import { piecesOf } from "./made_of";

const node = (id: string, first_at: string): LineageNode => ({ id, source: "shop", kind: "person", subject_key: id, first_at, identifiers: [], facts: {} });
const link = (node_a: string, node_b: string): LineageLink => ({ node_a, node_b, rule: "identifier", identifier: null, at: "2026-01-01T00:00:00Z", rule_version: 1, by: "system" });

test("each record stands below the one that evidence joined it to, the oldest first", () => {
  const pieces = piecesOf({ nodes: [node("c", "2026-03-01"), node("a", "2026-01-01"), node("b", "2026-02-01")], links: [link("b", "c"), link("a", "b")] });
  expect(pieces.map((piece) => [piece.node.id, piece.depth, piece.by.length])).toEqual([["a", 0, 0], ["b", 1, 1], ["c", 2, 1]]);
});

test("no record is lost or shown twice, whatever the links are", () => {
  const nodes = ["a", "b", "c", "d"].map((id, at) => node(id, `2026-01-0${at + 1}`));
  const ring = [link("a", "b"), link("b", "c"), link("c", "a"), link("a", "b"), link("a", "gone")];
  const pieces = piecesOf({ nodes, links: ring });
  expect(pieces.map((piece) => piece.node.id).toSorted()).toEqual(["a", "b", "c", "d"]);
  expect(pieces.find((piece) => piece.node.id === "d")).toMatchObject({ depth: 0, by: [] });
});

test("two joined to the same one are marked as neighbours", () => {
  const pieces = piecesOf({ nodes: [node("a", "1"), node("b", "2"), node("c", "3")], links: [link("a", "b"), link("a", "c")] });
  expect(pieces.map((piece) => piece.isFollowed)).toEqual([false, true, false]);
});
