// What a roll-back says of itself: pure.
import type { Import, Rollback, RollbackFate, RollbackRecord } from "../../api/types";

export const fates: RollbackFate[] = ["goes", "returns", "stays"];
const kinds = ["customers", "orders", "tickets", "events"] as const;
export type RollbackKind = (typeof kinds)[number];

export type Standing = "none" | "going" | "done" | "partly";
export function standingOf({ rollback }: Pick<Import, "rollback">): Standing {
  if (!rollback) return "none";
  if (rollback.state === "finished") return "done";
  return rollback.state === "waiting" || rollback.state === "running" ? "going" : "partly";
}

// Of an import that has ended: all of it, or what a cancelled roll-back left.
export function mayBegin(one: Pick<Import, "state" | "rollback">): boolean {
  if (one.state === "waiting" || one.state === "running") return false;
  return ["none", "partly"].includes(standingOf(one));
}

export interface FateRow {
  kind: RollbackKind;
  counts: Record<RollbackFate, number>;
}
// A row for each kind of which the import brought any.
export const rowsOf = (rollback: Rollback): FateRow[] =>
  kinds.map((kind) => ({ kind, counts: rollback[kind] })).filter(({ counts }) => fates.some((fate) => counts[fate] > 0));

export const sumOf = (rollback: Rollback, fate: RollbackFate): number => kinds.reduce((sum, kind) => sum + rollback[kind][fate], 0);
export const changesAnything = (rollback: Rollback): boolean => sumOf(rollback, "goes") + sumOf(rollback, "returns") > 0;
// Events that go are counted, not listed.
export const isListed = (rollback: Rollback, fate: RollbackFate): boolean => sumOf(rollback, fate) > (fate === "goes" ? rollback.events.goes : 0);

const leftAPart = 100_000; // as the server cuts its CSV
export const leftParts = (rollback: Rollback): number => Math.ceil(sumOf(rollback, "stays") / leftAPart);

const tabs = { customer: undefined, order: "orders", ticket: "tickets", event: undefined };
export const placeOf = (record: RollbackRecord): { id: string; tab: string | undefined } | null => (record.customer ? { id: record.customer, tab: tabs[record.kind] } : null);
