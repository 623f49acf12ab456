// "Same as…": find the other customer, see both side by side, choose where they differ, and make them one.
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Modal } from "antd";
import { useState } from "react";
import { post } from "../../api/client";
import type { Customer, DecisionOutcome } from "../../api/types";
import { Badge } from "../../design/pieces";
import { SearchInput } from "../../design/SearchInput";
import { Answer, SkeletonRows } from "../../design/states";
import { valuesOf } from "./choices";
import { Choices, Side, Who, Whole, useMergePreview } from "./Compare";
import { DecisionDialog } from "./DecisionDialog";
import { findCustomers } from "./find";
import { useCustomerName } from "../naming/naming";
import { useCustomerText } from "./texts";
import { mergePath, useTell } from "./use_decisions";
import "./decide.css";

export function Merge({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const { say } = useCustomerText();
  const { titleOf } = useCustomerName();
  const [other, setOther] = useState<Customer | null>(null);
  const title = say("merge.title", { name: titleOf(customer).text });
  if (other) return <Compare title={title} customer={customer} other={other} onBack={() => setOther(null)} onClose={onClose} />;
  return (
    <Modal open title={title} width={560} onCancel={onClose} footer={<Button onClick={onClose}>{say("act.cancel")}</Button>}>
      <Find customer={customer} onFound={setOther} />
    </Modal>
  );
}

function Find({ customer, onFound }: { customer: Customer; onFound: (other: Customer) => void }) {
  const { say } = useCustomerText();
  const [text, setText] = useState("");
  const query = useQuery({ queryKey: ["merge-find", text], queryFn: ({ signal }) => findCustomers(text, signal), enabled: text !== "" });
  const others = (query.data ?? []).filter((found) => found.id !== customer.id);
  return (
    <div className="find-other">
      <p className="soft">{say("merge.find.text")}</p>
      <SearchInput label={say("merge.find")} placeholder={say("search.placeholder")} value={text} onChange={setText} autoFocus />
      {text === "" ? null : (
        <Answer query={query} skeleton={<SkeletonRows count={3} hasFace />}>
          {() => (
            <ul className="found" aria-label={say("merge.find")}>
              {others.length === 0 ? <li className="soft">{say("merge.none")}</li> : null}
              {others.map((found) => (
                <li key={found.id}>
                  <button type="button" className="found-one" disabled={found.kind !== customer.kind} onClick={() => onFound(found)}>
                    <Who customer={found} />
                    {found.kind === customer.kind ? null : <Badge>{say("merge.other_kind")}</Badge>}
                  </button>
                </li>
              ))}
            </ul>
          )}
        </Answer>
      )}
    </div>
  );
}

interface Comparison {
  title: string;
  customer: Customer;
  other: Customer;
  onBack: () => void;
  onClose: () => void;
}

function Compare({ title, customer, other, onBack, onClose }: Comparison) {
  const { say } = useCustomerText();
  const { tell } = useTell();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<Record<string, string>>({});
  const { preview, whole, choices } = useMergePreview(customer, other);
  const merge = async () => {
    const outcome = await post<DecisionOutcome>(mergePath(customer.id), { other: other.id, values: valuesOf(choices, chosen) });
    const survivor = outcome.parts[0]!.customer!;
    onClose();
    if (survivor !== customer.id) await navigate({ to: "/customers/$id", params: { id: survivor } });
    tell(outcome, say("merge.done"), say("merge.undone"));
  };
  return (
    <DecisionDialog title={title} width={720} act={say("merge.do")} isPossible={whole !== undefined} run={merge} onClose={onClose} back={{ label: say("merge.back"), onBack }}>
      <div className="two-sides">
        <Side label={say("merge.here")} customer={customer} keeps={whole?.customer === customer.id} />
        <Side label={say("merge.there")} customer={other} keeps={whole?.customer === other.id} />
      </div>
      <Answer query={preview} skeleton={<SkeletonRows count={3} />}>
        {() => (
          <>
            <Choices choices={choices} chosen={chosen} onChoose={(code, value) => setChosen({ ...chosen, [code]: value })} />
            <Whole part={whole!} />
          </>
        )}
      </Answer>
    </DecisionDialog>
  );
}
