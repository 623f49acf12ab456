// How an event is called wherever it is shown: those that the tracker and the specification name in the reader's language, others as they were sent.
import { useNamingText } from "./texts";

interface Named {
  kind: string;
  name: string;
}

export function useEventNames() {
  const { sayCode } = useNamingText();
  const kindOf = (kind: string): string => sayCode("event_kind", kind);
  const nameOf = ({ kind, name }: Named): string => (!name || name === kind ? kindOf(kind) : kind === "track" ? sayCode("event_named", name) : name);
  // As it was sent, for those who write programs; "" where that is what is shown anyway.
  const sentAs = (event: Named): string => (event.kind === "track" && nameOf(event).toLowerCase() !== event.name.toLowerCase() ? event.name : "");
  return { kindOf, nameOf, sentAs };
}
