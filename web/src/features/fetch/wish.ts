// What the form holds of the settings, and what a save sends.
import type { Fetch } from "../../api/types";

export interface Wish {
  place: Fetch["place"];
  folder: string;
  remote_folder: string;
  url: string;
  ca_certificates: string;
  host: string;
  port: number | null;
  login: string;
  sign_in: "password" | "private_key";
  password: string;
  private_key: string;
  passphrase: string;
  pattern: string;
  rhythm: "minutes" | "hours" | "daily";
  every: number | null;
  daily_at: string;
  steady_s: number | null;
  size_mb_max: number | null;
}

const perHour = 60;

export const isSetUp = (fetch: Fetch): boolean => (fetch.place === "folder" ? fetch.folder : fetch.place === "https" ? fetch.url : fetch.host) !== "";

export function wishOf(fetch: Fetch): Wish {
  const isHours = fetch.every_minutes % perHour === 0;
  return {
    place: fetch.place,
    folder: fetch.place === "folder" && fetch.folder !== "" ? fetch.folder : fetch.own_folder,
    remote_folder: fetch.place === "sftp" ? fetch.folder : "",
    url: fetch.url,
    ca_certificates: fetch.ca_certificates,
    host: fetch.host,
    port: fetch.port,
    login: fetch.login,
    sign_in: fetch.has_private_key ? "private_key" : "password",
    password: "",
    private_key: "",
    passphrase: "",
    pattern: fetch.pattern,
    rhythm: fetch.daily_at ? "daily" : isHours ? "hours" : "minutes",
    every: isHours ? fetch.every_minutes / perHour : fetch.every_minutes,
    daily_at: fetch.daily_at ?? "03:00",
    steady_s: fetch.steady_s,
    size_mb_max: fetch.size_mb_max,
  };
}

// Only what belongs to the chosen place, and secrets only where somebody typed one: left out, they stay.
export function bodyOf(wish: Wish): Record<string, unknown> {
  const every = wish.every ?? 1;
  const secrets = (names: ("password" | "private_key" | "passphrase")[]) => Object.fromEntries(names.filter((name) => wish[name] !== "").map((name) => [name, wish[name]]));
  const where = {
    folder: { folder: wish.folder },
    https: { url: wish.url, login: wish.login, ca_certificates: wish.ca_certificates.trim(), ...secrets(["password"]) },
    sftp: {
      host: wish.host,
      port: wish.port,
      login: wish.login,
      folder: wish.remote_folder,
      ...(wish.sign_in === "password" ? { ...secrets(["password"]), private_key: "", passphrase: "" } : { ...secrets(["private_key", "passphrase"]), password: "" }),
    },
  }[wish.place];
  return {
    place: wish.place,
    ...where,
    ...(wish.place === "https" ? {} : { pattern: wish.pattern, steady_s: wish.steady_s }),
    daily_at: wish.rhythm === "daily" ? wish.daily_at : "",
    ...(wish.rhythm === "daily" ? {} : { every_minutes: wish.rhythm === "hours" ? every * perHour : every }),
    size_mb_max: wish.size_mb_max,
    is_on: true,
  };
}

// Where it looks, in one line; /~/ is the folder that one is in after signing in.
export function placeOf(fetch: Fetch): string {
  if (fetch.place !== "sftp") return fetch.place === "folder" ? fetch.folder : fetch.url;
  const folder = fetch.folder.startsWith("/") ? fetch.folder : `/~/${fetch.folder}`;
  return `sftp://${fetch.login}@${fetch.host}${fetch.port === 22 ? "" : `:${fetch.port}`}${folder}`;
}
