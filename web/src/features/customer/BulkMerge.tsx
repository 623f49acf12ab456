// Several selected customers become one: each is looked at beside the first, then joined to it, one after the other; one word takes all of it back.
import { useQueries, useQueryClient } from "@tanstack/react-query";
import { Button, Modal } from "antd";
import { useState } from "react";
import { post } from "../../api/client";
import { asFailure, type Failure } from "../../api/failure";
import type { Customer, DecisionOutcome } from "../../api/types";
import { FormFailure } from "../../design/FormFailure";
import { useFormat } from "../../design/format_context";
import { WarningOutlined } from "../../design/icons";
import { Avatar, Badge } from "../../design/pieces";
import { SkeletonRows } from "../../design/states";
import { useToast } from "../../design/toast";
import { useCustomerName } from "../naming/naming";
import { Spend } from "../naming/Spend";
import { useCustomerText } from "./texts";
import { mergePath, previewKey } from "./use_decisions";
import "./decide.css";

export const bulkMergeMax = 20;

export function BulkMerge({ customers, onClose, onMerged }: { customers: Customer[]; onClose: () => void; onMerged: () => void }) {
  const { say } = useCustomerText();
  const { titleOf, subtitleOf } = useCustomerName();
  const format = useFormat();
  const client = useQueryClient();
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [first, ...others] = customers as [Customer, ...Customer[]];
  const previews = useQueries({
    queries: others.map((other) => ({
      queryKey: [previewKey, first.id, other.id],
      queryFn: ({ signal }: { signal: AbortSignal }) => post<DecisionOutcome>(mergePath(first.id), { other: other.id, preview: true }, { signal }),
      staleTime: 0,
      gcTime: 0,
      retry: false,
    })),
  });
  const isKnown = previews.every(({ data, isError }) => data || isError);
  const isAllowed = isKnown && previews.every(({ data }) => data);
  const last = others.length === 1 ? previews[0]?.data?.parts[0] : undefined;
  const refresh = () => void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== previewKey });
  const takeBack = async (decisions: string[]) => {
    try {
      for (const decision of decisions.toReversed()) await post(`/api/v1/identity_decisions/${encodeURIComponent(decision)}/undo`);
      toast.done(say("merge.undone"));
    } catch (thrown) {
      toast.failed(asFailure(thrown).message);
    }
    refresh();
  };
  const merge = async () => {
    setBusy(true);
    setFailure(null);
    const decisions: string[] = [];
    let survivor = first.id;
    const told = () => toast.done(say("bulk.merged", { count: decisions.length + 1 }), { kind: "undo", label: say("act.undo"), run: () => void takeBack(decisions) });
    try {
      for (const other of others) {
        const outcome = await post<DecisionOutcome>(mergePath(survivor), { other: other.id });
        if (outcome.decision) decisions.push(outcome.decision);
        survivor = outcome.parts[0]?.customer ?? survivor;
      }
      told();
      onMerged();
    } catch (thrown) {
      // What was joined until then stays, and can be taken back.
      if (decisions.length > 0) told();
      setFailure(asFailure(thrown));
      setBusy(false);
    }
    refresh();
  };
  return (
    <Modal
      open
      width={640}
      title={say("bulk.merge.title", { count: customers.length })}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{say("act.cancel")}</Button>
          <Button type="primary" disabled={!isAllowed} loading={isBusy} onClick={() => void merge()}>
            {say("merge.do")}
          </Button>
        </>
      }
    >
      <FormFailure failure={failure} />
      <p className="soft">{say("bulk.merge.text")}</p>
      <ul className="people bulk-people">
        {customers.map((customer, index) => {
          const title = titleOf(customer);
          const wrong = index > 0 ? previews[index - 1]?.error : null;
          return (
            <li key={customer.id}>
              <Avatar name={title.isName ? title.text : null} seed={customer.id} kind={customer.kind} size={32} />
              <span className="people-words">
                <b>{title.text}</b>
                <small className="soft clip">{subtitleOf(customer)}</small>
                {wrong ? (
                  <small className="bulk-wrong" role="alert">
                    <WarningOutlined /> {asFailure(wrong).message}
                  </small>
                ) : null}
              </span>
              <span className="people-end">
                <Spend computed={customer.computed} />
                <small className="faint">
                  {say("figure.events")} {format.number(customer.computed.event_count)}
                </small>
              </span>
              {last?.customer === customer.id ? <Badge mood="accent">{say("merge.keeps")}</Badge> : null}
            </li>
          );
        })}
      </ul>
      {isKnown ? null : <SkeletonRows count={1} />}
      {last ? (
        <p className="as-one">
          <b>{say("merge.after")}</b>
          <Spend computed={last.computed} />
          <span>
            {say("figure.orders")} {format.number(last.computed.order_count)}
          </span>
          <span>
            {say("figure.events")} {format.number(last.computed.event_count)}
          </span>
          <span>
            {say("identifiers")} {format.number(last.identifiers.length)}
          </span>
        </p>
      ) : null}
    </Modal>
  );
}
