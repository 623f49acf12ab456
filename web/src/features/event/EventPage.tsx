import { ArrowLeftOutlined, ThunderboltOutlined } from "../../design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { get } from "../../api/client";
import type { EventProperty, EventTypeDetail } from "../../api/types";
import { DataTable } from "../../design/DataTable";
import { useFormat } from "../../design/format_context";
import { Badge, ExactTime, KeyFigure, PageHeader } from "../../design/pieces";
import { Answer, EmptyState, SkeletonRows } from "../../design/states";
import { useSourceNames } from "./EventsPage";
import { useEventNames } from "../naming/events";
import { partsOf } from "./naming";
import { Standing } from "./Standing";
import { useEventText } from "./texts";
import { eventTypesPath, useColumns } from "./use_columns";
import "./event.css";

export function EventPage() {
  const { say } = useEventText();
  const { id } = useParams({ strict: false });
  const columns = useColumns();
  const { nameOf, sentAs } = useEventNames();
  const event = useQuery({ queryKey: [eventTypesPath, id], queryFn: ({ signal }) => get<EventTypeDetail>(`${eventTypesPath}/${encodeURIComponent(id ?? "")}`, {}, signal) });
  return (
    <div className="page">
      <Link to="/events" className="back">
        <ArrowLeftOutlined /> {say("back")}
      </Link>
      <PageHeader title={event.data ? nameOf(event.data) : say("title")} note={event.data && sentAs(event.data) ? <code>{sentAs(event.data)}</code> : undefined} />
      <Standing columns={columns} />
      <Answer query={event} skeleton={<div className="panel"><SkeletonRows count={8} /></div>}>
        {() => <Detail event={event.data!} />}
      </Answer>
    </div>
  );
}

function Detail({ event }: { event: EventTypeDetail }) {
  const { say } = useEventText();
  const format = useFormat();
  const sources = useSourceNames();
  const { kindOf } = useEventNames();
  return (
    <>
      <section className="panel event-summary">
        <dl className="event-figures">
          <KeyFigure label={say("count")}>{format.number(event.event_count)}</KeyFigure>
          <KeyFigure label={say("customers")}>{format.number(event.customer_count)}</KeyFigure>
          <KeyFigure label={say("kind")}>{kindOf(event.kind)}</KeyFigure>
          <KeyFigure label={say("source")}>{sources.get(event.source_id) ?? ""}</KeyFigure>
          <KeyFigure label={say("first_seen")}>
            <ExactTime at={event.first_seen_at} />
          </KeyFigure>
          <KeyFigure label={say("last_seen")}>
            <ExactTime at={event.last_seen_at} />
          </KeyFigure>
        </dl>
      </section>
      <section className="panel event-properties" aria-label={say("properties")}>
        <div className="panel-head">
          <h2>{say("properties")}</h2>
        </div>
        {event.properties.length > 0 ? <Properties event={event} /> : <EmptyState icon={<ThunderboltOutlined />} title={say("no_properties")} text={say("no_properties_text")} />}
        {event.left_out_count > 0 ? <p className="event-note">{say("left_out_values", { count: event.left_out_count, shown: format.number(event.left_out_count) })}</p> : null}
        {event.properties.length > 0 ? <p className="event-note">{say("examples_note")}</p> : null}
      </section>
    </>
  );
}

function Properties({ event }: { event: EventTypeDetail }) {
  const { say } = useEventText();
  const format = useFormat();
  const shareOf = (property: EventProperty) => new Intl.NumberFormat(format.language, { style: "percent", maximumFractionDigits: 1 }).format(property.count / event.event_count);
  return (
    <DataTable
      label={say("properties")}
      rows={event.properties}
      rowKey={(property) => property.path}
      columns={[
        { key: "path", title: say("property"), isMain: true, cell: (property) => <Path path={property.path} /> },
        { key: "types", title: say("types"), cell: (property) => <Types property={property} /> },
        { key: "share", title: say("share"), align: "right", cell: (property) => <span className="tabular">{shareOf(property)}</span> },
        { key: "examples", title: say("examples"), cell: (property) => <Examples property={property} /> },
      ]}
    />
  );
}

function Path({ path }: { path: string }) {
  const parts = partsOf(path);
  return (
    <b className="event-path">
      {parts.map((part, place) => (
        <span key={`${place}${part}`}>
          {place > 0 ? <span className="faint">› </span> : null}
          {part}
        </span>
      ))}
    </b>
  );
}

// The type that most values have, then those that nobody expects.
function Types({ property }: { property: EventProperty }) {
  const { say } = useEventText();
  const format = useFormat();
  return (
    <span className="event-types">
      {property.types.map((use, place) => (
        <Badge key={use.type} mood={place === 0 ? "plain" : "warn"}>
          {place === 0 ? say(`type.${use.type}`) : say("unexpected", { type: say(`type.${use.type}`), count: use.count, shown: format.number(use.count) })}
        </Badge>
      ))}
      {property.types.some((use) => use.is_in_overflow) ? <Badge>{say("overflow")}</Badge> : null}
    </span>
  );
}

function Examples({ property }: { property: EventProperty }) {
  const { say } = useEventText();
  const examples = property.types.flatMap((use) => use.examples.map((text) => ({ type: use.type, text })));
  if (examples.length === 0) return null;
  return (
    <span className="event-examples">
      {examples.map(({ type, text }) => (
        <code key={`${type}${text}`}>{type === "flag" ? say(text === "true" ? "yes" : "no") : text || say("empty_text_value")}</code>
      ))}
    </span>
  );
}
