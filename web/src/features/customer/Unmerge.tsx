// "Does not belong here": mark records, see what would become of the customer, and separate them.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Button, Checkbox, Input, Modal } from "antd";
import { useState } from "react";
import { post } from "../../api/client";
import { asFailure, type Failure } from "../../api/failure";
import type { DecisionOutcome, DecisionPart, LineageNode } from "../../api/types";
import { FormFailure } from "../../design/FormFailure";
import { useFormat } from "../../design/format_context";
import { Badge } from "../../design/pieces";
import { Answer, SkeletonRows } from "../../design/states";
import { isTyped, useNodeText } from "./naming";
import { Spend } from "./Spend";
import { useCustomerText } from "./texts";
import { previewKey, unmergePath, useTell } from "./use_decisions";
import "./decide.css";

export function Unmerge({ id, nodes: all, first, onClose }: { id: string; nodes: LineageNode[]; first: string | null; onClose: () => void }) {
  const { say } = useCustomerText();
  const { tell } = useTell();
  const nodes = all.filter((node) => !isTyped(node));
  const [marked, setMarked] = useState<string[]>(first ? [first] : []);
  const [reason, setReason] = useState("");
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const isPossible = marked.length > 0 && marked.length < nodes.length;
  const preview = useQuery({
    queryKey: [previewKey, id, marked],
    queryFn: ({ signal }) => post<DecisionOutcome>(unmergePath(id), { nodes: marked, preview: true }, { signal }),
    enabled: isPossible,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const mark = (node: string, isMarked: boolean) => setMarked(isMarked ? [...marked, node].toSorted() : marked.filter((one) => one !== node));
  const separate = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const outcome = await post<DecisionOutcome>(unmergePath(id), { nodes: marked, ...(reason.trim() ? { reason: reason.trim() } : {}) });
      onClose();
      tell(outcome, say("unmerge.done", { count: marked.length }), say("unmerge.undone"));
    } catch (thrown) {
      setFailure(asFailure(thrown));
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={say("unmerge.title")}
      width={600}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{say("act.cancel")}</Button>
          <Button type="primary" disabled={!isPossible} loading={isBusy} onClick={() => void separate()}>
            {say("unmerge.do")}
          </Button>
        </>
      }
    >
      <FormFailure failure={failure} />
      <p className="soft">{say("unmerge.text")}</p>
      <ul className="marks" aria-label={say("unmerge.title")}>
        {nodes.map((node) => (
          <li key={node.id}>
            <Mark node={node} isMarked={marked.includes(node.id)} onMark={(isMarked) => mark(node.id, isMarked)} />
          </li>
        ))}
      </ul>
      <Input aria-label={say("unmerge.reason")} placeholder={say("unmerge.reason")} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
      <section className="becomes" aria-live="polite">
        {isPossible ? (
          <Answer query={preview} skeleton={<SkeletonRows count={2} />}>
            {() => (
              <>
                <h3>{say("unmerge.becomes")}</h3>
                <ul className="parts">
                  {preview.data!.parts.map((part) => (
                    <Part key={part.nodes.join()} part={part} isThis={part.customer === id} />
                  ))}
                </ul>
              </>
            )}
          </Answer>
        ) : (
          <p className="soft">{say("unmerge.some")}</p>
        )}
      </section>
    </Modal>
  );
}

function Mark({ node, isMarked, onMark }: { node: LineageNode; isMarked: boolean; onMark: (isMarked: boolean) => void }) {
  const { sourceOf, wordsOf } = useNodeText();
  return (
    <Checkbox checked={isMarked} onChange={(event) => onMark(event.target.checked)}>
      <b>{sourceOf(node)}</b> <span className="soft">{wordsOf(node)}</span>
    </Checkbox>
  );
}

function Part({ part, isThis }: { part: DecisionPart; isThis: boolean }) {
  const { say } = useCustomerText();
  const format = useFormat();
  const name = typeof part.fields.name === "string" && part.fields.name ? part.fields.name : say("nameless");
  return (
    <li className="part">
      <span className="part-name">
        <b>{name}</b>
        {isThis ? <Badge mood="accent">{say("merge.here")}</Badge> : part.customer ? null : <Badge>{say("unmerge.new")}</Badge>}
      </span>
      <span className="faint">
        {say("unmerge.records", { count: part.nodes.length })} · {say("figure.orders")} {format.number(part.computed.order_count)} · {say("figure.events")} {format.number(part.computed.event_count)}
      </span>
      <Spend computed={part.computed} />
    </li>
  );
}
