// What the list of live messages tells beside what the server tells of them.
import type { SourceMessage } from "../../api/types";

type Json = Record<string, unknown>;
const objectIn = (json: Json, name: string): Json => {
  const found = json[name];
  return typeof found === "object" && found !== null && !Array.isArray(found) ? (found as Json) : {};
};
const textIn = (json: Json, name: string): string => (typeof json[name] === "string" ? json[name] : "");

const read = (message: string): Json => {
  try {
    return objectIn({ whole: JSON.parse(message) }, "whole");
  } catch {
    return {};
  }
};

// The page that a view, or the leaving of one, speaks of; "" where the message does not say.
export function pageOf({ type, name, message }: Pick<SourceMessage, "type" | "name" | "message">): { title: string; path: string } {
  if (type !== "page" && type !== "screen" && name !== "Page Left") return { title: "", path: "" };
  const json = read(message);
  const properties = objectIn(json, "properties");
  const page = objectIn(objectIn(json, "context"), "page");
  const either = (member: string) => textIn(properties, member) || textIn(page, member);
  return { title: either("title"), path: either("path") || either("url") };
}

// Who a message is of, as the list of customers looks it up; null where nobody can tell.
export function lookupOf({ fate, who, message }: Pick<SourceMessage, "fate" | "who" | "message">): string | null {
  if (fate === "refused" || !who) return null;
  const json = read(message);
  if (textIn(json, "userId") === who) return `user_id:${who}`;
  return textIn(json, "anonymousId") === who ? `anonymous_id:${who}` : null;
}

export const keyOf = ({ fate, id }: Pick<SourceMessage, "fate" | "id">): string => `${fate}${id}`;

// How many came since the list stood still.
export function newerThan(held: SourceMessage[], newest: SourceMessage[]): number {
  const known = new Set(held.map(keyOf));
  const since = held[0]?.at ?? "";
  return newest.filter((one) => !known.has(keyOf(one)) && one.at >= since).length;
}
