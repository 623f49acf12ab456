import { expect, test } from "vitest";
import { mattersOf, type Known } from "./attention";

const now = Date.parse("2026-03-20T00:00:00Z");
const nothing: Known = { conflicts: [], sources: [], traffic: [], imports: [], pairs: 0, values: { count: 0, isMore: false } };
const anImport = (id: string, state: string, failed: number, started_at = "2026-03-19T00:00:00Z") => ({ id, state, file: `${id}.csv`, started_at, counts: { read: 9, created: 0, updated: 0, unchanged: 0, failed } }) as never;

test("where all is well there is nothing to look at", () => {
  expect(mattersOf({ ...nothing, imports: [anImport("1", "finished", 0)], conflicts: [{ field: "city", open: 0, left: 4 } as never] }, now)).toEqual([]);
});

test("each matter leads to where it is settled", () => {
  const matters = mattersOf(
    {
      conflicts: [{ field: "city", open: 2, left: 0 } as never, { field: "name", open: 1, left: 9 } as never],
      sources: [{ id: "4", name: "web" } as never],
      traffic: [{ source_id: "4", today: { refused: 7 } } as never, { source_id: "5", today: { refused: 0 } } as never],
      imports: [anImport("1", "failed", 0), anImport("2", "finished", 3), anImport("3", "finished", 0), anImport("4", "failed", 0, "2026-01-01T00:00:00Z")],
      pairs: 5,
      values: { count: 50, isMore: true },
    },
    now,
  );
  expect(matters).toEqual([
    { kind: "refused", source: "4", name: "web", count: 7 },
    { kind: "import", id: "1", file: "1.csv", failed: 0 },
    { kind: "import", id: "2", file: "2.csv", failed: 3 },
    { kind: "pairs", count: 5 },
    { kind: "conflicts", count: 3 },
    { kind: "values", count: 50, isMore: true },
  ]);
});
