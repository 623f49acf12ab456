// "Does not belong here": mark records, see what would become of the customer, and separate them.
import { Checkbox, Input } from "antd";
import { useState } from "react";
import { post } from "../../api/client";
import type { DecisionOutcome, LineageNode } from "../../api/types";
import { Becomes } from "./Becomes";
import { DecisionDialog } from "./DecisionDialog";
import { isTyped, useNodeText } from "./node_text";
import { useCustomerText } from "./texts";
import { unmergePath, useTell } from "./use_decisions";

export function Unmerge({ id, nodes: all, first, onClose }: { id: string; nodes: LineageNode[]; first: string | null; onClose: () => void }) {
  const { say } = useCustomerText();
  const { tell } = useTell();
  const nodes = all.filter((node) => !isTyped(node));
  const [marked, setMarked] = useState<string[]>(first ? [first] : []);
  const [reason, setReason] = useState("");
  const isPossible = marked.length > 0 && marked.length < nodes.length;
  const mark = (node: string, isMarked: boolean) => setMarked(isMarked ? [...marked, node].toSorted() : marked.filter((one) => one !== node));
  const separate = async () => {
    const outcome = await post<DecisionOutcome>(unmergePath(id), { nodes: marked, ...(reason.trim() ? { reason: reason.trim() } : {}) });
    onClose();
    tell(outcome, say("unmerge.done", { count: marked.length }), say("unmerge.undone"));
  };
  return (
    <DecisionDialog title={say("unmerge.title")} width={600} act={say("unmerge.do")} isPossible={isPossible} run={separate} onClose={onClose}>
      <p className="soft">{say("unmerge.text")}</p>
      <ul className="marks" aria-label={say("unmerge.title")}>
        {nodes.map((node) => (
          <li key={node.id}>
            <Mark node={node} isMarked={marked.includes(node.id)} onMark={(isMarked) => mark(node.id, isMarked)} />
          </li>
        ))}
      </ul>
      <Input aria-label={say("unmerge.reason")} placeholder={say("unmerge.reason")} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
      <Becomes id={id} going={isPossible ? marked : []} otherwise={say("unmerge.some")} />
    </DecisionDialog>
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
