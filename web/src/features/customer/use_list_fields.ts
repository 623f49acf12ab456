// What the list can be filtered by, and the values that there are to choose from.
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { get, post } from "../../api/client";
import { usePages } from "../../api/queries";
import type { Field as Described, Figures, Page, Source } from "../../api/types";
import type { Field, Kind } from "../formula/tree";
import { identifierTypes } from "../naming/naming";
import { useNamingText } from "../naming/texts";
import { kinds } from "./list_state";
import { useCustomerText } from "./texts";

const hidden = new Set(["id", "state", "version", "unconverted"]);
export const suggested: ReadonlySet<string> = new Set(["city", "province", "country", "gender", "industry", "language", "grade", "owner"]);
const suggestionsMax = 100;

function kindOf({ code, type, has_several }: Described): Kind | null {
  if (hidden.has(code) || type === "json") return null;
  if (has_several) return "several";
  if (code === "kind") return "choice";
  if (type === "integer" || type === "decimal" || type === "money") return "number";
  if (type === "instant") return "time";
  return type === "relation" || type === "boolean" ? null : "text";
}

// What was seen lately, and where from, is asked for most: it comes first.
const first = ["kind", "sources", "identifier_types", "city", "last_seen_at", "first_seen_at", "last_purchase_at", "order_count", "total_spend", "orders", "tickets"];
const rank = (code: string) => (first.includes(code) ? first.indexOf(code) : first.length);

export function useListFields(): { fields: Field[]; isKnown: boolean; isComplete: boolean; labelOf: (code: string) => string } {
  const { say, language } = useCustomerText();
  const { sayCode } = useNamingText();
  const described = useQuery({ queryKey: ["fields", "customer"], queryFn: ({ signal }) => get<Page<Described>>("/api/v1/fields", { object: "customer" }, signal), staleTime: 5 * 60_000 });
  const sources = usePages<Source>("/api/v1/sources", {}, { limit: null });
  const items = described.data?.items;
  const labelOf = useCallback(
    (code: string) => {
      const label = items?.find((one) => one.code === code)?.label;
      return label?.[language] ?? label?.en ?? code;
    },
    [items, language],
  );
  const sourceChoices = sources.items;
  const fields = useMemo(() => {
    const choicesOf = (code: string) => {
      if (code === "kind") return kinds.map((kind) => ({ value: kind, label: say(`kind_one.${kind}`) }));
      if (code === "sources") return sourceChoices.map(({ id, name }) => ({ value: id, label: name }));
      return code === "identifier_types" ? identifierTypes.map((type) => ({ value: type, label: sayCode("identifier", type) })) : undefined;
    };
    const counted = items ? (["orders", "tickets"] as const).map((code): Field => ({ code, label: say(`records.${code}`), noun: say(`records_noun.${code}`), kind: "records" })) : [];
    return (items ?? [])
      .map((one): Field | null => {
        const kind = kindOf(one);
        return kind && { code: one.code, label: labelOf(one.code), kind, choices: choicesOf(one.code), isSuggested: suggested.has(one.code) };
      })
      .filter((field) => field !== null)
      .concat(counted)
      .toSorted((a, b) => rank(a.code) - rank(b.code));
  }, [items, labelOf, say, sayCode, sourceChoices]);
  return { fields, isKnown: items !== undefined, isComplete: items !== undefined && sources.data !== undefined, labelOf };
}

// The most frequent values of one field, once somebody is about to type one.
export function useSuggestions() {
  const [code, setCode] = useState<string | null>(null);
  const question = { object: "customer", select: [{ path: code ?? "" }, { path: "id", aggregate: "count" }], group: [code ?? ""], sort: [{ path: "1", direction: "descending" }], limit: suggestionsMax };
  const { data } = useQuery({
    queryKey: ["suggestions", code],
    queryFn: async ({ signal }) => (await post<Figures>("/api/v1/query", question, { signal })).rows.map(([value]) => value).filter((value) => typeof value === "string" && value !== ""),
    enabled: code !== null,
    staleTime: 5 * 60_000,
  });
  return { suggest: (field: Pick<Field, "code">): string[] => (field.code === code ? ((data ?? []) as string[]) : []), onFocusField: (field: Pick<Field, "code">) => setCode(field.code) };
}
