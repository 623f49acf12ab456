// Brings messages to the server. A message is forgotten when the server has confirmed it or refused it for good, never before: what a page
// sends while it closes stays in the queue, goes out again from the next page, and counts once by its message id.
import type { Carrier } from "./carrier";
import type { Lease } from "./lease";
import type { Entry, Queue } from "./queue";
import { judge } from "./retry";

const lookAgainMs = 250;

export class Sender {
  private readonly mine = new Set<string>();
  private onTheWay: Entry[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private notBefore = 0;
  private hasLeft = false;

  /** `wrap` makes a request's body of messages. */
  constructor(
    private readonly address: string,
    private readonly queue: Queue,
    private readonly wrap: (texts: string[]) => string,
    private readonly carrier: Carrier,
    private readonly lease: Pick<Lease, "take" | "release">,
  ) {}

  send(text: string): void {
    this.mine.add(this.queue.add(text, Date.now()));
    this.soon(this.carrier.gatherMs);
  }

  soon(waitMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), Math.max(waitMs, this.notBefore - Date.now()));
  }

  /** The network is back. */
  retryNow(): void {
    this.notBefore = 0;
    this.soon(0);
  }

  flush(): void {
    const now = Date.now();
    if (this.hasLeft || this.onTheWay.length > 0) return;
    if (now < this.notBefore) return this.soon(0);
    const batch = this.queue.batch();
    if (batch.length === 0) return this.lease.release();
    const othersMs = this.lease.take(now);
    if (othersMs > 0) return this.soon(Math.min(othersMs, lookAgainMs * (1 + Math.random())));
    this.onTheWay = batch;
    void this.carrier.post(this.address, this.wrap(batch.map(({ text }) => text))).then(({ status, retryAfter }) => this.hear(batch, status, retryAfter));
  }

  private hear(batch: Entry[], status: number, retryAfter: string | null): void {
    if (status >= 200 && status < 400) this.failures = 0;
    else this.failures++;
    const { isFinal, waitMs } = judge(status, retryAfter, this.failures, Math.random());
    if (status >= 400 && isFinal) console.warn(`onefold: the server refused ${batch.length} messages with ${status}`);
    if (isFinal) {
      this.queue.remove(batch);
      batch.forEach(({ name }) => this.mine.delete(name));
    }
    this.onTheWay = [];
    this.notBefore = Date.now() + waitMs;
    if (waitMs > 0) this.lease.release();
    this.soon(0);
  }

  /** The page closes: what it said and is not on its way goes out beside it. */
  leave(): void {
    this.hasLeft = true;
    const sent = new Set(this.onTheWay.map(({ name }) => name));
    for (;;) {
      const batch = this.queue.batch((name) => this.mine.has(name) && !sent.has(name));
      if (batch.length === 0 || !this.carrier.leave(this.address, this.wrap(batch.map(({ text }) => text)))) break;
      batch.forEach(({ name }) => sent.add(name));
    }
    this.lease.release();
  }

  /** The page closed, and is shown again. */
  comeBack(): void {
    this.hasLeft = false;
    this.soon(0);
  }

  /** Says one last thing, and keeps none of it. */
  sayAndForget(text: string): void {
    this.forget();
    this.carrier.leave(this.address, this.wrap([text]));
  }

  forget(): void {
    this.queue.clear();
    this.mine.clear();
    this.lease.release();
  }
}
