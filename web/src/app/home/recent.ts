// The customers that somebody opened last, kept in this browser, each user's own. Only their ids: what they are called is asked for.
const shownMax = 8;
const keptMax = 20;
const keyOf = (user: string) => `onefold.recent.${user}`;

export function readRecent(user: string): string[] {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(keyOf(user)) ?? "[]");
    return Array.isArray(read) ? read.filter((id): id is string => typeof id === "string" && /^\d{1,19}$/.test(id)).slice(0, keptMax) : [];
  } catch {
    return [];
  }
}

export function noteRecent(user: string, id: string): void {
  if (!/^\d{1,19}$/.test(id)) return;
  try {
    localStorage.setItem(keyOf(user), JSON.stringify([id, ...readRecent(user).filter((other) => other !== id)].slice(0, keptMax)));
  } catch {
    // a browser that keeps nothing shows none
  }
}

// Those that are still there, in the order in which they were opened.
export const inOrderOf = <T extends { id: string }>(ids: string[], found: T[]): T[] =>
  ids.map((id) => found.find((one) => one.id === id)).filter((one) => one !== undefined).slice(0, shownMax);
