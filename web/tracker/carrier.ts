// How requests leave: what a sender and a permission need of the network, and how browsers do it.

export interface Posted {
  /** 0: no answer came. */
  status: number;
  retryAfter: string | null;
}

export interface Carrier {
  /** How long a message waits for others before it goes. */
  gatherMs: number;
  post(address: string, body: string): Promise<Posted>;
  /** Lets something go whose answer nobody will hear; false where it did not go. */
  leave(address: string, body: string): boolean;
  get(address: string): Promise<{ status: number; body: unknown }>;
}

export const answerMsMax = 30_000;

// Text and no header of ours: so the browser asks no permission before. What outlives its page has 64 KiB at a time, with all other scripts of
// the page, and each request gives its part back when its answer was read to the end: if there is none left, it goes as what ends with its page.
async function post(address: string, body: string): Promise<Posted> {
  const abort = typeof AbortController === "function" ? new AbortController() : null;
  const alarm = setTimeout(() => abort?.abort(), answerMsMax);
  try {
    const send = (keepalive: boolean) => fetch(address, { method: "POST", body, credentials: "omit", keepalive, ...(abort && { signal: abort.signal }) });
    const answer = await send(true).catch(() => send(false));
    await answer.text();
    return { status: answer.status, retryAfter: answer.headers.get("Retry-After") };
  } catch {
    return { status: 0, retryAfter: null };
  } finally {
    clearTimeout(alarm);
  }
}

function beacon(address: string, body: string): boolean {
  try {
    return navigator.sendBeacon(address, body);
  } catch {
    return false;
  }
}

async function get(address: string): Promise<{ status: number; body: unknown }> {
  try {
    const answer = await fetch(address, { credentials: "omit" });
    return { status: answer.status, body: answer.ok ? await answer.json() : null };
  } catch {
    return { status: 0, body: null };
  }
}

export const browser: Carrier = { gatherMs: 30, post, leave: beacon, get };
