// What stays in the browser: localStorage; where that is refused, cookies for what is small; else this page's memory.

const prefix = "onefold_";
const yearSeconds = 365 * 24 * 3600;

export type Small = "id" | "user" | "group" | "session" | "consent";

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

export type Kept = Pick<Store, "get" | "set" | "remove" | "getSmall" | "setSmall" | "removeSmall" | "names">;

export class Store {
  private memory = new Map<string, string>();

  /** `domain`: that of a cookie which sites under it share; small values are then in the cookie too. */
  constructor(private readonly domain: string) {}

  get(name: string): string | null {
    return attempt(() => localStorage.getItem(prefix + name)) ?? this.memory.get(name) ?? null;
  }

  /** Whether it outlives the page. */
  set(name: string, value: string): boolean {
    const isKept = attempt(() => (localStorage.setItem(prefix + name, value), true)) ?? false;
    if (isKept) this.memory.delete(name);
    else this.memory.set(name, value);
    return isKept;
  }

  remove(name: string): void {
    this.memory.delete(name);
    attempt(() => localStorage.removeItem(prefix + name));
  }

  getSmall(name: Small): string | null {
    return (this.domain && readCookie(name)) || this.get(name) || readCookie(name);
  }

  setSmall(name: Small, value: string): void {
    const isKept = this.set(name, value);
    if (!isKept || this.domain) this.bake(name, value, yearSeconds);
  }

  removeSmall(name: Small): void {
    this.remove(name);
    if (readCookie(name) !== null) this.bake(name, "", -1);
  }

  names(beginning: string): string[] {
    const kept = attempt(() => Object.keys(localStorage)) ?? [];
    const all = kept.filter((name) => name.startsWith(prefix + beginning)).map((name) => name.slice(prefix.length));
    this.memory.forEach((_, name) => name.startsWith(beginning) && all.push(name));
    return all.sort();
  }

  private bake(name: string, value: string, seconds: number): void {
    const domain = this.domain && `; Domain=${this.domain}`;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    attempt(() => (document.cookie = `${prefix}${name}=${encodeURIComponent(value)}; Path=/; Max-Age=${seconds}; SameSite=Lax${domain}${secure}`));
  }
}

function readCookie(name: string): string | null {
  const found = attempt(() => document.cookie.split("; ").find((one) => one.startsWith(`${prefix}${name}=`)));
  return found ? attempt(() => decodeURIComponent(found.slice(found.indexOf("=") + 1))) : null;
}
