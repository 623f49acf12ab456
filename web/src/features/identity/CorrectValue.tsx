// A person says whether a value joins: what would become of the customers is shown first, and all can be taken back.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Input, Modal, Radio } from "antd";
import { useState } from "react";
import { get, post } from "../../api/client";
import { asFailure, type Failure } from "../../api/failure";
import type { IdentifierValue, ValueDetail, ValueOutcome, ValueWish } from "../../api/types";
import { FormFailure } from "../../design/FormFailure";
import { useFormat } from "../../design/format_context";
import { Answer, SkeletonRows } from "../../design/states";
import { useToast } from "../../design/toast";
import { useIdentityText } from "./texts";
import { useTypeName } from "./use_policy";
import { useValueWords, valuePath } from "./use_values";

const previewKey = "value-preview";
const shownHolders = 20;

const wishesOf = (value: IdentifierValue): ValueWish[] => (["open", "blocked", "shared", "automatic"] as const).filter((wish) => (wish === "automatic" ? value.cause === "hand" : value.cause !== "hand" || value.state !== wish));

export function CorrectValue({ value, onClose }: { value: IdentifierValue; onClose: () => void }) {
  const { say } = useIdentityText();
  const toast = useToast();
  const client = useQueryClient();
  const typeName = useTypeName();
  const { whyOf } = useValueWords();
  const [wish, setWish] = useState<ValueWish | null>(null);
  const [reason, setReason] = useState("");
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const statePath = `${valuePath(value.id)}/state`;
  const preview = useQuery({
    queryKey: [previewKey, value.id, wish],
    queryFn: ({ signal }) => post<ValueOutcome>(statePath, { state: wish, preview: true }, { signal }),
    enabled: wish !== null,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const refresh = () => void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== previewKey });
  const undo = async () => {
    try {
      await post<ValueOutcome>(statePath, value.cause === "hand" ? { state: value.state, ...(value.reason ? { reason: value.reason } : {}) } : { state: "automatic" });
      toast.done(say("undone"));
    } catch (thrown) {
      toast.failed(asFailure(thrown).message);
    }
    refresh();
  };
  const save = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await post<ValueOutcome>(statePath, { state: wish, ...(reason.trim() ? { reason: reason.trim() } : {}) });
      onClose();
      refresh();
      toast.done(say("done"), { kind: "undo", label: say("undo"), run: () => void undo() });
    } catch (thrown) {
      setFailure(asFailure(thrown));
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={say("correct.title")}
      width={560}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{say("cancel")}</Button>
          <Button type="primary" disabled={wish === null || preview.isError} loading={isBusy} onClick={() => void save()}>
            {say("save")}
          </Button>
        </>
      }
    >
      <FormFailure failure={failure} />
      <p className="value-words">
        <span className="soft">{typeName(value.type)}</span>
        <code>{value.value}</code>
        <span className="soft">{whyOf(value)}</span>
      </p>
      <Radio.Group className="wishes" aria-label={say("correct.title")} value={wish} onChange={(event) => setWish(event.target.value as ValueWish)}>
        {wishesOf(value).map((one) => (
          <Radio key={one} value={one}>
            <b>{say(`wish.${one}`)}</b> <span className="soft">{say(`wish.${one}.text`)}</span>
          </Radio>
        ))}
      </Radio.Group>
      <Input aria-label={say("reason")} placeholder={say("reason")} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
      <section className="value-becomes" aria-live="polite">
        {wish === null ? (
          <p className="soft">{say("becomes.choose")}</p>
        ) : (
          <Answer query={preview} skeleton={<SkeletonRows count={1} />}>
            {() => <Becomes outcome={preview.data!} />}
          </Answer>
        )}
      </section>
      <Holders id={value.id} />
    </Modal>
  );
}

function Becomes({ outcome }: { outcome: ValueOutcome }) {
  const { say } = useIdentityText();
  const format = useFormat();
  const { customers_before: before, customers_after: after } = outcome;
  if (before === after) return <p>{say("becomes.same")}</p>;
  return <p>{say(before > after ? "becomes.join" : "becomes.part", { before: format.number(before), after: format.number(after) })}</p>;
}

function Holders({ id }: { id: string }) {
  const { say } = useIdentityText();
  const query = useQuery({ queryKey: [valuePath(id)], queryFn: ({ signal }) => get<ValueDetail>(valuePath(id), { limit: shownHolders }, signal) });
  return (
    <>
      <h3>{say("holders")}</h3>
      <Answer query={query} skeleton={<SkeletonRows count={3} />}>
        {() => (
          <ul className="holders" aria-label={say("holders")}>
            {query.data!.holders.map((holder) => (
              <li key={holder.node}>
                <Link to="/customers/$id" params={{ id: holder.customer }}>
                  {holder.name ?? say("nameless", { id: holder.customer })}
                </Link>{" "}
                <span className="soft">{holder.source}</span>
              </li>
            ))}
            {query.data!.next ? <li className="soft">{say("holders.more")}</li> : null}
          </ul>
        )}
      </Answer>
    </>
  );
}

