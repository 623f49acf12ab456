// Sends a file in chunks, and goes on where the server says after whatever came between.
import { get, post, request } from "../../api/client";
import { asFailure } from "../../api/failure";
import type { Upload } from "../../api/types";

export const uploadsPath = "/api/v1/uploads";
const path = (id: string) => `${uploadsPath}/${encodeURIComponent(id)}`;
const waitMs = [500, 1000, 2000, 4000, 8000];

export interface Sending {
  onProgress: (upload: Upload) => void;
  onWaiting: (isWaiting: boolean) => void; // for the connection
  signal: AbortSignal;
  pause?: (ms: number) => Promise<void>;
}

const pauseFor = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
const chunkOf = (size: number): number => (size > 64 << 20 ? 4 << 20 : 1 << 20);

// The same file chosen again goes on with what was sent of it.
const markOf = (file: File): string => `onefold.upload:${file.name}:${file.size}:${file.lastModified}`;
const remember = (file: File, id: string): void => {
  try {
    sessionStorage.setItem(markOf(file), id);
  } catch {
    // then it begins anew
  }
};

async function begin(file: File): Promise<Upload> {
  const id = sessionStorage.getItem(markOf(file));
  if (id)
    try {
      return await get<Upload>(path(id));
    } catch (thrown) {
      if (asFailure(thrown).kind !== "missing") throw thrown;
    }
  const made = await post<Upload>(uploadsPath, { name: file.name, size: file.size });
  remember(file, made.id);
  return made;
}

const put = (upload: Upload, file: File, signal: AbortSignal): Promise<Upload> =>
  request<Upload>("PUT", `${path(upload.id)}/bytes/${upload.received}`, { body: file.slice(upload.received, upload.received + chunkOf(file.size)), signal });

// Rejects with what the server refuses; a lost connection and a busy server are waited for.
export async function sendFile(file: File, { onProgress, onWaiting, signal, pause = pauseFor }: Sending): Promise<Upload> {
  let tries = 0;
  const patiently = async (step: () => Promise<Upload>): Promise<Upload | null> => {
    try {
      const done = await step();
      if (tries > 0) onWaiting(false);
      tries = 0;
      return done;
    } catch (thrown) {
      const { kind, code } = asFailure(thrown);
      if (signal.aborted || !(["offline", "busy"].includes(kind) || code === "upload.other_offset")) throw thrown;
      if (kind !== "conflict") {
        onWaiting(true);
        await pause(waitMs[Math.min(tries++, waitMs.length - 1)]!);
      }
      return null;
    }
  };
  let upload: Upload | null = null;
  while (!upload) upload = await patiently(() => begin(file));
  for (onProgress(upload); !upload.is_whole; onProgress(upload)) {
    signal.throwIfAborted();
    const at: Upload = upload;
    // Whether a chunk arrived whose answer was lost, only the server knows.
    upload = (await patiently(() => put(at, file, signal))) ?? (await patiently(() => get<Upload>(path(at.id), {}, signal))) ?? at;
  }
  return upload;
}
