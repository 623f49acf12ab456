// The files that came, the newest first: what became of each, and where it lies now.
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useEffect, useEffectEvent } from "react";
import type { Fetch, FetchedFile, Source } from "../../api/types";
import { DataTable, MoreRows } from "../../design/DataTable";
import { useFormat } from "../../design/format_context";
import { FileTextOutlined } from "../../design/icons";
import { Badge, ExactTime, type Mood } from "../../design/pieces";
import { Answer, EmptyState, SkeletonRows } from "../../design/states";
import { useFetchText } from "./texts";
import { useFetchedFiles } from "./use_fetch";

const moods: Record<FetchedFile["state"], Mood> = { taken: "plain", waiting: "warn", importing: "accent", imported: "good", failed: "bad", repeated: "plain" };
const isOpen = (file: FetchedFile) => file.state === "taken" || file.state === "importing";
const whileOpenMs = 700;
const elseMs = 5_000;

export function FetchedFiles({ source, fetch }: { source: Source; fetch: Fetch }) {
  const { say } = useFetchText();
  const pages = useFetchedFiles(source.id);
  const again = useEffectEvent(() => void pages.refetch());
  const isAny = fetch.is_looking || pages.items.some(isOpen);
  useEffect(() => {
    again(); // also once more when the last one has ended
    const timer = setInterval(again, isAny ? whileOpenMs : elseMs);
    return () => clearInterval(timer);
  }, [isAny]);
  return (
    <>
      <h3 className="fetch-title">{say("history")}</h3>
      <Answer query={pages} skeleton={<SkeletonRows count={4} />}>
        {() => (pages.items.length === 0 ? <EmptyState icon={<FileTextOutlined />} title={say("history.empty")} text={say("history.empty_text")} /> : <Files source={source} fetch={fetch} files={pages.items} />)}
      </Answer>
      <MoreRows hasMore={pages.hasNextPage} isLoading={pages.isFetchingNextPage} onMore={pages.loadMore} />
    </>
  );
}

function Files({ source, fetch, files }: { source: Source; fetch: Fetch; files: FetchedFile[] }) {
  const { say } = useFetchText();
  const format = useFormat();
  return (
    <DataTable
      label={say("history")}
      rows={files}
      rowKey={(file) => file.id}
      rowName={(file) => file.name}
      columns={[
        {
          key: "name",
          title: say("file"),
          isMain: true,
          cell: (file) => (
            <span className="fetch-file">
              <b>{file.name}</b> <span className="soft tabular">{format.bytes(file.size)}</span>
            </span>
          ),
        },
        { key: "at", title: say("taken_at"), width: 150, cell: (file) => <ExactTime at={file.taken_at} as="short" /> },
        { key: "state", title: say("state"), width: 420, cell: (file) => <Fate source={source} fetch={fetch} file={file} /> },
      ]}
    />
  );
}

function Fate({ source, fetch, file }: { source: Source; fetch: Fetch; file: FetchedFile }) {
  const { say } = useFetchText();
  const format = useFormat();
  const mayImport = file.upload && (file.state === "waiting" || file.state === "failed");
  return (
    <div className="fetch-fate">
      <span>
        <Badge mood={moods[file.state]}>{say(`state.${file.state}`)}</Badge>{" "}
        {file.import ? (
          <Link to="/imports/$id" params={{ id: file.import }}>
            {say("rows", { count: file.rows_read ?? 0, number: format.number(file.rows_read ?? 0) })}
            {file.rows_failed ? say("rows_failed", { number: format.number(file.rows_failed) }) : ""}
          </Link>
        ) : null}
        {file.same_as ? <span className="soft">{say("same_as", { name: file.same_as })}</span> : null}
      </span>
      {fetch.place !== "https" && file.ended_at ? <span className="soft">{say(`lies.${file.lies}`)}</span> : null}
      {file.reason ? <span className={file.state === "failed" ? "bad" : "soft"}>{file.reason}</span> : null}
      {mayImport ? (
        <Link to="/imports/new" search={{ upload: file.upload!, source: source.name }}>
          <Button size="small">{say("open_wizard")}</Button>
        </Link>
      ) : null}
    </div>
  );
}
