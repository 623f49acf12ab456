import type { IdentifierValue } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { useIdentityText } from "./texts";

export const valuesPath = "/api/v1/identifiers";
export const valuePath = (id: string) => `${valuesPath}/${encodeURIComponent(id)}`;

export function useValueWords() {
  const { say } = useIdentityText();
  const format = useFormat();
  const whoOf = (value: IdentifierValue): string => value.by_name ?? (value.by?.startsWith("token:") ? say("who.token") : value.by === "local" ? say("who.local") : say("who.other"));
  const whyOf = (value: IdentifierValue): string => (!value.cause ? say("why.nothing") : value.cause === "hand" ? say("why.hand", { who: whoOf(value) }) : say(`why.${value.cause}`));
  const recordsOf = (value: IdentifierValue): string => (value.has_more_records ? say("records.more", { number: format.number(value.records) }) : say("records", { count: value.records, number: format.number(value.records) }));
  return { whyOf, recordsOf };
}
