// What is new on a timeline that somebody reads: found beside what is shown, and put before it without asking for the rest again.
import type { InfiniteData } from "@tanstack/react-query";
import type { Page, TimelineItem } from "../../api/types";
import { keyOf } from "./bursts";

export interface News {
  items: TimelineItem[]; // newest first
  isWhole: boolean; // false: more is new than one page holds
}

// `fresh` is the first page as it is now, `shown` what stands on the screen.
export function newsIn(fresh: TimelineItem[], shown: TimelineItem[]): News {
  const known = new Set(shown.map(keyOf));
  const items = fresh.filter((item) => !known.has(keyOf(item)));
  return { items, isWhole: fresh.length === 0 || shown.length === 0 || items.length < fresh.length };
}

type Pages = InfiniteData<Page<TimelineItem>, string>;

// An order or a note that changed since is shown as it is now, and a note that was deleted is not. `isAll`: there is nothing but what is fresh.
export function refreshed(data: Pages, fresh: TimelineItem[], isAll = false): Pages {
  const now = new Map(fresh.map((item) => [keyOf(item), item]));
  const reach = isAll ? -Infinity : fresh.length > 0 ? Date.parse(fresh.at(-1)!.at) : Infinity;
  const isGone = (item: TimelineItem): boolean => item.kind === "note" && Date.parse(item.at) > reach && !now.has(keyOf(item));
  return { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.filter((item) => !isGone(item)).map((item) => now.get(keyOf(item)) ?? item) })) };
}

// Late ones, which belong further down, find their place among the rest of the first page.
export function putBefore(data: Pages, news: TimelineItem[]): Pages {
  const [first, ...rest] = data.pages;
  if (!first || news.length === 0) return data;
  const items = [...news, ...first.items].map((item, rank) => ({ item, rank, at: Date.parse(item.at) }));
  items.sort((a, b) => b.at - a.at || a.rank - b.rank);
  return { ...data, pages: [{ ...first, items: items.map(({ item }) => item) }, ...rest] };
}
