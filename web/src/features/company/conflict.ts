// Three versions of the same settings: what the form began with, what it says now, what is saved meanwhile.

export type Settings = { name: string; zone: string; currency: string; locale: string; event_retention_days: number };
export const settingNames = ["name", "zone", "currency", "locale", "event_retention_days"] as const;
export type SettingName = (typeof settingNames)[number];

export const changed = (base: Settings, mine: Settings): Partial<Settings> =>
  Object.fromEntries(settingNames.filter((name) => mine[name] !== base[name]).map((name) => [name, mine[name]]));

// Only what both changed, and differently, is in conflict.
export const conflicting = (base: Settings, mine: Settings, theirs: Settings): SettingName[] =>
  settingNames.filter((name) => mine[name] !== base[name] && theirs[name] !== base[name] && mine[name] !== theirs[name]);
