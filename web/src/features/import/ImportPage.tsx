import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Alert, Button } from "antd";
import { useState } from "react";
import { get, post } from "../../api/client";
import { asFailure } from "../../api/failure";
import { useMay } from "../../api/session";
import type { Import } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { ArrowLeftOutlined, CheckCircleOutlined, DownloadOutlined } from "../../design/icons";
import { ExactTime, KeyFigure, PageHeader, Panel } from "../../design/pieces";
import { Answer, SkeletonRows } from "../../design/states";
import { useToast } from "../../design/toast";
import "./import.css";
import { ImportState, RollbackBadge } from "./ImportState";
import { ProblemTable } from "./Problems";
import { Progress } from "./Progress";
import { RollBack } from "../rollback/RollBack";
import { RolledBack } from "../rollback/RolledBack";
import { useImportText } from "./texts";
import { importsPath, isGoing, isMoving } from "./use_imports";

const pathOf = (id: string) => `${importsPath}/${encodeURIComponent(id)}`;

export function ImportPage() {
  const { say } = useImportText();
  const { id } = useParams({ strict: false }) as { id: string };
  const query = useQuery({
    queryKey: [importsPath, id],
    queryFn: ({ signal }) => get<Import>(pathOf(id), {}, signal),
    refetchInterval: ({ state }) => (isMoving(state.data) ? 700 : false),
  });
  return (
    <div className="page">
      <Link to="/imports" className="back">
        <ArrowLeftOutlined /> {say("title")}
      </Link>
      <PageHeader title={query.data?.file ?? say("one")} note={query.data ? <Standing one={query.data} /> : null}>
        {query.data ? isGoing(query.data) ? <Cancel id={id} /> : <RollBack one={query.data} /> : null}
      </PageHeader>
      <Answer query={query} skeleton={<SkeletonRows count={5} />}>
        {() => <Inside one={query.data!} />}
      </Answer>
    </div>
  );
}

const Standing = ({ one }: { one: Import }) => (
  <span className="import-state">
    <ImportState state={one.state} />
    <RollbackBadge one={one} />
  </span>
);

function Cancel({ id }: { id: string }) {
  const { say } = useImportText();
  const client = useQueryClient();
  const toast = useToast();
  const may = useMay("editor");
  const [isBusy, setBusy] = useState(false);
  if (!may) return null;
  const cancel = async () => {
    setBusy(true);
    try {
      await post<Import>(`${pathOf(id)}/cancel`);
      toast.done(say("cancelling"));
      await client.invalidateQueries({ queryKey: [importsPath] });
    } catch (thrown) {
      setBusy(false);
      toast.failed(asFailure(thrown).message);
    }
  };
  return (
    <Button danger loading={isBusy} onClick={() => void cancel()}>
      {say("cancel_import")}
    </Button>
  );
}

function Inside({ one }: { one: Import }) {
  const { say, sayCode } = useImportText();
  const format = useFormat();
  const figure = (key: "read" | "created" | "updated" | "unchanged") => <KeyFigure label={say(key)}>{format.number(one.counts[key])}</KeyFigure>;
  return (
    <div className="wizard">
      {one.rollback ? <RolledBack one={one} rolled={one.rollback} /> : null}
      <section className="panel padded" aria-label={say("state")} aria-live="polite">
        {isGoing(one) ? <Progress one={one} label={say("progress")} /> : null}
        {one.error ? <Alert type={one.state === "cancelled" ? "info" : "error"} showIcon title={one.error} description={one.state === "cancelled" ? null : say("problems.safe")} /> : null}
        {one.state === "finished" ? (
          <p className="good">
            <CheckCircleOutlined /> {say(one.counts.failed > 0 ? "finished.but" : "finished", { count: one.counts.failed })}
          </p>
        ) : null}
        {one.resumed_at_row > 0 ? <p className="soft">{say("resumed", { row: format.number(one.resumed_at_row) })}</p> : null}
        <dl className="figures">
          {figure("read")}
          {figure("created")}
          {figure("updated")}
          {figure("unchanged")}
          <KeyFigure label={say("state.failed")}>
            <span className={one.counts.failed > 0 ? "bad" : undefined}>{format.number(one.counts.failed)}</span>
          </KeyFigure>
        </dl>
        <p className="soft import-origin">
          <span>{sayCode("as", one.as)}</span>
          <span>{say("from_source", { source: one.source })}</span>
          {one.sheet ? <span>{say("of_sheet", { sheet: one.sheet })}</span> : null}
          <span>
            {say("started")} <ExactTime at={one.started_at} />
          </span>
        </p>
      </section>
      {one.failed_parts > 0 ? <FailedRows one={one} /> : null}
      {one.problems.length > 0 ? (
        <Panel title={say("problems")}>
          <ProblemTable one={one} />
        </Panel>
      ) : null}
    </div>
  );
}

// Fetched, corrected and imported again: what came in before stays as it is.
function FailedRows({ one }: { one: Import }) {
  const { say } = useImportText();
  const may = useMay("editor");
  if (!may) return null;
  return (
    <Panel title={say("failed_rows")}>
      <p>{say("failed_rows.text")}</p>
      <div className="failed-rows">
        {Array.from({ length: one.failed_parts }, (_, place) => (
          <Button key={place} icon={<DownloadOutlined />} href={`${pathOf(one.id)}/failed_rows/${place + 1}`} download>
            {one.failed_parts > 1 ? say("failed_rows.part", { part: place + 1, parts: one.failed_parts }) : say("failed_rows.fetch")}
          </Button>
        ))}
        <Link to="/imports/new" search={{ source: one.source, as: one.as } as never}>
          {say("failed_rows.again")}
        </Link>
      </div>
      {one.failed_rows_kept_until ? (
        <p className="faint">
          {say("failed_rows.until")} <ExactTime at={one.failed_rows_kept_until} as="day" />
        </p>
      ) : null}
    </Panel>
  );
}
