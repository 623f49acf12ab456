import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Upload } from "../../api/types";
import { sendFile } from "./upload";

const bytes = new Uint8Array(2_500_000).map((_, i) => i % 251);
const fileOf = () => new File([bytes], "people.csv", { lastModified: 7 });
let stored: Uint8Array[];
let received: number;
let faults: ("lost" | "answer lost" | null)[];

const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const upload = (): Upload => ({ id: "5", name: "people.csv", size: bytes.length, received, is_whole: received === bytes.length, created_at: "", expires_at: "" });

beforeEach(() => {
  [stored, received, faults] = [[], 0, []];
  sessionStorage.clear();
  vi.stubGlobal("fetch", async (url: string, { method, body }: { method: string; body?: Blob }) => {
    const fault = faults.shift();
    if (fault === "lost") throw new TypeError("network");
    if (method === "PUT") {
      const offset = Number(url.split("/").at(-1));
      if (offset !== received) return answer(409, { error: { code: "upload.other_offset", message: "", fields: [] } });
      stored.push(new Uint8Array(await body!.arrayBuffer()));
      received += stored.at(-1)!.length;
    }
    if (fault === "answer lost") throw new TypeError("network");
    return answer(200, upload());
  });
});
afterEach(() => vi.unstubAllGlobals());

const told: number[] = [];
const waits: boolean[] = [];
const sending = () => {
  told.length = waits.length = 0;
  return { onProgress: (now: Upload) => void told.push(now.received), onWaiting: (is: boolean) => void waits.push(is), signal: new AbortController().signal, pause: async () => {} };
};
const arrived = () => stored.reduce<number[]>((all, part) => [...all, part.length], []);

test("a file goes in chunks", async () => {
  expect((await sendFile(fileOf(), sending())).is_whole).toBe(true);
  expect(arrived()).toEqual([1 << 20, 1 << 20, 402848]);
  expect(told).toEqual([0, 1048576, 2097152, 2500000]);
});

test("a lost connection is waited for, and a chunk whose answer was lost is not sent twice", async () => {
  faults = [null, "lost", "lost", null, "answer lost"];
  expect((await sendFile(fileOf(), sending())).received).toBe(bytes.length);
  expect(arrived()).toEqual([1 << 20, 1 << 20, 402848]);
  expect(waits).toContain(true);
  expect(waits.at(-1)).toBe(false);
});

test("the same file chosen again goes on", async () => {
  const stop = new AbortController();
  const first = sendFile(fileOf(), { ...sending(), signal: stop.signal, onProgress: (now) => now.received > 0 && stop.abort() });
  await expect(first).rejects.toThrow();
  expect(received).toBe(1 << 20);
  await sendFile(fileOf(), sending());
  expect(told[0]).toBe(1 << 20);
  expect(arrived()).toEqual([1 << 20, 1 << 20, 402848]);
});
