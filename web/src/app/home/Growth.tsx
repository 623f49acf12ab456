// New customers by day, as bars; in words for those who do not see them.
import { useQuery } from "@tanstack/react-query";
import { Tooltip } from "antd";
import { get } from "../../api/client";
import type { DayGrowth, Page } from "../../api/types";
import { beginOfDay } from "../../design/day";
import { useFormat } from "../../design/format_context";
import { Panel } from "../../design/pieces";
import { Answer, SkeletonRows } from "../../design/states";
import { useAppText } from "../texts";
import { barsOf } from "./growth";

const days = 30;

export function Growth() {
  const { say } = useAppText();
  const query = useQuery({ queryKey: ["growth", days], queryFn: ({ signal }) => get<Page<DayGrowth>>("/api/v1/customer_growth", { days }, signal), staleTime: 60_000 });
  return (
    <Panel title={say("home.growth")} extra={say("home.growth_note", { days })}>
      <Answer query={query} skeleton={<SkeletonRows count={3} />}>
        {() => <Bars items={query.data!.items} />}
      </Answer>
    </Panel>
  );
}

function Bars({ items }: { items: DayGrowth[] }) {
  const { say } = useAppText();
  const format = useFormat();
  const { days: bars, sum, isWhole } = barsOf(items);
  const dayOf = (day: string) => format.instant(beginOfDay(day, format.zone), "day");
  const tell = ({ day, count }: DayGrowth) => `${dayOf(day)} · ${count === null || count === undefined ? say("home.growth_unknown") : say("home.growth_day", { count, shown: format.number(count) })}`;
  const total = say(isWhole ? "home.growth_sum" : "home.growth_at_least", { shown: format.number(sum), days });
  return (
    <figure className="growth">
      <div className="growth-bars" role="img" aria-label={total}>
        {bars.map((bar) => (
          <Tooltip key={bar.day} title={tell(bar)}>
            <span className="growth-bar">
              <i data-unknown={bar.count === null || bar.count === undefined || undefined} style={{ height: `${bar.share}%` }} />
            </span>
          </Tooltip>
        ))}
      </div>
      <figcaption className="growth-ends faint">
        <span>{bars[0] ? dayOf(bars[0].day) : ""}</span>
        <b className="soft">{total}</b>
        <span>{say("home.growth_today")}</span>
      </figcaption>
    </figure>
  );
}
