// What may be read without a connection: the customers that this person opened lately on this device. Nobody else's answers are kept,
// nothing is kept beyond a session's longest life, and signing out takes all of it away (ADR 23).
const prefix = "onefold-kept-";
const holder = "onefold.kept"; // whose they are
const recents = "onefold.recent"; // which customers, the last opened first
const customersMax = 20;
const ageMax_ms = 7 * 86_400_000;
const keptAt = "X-Kept-At";

export interface Recent {
  id: string;
  name: string | null;
  at: string; // when it was read
}

const places = [/^\/api\/v1\/session$/, /^\/api\/v1\/fields\?object=customer$/, /^\/api\/v1\/sources$/];
const ofCustomer = /^\/api\/v1\/customers\/(\d+)(?:$|[/?])/;
const recordsOf = /^\/api\/v1\/(?:orders|tickets)\?(?:.*&)?customer=(\d+)(?:&|$)/;

// Whose page an address is a part of; of a list only the first page is.
export function customerOf(url: string): string | null {
  if (/[?&]after=/.test(url) || /\/why\?/.test(url)) return null;
  return ofCustomer.exec(url)?.[1] ?? recordsOf.exec(url)?.[1] ?? null;
}
export const isKept = (url: string): boolean => places.some((place) => place.test(url)) || customerOf(url) !== null;

export const orderRecents = (before: Recent[], opened: Recent): { kept: Recent[]; gone: Recent[] } => {
  const all = [opened, ...before.filter(({ id }) => id !== opened.id)];
  return { kept: all.slice(0, customersMax), gone: all.slice(customersMax) };
};

const isPossible = (): boolean => typeof caches !== "undefined" && typeof localStorage !== "undefined";
const drawer = (user: string): Promise<Cache> => caches.open(`${prefix}${user}`);

export function readRecents(): Recent[] {
  try {
    const all: unknown = JSON.parse(localStorage.getItem(recents) ?? "[]");
    return Array.isArray(all) ? (all as Recent[]) : [];
  } catch {
    return [];
  }
}

// From now on it is this person who reads; what others left is taken away.
async function belongTo(user: string): Promise<void> {
  const before = localStorage.getItem(holder);
  localStorage.setItem(holder, user);
  if (before === user) return;
  localStorage.removeItem(recents);
  for (const name of await caches.keys()) if (name.startsWith(prefix) && name !== `${prefix}${user}`) await caches.delete(name);
}

export async function forgetKept(): Promise<void> {
  if (!isPossible()) return;
  localStorage.removeItem(holder);
  localStorage.removeItem(recents);
  for (const name of await caches.keys()) if (name.startsWith(prefix)) await caches.delete(name);
}

async function noteOpened(cache: Cache, id: string, body: unknown, at: string): Promise<void> {
  const fields = (body as { fields?: { name?: unknown } }).fields;
  const { kept, gone } = orderRecents(readRecents(), { id, name: typeof fields?.name === "string" ? fields.name : null, at });
  localStorage.setItem(recents, JSON.stringify(kept));
  if (gone.length === 0) return;
  for (const request of await cache.keys()) {
    const { pathname, search } = new URL(request.url);
    if (gone.some((one) => one.id === customerOf(pathname + search))) await cache.delete(request);
  }
}

// Never fails: what cannot be kept is read again when there is a connection.
export async function keep(url: string, body: unknown): Promise<void> {
  if (!isPossible() || !isKept(url)) return;
  try {
    if (url === "/api/v1/session") await belongTo(String((body as { user: { id: string } }).user.id));
    const user = localStorage.getItem(holder);
    if (!user) return;
    const at = new Date().toISOString();
    const cache = await drawer(user);
    await cache.put(url, new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json", [keptAt]: at } }));
    if (localStorage.getItem(holder) !== user) await caches.delete(`${prefix}${user}`); // signed out meanwhile
    else if (/^\/api\/v1\/customers\/\d+$/.test(url)) await noteOpened(cache, customerOf(url)!, body, at);
  } catch {
    // no room, or not allowed
  }
}

export async function findKept(url: string): Promise<{ body: unknown; at: string } | null> {
  if (!isPossible() || !isKept(url)) return null;
  try {
    const user = localStorage.getItem(holder);
    const found = user ? await (await drawer(user)).match(url) : undefined;
    const at = found?.headers.get(keptAt);
    if (!found || !at || Date.now() - Date.parse(at) > ageMax_ms) return null;
    return { body: await found.json(), at };
  } catch {
    return null;
  }
}
