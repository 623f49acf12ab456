// Live arrival without a jump: at the top new entries come in by themselves; further down they wait to be called.
import { useQueryClient, type InfiniteData, type QueryKey } from "@tanstack/react-query";
import { useState, type RefObject } from "react";
import { get } from "../../api/client";
import { briskMs, useLive } from "../../api/live";
import type { Page, TimelineItem } from "../../api/types";
import { newsIn, putBefore, refreshed, type News } from "./news";

type Kept = InfiniteData<Page<TimelineItem>, string>;

interface Asked {
  path: string;
  query: Record<string, string | undefined>;
  key: QueryKey;
  limit: number;
}

// The list's head is in sight, so that what comes in is seen to come in.
const isInSight = (element: HTMLElement | null): boolean => !element || element.getBoundingClientRect().top > -40;

export function useTimelineNews({ path, query, key, limit }: Asked, head: RefObject<HTMLElement | null>) {
  const client = useQueryClient();
  const asked = JSON.stringify(key);
  const [kept, setKept] = useState<{ asked: string; news: News } | null>(null);
  const waiting = kept?.asked === asked ? kept.news : null; // what waits for another question is of no use here

  const take = (news: News) => {
    setKept(null);
    if (news.isWhole) client.setQueryData<Kept>(key, (before) => (before ? putBefore(before, news.items) : before));
    else void client.resetQueries({ queryKey: key });
  };
  const ask = async () => {
    // A page that is on its way may have been read before the news came, and is not to cover them: it comes first.
    await client.getQueryCache().find({ queryKey: key })?.promise?.catch(() => undefined);
    const fresh = await get<Page<TimelineItem>>(path, { ...query, limit }).catch(() => null);
    const shown = client.getQueryData<Kept>(key)?.pages.flatMap(({ items }) => items);
    if (!fresh || !shown) return;
    const news = newsIn(fresh.items, shown);
    const hasNotes = shown.some(({ kind }) => kind === "note"); // one of them may be gone
    client.setQueryData<Kept>(key, (before) => (before ? refreshed(before, fresh.items, !fresh.next) : before));
    if (news.items.length === 0 && !hasNotes) return;
    void client.invalidateQueries({ queryKey: [path, "facets"] });
    if (news.items.length === 0) return;
    if (isInSight(head.current)) take(news);
    else setKept({ asked, news });
  };
  useLive(() => void ask(), briskMs);
  return {
    waiting: waiting?.items.length ?? 0,
    isMore: waiting !== null && !waiting.isWhole,
    show: () => {
      if (waiting) take(waiting);
      head.current?.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    },
  };
}
