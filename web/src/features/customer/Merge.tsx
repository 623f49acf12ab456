// "Same as…": find the other customer, see both side by side, choose where they differ, and make them one.
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Modal } from "antd";
import { useState } from "react";
import { post } from "../../api/client";
import { asFailure, type Failure } from "../../api/failure";
import type { Customer, DecisionOutcome, DecisionPart } from "../../api/types";
import { FormFailure } from "../../design/FormFailure";
import { useFormat } from "../../design/format_context";
import { Avatar, Badge } from "../../design/pieces";
import { SearchInput } from "../../design/SearchInput";
import { Answer, SkeletonRows } from "../../design/states";
import { choicesOf, valuesOf, type Choice } from "./choices";
import { findCustomers } from "./find";
import { useFields } from "./GoldenRecord";
import { useCustomerName } from "./naming";
import { Spend } from "./Spend";
import { useCustomerText } from "./texts";
import { mergePath, previewKey, useTell } from "./use_decisions";
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

function Who({ customer }: { customer: Customer }) {
  const { titleOf, subtitleOf } = useCustomerName();
  const title = titleOf(customer);
  return (
    <>
      <Avatar name={title.isName ? title.text : null} seed={customer.id} kind={customer.kind} size={36} />
      <span className="found-words">
        <b>{title.text}</b>
        <small className="faint">{subtitleOf(customer)}</small>
      </span>
    </>
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
  const { order } = useFields();
  const { tell } = useTell();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const preview = useQuery({
    queryKey: [previewKey, customer.id, other.id],
    queryFn: ({ signal }) => post<DecisionOutcome>(mergePath(customer.id), { other: other.id, preview: true }, { signal }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const whole = preview.data?.parts[0];
  const choices = whole ? choicesOf(customer.fields, other.fields, whole.fields, order) : [];
  const merge = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const outcome = await post<DecisionOutcome>(mergePath(customer.id), { other: other.id, values: valuesOf(choices, chosen) });
      const survivor = outcome.parts[0]!.customer!;
      onClose();
      if (survivor !== customer.id) await navigate({ to: "/customers/$id", params: { id: survivor } });
      tell(outcome, say("merge.done"), say("merge.undone"));
    } catch (thrown) {
      setFailure(asFailure(thrown));
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={title}
      width={720}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onBack}>{say("merge.back")}</Button>
          <Button type="primary" disabled={!whole} loading={isBusy} onClick={() => void merge()}>
            {say("merge.do")}
          </Button>
        </>
      }
    >
      <FormFailure failure={failure} />
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
    </Modal>
  );
}

function Side({ label, customer, keeps }: { label: string; customer: Customer; keeps: boolean }) {
  const { say } = useCustomerText();
  const format = useFormat();
  return (
    <section className="side-card" aria-label={label}>
      <div className="side-label faint">
        {label}
        {keeps ? <Badge mood="accent">{say("merge.keeps")}</Badge> : null}
      </div>
      <div className="side-who">
        <Who customer={customer} />
      </div>
      <div className="side-figures">
        <Spend computed={customer.computed} />
        <span className="faint">
          {say("figure.orders")} {format.number(customer.computed.order_count)}
        </span>
        <span className="faint">
          {say("figure.events")} {format.number(customer.computed.event_count)}
        </span>
      </div>
    </section>
  );
}

function Choices({ choices, chosen, onChoose }: { choices: Choice[]; chosen: Record<string, string>; onChoose: (code: string, value: string) => void }) {
  const { say } = useCustomerText();
  const { labelOf } = useFields();
  if (choices.length === 0) return <p className="soft">{say("merge.equal")}</p>;
  return (
    <section className="choices">
      <h3>{say("merge.choose")}</h3>
      <p className="soft">{say("merge.choose.text")}</p>
      {choices.map(({ code, here, there, automatic }) => (
        <fieldset key={code}>
          <legend>{labelOf(code)}</legend>
          {[here, there].map((value) => (
            <label key={value}>
              <input type="radio" name={`merge-${code}`} checked={(chosen[code] ?? automatic) === value} onChange={() => onChoose(code, value)} />
              <span>{value}</span>
            </label>
          ))}
        </fieldset>
      ))}
    </section>
  );
}

function Whole({ part }: { part: DecisionPart }) {
  const { say } = useCustomerText();
  const format = useFormat();
  return (
    <p className="as-one">
      <b>{say("merge.after")}</b>
      <Spend computed={part.computed} />
      <span>
        {say("figure.orders")} {format.number(part.computed.order_count)}
      </span>
      <span>
        {say("figure.tickets")} {format.number(part.computed.ticket_count)}
      </span>
      <span>
        {say("figure.events")} {format.number(part.computed.event_count)}
      </span>
      <span>
        {say("identifiers")} {format.number(part.identifiers.length)}
      </span>
    </p>
  );
}
