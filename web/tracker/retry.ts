// What an answer means for the messages that were sent. Pure.

const firstMs = 1_000;
const backOffMsMax = 60_000;
const retryAfterMsMax = 600_000;

export interface Verdict {
  /** The messages need not be sent again: they arrived, or will never be taken. */
  isFinal: boolean;
  /** Before anything is sent again. */
  waitMs: number;
}

/** `status` 0: no answer came. `failures`: how often in a row, this one included. `chance` from 0 to 1. */
export function judge(status: number, retryAfter: string | null, failures: number, chance: number): Verdict {
  if (status >= 200 && status < 400) return { isFinal: true, waitMs: 0 };
  if (status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429) return { isFinal: true, waitMs: firstMs };
  const seconds = Number(retryAfter);
  if (retryAfter && seconds > 0) return { isFinal: false, waitMs: Math.min(seconds * 1_000, retryAfterMsMax) * (1 + chance / 10) };
  return { isFinal: false, waitMs: Math.min(firstMs * 2 ** (failures - 1), backOffMsMax) * (0.5 + chance / 2) };
}
