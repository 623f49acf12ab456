// Everything that happened, over all channels, newest first.
import {
  ApartmentOutlined,
  CustomerServiceOutlined,
  EyeOutlined,
  HistoryOutlined,
  IdcardOutlined,
  MobileOutlined,
  ShoppingOutlined,
  SwapOutlined,
  ThunderboltOutlined,
} from "../../design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useEffect, useState, type ReactNode } from "react";
import { get } from "../../api/client";
import { usePages } from "../../api/queries";
import type { FieldValue, TimelineFacets, TimelineItem, TimelinePage } from "../../api/types";
import { useWords } from "../../design/address";
import { MoreRows } from "../../design/DataTable";
import { dayOf } from "../../design/day";
import { useFormat } from "../../design/format_context";
import { ExactTime, Stars } from "../../design/pieces";
import { Answer, EmptyState, SkeletonRows } from "../../design/states";
import { useCustomerText } from "./texts";
import { TimelineFilters } from "./TimelineFilters";
import { clearTimeline, isNarrowed, readTimelineState, timelineQuery } from "./timeline_state";

const icons: Record<string, { icon: ReactNode; colour: string }> = {
  order: { icon: <ShoppingOutlined />, colour: "accent" },
  ticket: { icon: <CustomerServiceOutlined />, colour: "good" },
  page: { icon: <EyeOutlined />, colour: "plain" },
  screen: { icon: <MobileOutlined />, colour: "plain" },
  track: { icon: <ThunderboltOutlined />, colour: "warn" },
  identify: { icon: <IdcardOutlined />, colour: "accent" },
  group: { icon: <ApartmentOutlined />, colour: "accent" },
  alias: { icon: <SwapOutlined />, colour: "plain" },
};

// While the server makes part of it again, the page asks anew until it is whole.
const rebuildingPause_ms = 2000;

export function Timeline({ id, hasMembers }: { id: string; hasMembers: boolean }) {
  const { say } = useCustomerText();
  const { zone } = useFormat();
  const [words, change] = useWords();
  const state = readTimelineState(words);
  const [today] = useState(() => dayOf(Date.now(), zone));
  const path = `/api/v1/customers/${encodeURIComponent(id)}/timeline`;
  const of = hasMembers ? { of: state.of } : {};
  const pages = usePages<TimelineItem>(path, { ...timelineQuery(state, zone, today), ...of });
  const isRebuilding = pages.data?.pages.some((page) => (page as TimelinePage).is_rebuilding) ?? false;
  const facets = useQuery({
    queryKey: [path, "facets", of],
    queryFn: ({ signal }) => get<TimelineFacets>(`${path}/facets`, of, signal),
  });
  const { refetch } = pages;
  const { refetch: countAgain } = facets;
  useEffect(() => {
    if (!isRebuilding) return;
    const timer = setInterval(() => void Promise.all([refetch(), countAgain()]), rebuildingPause_ms);
    return () => clearInterval(timer);
  }, [isRebuilding, refetch, countAgain]);
  const narrow = (changes: Record<string, string | null>) => change(changes, "replace");
  return (
    <Answer query={pages} skeleton={<SkeletonRows count={7} hasFace />}>
      {() => (
        <>
          <TimelineFilters facets={facets.data} state={state} onChange={narrow} />
          {isRebuilding ? (
            <p className="timeline-notice" role="status">
              <HistoryOutlined /> {say("timeline.rebuilding")}
            </p>
          ) : null}
          <ol className="timeline" data-dim={pages.isPlaceholderData || undefined}>
            {pages.items.map((item, index) => (
              <Item key={`${item.at}${item.position ?? ""}${item.kind}${String(item.properties.number ?? "")}${index}`} item={item} />
            ))}
          </ol>
          {pages.items.length === 0 && !pages.hasNextPage ? (
            <EmptyState icon={<HistoryOutlined />} title={isNarrowed(state) ? say("timeline.none") : say("timeline.empty")} text={isNarrowed(state) ? null : say("timeline.empty_text")}>
              {isNarrowed(state) ? <Button onClick={() => narrow(clearTimeline)}>{say("timeline.show_all")}</Button> : null}
            </EmptyState>
          ) : null}
          <MoreRows hasMore={pages.hasNextPage} isLoading={pages.isFetchingNextPage} onMore={pages.loadMore} />
        </>
      )}
    </Answer>
  );
}

