// The button and the dialog: what would become of what the import brought, looked at before anything is done.
import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Modal } from "antd";
import { useRef, useState, type ReactNode } from "react";
import { asFailure } from "../../api/failure";
import { useMay } from "../../api/session";
import type { Import, Rollback } from "../../api/types";
import { useAct } from "../../design/act";
import { FormFailure } from "../../design/FormFailure";
import { useFormat } from "../../design/format_context";
import { HistoryOutlined } from "../../design/icons";
import "./rollback.css";
import { FatesTable } from "./FatesTable";
import { changesAnything, fates, isListed, mayBegin, rowsOf, standingOf, sumOf } from "./rollback";
import { RollbackRecords } from "./RollbackRecords";
import { useRollbackText } from "./texts";
import { isGoing, useRollback, useRollbackActs } from "./use_rollback";

export function RollBack({ one }: { one: Import }) {
  const { say } = useRollbackText();
  const may = useMay("editor");
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    requestAnimationFrame(() => button.current?.focus());
  };
  if (!may || !mayBegin(one)) return null;
  const isRest = standingOf(one) === "partly";
  return (
    <>
      <Button ref={button} icon={<HistoryOutlined />} onClick={() => setOpen(true)}>
        {say(isRest ? "rest" : "act")}
      </Button>
      {isOpen ? isRest ? <RestDialog one={one} onClose={close} /> : <LookDialog one={one} onClose={close} /> : null}
    </>
  );
}

function Dialog({ one, isReady, onClose, onDone, children }: { one: Import; isReady: boolean; onClose: () => void; onDone: () => void; children: ReactNode }) {
  const { say } = useRollbackText();
  const acts = useRollbackActs(one.id);
  const begun = useAct(async () => {
    await acts.begin();
    onDone();
  });
  return (
    <Modal
      open
      title={say("title", { file: one.file })}
      width={720}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{say("back")}</Button>
          <Button type="primary" danger disabled={!isReady} loading={begun.isBusy} onClick={begun.run}>
            {say("confirm")}
          </Button>
        </>
      }
    >
      <FormFailure failure={begun.failure} />
      <div className="rollback-look" aria-live="polite">
        {children}
      </div>
    </Modal>
  );
}

function RestDialog({ one, onClose }: { one: Import; onClose: () => void }) {
  const { say } = useRollbackText();
  return (
    <Dialog one={one} isReady onClose={onClose} onDone={onClose}>
      <p>{say("rest.text")}</p>
    </Dialog>
  );
}

function LookDialog({ one, onClose }: { one: Import; onClose: () => void }) {
  const { say } = useRollbackText();
  const { look, cancel } = useRollbackActs(one.id);
  const asked = useQuery({ queryKey: ["rollback-look", one.id], queryFn: look, staleTime: Infinity, gcTime: 0, retry: false });
  const isAsked = asked.isSuccess && !asked.isFetching;
  const query = useRollback(one.id, isAsked);
  const seen = isAsked ? query.data : undefined;
  const close = () => {
    if (seen && seen.is_preview && isGoing(seen)) void cancel().catch(() => undefined);
    onClose();
  };
  const isReady = seen?.state === "previewed" && changesAnything(seen);
  return (
    <Dialog one={one} isReady={isReady} onClose={close} onDone={onClose}>
      {asked.isError ? <FormFailure failure={asFailure(asked.error)} /> : null}
      {asked.isError ? null : !seen || isGoing(seen) ? (
        <div className="sending">
          <b>{say(seen?.state === "waiting" ? "waiting" : "looking")}</b>
          <progress aria-label={say("looking")} />
        </div>
      ) : seen.state === "previewed" ? (
        <Found one={one} rollback={seen} />
      ) : (
        <Alert type="error" showIcon title={seen.error ?? say("look_failed")} action={<Button onClick={() => void asked.refetch()}>{say("look_again")}</Button>} />
      )}
    </Dialog>
  );
}

function Found({ one, rollback }: { one: Import; rollback: Rollback }) {
  const { say } = useRollbackText();
  const format = useFormat();
  return (
    <>
      {changesAnything(rollback) ? <p>{say("text")}</p> : <Alert type="info" showIcon title={say("nothing")} />}
      <FatesTable rollback={rollback} isDone={false} />
      {fates
        .filter((fate) => isListed(rollback, fate))
        .map((fate) => (
          <section key={fate}>
            <h3>
              {say(`records.${fate}`)} <span className="soft tabular">{format.number(sumOf(rollback, fate) - (fate === "goes" ? rollback.events.goes : 0))}</span>
            </h3>
            <RollbackRecords id={one.id} fate={fate} label={say(`records.${fate}`)} limit={5} hasKinds={rowsOf(rollback).length > 1} />
          </section>
        ))}
    </>
  );
}
