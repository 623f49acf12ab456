// Somebody's exports of the last day: how far each is, and its file.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Tooltip } from "antd";
import { get, post, request } from "../../api/client";
import { asFailure } from "../../api/failure";
import type { Extract, Page } from "../../api/types";
import { DataTable } from "../../design/DataTable";
import { useFormat } from "../../design/format_context";
import { CheckCircleOutlined, ClockCircleOutlined, CloseCircleOutlined, DeleteOutlined, DownloadOutlined, LoadingOutlined, StopOutlined } from "../../design/icons";
import { Badge, ExactTime, PageHeader, RelativeTime, type Mood } from "../../design/pieces";
import { Answer, EmptyState, SkeletonRows } from "../../design/states";
import { useToast } from "../../design/toast";
import { extractsPath, fileOf, isGoing, pathOf, shareOf } from "./extract";
import { useExtractText } from "./texts";
import "./extract.css";

const whileGoingMs = 700;
const elseMs = 30_000;

export function ExportsPage() {
  const { say } = useExtractText();
  const navigate = useNavigate();
  const query = useQuery({
    queryKey: [extractsPath],
    queryFn: ({ signal }) => get<Page<Extract>>(extractsPath, undefined, signal),
    refetchInterval: ({ state }) => (state.data?.items.some(isGoing) ? whileGoingMs : elseMs),
  });
  return (
    <div className="page">
      <PageHeader title={say("list")} note={say("list.note")} />
      <section className="panel">
        <Answer query={query} skeleton={<SkeletonRows count={4} />}>
          {() =>
            query.data!.items.length === 0 ? (
              <EmptyState icon={<DownloadOutlined />} title={say("none.title")} text={say("none.text")}>
                <Button onClick={() => void navigate({ to: "/customers" })}>{say("none.act")}</Button>
              </EmptyState>
            ) : (
              <Exports rows={query.data!.items} />
            )
          }
        </Answer>
      </section>
    </div>
  );
}

const whenReady = (row: Extract, words: string) => (row.state === "finished" ? <span className="tabular">{words}</span> : null);

function Exports({ rows }: { rows: Extract[] }) {
  const { say } = useExtractText();
  const format = useFormat();
  return (
    <DataTable
      label={say("list")}
      rows={rows}
      rowKey={(row) => row.id}
      columns={[
        { key: "file", title: say("file"), isMain: true, cell: (row) => <File row={row} /> },
        { key: "state", title: say("state"), cell: (row) => <State row={row} /> },
        { key: "rows", title: say("rows"), align: "right", cell: (row) => whenReady(row, format.number(row.rows)) },
        { key: "size", title: say("size"), align: "right", cell: (row) => whenReady(row, format.bytes(row.bytes)) },
        { key: "begun", title: say("begun"), align: "right", cell: (row) => <RelativeTime at={row.created_at} /> },
        { key: "until", title: say("until"), align: "right", cell: (row) => (row.state === "finished" && row.kept_until ? <ExactTime at={row.kept_until} /> : null) },
        { key: "acts", title: say("acts"), align: "right", cell: (row) => <Acts row={row} /> },
      ]}
    />
  );
}

function File({ row }: { row: Extract }) {
  const { say, sayCode } = useExtractText();
  return (
    <div className="export-file">
      <b>{row.file}</b>
      <span className="faint">
        {sayCode("object", row.object)} · {say(`narrowed.${row.narrowed}`)}
      </span>
      {row.state === "failed" ? <span className="export-reason">{row.error}</span> : null}
    </div>
  );
}

const moods: Record<Extract["state"], Mood> = { waiting: "plain", running: "accent", finished: "good", failed: "bad", cancelled: "plain" };
const icons = { waiting: <ClockCircleOutlined />, running: <LoadingOutlined />, finished: <CheckCircleOutlined />, failed: <CloseCircleOutlined />, cancelled: <StopOutlined /> };

function State({ row }: { row: Extract }) {
  const { say } = useExtractText();
  const format = useFormat();
  const share = shareOf(row);
  return (
    <span className="export-state">
      <Badge mood={moods[row.state]} icon={icons[row.state]}>
        {say(`state.${row.state}`)}
      </Badge>
      {row.state === "running" && share ? (
        <>
          <progress aria-label={say("running")} {...share} />
          <span className="soft tabular">{say("of", { done: format.number(row.records), total: format.number(share.max) })}</span>
        </>
      ) : null}
    </span>
  );
}

function Acts({ row }: { row: Extract }) {
  const { say } = useExtractText();
  const toast = useToast();
  const client = useQueryClient();
  const act = async (work: () => Promise<unknown>, word?: string) => {
    try {
      await work();
      if (word) toast.done(word);
    } catch (thrown) {
      toast.failed(asFailure(thrown).message);
    } finally {
      await client.invalidateQueries({ queryKey: [extractsPath] });
    }
  };
  const { file } = row;
  if (isGoing(row))
    return (
      <Button size="small" aria-label={say("cancel_what", { file })} onClick={() => void act(() => post<Extract>(`${pathOf(row.id)}/cancel`))}>
        {say("cancel")}
      </Button>
    );
  return (
    <span className="export-acts">
      {row.state === "finished" ? (
        <Button size="small" icon={<DownloadOutlined />} href={fileOf(row.id)} download aria-label={say("fetch_what", { file })}>
          {say("fetch")}
        </Button>
      ) : null}
      <Tooltip title={say("delete_what", { file })}>
        <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={say("delete_what", { file })} onClick={() => void act(() => request("DELETE", pathOf(row.id)), say("deleted"))} />
      </Tooltip>
    </span>
  );
}
