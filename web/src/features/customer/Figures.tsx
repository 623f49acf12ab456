// The key figures of a customer; of an organisation its own, or with those of its members.
import { useQuery } from "@tanstack/react-query";
import { Segmented } from "antd";
import type { ReactNode } from "react";
import { get, post } from "../../api/client";
import type { CustomerPage as Whole, Figures as Answered, WithMembers } from "../../api/types";
import { useWords } from "../../design/address";
import { useFormat } from "../../design/format_context";
import { ExactTime, KeyFigure, Money, RelativeTime } from "../../design/pieces";
import { useOthers } from "../naming/Spend";
import { useNamingText } from "../naming/texts";
import { layouts, type FigureCode } from "./layout";
import { useCustomerText } from "./texts";
import { readOf } from "./timeline_state";

// On paper a time is a day: "yesterday" is not so tomorrow.
type Times = "ago" | "day";

export function Figures({ customer, times = "ago" }: { customer: Whole; times?: Times }) {
  return customer.kind === "person" ? <FigureList customer={customer} computed={customer.computed} isOwn times={times} /> : <FiguresOf customer={customer} times={times} />;
}

function FiguresOf({ customer, times }: { customer: Whole; times: Times }) {
  const { say } = useCustomerText();
  const [words, change] = useWords();
  const of = readOf(words);
  const path = `/api/v1/customers/${encodeURIComponent(customer.id)}/with_members`;
  const query = useQuery({ queryKey: [path], queryFn: ({ signal }) => get<WithMembers>(path, {}, signal), enabled: of === "with_members" });
  return (
    <div className="figures-of">
      <Segmented
        size="small"
        aria-label={say("of")}
        value={of}
        options={(["own", "with_members"] as const).map((value) => ({ value, label: say(`of.${value}`) }))}
        onChange={(next) => change({ of: next === "own" ? "own" : null }, "replace")}
      />
      <FigureList customer={customer} computed={of === "own" ? customer.computed : (query.data?.computed ?? customer.computed)} isOwn={of === "own"} times={times} />
    </div>
  );
}

// Of purchases alone: what was cancelled or took back is none. In each currency that was paid in. Null where nobody can tell.
function useAverageOrders(id: string, orderCount: number, isOn: boolean) {
  const customer = { op: "=", args: [{ field: "customer" }, { value: id }] };
  const isPurchase = { op: "and", args: [customer, { op: "=", args: [{ field: "is_credit" }, { value: false }] }, { op: "=", args: [{ field: "is_cancelled" }, { value: false }] }] };
  const question = { object: "order", select: [{ path: "currency" }, { path: "total", aggregate: "average" }, { path: "total", aggregate: "count" }], filter: isPurchase, group: ["currency"], limit: 3 };
  const query = useQuery({ queryKey: ["/api/v1/orders", { customer: id, average: String(orderCount) }], queryFn: ({ signal }) => post<Answered>("/api/v1/query", question, { signal }), enabled: isOn && orderCount > 0 });
  if (query.isError) return null;
  return (query.data?.rows ?? []).map(([currency, average]) => ({ currency: String(currency), average: String(average) }));
}

function Time({ at, times }: { at: string | null | undefined; times: Times }) {
  const { say } = useCustomerText();
  if (at && times === "day") return <ExactTime at={at} as="day" />;
  return <RelativeTime at={at} absent={say("figure.never")} />;
}

function FigureList({ customer, computed, isOwn, times }: { customer: Whole; computed: Whole["computed"]; isOwn: boolean; times: Times }) {
  const { say } = useCustomerText();
  const { say: sayNaming } = useNamingText();
  const format = useFormat();
  const others = useOthers()(computed);
  const averages = useAverageOrders(customer.id, computed.order_count, isOwn);
  const [first, ...rest] = (averages ?? []).toSorted((a, b) => Number(b.currency === computed.currency) - Number(a.currency === computed.currency));
  const moneyOf = ({ average, currency }: { average: string; currency: string }) => format.money(Number(average).toFixed(2), currency);
  const shown: Record<FigureCode, { value: ReactNode; note?: ReactNode } | null> = {
    total_spend: {
      value: <Money amount={computed.total_spend} currency={computed.currency} />,
      note: others ? <span title={sayNaming("unconverted_why")}>{others}</span> : null,
    },
    average_order: isOwn && averages
      ? {
          value: first ? <span className="tabular">{moneyOf(first)}</span> : <span className="faint">{sayNaming("no_spend")}</span>,
          note: rest.length > 0 ? rest.map(moneyOf).join(" · ") : null,
        }
      : null,
    orders: { value: format.number(computed.order_count) },
    last_purchase: {
      value: <Time at={computed.last_purchase_at} times={times} />,
      note: computed.last_purchase_at && times === "ago" ? <ExactTime at={computed.last_purchase_at} as="day" /> : null,
    },
    tickets: { value: format.number(computed.ticket_count) },
    events: { value: format.number(computed.event_count) },
    first_seen: { value: <Time at={computed.first_seen_at} times={times} /> },
    last_seen: { value: <Time at={computed.last_seen_at} times={times} /> },
  };
  return (
    <dl className="figures">
      {layouts[customer.kind].figures.map((code) => {
        const figure = shown[code];
        return figure ? (
          <KeyFigure key={code} label={say(`figure.${code}`)} note={figure.note}>
            {figure.value}
          </KeyFigure>
        ) : null;
      })}
    </dl>
  );
}
