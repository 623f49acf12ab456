import { ApartmentOutlined, ApiOutlined, FileTextOutlined, GlobalOutlined, PlusOutlined, WarningOutlined } from "../../design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { usePages } from "../../api/queries";
import { useMay } from "../../api/session";
import type { Source, SourceTraffic } from "../../api/types";
import { useWords } from "../../design/address";
import { DataTable, MoreRows } from "../../design/DataTable";
import { useFormat } from "../../design/format_context";
import { Badge, PageHeader, RelativeTime } from "../../design/pieces";
import { Answer, EmptyState, SkeletonRows } from "../../design/states";
import { Sparkline } from "./Bars";
import { CreateSource } from "./CreateSource";
import { isSilent } from "./silence";
import { useSourceText } from "./texts";
import { sourcesPath, useAllTraffic } from "./use_source";
import "./source.css";

export const kindIcons = { tracker: <GlobalOutlined />, api: <ApiOutlined />, file: <FileTextOutlined /> };

export function SourcesPage() {
  const { say } = useSourceText();
  const client = useQueryClient();
  const pages = usePages<Source>(sourcesPath, {}, { limit: null });
  const mayCreate = useMay("admin");
  const [words, change] = useWords();
  const navigate = useNavigate();
  const open = () => change({ new: "1" });
  const create = mayCreate ? (
    <Button type="primary" icon={<PlusOutlined />} onClick={open}>
      {say("create")}
    </Button>
  ) : null;
  return (
    <div className="page">
      <PageHeader title={say("title")} note={say("note")}>
        {pages.items.length > 0 ? create : null}
      </PageHeader>
      <section className="panel">
        <Answer query={pages} skeleton={<SkeletonRows count={4} />}>
          {() =>
            pages.items.length === 0 ? (
              <EmptyState icon={<ApartmentOutlined />} title={say("empty.title")} text={mayCreate ? say("empty.text") : say("refused")}>
                {create}
              </EmptyState>
            ) : (
              <SourceTable sources={pages.items} />
            )
          }
        </Answer>
        <MoreRows hasMore={pages.hasNextPage} isLoading={pages.isFetchingNextPage} onMore={pages.loadMore} />
      </section>
      {words.new && mayCreate ? (
        <CreateSource
          onClose={(created) => {
            if (created) void navigate({ to: "/sources/$id", params: { id: created.id }, replace: true });
            else change({ new: null }, "replace");
            void client.invalidateQueries({ queryKey: [sourcesPath] });
          }}
        />
      ) : null}
    </div>
  );
}

function SourceTable({ sources }: { sources: Source[] }) {
  const { say } = useSourceText();
  const format = useFormat();
  const traffic = useAllTraffic();
  const of = (source: Source): SourceTraffic | undefined => traffic.data?.items.find((one) => one.source_id === source.id);
  const sorted = sources.toSorted((a, b) => Number(b.is_active) - Number(a.is_active));
  return (
    <DataTable
      label={say("title")}
      rows={sorted}
      rowKey={(source) => source.id}
      columns={[
        { key: "name", title: say("name"), isMain: true, cell: (source) => <NameCell source={source} lastEventAt={of(source)?.last_event_at} /> },
        { key: "kind", title: say("kind"), cell: (source) => <span className="with-icon">{kindIcons[source.kind]} {say(`kind.${source.kind}`)}</span> },
        { key: "last", title: say("last_event"), cell: (source) => <RelativeTime at={of(source)?.last_event_at} absent={source.kind === "file" ? <Link to="/imports">{say("by_files")}</Link> : say("never")} /> },
        { key: "hours", title: say("last_day"), cell: (source) => <HoursCell traffic={of(source)} /> },
        { key: "today", title: say("today"), align: "right", cell: (source) => <span className="tabular">{format.number(of(source)?.today.accepted ?? 0)}</span> },
        { key: "refused", title: say("refused_today"), align: "right", cell: (source) => <RefusedCell source={source} count={of(source)?.today.refused ?? 0} /> },
        { key: "created", title: say("created"), align: "right", cell: (source) => <RelativeTime at={source.created_at} /> },
      ]}
    />
  );
}

function NameCell({ source, lastEventAt }: { source: Source; lastEventAt?: string | null }) {
  const { say } = useSourceText();
  return (
    <span className="source-name">
      <Link to="/sources/$id" params={{ id: source.id }}>
        <b>{source.name}</b>
      </Link>
      {source.is_active ? null : <Badge>{say("archived")}</Badge>}
      {isSilent(source, lastEventAt) ? (
        <Badge mood="warn" icon={<WarningOutlined />}>
          {say("silent")}
        </Badge>
      ) : null}
    </span>
  );
}

function HoursCell({ traffic }: { traffic: SourceTraffic | undefined }) {
  const { say } = useSourceText();
  const format = useFormat();
  const count = traffic?.hours.reduce((sum, one) => sum + one, 0) ?? 0;
  if (!traffic || count === 0) return <span className="faint">{say("none")}</span>;
  return <Sparkline counts={traffic.hours} label={say("events", { count, number: format.number(count) })} />;
}

function RefusedCell({ source, count }: { source: Source; count: number }) {
  const format = useFormat();
  const mayEdit = useMay("editor");
  if (count === 0) return <span className="tabular faint">{format.number(0)}</span>;
  if (!mayEdit) return <span className="tabular bad">{format.number(count)}</span>;
  return (
    <Link className="tabular bad" to="/sources/$id" params={{ id: source.id }} search={{ tab: "refused" }}>
      {format.number(count)}
    </Link>
  );
}
