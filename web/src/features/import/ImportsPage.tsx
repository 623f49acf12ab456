import { CloudUploadOutlined, PlusOutlined, WarningOutlined } from "../../design/icons";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useMay } from "../../api/session";
import { MoreRows, DataTable } from "../../design/DataTable";
import { useWords } from "../../design/address";
import { useFormat } from "../../design/format_context";
import type { Import } from "../../api/types";
import { CodeBlock, PageHeader, Panel, RelativeTime } from "../../design/pieces";
import { Answer, EmptyState, SkeletonRows } from "../../design/states";
import { ImportState, RollbackBadge } from "./ImportState";
import { Problems } from "./Problems";
import { useImportText } from "./texts";
import { useImports } from "./use_imports";

export const exampleCommand = "onefold import orders.csv --as order --source shop --map map.json --data DIR";
const exampleMap = JSON.stringify(
  {
    identifiers: { CustomerID: "member_no" },
    order: { number: "InvoiceNo", time: "InvoiceDate", lines: { sku: "StockCode", name: "Description", quantity: "Quantity", price: "UnitPrice" } },
  },
  null,
  2,
);

export function ImportsPage() {
  const { say } = useImportText();
  const pages = useImports();
  const [words, change] = useWords();
  const may = useMay("editor");
  const navigate = useNavigate();
  const begin = may ? (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate({ to: "/imports/new" })}>
      {say("new.title")}
    </Button>
  ) : null;
  return (
    <div className="page">
      <PageHeader title={say("title")} note={say("note")}>
        {pages.items.length > 0 ? begin : null}
      </PageHeader>
      <section className="panel">
        <Answer query={pages} skeleton={<SkeletonRows count={4} />}>
          {() =>
            pages.items.length === 0 ? (
              <EmptyState icon={<CloudUploadOutlined />} title={say("empty.title")} text={say("empty.text")}>
                {begin}
              </EmptyState>
            ) : (
              <ImportTable rows={pages.items} onOpen={(id) => change({ import: id })} />
            )
          }
        </Answer>
        <MoreRows hasMore={pages.hasNextPage} isLoading={pages.isFetchingNextPage} onMore={pages.loadMore} />
      </section>
      <HowTo />
      <Problems id={words.import ?? null} onClose={() => change({ import: null })} />
    </div>
  );
}

function ImportTable({ rows, onOpen }: { rows: Import[]; onOpen: (id: string) => void }) {
  const { say, sayCode } = useImportText();
  const format = useFormat();
  const number = (value: number) => <span className={value === 0 ? "tabular faint" : "tabular"}>{format.number(value)}</span>;
  return (
    <DataTable
      label={say("title")}
      rows={rows}
      rowKey={(row) => row.id}
      columns={[
        { key: "file", title: say("file"), isMain: true, cell: (row) => <FileLink row={row} /> },
        { key: "state", title: say("state"), cell: (row) => <StateCell row={row} /> },
        { key: "source", title: say("source"), cell: (row) => row.source },
        { key: "as", title: say("as"), cell: (row) => sayCode("as", row.as) },
        { key: "read", title: say("read"), align: "right", cell: (row) => number(row.counts.read) },
        { key: "created", title: say("created"), align: "right", cell: (row) => number(row.counts.created) },
        { key: "updated", title: say("updated"), align: "right", cell: (row) => number(row.counts.updated) },
        { key: "unchanged", title: say("unchanged"), align: "right", cell: (row) => number(row.counts.unchanged) },
        { key: "problems", title: say("problems"), cell: (row) => <ProblemsLink row={row} onOpen={() => onOpen(row.id)} /> },
        { key: "started", title: say("started"), align: "right", cell: (row) => <RelativeTime at={row.started_at} /> },
      ]}
    />
  );
}

const StateCell = ({ row }: { row: Import }) => (
  <span className="import-state">
    <ImportState state={row.state} />
    <RollbackBadge one={row} />
  </span>
);

const FileLink = ({ row }: { row: Import }) => (
  <Link to="/imports/$id" params={{ id: row.id }} className="file">
    <b>{row.file}</b>
  </Link>
);

function ProblemsLink({ row, onOpen }: { row: Import; onOpen: () => void }) {
  const { say } = useImportText();
  const words = [
    row.counts.failed > 0 ? say("problems.failed", { count: row.counts.failed }) : null,
    row.warnings > 0 ? say("problems.warnings", { count: row.warnings }) : null,
  ].filter(Boolean);
  if (words.length === 0 && !row.error && row.state !== "interrupted") return <span className="faint">{say("problems.none")}</span>;
  return (
    <Button type="link" size="small" className="problems-link" icon={<WarningOutlined />} onClick={onOpen}>
      {words.join(" · ") || say("problems.open")}
    </Button>
  );
}

function HowTo() {
  const { say } = useImportText();
  return (
    <Panel title={say("how")} className="how-to">
      <p>{say("how.where")}</p>
      <CodeBlock text={exampleCommand} label={say("how.command")} />
      <p>{say("how.map")}</p>
      <CodeBlock text={exampleMap} label={say("how.map_label")} />
      <p className="soft">{say("how.formats")}</p>
    </Panel>
  );
}
