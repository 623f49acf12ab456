// How a customer is reached: what a phone dials, writes to or shows on its map.
import type { Customer, Language } from "../../api/types";

export interface Way {
  kind: "call" | "mail" | "map";
  text: string;
  href: string;
}

const filled = (value: unknown): string => (typeof value === "string" ? value.trim() : "");

export const callHref = (phone: string): string | null => {
  const digits = phone.replace(/[^\d+]/g, "");
  return /^\+?\d{3,15}$/.test(digits) ? `tel:${digits}` : null;
};
export const mailHref = (address: string): string | null => (/^[^\s@]+@[^\s@]+$/.test(address) ? `mailto:${encodeURIComponent(address).replaceAll("%40", "@")}` : null);

// A phone asks its own map; at a desk a map in the browser opens, in China one that works there.
export function mapHref(place: string, language: Language, agent: string): string {
  const words = encodeURIComponent(place);
  if (/iPhone|iPad/.test(agent)) return `maps://?q=${words}`;
  if (/Android/.test(agent)) return `geo:0,0?q=${words}`;
  return language === "zh-CN" ? `https://uri.amap.com/search?keyword=${words}` : `https://www.openstreetmap.org/search?query=${words}`;
}

// In the order in which Chinese and other addresses are written.
export function placeOf({ fields }: Pick<Customer, "fields">): string {
  const parts = ["province", "city", "district", "address"].map((code) => filled(fields[code]));
  if (parts.every((part) => part === "")) return "";
  if (parts.some((part) => /\p{Script=Han}/u.test(part))) return [...new Set(parts)].join("");
  return [...new Set([...parts.toReversed(), filled(fields.postal_code), filled(fields.country)])].filter(Boolean).join(", ");
}

// The golden phone and e-mail, else the first identifiers of the kind that join records.
export function waysOf(customer: Pick<Customer, "fields" | "identifiers">, language: Language, agent: string): Way[] {
  const known = (type: "phone" | "email"): string => filled(customer.fields[type]) || (customer.identifiers.find((one) => one.type === type && one.state === "open")?.value ?? "");
  const phone = known("phone");
  const mail = known("email");
  const place = placeOf(customer);
  const [call, write] = [callHref(phone), mailHref(mail)];
  return [
    ...(call ? [{ kind: "call" as const, text: phone, href: call }] : []),
    ...(write ? [{ kind: "mail" as const, text: mail, href: write }] : []),
    ...(place ? [{ kind: "map" as const, text: place, href: mapHref(place, language, agent) }] : []),
  ];
}
