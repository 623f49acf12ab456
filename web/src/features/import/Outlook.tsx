import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Button } from "antd";
import type { Import } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { KeyFigure } from "../../design/pieces";
import { Answer, SkeletonRows } from "../../design/states";
import { Progress } from "./Progress";
import { useImportText } from "./texts";
import { isGoing } from "./use_imports";

// What a trial found: nothing of it has happened.
export function Outlook({ query, isOutdated, onCancel }: { query: UseQueryResult<Import>; isOutdated: boolean; onCancel: () => void }) {
  const { say } = useImportText();
  return (
    <section className="outlook" aria-label={say("trial")} aria-live="polite">
      <Answer query={query} skeleton={<SkeletonRows count={2} />}>
        {() =>
          isGoing(query.data) ? (
            <>
              <Progress one={query.data!} label={say("trial.running")} />
              <Button onClick={onCancel}>{say("trial.cancel")}</Button>
            </>
          ) : query.data!.error ? (
            <Alert type={query.data!.state === "cancelled" ? "info" : "error"} showIcon title={query.data!.state === "cancelled" ? say("trial.cancelled") : query.data!.error} />
          ) : (
            <Found one={query.data!} isOutdated={isOutdated} />
          )
        }
      </Answer>
    </section>
  );
}

function Found({ one, isOutdated }: { one: Import; isOutdated: boolean }) {
  const { say } = useImportText();
  const format = useFormat();
  const { counts, dry_run: found } = one;
  const isPeople = one.as === "customer";
  const joined = found?.joined ?? 0;
  const inFile = found?.joined_in_file ?? 0;
  const examples = found?.examples ?? [];
  const fresh = isPeople ? counts.created - joined - inFile : counts.created;
  return (
    <>
      {isOutdated ? <Alert type="warning" showIcon title={say("trial.outdated")} /> : null}
      <h3>{say("trial.result", { rows: format.number(counts.read) })}</h3>
      <dl className="figures">
        <KeyFigure label={say(isPeople ? "trial.new_people" : "created")}>{format.number(fresh)}</KeyFigure>
        {isPeople ? <KeyFigure label={say("trial.joined")}>{format.number(joined)}</KeyFigure> : null}
        {isPeople && inFile > 0 ? <KeyFigure label={say("trial.joined_in_file")}>{format.number(inFile)}</KeyFigure> : null}
        {found && found.merged > 0 ? <KeyFigure label={say("trial.merged")}>{format.number(found.merged)}</KeyFigure> : null}
        <KeyFigure label={say("updated")}>{format.number(counts.updated)}</KeyFigure>
        <KeyFigure label={say("unchanged")}>{format.number(counts.unchanged)}</KeyFigure>
        <KeyFigure label={say("state.failed")}>
          <span className={counts.failed > 0 ? "bad" : undefined}>{format.number(counts.failed)}</span>
        </KeyFigure>
      </dl>
      {examples.length > 0 ? (
        <>
          <h4>{say("trial.examples")}</h4>
          <ul className="joins">
            {examples.slice(0, 10).map((join) => (
              <li key={`${join.line} ${join.customer}`}>
                <span className="soft tabular">{say("at_line", { line: join.line })}</span> {join.name || say("trial.nameless")} →{" "}
                <Link to="/customers/$id" params={{ id: join.customer }}>
                  {join.customer_name || say("trial.nameless")}
                </Link>
                {join.value ? <span className="soft"> {join.value}</span> : null}
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {counts.failed > 0 ? (
        <ul className="trial-failures">
          {one.problems
            .filter((problem) => !problem.is_warning)
            .slice(0, 5)
            .map((problem) => (
              <li key={`${problem.line} ${problem.code} ${problem.column}`}>
                <span className="soft tabular">{say("at_line", { line: problem.line })}</span> {problem.message}
              </li>
            ))}
        </ul>
      ) : null}
      <p className="faint">{say(one.as === "event" ? "trial.events" : "trial.honest")}</p>
    </>
  );
}
