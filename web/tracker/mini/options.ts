// What start() is given.
import { isObject } from "../tracker";

export interface MiniOptions {
  key: string;
  /** Where messages go, without a slash at the end. */
  host: string;
  consent: "required" | "none" | "ask";
  hasPages: boolean;
  /** Of pages, by their path. */
  titles: Record<string, string>;
}

/** Null where nothing can be sent with it. */
export function miniOptionsOf(said: unknown): MiniOptions | null {
  const all = isObject(said) ? said : {};
  const { key, host, consent, pages, titles } = all;
  if (typeof key !== "string" || !key || typeof host !== "string" || !/^https?:\/\/[^/]/.test(host)) return null;
  return {
    key,
    host: host.replace(/\/+$/, ""),
    consent: consent === "required" || consent === "none" ? consent : "ask",
    hasPages: pages !== "off",
    titles: isObject(titles) ? (titles as Record<string, string>) : {},
  };
}
