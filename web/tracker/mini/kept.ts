// What stays in the mini-program: its storage, where that takes it, else this run's memory. One run at a time owns it, so what was read once
// is not read again.
import type { Kept } from "../store";
import type { Wx } from "./wx";

const prefix = "onefold_";

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

export function keptBy(wx: Wx): Kept {
  const known = new Map<string, string | null>(); // null: there, not read yet
  attempt(() => wx.getStorageInfoSync().keys.forEach((key) => key.startsWith(prefix) && known.set(key.slice(prefix.length), null)));
  const get = (name: string): string | null => {
    const text = known.get(name);
    if (text !== null) return text ?? null;
    const read = attempt(() => wx.getStorageSync(prefix + name));
    if (typeof read !== "string" || read === "") return null;
    known.set(name, read);
    return read;
  };
  const set = (name: string, value: string): boolean => {
    known.set(name, value);
    return attempt(() => (wx.setStorageSync(prefix + name, value), true)) ?? false;
  };
  const remove = (name: string): void => {
    known.delete(name);
    attempt(() => wx.removeStorageSync(prefix + name));
  };
  const names = (beginning: string): string[] => {
    const all = Array.from(known.keys()).filter((name) => name.startsWith(beginning));
    all.sort();
    return all;
  };
  return { get, set, remove, names, getSmall: get, setSmall: set, removeSmall: remove };
}
