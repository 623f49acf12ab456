import { Tabs } from "antd";
import type { CustomerPage as Whole } from "../../api/types";
import { useWords } from "../../design/address";
import { useFormat } from "../../design/format_context";
import { useIsPhone } from "../../design/screen";
import { Blocks } from "./Blocks";
import { layouts, tabNamed, tabsOf, type TabCode } from "./layout";
import { useCustomerText } from "./texts";
import { clearTimeline } from "./timeline_state";

export function Activity({ customer }: { customer: Whole }) {
  const { say } = useCustomerText();
  const format = useFormat();
  const [words, change] = useWords();
  const tabs = tabsOf(layouts[customer.kind], useIsPhone());
  const { order_count, ticket_count } = customer.computed;
  const counts: Partial<Record<TabCode, number>> = { orders: order_count, tickets: ticket_count };
  const labelOf = (code: TabCode): string => {
    const count = counts[code];
    return count === undefined ? say(`tab.${code}`) : `${say(`tab.${code}`)} ${format.number(count)}`;
  };
  return (
    <section className="panel activity" aria-label={say("tabs")}>
      <Tabs
        activeKey={tabNamed(tabs, words.tab).code}
        onChange={(next) => change({ ...clearTimeline, tab: next === tabs[0]!.code ? null : next }, "replace")}
        destroyOnHidden
        items={tabs.map(({ code, blocks }) => ({
          key: code,
          label: labelOf(code),
          children: code === "about" ? <div className="about"><Blocks of={blocks} customer={customer} /></div> : <Blocks of={blocks} customer={customer} />,
        }))}
      />
    </section>
  );
}
