// New customers by the day each was first seen, or by week: as one likes, at first by week where the last month saw none; in words for those who do not see the bars.
import { useQuery } from "@tanstack/react-query";
import { Tooltip } from "antd";
import { useState } from "react";
import { get } from "../../api/client";
import type { DayGrowth, Page } from "../../api/types";
import { beginOfDay } from "../../design/day";
import { useFormat } from "../../design/format_context";
import { Panel } from "../../design/pieces";
import { Answer, SkeletonRows } from "../../design/states";
import { useAppText } from "../texts";
import { barsOf, type Bar } from "./growth";

const month = 30;
const year = 364;
const week = 7;
const stored = "onefold.growth";

type Span = "month" | "year";
const readSpan = (): Span | null => {
  const kept = localStorage.getItem(stored);
  return kept === "month" || kept === "year" ? kept : null;
};

const useGrowth = (days: number, isOn: boolean) =>
  useQuery({ queryKey: ["growth", days], queryFn: ({ signal }) => get<Page<DayGrowth>>("/api/v1/customer_growth", { days }, signal), staleTime: 60_000, enabled: isOn });

export function Growth() {
  const { say } = useAppText();
  const [chosen, choose] = useState(readSpan);
  const lately = useGrowth(month, chosen !== "year");
  const isQuiet = lately.data !== undefined && barsOf(lately.data.items).sum === 0;
  const span = chosen ?? (isQuiet ? "year" : "month");
  const long = useGrowth(year, span === "year");
  const query = span === "year" ? long : lately;
  const change = (next: string) => {
    localStorage.setItem(stored, next);
    choose(readSpan());
  };
  const choice = (
    <select className="plain-select" aria-label={say("home.growth_span")} value={span} onChange={(event) => change(event.target.value)}>
      <option value="month">{say("home.growth_month")}</option>
      <option value="year">{say("home.growth_year")}</option>
    </select>
  );
  return (
    <Panel title={say("home.growth")} extra={choice}>
      <Answer query={query} skeleton={<SkeletonRows count={3} />}>
        {() => <Bars items={query.data!.items} per={span === "year" ? week : 1} />}
      </Answer>
    </Panel>
  );
}

function Bars({ items, per }: { items: DayGrowth[]; per: number }) {
  const { say } = useAppText();
  const format = useFormat();
  const { bars, sum, isWhole } = barsOf(items, per);
  const dayOf = (day: string) => format.instant(beginOfDay(day, format.zone), "day");
  const tell = ({ day, count }: Bar) => `${per === 1 ? dayOf(day) : say("home.growth_week", { day: dayOf(day) })} · ${count === null ? say("home.growth_unknown") : say("home.growth_day", { count, shown: format.number(count) })}`;
  const total = say(isWhole ? "home.growth_sum" : "home.growth_at_least", { shown: format.number(sum), days: items.length });
  return (
    <figure className="growth">
      <div className="growth-bars" role="img" aria-label={total}>
        {bars.map((bar) => (
          <Tooltip key={bar.day} title={tell(bar)}>
            <span className="growth-bar">
              <i data-unknown={bar.count === null || undefined} style={{ height: `${bar.share}%` }} />
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
