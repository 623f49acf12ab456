// One entry of a timeline, or a burst of them; opened it says all that is known of it.
import { useState, type ReactNode } from "react";
import type { FieldValue, TimelineItem } from "../../api/types";
import { useFormat } from "../../design/format_context";
import {
  ApartmentOutlined,
  AppstoreOutlined,
  CustomerServiceOutlined,
  DownOutlined,
  EyeOutlined,
  FileTextOutlined,
  HistoryOutlined,
  IdcardOutlined,
  MobileOutlined,
  RightOutlined,
  ShoppingOutlined,
  SwapOutlined,
  ThunderboltOutlined,
} from "../../design/icons";
import { ExactTime, Stars } from "../../design/pieces";
import { keyOf, pageLeft, type Burst } from "./bursts";
import { useEventNames } from "../naming/events";
import { useWriter } from "../note/Notes";
import { EntryDetail } from "./EntryDetail";
import { useCustomerText } from "./texts";

const icons: Record<string, { icon: ReactNode; colour: string }> = {
  order: { icon: <ShoppingOutlined />, colour: "accent" },
  ticket: { icon: <CustomerServiceOutlined />, colour: "good" },
  note: { icon: <FileTextOutlined />, colour: "accent" },
  page: { icon: <EyeOutlined />, colour: "plain" },
  screen: { icon: <MobileOutlined />, colour: "plain" },
  track: { icon: <ThunderboltOutlined />, colour: "warn" },
  identify: { icon: <IdcardOutlined />, colour: "accent" },
  group: { icon: <ApartmentOutlined />, colour: "accent" },
  alias: { icon: <SwapOutlined />, colour: "plain" },
};

const text = (value: FieldValue | undefined): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

function useTitle() {
  const { say } = useCustomerText();
  const { nameOf } = useEventNames();
  return ({ kind, name, properties }: TimelineItem): string => {
    if (kind === "order") return say("timeline.order", { number: text(properties.number) || name });
    if (kind === "ticket") return text(properties.subject) || say("timeline.ticket", { number: text(properties.number) || name });
    if (kind === "note") return text(properties.text);
    // A page without a name of its own has its path for one; its title says more.
    if (kind === "page" && name === text(properties.path)) return text(properties.title) || name;
    return nameOf({ kind, name });
  };
}

function useSubtitle() {
  const { say } = useCustomerText();
  const { kindOf } = useEventNames();
  const writer = useWriter();
  const format = useFormat();
  return ({ kind, name, properties, source }: TimelineItem): string => {
    const parts: string[] = [];
    if (kind === "order") {
      if (text(properties.total)) parts.push(format.money(text(properties.total), text(properties.currency)));
      if (typeof properties.line_count === "number") parts.push(say("timeline.lines", { count: properties.line_count }));
      if (properties.is_cancelled === true) parts.push(say("timeline.cancelled"));
      else if (text(properties.refunded) && text(properties.refunded) !== "0") parts.push(say("timeline.refunded", { amount: format.money(text(properties.refunded), text(properties.currency)) }));
    } else if (kind === "note") parts.push(say("timeline.note", { who: writer(text(properties.by), text(properties.by_name) || null) }), properties.is_pinned === true ? say("timeline.note_pinned") : "");
    else if (kind === "ticket") parts.push(text(properties.status));
    else if (kind === "page" || kind === "screen") parts.push(name && name !== kind ? kindOf(kind) : "", text(properties.path) || text(properties.url));
    else if (name === pageLeft) parts.push(text(properties.path), typeof properties.dwell_ms === "number" ? format.duration(properties.dwell_ms) : "");
    else if (kind !== "track" && name && name !== kind) parts.push(kindOf(kind));
    return [...parts, source].filter(Boolean).join(" · ");
  };
}

export function Entry({ item }: { item: TimelineItem }) {
  const { say } = useCustomerText();
  const titleOf = useTitle();
  const subtitleOf = useSubtitle();
  const [isOpen, setOpen] = useState(false);
  const look = icons[item.kind] ?? { icon: <HistoryOutlined />, colour: "plain" };
  const rating = item.kind === "ticket" ? Number(item.properties.rating) : 0;
  return (
    <li data-open={isOpen || undefined} data-kind={item.kind}>
      <button type="button" className="timeline-row" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <span className={`timeline-icon mood-${look.colour}`} aria-hidden="true">
          {look.icon}
        </span>
        <span className="timeline-words">
          <span className="timeline-title">{titleOf(item)}</span>
          <span className="timeline-detail">
            {item.member ? `${item.member.name ?? say("unnamed")} · ` : ""}
            {subtitleOf(item)} {rating > 0 ? <Stars count={rating} /> : null}
          </span>
        </span>
        <span className="timeline-time">
          <ExactTime at={item.at} as="short" />
        </span>
      </button>
      {isOpen ? <EntryDetail item={item} /> : null}
    </li>
  );
}

export function BurstRow({ burst, isOpen, onToggle }: { burst: Burst; isOpen: boolean; onToggle: () => void }) {
  const { say } = useCustomerText();
  const { nameOf } = useEventNames();
  const format = useFormat();
  const newest = burst.items[0]!;
  const look = burst.kind === "pages" ? { icon: <AppstoreOutlined />, colour: "plain" } : (icons[newest.kind] ?? { icon: <HistoryOutlined />, colour: "plain" });
  const span = format.duration(burst.span_ms);
  const name = nameOf({ kind: newest.kind, name: burst.name });
  return (
    <li className="burst" data-open={isOpen || undefined}>
      <button type="button" className="timeline-row" aria-expanded={isOpen} onClick={onToggle}>
        <span className={`timeline-icon mood-${look.colour}`} aria-hidden="true">
          {look.icon}
        </span>
        <span className="timeline-words">
          <span className="timeline-title">{burst.kind === "pages" ? say("timeline.burst_pages", { count: burst.count, span }) : say("timeline.burst_same", { count: burst.count, name, span })}</span>
          <span className="timeline-detail">
            {newest.member ? `${newest.member.name ?? say("unnamed")} · ` : ""}
            {newest.source} {isOpen ? <DownOutlined /> : <RightOutlined />}
          </span>
        </span>
        <span className="timeline-time">
          <ExactTime at={newest.at} as="short" />
        </span>
      </button>
      {isOpen ? (
        <ol className="burst-items">
          {burst.items.map((item) => (
            <Entry key={keyOf(item)} item={item} />
          ))}
        </ol>
      ) : null}
    </li>
  );
}
