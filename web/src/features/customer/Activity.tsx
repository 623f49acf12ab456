import { Tabs } from "antd";
import type { ReactNode } from "react";
import type { CustomerPage as Whole } from "../../api/types";
import { useWords } from "../../design/address";
import { useFormat } from "../../design/format_context";
import { OrderList } from "../order/OrderList";
import { TicketList } from "../ticket/TicketList";
import { Members } from "./Members";
import { useCustomerText } from "./texts";
import { Timeline } from "./Timeline";
import { clearTimeline } from "./timeline_state";

const tabs = ["timeline", "members", "orders", "tickets", "about"] as const;

export function Activity({ customer, about }: { customer: Whole; about?: ReactNode }) {
  const { say } = useCustomerText();
  const format = useFormat();
  const [words, change] = useWords();
  const hasMembers = customer.kind !== "person";
  const tab = tabs.find((one) => one === words.tab && (one !== "about" || about) && (one !== "members" || hasMembers)) ?? "timeline";
  const { order_count, ticket_count } = customer.computed;
  return (
    <section className="panel activity" aria-label={say("tabs")}>
      <Tabs
        activeKey={tab}
        onChange={(next) => change({ ...clearTimeline, tab: next === "timeline" ? null : next }, "replace")}
        destroyOnHidden
        items={[
          { key: "timeline", label: say("tab.timeline"), children: <Timeline id={customer.id} hasMembers={hasMembers} /> },
          ...(hasMembers ? [{ key: "members", label: say("tab.members"), children: <Members customer={customer} /> }] : []),
          { key: "orders", label: `${say("tab.orders")} ${format.number(order_count)}`, children: <OrderList customer={customer.id} /> },
          { key: "tickets", label: `${say("tab.tickets")} ${format.number(ticket_count)}`, children: <TicketList customer={customer.id} /> },
          ...(about ? [{ key: "about", label: say("record"), children: <div className="about">{about}</div> }] : []),
        ]}
      />
    </section>
  );
}
