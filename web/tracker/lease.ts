// One tab sends at a time. Two that take the lease in the same instant both send, and the message ids let the server count once.
import type { Store } from "./store";

const name = "lease";

export class Lease {
  private readonly holder = Math.random().toString(36).slice(2);

  constructor(
    private readonly store: Store,
    private readonly heldMsMax: number,
  ) {}

  /** 0 when it is ours, else for how long at most another tab may keep it. */
  take(now: number): number {
    const [holder, until] = (this.store.get(name) ?? "").split(" ");
    const left = Number(until) - now;
    if (holder && holder !== this.holder && left > 0 && left <= this.heldMsMax) return left;
    this.store.set(name, `${this.holder} ${now + this.heldMsMax}`);
    return 0;
  }

  release(): void {
    if (this.store.get(name)?.startsWith(this.holder)) this.store.remove(name);
  }
}
