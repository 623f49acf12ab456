// How an event and a property are called on the page.
import type { EventType } from "../../api/types";
import { useEventText } from "./texts";

export const kinds = ["track", "page", "screen", "identify", "group", "alias", "merge"] as const;
type Kind = (typeof kinds)[number];
const isKnown = (kind: string): kind is Kind => (kinds as readonly string[]).includes(kind);

export function useEventNames() {
  const { say } = useEventText();
  const kindOf = (kind: string): string => (isKnown(kind) ? say(`kind.${kind}`) : kind);
  return { kindOf, nameOf: (event: Pick<EventType, "kind" | "name">): string => event.name || kindOf(event.kind) };
}

// The path is a JSON pointer without its first slash: "address/city" is city of address.
export const partsOf = (path: string): string[] => path.split("/").map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
