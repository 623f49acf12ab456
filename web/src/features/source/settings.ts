// What people set of a source: as the form holds it, and what a save changes.
import type { Source } from "../../api/types";

export type Settings = Pick<Source, "zone" | "currency" | "region" | "trust" | "consent" | "allowed_origins"> & { order_scope: string };
const names = ["zone", "currency", "region", "trust", "consent", "allowed_origins", "order_scope"] as const;

export const settingsOf = (source: Source): Settings => Object.fromEntries(names.map((name) => [name, source[name] ?? ""])) as Settings;

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

export function changed(from: Settings, to: Partial<Settings>): Partial<Settings> {
  return Object.fromEntries(names.filter((name) => to[name] !== undefined && !isSame(from[name], to[name])).map((name) => [name, to[name]]));
}

// After somebody else's change: what stands in the form where nobody here touched it.
export function untouched(from: Settings, mine: Partial<Settings>, newest: Settings): Partial<Settings> {
  const own = changed(from, mine);
  return Object.fromEntries(names.filter((name) => !(name in own) && name in mine).map((name) => [name, newest[name]]));
}
