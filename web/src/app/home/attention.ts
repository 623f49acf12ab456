// What there is to look at: only what is there, the most urgent first.
import type { ConflictCount, Import, Source, SourceTraffic } from "../../api/types";

export type Matter =
  | { kind: "refused"; source: string; name: string; count: number }
  | { kind: "import"; id: string; file: string; failed: number }
  | { kind: "pairs"; count: number }
  | { kind: "conflicts"; count: number }
  | { kind: "values"; count: number; isMore: boolean };

const importsShown = 3;
const importDays = 14;

export interface Known {
  conflicts: ConflictCount[];
  sources: Source[];
  traffic: SourceTraffic[];
  imports: Import[];
  pairs: number;
  values: { count: number; isMore: boolean };
}

const ifAny = (matter: Matter & { count: number }): Matter[] => (matter.count > 0 ? [matter] : []);

export function mattersOf({ conflicts, sources, traffic, imports, pairs, values }: Known, now: number): Matter[] {
  const refused = traffic
    .filter(({ today }) => today.refused > 0)
    .map(({ source_id, today }): Matter => ({ kind: "refused", source: source_id, name: sources.find(({ id }) => id === source_id)?.name ?? "", count: today.refused }));
  const failed = imports
    .filter((one) => (one.state === "failed" || one.state === "interrupted" || one.counts.failed > 0) && now - new Date(one.started_at).getTime() < importDays * 86_400_000)
    .slice(0, importsShown)
    .map((one): Matter => ({ kind: "import", id: one.id, file: one.file, failed: one.counts.failed }));
  const open = conflicts.reduce((sum, { open: count }) => sum + count, 0);
  return [...refused, ...failed, ...ifAny({ kind: "pairs", count: pairs }), ...ifAny({ kind: "conflicts", count: open }), ...ifAny({ kind: "values", ...values })];
}
