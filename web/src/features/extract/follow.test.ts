import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { follow } from "./follow";

const toast = { done: vi.fn(), failed: vi.fn(), clear: vi.fn() };
const say = ((key: string) => key) as Parameters<typeof follow>[2];
const ready = { id: "7", state: "finished", file: "customers.csv" };
const away = () => {
  throw new TypeError("no network");
};
const answer = (status: number, body: unknown = {}) => new Response(JSON.stringify(body), { status });

// What the server says, one answer a time.
function told(...answers: (() => Response)[]) {
  const fetch = vi.fn(async () => answers.shift()!());
  vi.stubGlobal("fetch", fetch);
  return fetch;
}
const whole = async () => {
  const end = follow("7", toast, say);
  await vi.runAllTimersAsync();
  await end;
};

beforeEach(() => {
  vi.useFakeTimers();
  for (const one of Object.values(toast)) one.mockReset();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a server that is busy, broken or out of reach for a while ends nothing", async () => {
  const fetch = told(() => answer(200, { ...ready, state: "running" }), () => answer(503), away, away, () => answer(500), () => answer(200, ready));
  await whole();
  expect(fetch).toHaveBeenCalledTimes(6);
  expect(toast.done).toHaveBeenCalledExactlyOnceWith("ready", expect.objectContaining({ kind: "other", label: "fetch" }));
});

test.each([401, 404])("an answer of %i is the last, and nothing is said", async (status) => {
  const fetch = told(() => answer(503), () => answer(status));
  await whole();
  expect(fetch).toHaveBeenCalledTimes(2);
  expect(toast.done).not.toHaveBeenCalled();
  expect(toast.failed).not.toHaveBeenCalled();
});

test("one that failed is told with its reason", async () => {
  told(() => answer(200, { ...ready, state: "failed", error: "The disk is full." }));
  await whole();
  expect(toast.failed).toHaveBeenCalledExactlyOnceWith("The disk is full.");
});
