// The one door to the server.
import { answered, answeredFromKept, isLost, lost } from "./connection";
import { Failure, failureOf } from "./failure";
import { findKept, forgetKept, keep } from "./kept";

type Query = Record<string, string | number | null | undefined>;

export interface Sending {
  query?: Query;
  body?: unknown; // goes out as JSON, a Blob as its bytes
  version?: number; // becomes If-Match
  once?: string; // becomes Idempotency-Key
  signal?: AbortSignal;
}

let language = "en";
export const speak = (next: string): void => {
  language = next;
};

// How long a read waits for its answer: a line that is silently cut must not be a page that waits for ever. Once the server was out of reach, less.
const waits_ms = { usually: 30_000, lost: 5_000 };
const patience = (signal: AbortSignal | undefined): AbortSignal => {
  const late = AbortSignal.timeout(isLost() ? waits_ms.lost : waits_ms.usually);
  return signal ? AbortSignal.any([signal, late]) : late;
};

// Whether the server answers at all: then it is only slow.
const isThere = async (): Promise<boolean> => {
  try {
    return (await fetch("/healthz", { signal: AbortSignal.timeout(waits_ms.lost) })).ok;
  } catch {
    return false;
  }
};

// The position of our last accepted write, until a read has shown that it is visible.
let unseen: string | null = null;

// What the first read of this tab reflects; all others reflect as much or more.
export const reads: { first: string | null } = { first: null };

export function urlOf(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const search = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
  return search ? `${path}?${search}` : path;
}

function headersOf(method: string, sending: Sending): Headers {
  const headers = new Headers({ Accept: "application/json", "Accept-Language": language });
  if (sending.body !== undefined) headers.set("Content-Type", sending.body instanceof Blob ? "application/octet-stream" : "application/json");
  if (sending.version !== undefined) headers.set("If-Match", `"${sending.version}"`);
  if (sending.once) headers.set("Idempotency-Key", sending.once);
  if (method === "GET" && unseen) headers.set("Onefold-Min-Position", unseen);
  return headers;
}

async function bodyOf(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const text = await response.text();
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export async function request<T>(method: string, path: string, sending: Sending = {}): Promise<T> {
  let response: Response;
  let body: unknown;
  const asked = unseen;
  const url = urlOf(path, sending.query);
  try {
    response = await fetch(url, {
      method,
      headers: headersOf(method, sending),
      body: sending.body === undefined || sending.body instanceof Blob ? sending.body : JSON.stringify(sending.body),
      signal: method === "GET" ? patience(sending.signal) : sending.signal,
      credentials: "same-origin",
    });
    body = await bodyOf(response);
  } catch (thrown) {
    if ((thrown as Error).name === "AbortError") throw thrown;
    if ((thrown as Error).name === "TimeoutError" && !isLost() && (await isThere())) throw new Failure("busy", 0, "page.slow", "");
    const kept = method === "GET" ? await findKept(url) : null;
    if (kept) {
      answeredFromKept(url);
      return kept.body as T;
    }
    lost();
    throw new Failure("offline", 0, "page.no_answer", "");
  }
  answered(url);
  if (response.status === 401 || (method === "DELETE" && path === "/api/v1/session" && response.ok)) void forgetKept();
  if (!response.ok) throw failureOf(response.status, body, response.headers.get("X-Request-Id"));
  const position = response.headers.get("Onefold-Position");
  if (method !== "GET" && position) unseen = position;
  else if (method === "GET" && unseen === asked) unseen = null;
  if (method === "GET") reads.first ??= position;
  if (method === "GET") void keep(url, body);
  return body as T;
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> => request<T>("GET", path, { query, signal });
export const post = <T>(path: string, body?: unknown, sending: Sending = {}): Promise<T> => request<T>("POST", path, { ...sending, body });
export const patch = <T>(path: string, body: unknown, version: number, once?: string): Promise<T> => request<T>("PATCH", path, { body, version, once });
export const put = <T>(path: string, body: unknown, version: number): Promise<T> => request<T>("PUT", path, { body, version });

function freshKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// One Idempotency-Key for one wish: a second click or a retry creates nothing twice, a corrected form is a new wish.
export function keyKeeper(): (wish: unknown) => string {
  let text = "";
  let key = "";
  return (wish) => {
    const next = JSON.stringify(wish);
    if (next !== text) {
      text = next;
      key = freshKey();
    }
    return key;
  };
}
