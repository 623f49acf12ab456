// A visit reads as one line: what a source tells in quick succession, page after page, is folded into "12 pages in 8 minutes".
import type { TimelineItem } from "../../api/types";

export interface Burst {
  kind: "pages" | "same";
  name: string; // of "same": what happened again and again
  count: number; // of "pages": pages and screens that were opened
  span_ms: number;
  items: TimelineItem[]; // newest first, as in the timeline
}
export type Row = { key: string; item: TimelineItem; burst?: undefined } | { key: string; burst: Burst; item?: undefined };

export const gap_ms_max = 10 * 60_000;
export const burst_min = 3;

// What the tracker says when a page goes out of sight (docs/tracker.md).
export const pageLeft = "Page Left";

const isPage = ({ kind }: TimelineItem): boolean => kind === "page" || kind === "screen";
const isBrowsing = (item: TimelineItem): boolean => isPage(item) || (item.kind === "track" && item.name === pageLeft);
const isEvent = ({ kind }: TimelineItem): boolean => kind !== "order" && kind !== "ticket" && kind !== "note";

const sort = (item: TimelineItem): string => (isBrowsing(item) ? "pages" : `${item.kind} ${item.name}`);
const belong = (later: TimelineItem, earlier: TimelineItem): boolean =>
  isEvent(later) &&
  isEvent(earlier) &&
  sort(later) === sort(earlier) &&
  later.source === earlier.source &&
  later.member?.customer === earlier.member?.customer &&
  Date.parse(later.at) - Date.parse(earlier.at) <= gap_ms_max;

// The same whatever came before or after it on the timeline.
export const keyOf = (item: TimelineItem): string => (item.position ? `e${item.position}` : `${item.kind}${String(item.properties.id ?? item.properties.number ?? item.name)}`);

function rowsOfRun(run: TimelineItem[]): Row[] {
  const newest = run[0]!;
  const oldest = run.at(-1)!;
  const isOfPages = isBrowsing(newest);
  const count = isOfPages ? run.filter(isPage).length : run.length;
  if (count < burst_min) return run.map((item) => ({ key: keyOf(item), item }));
  const burst: Burst = { kind: isOfPages ? "pages" : "same", name: newest.name, count, span_ms: Date.parse(newest.at) - Date.parse(oldest.at), items: run };
  return [{ key: `b${keyOf(oldest)}`, burst }];
}

export function foldBursts(items: TimelineItem[]): Row[] {
  const rows: Row[] = [];
  let run: TimelineItem[] = [];
  for (const item of items) {
    const last = run.at(-1);
    if (last && !belong(last, item)) {
      rows.push(...rowsOfRun(run));
      run = [];
    }
    run.push(item);
  }
  return run.length > 0 ? [...rows, ...rowsOfRun(run)] : rows;
}
