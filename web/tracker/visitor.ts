// Who is before the screen: ids, session and first touch, always read where all tabs keep them.
import type { Origin } from "./campaign";
import { keptJson } from "./kept_json";
import type { Kept, Small } from "./store";

const idleMsMax = 30 * 60_000;
const smallNames: Small[] = ["id", "user", "group", "session"];

export interface FirstTouch extends Origin {
  at: string;
  url: string;
  referrer: string;
}

export interface Session {
  id: string;
  isNew: boolean;
  origin: Origin;
}

// Mini-programs have no `crypto`.
function chance(bytes: Uint8Array<ArrayBuffer>): Uint8Array {
  return typeof crypto === "object" ? crypto.getRandomValues(bytes) : bytes.map(() => Math.random() * 256);
}

/** 128 bits of chance, in hex. */
export function randomId(): string {
  return Array.from(chance(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Visitor {
  constructor(private readonly store: Kept) {}

  /** Made when it is first asked for. */
  anonymousId(): string {
    const known = this.store.getSmall("id");
    if (known) return known;
    this.store.setSmall("id", randomId());
    return this.store.getSmall("id") ?? "";
  }

  isKnown = (): boolean => this.store.getSmall("id") !== null;
  userId = (): string | null => this.store.getSmall("user");
  groupId = (): string | null => this.store.getSmall("group");
  firstTouch = (): FirstTouch | null => keptJson(this.store.get("first"));

  /** Somebody else on this device starts anew, so that two people are not taken for one. */
  identify(userId: string): void {
    const before = this.userId();
    if (before !== null && before !== userId) this.forget();
    this.store.setSmall("user", userId);
  }

  join(groupId: string): void {
    this.store.setSmall("group", groupId);
  }

  /** The session goes on when something happens within half an hour; a visit's campaign holds until it ends or another one comes. */
  session(now: number, origin: Origin): Session {
    const [id = "", last = ""] = (this.store.getSmall("session") ?? "").split(".");
    const isNew = !id || now - Number(last) > idleMsMax;
    const current = isNew ? randomId().slice(0, 16) : id;
    this.store.setSmall("session", `${current}.${now}`);
    const hasOrigin = origin.campaign ?? origin.clickIds;
    if (hasOrigin) this.store.set("origin", JSON.stringify(origin));
    else if (isNew) this.store.remove("origin");
    return { id: current, isNew, origin: hasOrigin ? origin : (keptJson<Origin>(this.store.get("origin")) ?? {}) };
  }

  touch(first: FirstTouch): void {
    if (this.store.get("first") === null) this.store.set("first", JSON.stringify(first));
  }

  forget(): void {
    smallNames.forEach((name) => this.store.removeSmall(name));
    this.store.remove("first");
    this.store.remove("origin");
  }
}
