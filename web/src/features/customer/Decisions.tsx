// What people decided about this customer's records, the newest first, and a way back.
import { Button } from "antd";
import { useState } from "react";
import { usePages } from "../../api/queries";
import { useMay } from "../../api/session";
import type { Decision } from "../../api/types";
import { Panel, RelativeTime } from "../../design/pieces";
import { useCustomerText } from "./texts";
import { decisionsPath, useTell, useWho } from "./use_decisions";
import "./decide.css";

export function Decisions({ id }: { id: string }) {
  const { say } = useCustomerText();
  const pages = usePages<Decision>(decisionsPath(id), {}, { limit: 10 });
  if (pages.items.length === 0) return null;
  return (
    <Panel title={say("decisions")}>
      <ol className="decisions">
        {pages.items.map((decision) => (
          <One key={decision.id} decision={decision} />
        ))}
      </ol>
      {pages.hasNextPage ? (
        <Button type="text" size="small" loading={pages.isFetchingNextPage} onClick={() => void pages.loadMore()}>
          {say("memberships.more")}
        </Button>
      ) : null}
    </Panel>
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
    await undo(decision.id, say(`${kind}.undone`));
    setBusy(false);
  };
  return (
    <li className={undone_by ? "gone" : undefined}>
      <span className="decision-words">
        <span>{kind === "merge" ? say("decisions.merge", { who: who(by, by_name) }) : say("decisions.unmerge", { count: nodes.length, who: who(by, by_name) })}</span>
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
    </li>
  );
}
