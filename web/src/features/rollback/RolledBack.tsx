// A roll-back on its way, and what it left.
import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useEffect, useRef, useState } from "react";
import { asFailure } from "../../api/failure";
import { useMay } from "../../api/session";
import type { Import, Rollback, RolledBack as Rolled } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { CheckCircleOutlined, DownloadOutlined } from "../../design/icons";
import { ExactTime } from "../../design/pieces";
import { Answer, SkeletonRows } from "../../design/states";
import { useToast } from "../../design/toast";
import "./rollback.css";
import { FatesTable } from "./FatesTable";
import { leftParts, rowsOf, sumOf } from "./rollback";
import { RollbackRecords } from "./RollbackRecords";
import { useRollbackText } from "./texts";
import { importsPath, isGoing, rollbackPath, useRollback, useRollbackActs } from "./use_rollback";

export function RolledBack({ one, rolled }: { one: Import; rolled: Rolled }) {
  const { say } = useRollbackText();
  const query = useRollback(one.id, true);
  const client = useQueryClient();
  const panel = useRef<HTMLElement>(null);
  const wasGoing = useRef(isGoing(rolled));
  // Whoever began it came from a dialog that is gone.
  useEffect(() => {
    if (wasGoing.current) panel.current?.focus();
  }, []);
  // What it changed is asked for anew.
  useEffect(() => {
    if (wasGoing.current && !isGoing(rolled)) void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== importsPath || queryKey[2] === "rollback" });
    wasGoing.current = isGoing(rolled);
  }, [rolled, client]);
  return (
    <section className="panel padded rolled-back" aria-label={say("of")} ref={panel} tabIndex={-1}>
      <h2>{say("of")}</h2>
      {isGoing(rolled) ? <Going one={one} rolled={rolled} /> : null}
      {isGoing(rolled) ? null : (
        <Answer query={query} skeleton={<SkeletonRows count={2} />}>
          {() => (query.data!.is_preview || isGoing(query.data) ? null : <Ended one={one} rollback={query.data!} />)}
        </Answer>
      )}
    </section>
  );
}

function Going({ one, rolled }: { one: Import; rolled: Rolled }) {
  const { say } = useRollbackText();
  const format = useFormat();
  const toast = useToast();
  const acts = useRollbackActs(one.id);
  const may = useMay("editor");
  const [isBusy, setBusy] = useState(false);
  const cancel = async () => {
    setBusy(true);
    try {
      await acts.cancel();
      toast.done(say("cancelling"));
    } catch (thrown) {
      setBusy(false);
      toast.failed(asFailure(thrown).message);
    }
  };
  return (
    <div className="sending">
      <b aria-live="polite">{say(rolled.state === "waiting" ? "waiting" : "going")}</b>
      <progress aria-label={say("going")} {...(rolled.total > 0 ? { value: rolled.done, max: rolled.total } : {})} />
      <div className="sending-end">
        <span className="soft tabular">{rolled.total > 0 ? say("steps", { done: format.number(rolled.done), total: format.number(rolled.total) }) : null}</span>
        {may ? (
          <Button danger loading={isBusy} onClick={() => void cancel()}>
            {say("cancel")}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

function Ended({ one, rollback }: { one: Import; rollback: Rollback }) {
  const { say } = useRollbackText();
  const stays = sumOf(rollback, "stays");
  return (
    <>
      {rollback.state === "finished" ? (
        <p className="good">
          <CheckCircleOutlined /> {say(stays > 0 ? "finished.but" : "finished", { count: stays })}
        </p>
      ) : (
        <Alert type={rollback.state === "cancelled" ? "info" : "error"} showIcon title={rollback.error ?? say("failed")} description={rollback.state === "failed" ? say("failed.text") : null} />
      )}
      <FatesTable rollback={rollback} isDone={rollback.state === "finished"} />
      <p className="soft import-origin">
        {rollback.customers_gone > 0 ? <span>{say("gone", { count: rollback.customers_gone })}</span> : null}
        <span>
          {say("started")} <ExactTime at={rollback.started_at} />
        </span>
      </p>
      {stays > 0 ? <Left one={one} rollback={rollback} /> : null}
    </>
  );
}

function Left({ one, rollback }: { one: Import; rollback: Rollback }) {
  const { say } = useRollbackText();
  const may = useMay("editor");
  const parts = leftParts(rollback);
  return (
    <>
      <div className="rollback-left-head">
        <h3>{say("left")}</h3>
        {may
          ? Array.from({ length: parts }, (_, place) => (
              <Button key={place} size="small" icon={<DownloadOutlined />} href={`${rollbackPath(one.id)}/left/${place + 1}`} download>
                {parts > 1 ? say("part", { part: place + 1, parts }) : say("left.fetch")}
              </Button>
            ))
          : null}
      </div>
      <RollbackRecords id={one.id} fate="stays" label={say("left")} limit={20} hasKinds={rowsOf(rollback).length > 1} />
    </>
  );
}
