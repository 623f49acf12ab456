// Everything that happened, over all channels, newest first.
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useEffect, useRef, useState } from "react";
import { get } from "../../api/client";
import { usePages } from "../../api/queries";
import type { TimelineFacets, TimelineItem, TimelinePage } from "../../api/types";
import { useWords } from "../../design/address";
import { MoreRows } from "../../design/DataTable";
import { dayOf } from "../../design/day";
import { useFormat } from "../../design/format_context";
import { ArrowUpOutlined, HistoryOutlined } from "../../design/icons";
import { Answer, EmptyState, SkeletonRows } from "../../design/states";
import { foldBursts, keyOf } from "./bursts";
import { useCustomerText } from "./texts";
import { TimelineFilters } from "./TimelineFilters";
import { BurstRow, Entry } from "./TimelineRow";
import { clearTimeline, isNarrowed, readTimelineState, timelineQuery } from "./timeline_state";
import { timelineLimit, timelinePath } from "./ahead";
import { useTimelineNews } from "./use_timeline_news";

// While the server makes part of it again, the page asks anew until it is whole.
const rebuildingPause_ms = 2000;

export function Timeline({ id, hasMembers }: { id: string; hasMembers: boolean }) {
  const { say } = useCustomerText();
  const { zone } = useFormat();
  const [words, change] = useWords();
  const state = readTimelineState(words);
  const [today] = useState(() => dayOf(Date.now(), zone));
  const path = timelinePath(id);
  const of = hasMembers ? { of: state.of } : {};
  const query = { ...timelineQuery(state, zone, today), ...of };
  const pages = usePages<TimelineItem>(path, query, { limit: timelineLimit });
  const isRebuilding = pages.data?.pages.some((page) => (page as TimelinePage).is_rebuilding) ?? false;
  const facets = useQuery({
    queryKey: [path, "facets", of],
    queryFn: ({ signal }) => get<TimelineFacets>(`${path}/facets`, of, signal),
  });
  const head = useRef<HTMLDivElement>(null);
  const news = useTimelineNews({ path, query, key: [path, query, timelineLimit], limit: timelineLimit }, head);
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
          <div ref={head} className="timeline-head">
            <TimelineFilters facets={facets.data} state={state} onChange={narrow} />
          </div>
          {news.waiting > 0 ? (
            <div className="timeline-news" role="status">
              <button type="button" onClick={news.show}>
                <ArrowUpOutlined /> {say(news.isMore ? "timeline.more_news" : "timeline.news", { count: news.waiting })}
              </button>
            </div>
          ) : null}
          {isRebuilding ? (
            <p className="timeline-notice" role="status">
              <HistoryOutlined /> {say("timeline.rebuilding")}
            </p>
          ) : null}
          <Rows items={pages.items} isFolded={state.name === null} isDim={pages.isPlaceholderData} />
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

// A burst that grows at either end stays as open as it was.
function Rows({ items, isFolded, isDim }: { items: TimelineItem[]; isFolded: boolean; isDim: boolean }) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const rows = isFolded ? foldBursts(items) : items.map((item) => ({ key: keyOf(item), item, burst: undefined }));
  return (
    <ol className="timeline" data-dim={isDim || undefined}>
      {rows.map((row) => {
        if (!row.burst) return <Entry key={row.key} item={row.item} />;
        const keys = row.burst.items.map(keyOf);
        const isOpen = keys.some((key) => open.has(key));
        const toggle = () => setOpen((before) => new Set(isOpen ? [...before].filter((key) => !keys.includes(key)) : [...before, ...keys]));
        return <BurstRow key={row.key} burst={row.burst} isOpen={isOpen} onToggle={toggle} />;
      })}
    </ol>
  );
}
