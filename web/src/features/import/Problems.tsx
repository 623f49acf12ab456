import { useQuery } from "@tanstack/react-query";
import { Alert, Drawer } from "antd";
import { get } from "../../api/client";
import type { Import, ImportProblem } from "../../api/types";
import { DataTable } from "../../design/DataTable";
import { useFormat } from "../../design/format_context";
import { CloseCircleOutlined, WarningOutlined } from "../../design/icons";
import { useIsPhone } from "../../design/screen";
import { Answer } from "../../design/states";
import { ImportState } from "./ImportState";
import { useImportText } from "./texts";
import { importsPath } from "./use_imports";

export function Problems({ id, onClose }: { id: string | null; onClose: () => void }) {
  const { say } = useImportText();
  const isPhone = useIsPhone();
  const query = useQuery({
    queryKey: [importsPath, id],
    queryFn: ({ signal }) => get<Import>(`${importsPath}/${encodeURIComponent(id!)}`, {}, signal),
    enabled: id !== null,
  });
  return (
    <Drawer open={id !== null} onClose={onClose} title={query.data ? say("problems_of", { file: query.data.file }) : say("problems")} size={isPhone ? "100%" : 640}>
      {id === null ? null : <Answer query={query}>{() => <Inside one={query.data!} />}</Answer>}
    </Drawer>
  );
}

function Message({ problem }: { problem: ImportProblem }) {
  const { say } = useImportText();
  return (
    <span className="problem" title={problem.code}>
      {problem.is_warning ? <WarningOutlined className="warn" aria-label={say("problems.warning")} /> : <CloseCircleOutlined className="bad" aria-label={say("problems.failure")} />}
      {problem.message}
    </span>
  );
}

function Inside({ one }: { one: Import }) {
  const { say } = useImportText();
  return (
    <div className="problems">
      <p>
        <ImportState state={one.state} />{" "}
        <span className="soft">
          {[
            one.counts.failed > 0 ? say("problems.failed", { count: one.counts.failed }) : null,
            one.warnings > 0 ? say("problems.warnings", { count: one.warnings }) : null,
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </p>
      {one.error ? <Alert type="error" showIcon title={one.error} description={say("problems.safe")} /> : null}
      {one.state === "interrupted" ? <Alert type="warning" showIcon title={say("state.interrupted")} description={say("problems.interrupted")} /> : null}
      <ProblemTable one={one} />
    </div>
  );
}

export function ProblemTable({ one }: { one: Import }) {
  const { say } = useImportText();
  const format = useFormat();
  const total = one.counts.failed + one.warnings;
  const hasColumn = one.problems.some((problem) => problem.column);
  return (
    <>
      {one.problems.length > 0 ? (
        <DataTable<ImportProblem>
          label={say("problems")}
          rows={one.problems}
          rowKey={(problem) => String(one.problems.indexOf(problem))}
          columns={[
            { key: "line", title: say("problems.line"), align: "right", width: 72, cell: (problem) => <span className="tabular">{format.number(problem.line)}</span> },
            ...(hasColumn ? [{ key: "column", title: say("problems.column"), width: 150, cell: (problem: ImportProblem) => problem.column ?? "" }] : []),
            { key: "message", title: say("problems.message"), isMain: true, cell: (problem) => <Message problem={problem} /> },
          ]}
        />
      ) : null}
      {total > one.problems.length && one.problems.length > 0 ? <p className="soft">{say("problems.first", { count: one.problems.length })}</p> : null}
    </>
  );
}