// What the tracker says when a page goes out of sight (docs/tracker.md).
const pageLeft = "Page Left";

const text = (value: FieldValue | undefined): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

function useTitle() {
  const { say, sayCode } = useCustomerText();
  return ({ kind, name, properties }: TimelineItem): string => {
    if (kind === "order") return say("timeline.order", { number: text(properties.number) || name });
    if (kind === "ticket") return text(properties.subject) || say("timeline.ticket", { number: text(properties.number) || name });
    if (kind === "track") return name === pageLeft ? say("timeline.page_left") : name;
    // A page without a name of its own has its path for one; its title says more.
    if (kind === "page" && name === text(properties.path)) return text(properties.title) || name;
    return name && name !== kind ? name : sayCode("verb", kind);
  };
}

function useDetail() {
  const { say, sayCode } = useCustomerText();
  const format = useFormat();
  return ({ kind, name, properties, source }: TimelineItem): string => {
    const parts: string[] = [];
    if (kind === "order") {
      if (text(properties.total)) parts.push(format.money(text(properties.total), text(properties.currency)));
      if (typeof properties.line_count === "number") parts.push(say("timeline.lines", { count: properties.line_count }));
      if (properties.is_cancelled === true) parts.push(say("timeline.cancelled"));
      else if (text(properties.refunded) && text(properties.refunded) !== "0") parts.push(say("timeline.refunded", { amount: format.money(text(properties.refunded), text(properties.currency)) }));
    } else if (kind === "ticket") parts.push(text(properties.status));
    else if (kind === "page" || kind === "screen") parts.push(name && name !== kind ? sayCode("verb", kind) : "", text(properties.path) || text(properties.url));
    else if (name === pageLeft) parts.push(text(properties.path), typeof properties.dwell_ms === "number" ? format.duration(properties.dwell_ms) : "");
    else if (kind !== "track" && name && name !== kind) parts.push(sayCode("verb", kind));
    return [...parts, source].filter(Boolean).join(" · ");
  };
}

function Item({ item }: { item: TimelineItem }) {
  const { say } = useCustomerText();
  const format = useFormat();
  const titleOf = useTitle();
  const detailOf = useDetail();
  const [isOpen, setOpen] = useState(false);
  const look = icons[item.kind] ?? { icon: <HistoryOutlined />, colour: "plain" };
  const properties = Object.entries(item.properties ?? {}).filter(([, value]) => value !== null && value !== "");
  const rating = item.kind === "ticket" ? Number(item.properties.rating) : 0;
  const inside = (
    <>
      <span className={`timeline-icon mood-${look.colour}`} aria-hidden="true">
        {look.icon}
      </span>
      <span className="timeline-words">
        <span className="timeline-title">{titleOf(item)}</span>
        <span className="timeline-detail">
          {item.member ? `${item.member.name ?? say("unnamed")} · ` : ""}
          {detailOf(item)} {rating > 0 ? <Stars count={rating} /> : null}
        </span>
      </span>
      <span className="timeline-time">
        <ExactTime at={item.at} as="short" />
      </span>
    </>
  );
  return (
    <li>
      {properties.length > 0 ? (
        <button type="button" className="timeline-row" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {inside}
        </button>
      ) : (
        <div className="timeline-row">{inside}</div>
      )}
      {isOpen ? (
        <dl className="properties" aria-label={say("timeline.properties")}>
          {properties.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{typeof value === "object" && value !== null ? <pre>{JSON.stringify(value, null, 2)}</pre> : format.value(value)}</dd>
            </div>
          ))}
        </dl>
      ) : null}
    </li>
  );
}
