import { SearchOutlined, ThunderboltOutlined } from "../../design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { get } from "../../api/client";
import { asFailure } from "../../api/failure";
import { useLive } from "../../api/live";
import { usePages } from "../../api/queries";
import type { EventType, Page, Source } from "../../api/types";
import { useWords } from "../../design/address";
import { DataTable, MoreRows } from "../../design/DataTable";
import { useFormat } from "../../design/format_context";
import { PageHeader, RelativeTime } from "../../design/pieces";
import { SearchInput } from "../../design/SearchInput";
import { Answer, EmptyState, SkeletonRows, ThinBar } from "../../design/states";
import { useEventNames } from "../naming/events";
import { Standing } from "./Standing";
import { useEventText } from "./texts";
import { eventTypesPath, useColumns } from "./use_columns";
import "./event.css";

const columnsFollowWithinMs = 800;

export const useSourceNames = () => {
  const path = "/api/v1/sources";
  const sources = useQuery({ queryKey: [path, "names"], queryFn: ({ signal }) => get<Page<Source>>(path, {}, signal) });
  return new Map((sources.data?.items ?? []).map((source) => [source.id, source.name]));
};

export function EventsPage() {
  const { say } = useEventText();
  const [words, change] = useWords();
  const q = words.q ?? "";
  const source = words.source ?? "";
  const columns = useColumns();
  const sources = useSourceNames();
  const pages = usePages<EventType>(eventTypesPath, { q: q || undefined, source_id: source || undefined });
  useLive(() => setTimeout(() => void pages.refetch(), columnsFollowWithinMs));
  const isWaiting = pages.isError && asFailure(pages.error).kind === "busy" && columns !== undefined && columns.state !== "following";
  return (
    <div className="page">
      <ThinBar isOn={pages.isFetching && pages.data !== undefined} />
      <PageHeader title={say("title")} note={say("note")} />
      <Standing columns={columns} />
      <div className="toolbar">
        <SearchInput label={say("search")} placeholder={say("search.placeholder")} value={q} onChange={(text) => change({ q: text }, "replace")} />
        <select className="plain-select" aria-label={say("source")} value={source} onChange={(event) => change({ source: event.target.value || null })}>
          <option value="">{say("source.all")}</option>
          {[...sources].map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <section className="panel">
        {isWaiting ? (
          <EmptyState icon={<ThunderboltOutlined />} title={say("waiting.title")} text={say("waiting.text")} />
        ) : (
          <Answer query={pages} skeleton={<SkeletonRows count={8} />}>
            {() => (pages.items.length > 0 ? <EventTable items={pages.items} sources={sources} /> : <Nothing isNarrowed={q !== "" || source !== ""} onClear={() => change({ q: null, source: null })} />)}
          </Answer>
        )}
        <MoreRows hasMore={pages.hasNextPage} isLoading={pages.isFetchingNextPage} onMore={pages.loadMore} />
      </section>
      <LeftOut pages={pages.data?.pages} />
    </div>
  );
}

function EventTable({ items, sources }: { items: EventType[]; sources: ReadonlyMap<string, string> }) {
  const { say } = useEventText();
  const format = useFormat();
  const { nameOf, kindOf, sentAs } = useEventNames();
  return (
    <DataTable
      label={say("title")}
      rows={items}
      rowKey={(event) => event.id}
      columns={[
        {
          key: "name",
          title: say("name"),
          isMain: true,
          cell: (event) => (
            <>
              <Link to="/events/$id" params={{ id: event.id }} className="row-link">
                <b>{nameOf(event)}</b>
              </Link>
              <code className="soft sent-as">{sentAs(event)}</code>
            </>
          ),
        },
        { key: "kind", title: say("kind"), cell: (event) => (event.name ? <span className="soft">{kindOf(event.kind)}</span> : null) },
        { key: "source", title: say("source"), cell: (event) => sources.get(event.source_id) ?? "" },
        { key: "properties", title: say("properties"), align: "right", cell: (event) => <span className="tabular">{format.number(event.property_count)}</span> },
        { key: "count", title: say("count"), align: "right", cell: (event) => <span className="tabular">{format.number(event.event_count)}</span> },
        { key: "first", title: say("first_seen"), align: "right", cell: (event) => <RelativeTime at={event.first_seen_at} /> },
        { key: "last", title: say("last_seen"), align: "right", cell: (event) => <RelativeTime at={event.last_seen_at} /> },
      ]}
    />
  );
}

function Nothing({ isNarrowed, onClear }: { isNarrowed: boolean; onClear: () => void }) {
  const { say } = useEventText();
  return isNarrowed ? (
    <EmptyState icon={<SearchOutlined />} title={say("none.title")} text={say("none.text")}>
      <Button onClick={onClear}>{say("none.act")}</Button>
    </EmptyState>
  ) : (
    <EmptyState icon={<ThunderboltOutlined />} title={say("empty.title")} text={say("empty.text")}>
      <Link to="/sources" className="button-link">
        {say("empty.act")}
      </Link>
    </EmptyState>
  );
}

function LeftOut({ pages }: { pages: Page<EventType>[] | undefined }) {
  const { say } = useEventText();
  const format = useFormat();
  const count = (pages?.[0] as { left_out_count?: number } | undefined)?.left_out_count ?? 0;
  return count > 0 ? <p className="event-note">{say("left_out", { count, shown: format.number(count) })}</p> : null;
}
