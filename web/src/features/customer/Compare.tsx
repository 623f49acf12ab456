// Two customers side by side: which values stand, and what they would be as one.
import { useQuery } from "@tanstack/react-query";
import { post } from "../../api/client";
import type { Customer, DecisionOutcome, DecisionPart } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { Avatar, Badge } from "../../design/pieces";
import { choicesOf, type Choice } from "./choices";
import { useFields } from "./GoldenRecord";
import { useCustomerName } from "../naming/naming";
import { Spend } from "../naming/Spend";
import { useCustomerText } from "./texts";
import { mergePath, previewKey } from "./use_decisions";
import "./decide.css";

// What would become of the two, and which fields ask for a choice.
export function useMergePreview(customer: Customer, other: Customer, isOn = true) {
  const { order } = useFields();
  const preview = useQuery({
    queryKey: [previewKey, customer.id, other.id],
    queryFn: ({ signal }) => post<DecisionOutcome>(mergePath(customer.id), { other: other.id, preview: true }, { signal }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
    enabled: isOn,
  });
  const whole = preview.data?.parts[0];
  return { preview, whole, choices: whole ? choicesOf(customer.fields, other.fields, whole.fields, order) : [] };
}

export function Who({ customer }: { customer: Customer }) {
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

export function Side({ label, customer, keeps }: { label: string; customer: Customer; keeps: boolean }) {
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

export function Choices({ choices, chosen, onChoose }: { choices: Choice[]; chosen: Record<string, string>; onChoose: (code: string, value: string) => void }) {
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

export function Whole({ part }: { part: DecisionPart }) {
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
