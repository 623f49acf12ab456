// What people decided about this customer's records, the newest first, and a way back.
import { Button } from "antd";
import { useState } from "react";
import { useMay } from "../../api/session";
import type { Decision } from "../../api/types";
import { RelativeTime } from "../../design/pieces";
import { PagedPanel } from "./PagedPanel";
import { useCustomerText } from "./texts";
import { decisionsPath, useTell, useWho } from "./use_decisions";
import "./decide.css";

export function Decisions({ id }: { id: string }) {
  const { say } = useCustomerText();
  return (
    <PagedPanel<Decision> path={decisionsPath(id)} limit={10} title={() => say("decisions")} className="decisions" keyOf={(decision) => decision.id}>
      {(decision) => <One decision={decision} />}
    </PagedPanel>
  );
}

function One({ decision }: { decision: Decision }) {
  const { say } = useCustomerText();
  const who = useWho();
  const { undo } = useTell();
  const mayEdit = useMay("editor");
  const [isBusy, setBusy] = useState(false);
  const { kind, by, by_name, nodes, reason, undone_by, undone_by_name } = decision;
  const run = async () => {
    setBusy(true);
    await undo(decision.id, kind === "keep_apart" ? say("keep_apart.undone") : say(`${kind}.undone`));
    setBusy(false);
  };
  return (
    <div className={undone_by ? "decision gone" : "decision"}>
      <span className="decision-words">
        <span>{kind === "unmerge" ? say("decisions.unmerge", { count: nodes.length, who: who(by, by_name) }) : say(`decisions.${kind}`, { who: who(by, by_name) })}</span>
        {reason ? <small className="soft">{reason}</small> : null}
        <small className="faint">
          <RelativeTime at={decision.at} />
          {undone_by ? ` · ${say("decisions.undone", { who: who(undone_by, undone_by_name) })}` : ""}
        </small>
      </span>
      {decision.may_undo && mayEdit ? (
        <Button size="small" loading={isBusy} onClick={() => void run()}>
          {say("act.undo")}
        </Button>
      ) : null}
    </div>
  );
}
