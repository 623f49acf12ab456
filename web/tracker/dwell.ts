// How long somebody has had one page before their eyes, and how far down they saw it. Pure: the time comes in, in milliseconds of any
// clock that only goes forward.

/** Coming back for less is told together with what follows. */
const partMsMin = 1_000;

export class Dwell {
  private seenMs = 0;
  private since: number | null = null;
  private deepest = 0;
  private parts = 0;

  show(now: number): void {
    this.since ??= now;
  }

  hide(now: number): void {
    if (this.since === null) return;
    this.seenMs += Math.max(0, now - this.since);
    this.since = null;
  }

  /** `bottom` is the lower edge of what is in sight, `height` the whole page's. */
  scroll(bottom: number, height: number): void {
    if (height > 0) this.deepest = Math.max(this.deepest, Math.min(100, Math.round((100 * bottom) / height)));
  }

  /** What was seen since it was last told; nothing where that is too little. Parts of one view add up to the whole. */
  tell(now: number, isOver: boolean): { dwell_ms: number; max_scroll_percent: number; part: number } | null {
    const isSeen = this.since !== null;
    this.hide(now);
    if (isSeen && !isOver) this.show(now);
    const dwell = Math.round(this.seenMs);
    if (this.parts > 0 ? dwell < (isOver ? 1 : partMsMin) : !isOver && dwell < 1) return null;
    this.seenMs = 0;
    return { dwell_ms: dwell, max_scroll_percent: this.deepest, part: ++this.parts };
  }
}
