// What is known of one entry: its properties, where it comes from, when it happened and when it was received, and what was sent.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { get } from "../../api/client";
import { useMay } from "../../api/session";
import type { FieldValue, StoredEvent, TimelineItem } from "../../api/types";
import { useWords } from "../../design/address";
import { useFormat } from "../../design/format_context";
import { CodeBlock } from "../../design/pieces";
import { SourceLink } from "../../design/SourceLink";
import { OrderLines } from "../order/OrderList";
import { useWriter } from "../note/Notes";
import { useCustomerText } from "./texts";
import { clearTimeline } from "./timeline_state";

const isSaid = (value: FieldValue | undefined): value is FieldValue => value !== undefined && value !== null && value !== "";
// Of orders and tickets the row itself tells all else.
const isRecord = ({ kind }: TimelineItem): boolean => kind === "order" || kind === "ticket";

export const EntryDetail = ({ item }: { item: TimelineItem }) => (item.kind === "note" ? <NoteDetail item={item} /> : <EventDetail item={item} />);

// By whom it was written and when; it is changed where notes are.
function NoteDetail({ item: { at, properties } }: { item: TimelineItem }) {
  const { say } = useCustomerText();
  const format = useFormat();
  const writer = useWriter();
  const [, change] = useWords();
  const word = (name: string): string => (typeof properties[name] === "string" ? properties[name] : "");
  return (
    <div className="entry-detail">
      <dl className="properties entry-facts">
        <Fact name={say("entry.written_by")}>{writer(word("by"), word("by_name") || null)}</Fact>
        <Fact name={say("entry.written")}>{format.instant(at, "full")}</Fact>
        {word("edited_at") ? <Fact name={say("entry.edited")}>{format.instant(word("edited_at"), "full")}</Fact> : null}
      </dl>
      <Button type="link" size="small" className="entry-to-notes" onClick={() => change({ ...clearTimeline, tab: "notes" }, "push")}>
        {say("entry.to_notes")}
      </Button>
    </div>
  );
}

function EventDetail({ item }: { item: TimelineItem }) {
  const { say } = useCustomerText();
  const format = useFormat();
  const mayEdit = useMay("editor");
  const path = item.position ? `/api/v1/events/${encodeURIComponent(item.position)}` : "";
  const { data: stored } = useQuery({ queryKey: [path], queryFn: ({ signal }) => get<StoredEvent>(path, {}, signal), enabled: path !== "", staleTime: Infinity });
  const { number, status } = item.properties;
  const properties = isRecord(item) ? [] : Object.entries(item.properties).filter(([, value]) => isSaid(value));
  return (
    <div className="entry-detail">
      <dl className="properties entry-facts">
        <Fact name={say("entry.source")}>
          <SourceLink name={item.source} />
        </Fact>
        {item.member ? (
          <Fact name={say("entry.member")}>
            <Link to="/customers/$id" params={{ id: item.member.customer }}>
              {item.member.name ?? say("unnamed")}
            </Link>
          </Fact>
        ) : null}
        {isRecord(item) && isSaid(number) ? <Fact name={say("entry.number")}>{format.value(number)}</Fact> : null}
        {isRecord(item) && isSaid(status) ? <Fact name={say("entry.status")}>{format.value(status)}</Fact> : null}
        <Fact name={say("entry.happened")}>{format.instant(item.at, "full")}</Fact>
        {stored ? (
          <>
            <Fact name={say("entry.received")}>{format.instant(stored.received_at, "full")}</Fact>
            <Fact name={say("entry.message")}>
              <code>{stored.message_id}</code>
            </Fact>
          </>
        ) : null}
      </dl>
      {item.kind === "order" && typeof item.properties.id === "string" ? (
        <OrderLines order={{ id: item.properties.id, number: String(item.properties.number), currency: String(item.properties.currency), line_count: Number(item.properties.line_count) }} />
      ) : null}
      {properties.length > 0 ? (
        <dl className="properties" aria-label={say("timeline.properties")}>
          {properties.map(([name, value]) => (
            <Fact key={name} name={name}>
              {typeof value === "object" && value !== null ? <pre>{JSON.stringify(value, null, 2)}</pre> : format.value(value)}
            </Fact>
          ))}
        </dl>
      ) : null}
      {stored?.is_redacted ? <p className="soft">{say("entry.erased")}</p> : null}
      {mayEdit && stored?.raw ? (
        <details className="entry-raw">
          <summary>{say("entry.raw")}</summary>
          <CodeBlock text={JSON.stringify(stored.raw, null, 2)} label={say("entry.raw")} />
        </details>
      ) : null}
    </div>
  );
}

const Fact = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);
