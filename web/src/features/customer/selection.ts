// Which rows are selected: by id, and the row from which a range goes.
export interface Selection {
  ids: ReadonlySet<string>;
  anchor: number | null;
}
export const nobody: Selection = { ids: new Set(), anchor: null };

export function toggle({ ids }: Selection, id: string, index: number): Selection {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ids: next, anchor: index };
}

// All from the anchor to this row, beside what was selected before.
export function extend(selection: Selection, all: string[], index: number): Selection {
  const from = selection.anchor ?? index;
  return { ids: new Set([...selection.ids, ...all.slice(Math.min(from, index), Math.max(from, index) + 1)]), anchor: from };
}

// Those that are still listed.
export function among<T extends { id: string }>({ ids }: Selection, rows: T[]): T[] {
  return ids.size === 0 ? [] : rows.filter(({ id }) => ids.has(id));
}
