// What formulas on customers can name, and a customer to try them on.
import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { get, post } from "../../api/client";
import type { Field as Described, Figures, Page } from "../../api/types";
import type { NamedField, Objects } from "../formula/editor/objects";
import type { RawRecord } from "../formula/editor/record";
import { useNamingText } from "../naming/texts";
import { useCustomerText } from "./texts";

const staleTime = 5 * 60_000;
const objectCodes = ["customer", "order", "order_line", "ticket"] as const;
const relatedMax = 200;
type Kind = NamedField["kind"];
const kinds: Record<string, Kind> = { text: "text", choice: "text", integer: "number", decimal: "number", money: "number", instant: "instant", date: "date", boolean: "truth" };
const relations: Record<string, string> = { customer: "customer", contact: "customer", order: "order" };

// As the server shows a value, and as the interface does.
function shownOf({ code: field, choices }: Described, sayOne: (field: string, code: string) => string) {
  return choices.length === 0 ? {} : { choices: choices.map(({ code, label }) => ({ code, labels: [...new Set([sayOne(field, code), ...Object.values(label)])] })) };
}
function namedOf(described: Described, sayOne: (field: string, code: string) => string): NamedField | null {
  const { code, label, type, has_several } = described;
  if (code === "id") return { code, labels: label, kind: "number" };
  if (type === "relation") return relations[code] ? { code, labels: label, kind: "record", object: relations[code] } : null;
  const kind = kinds[type];
  return kind ? { code, labels: label, kind, isSeveral: has_several, ...shownOf(described, sayOne) } : null;
}

function useObjects(): Objects {
  const { say, sayCode: sayKind, language } = useCustomerText();
  const { sayCode } = useNamingText();
  const answers = useQueries({
    queries: objectCodes.map((object) => ({ queryKey: ["fields", object], queryFn: ({ signal }: { signal: AbortSignal }) => get<Page<Described>>("/api/v1/fields", { object }, signal), staleTime })),
    combine: (all) => all.map(({ data }) => data?.items),
  });
  return useMemo(() => {
    const records = (code: "orders" | "tickets" | "lines", object: string): NamedField => ({ code, labels: { [language]: say(`records_of.${code}`) }, kind: "records", object });
    const sayOne = (field: string, code: string) => (field === "kind" ? sayKind("kind_one", code) : sayCode("identifier", code));
    const [customer, order, line, ticket] = answers.map((items) => (items ?? []).map((one) => namedOf(one, sayOne)).filter((field) => field !== null));
    return {
      customer: [...customer!, records("orders", "order"), records("tickets", "ticket")],
      order: [...order!, records("lines", "order_line")],
      order_line: line!,
      ticket: ticket!,
    };
  }, [answers, say, sayKind, sayCode, language]);
}

// The rows of a question as records.
async function rowsOf(object: string, objects: Objects, question: object, signal: AbortSignal): Promise<RawRecord[]> {
  const codes = (objects[object] ?? []).filter(({ isSeveral, kind }) => !isSeveral && kind !== "records" && kind !== "record").map(({ code }) => code);
  const paths = object === "customer" ? codes : [...codes, object === "order_line" ? "order" : "customer"];
  const { rows } = await post<Figures>("/api/v1/query", { object, select: paths.map((path) => ({ path })), ...question }, { signal });
  return rows.map((row) => Object.fromEntries(paths.map((path, i) => [path, row[i]])));
}
const among = (path: string, values: unknown[]) => ({ op: "in", args: [{ field: path }, ...values.map((value) => ({ value }))] });

async function readSample(objects: Objects, { id, identifier_types }: Tried, signal: AbortSignal): Promise<RawRecord | null> {
  const [customer] = await rowsOf("customer", objects, { filter: among("id", [id]), limit: 1 }, signal);
  if (!customer) return null;
  const theirs = { filter: among("customer", [id]), limit: relatedMax };
  const [orders, tickets] = await Promise.all([rowsOf("order", objects, theirs, signal), rowsOf("ticket", objects, theirs, signal)]);
  const lines = orders.length === 0 ? [] : await rowsOf("order_line", objects, { filter: among("order", orders.map((order) => order.id)), limit: relatedMax }, signal);
  return { ...customer, identifier_types, tickets, orders: orders.map((order) => ({ ...order, customer: [customer], lines: lines.filter((line) => line.order === order.id) })) };
}

interface Tried {
  id: string;
  name: string;
  identifier_types: string[];
}
// `customer`: who it is tried on. Nothing is asked before somebody writes.
export function useFormula(customer: Tried | null, isWriting: boolean): { objects: Objects; sample?: { name: string; record: RawRecord } } {
  const objects = useObjects();
  const isKnown = objectCodes.every((code) => objects[code]!.length > 2);
  const { data } = useQuery({
    queryKey: ["formula-sample", customer?.id],
    queryFn: ({ signal }) => readSample(objects, customer!, signal),
    enabled: isWriting && isKnown && customer !== null,
    staleTime,
  });
  const name = customer?.name;
  const sample = useMemo(() => (data && name !== undefined ? { name, record: data } : undefined), [data, name]);
  return { objects, sample };
}
