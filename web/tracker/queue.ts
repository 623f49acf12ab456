// Messages that the server has not confirmed yet. Each has an entry of its own, so that tabs never overwrite each other's; the entry's
// name tells its time and size, so that the limits cost no reading.
import type { Kept } from "./store";

export const countMax = 500;
export const charactersMax = 1_000_000;
export const batchCountMax = 50;
/** Browsers let 64 KiB go out beside a page that closes. */
export const batchBytesMax = 48_000;
const ageMsMax = 30 * 24 * 3_600_000;
const timeDigits = 9;

export interface Entry {
  name: string;
  text: string;
}

const sizeOf = (name: string): number => parseInt(name.slice(name.lastIndexOf(".") + 1), 36) || 0;
const timeOf = (name: string): number => parseInt(name.slice(2, 2 + timeDigits), 36) || 0;

const isHalf = (unit: number): boolean => unit >= 0xd800 && unit < 0xe000;

/** In UTF-8; half a pair counts as half of four. */
export function bytesOf(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes += unit < 0x80 ? 1 : unit < 0x800 || isHalf(unit) ? 2 : 3;
  }
  return bytes;
}

export class Queue {
  private sequence = 0;
  private readonly page = Math.random().toString(36).slice(2, 8);

  constructor(private readonly store: Kept) {}

  /** The oldest give way where the limits are reached. Returns the entry's name. */
  add(text: string, now: number): string {
    const order = (this.sequence++ % 46_656).toString(36).padStart(3, "0");
    const name = `q.${now.toString(36).padStart(timeDigits, "0")}${order}${this.page}.${text.length.toString(36)}`;
    this.store.set(name, text);
    this.shrink(now);
    return name;
  }

  private shrink(now: number): void {
    const all = this.store.names("q.");
    let count = all.length;
    let characters = all.reduce((sum, one) => sum + sizeOf(one), 0);
    for (const one of all.slice(0, -1)) {
      if (count <= countMax && characters <= charactersMax && timeOf(one) > now - ageMsMax) break;
      count--;
      characters -= sizeOf(one);
      this.store.remove(one);
    }
  }

  /** The oldest that fit one request, of those that `isWanted`. */
  batch(isWanted: (name: string) => boolean = () => true): Entry[] {
    const entries: Entry[] = [];
    let bytes = 0;
    for (const name of this.store.names("q.")) {
      const text = isWanted(name) ? this.store.get(name) : null;
      if (text === null) continue;
      bytes += bytesOf(text) + 1;
      if (entries.length === batchCountMax || (entries.length > 0 && bytes > batchBytesMax)) break;
      entries.push({ name, text });
    }
    return entries;
  }

  remove(entries: Entry[]): void {
    entries.forEach(({ name }) => this.store.remove(name));
  }

  clear(): void {
    this.store.names("q.").forEach((name) => this.store.remove(name));
  }
}
