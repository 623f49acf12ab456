// What stands in the cells of the list, on a wide screen and on a phone's cards.
import { Link } from "@tanstack/react-router";
import type { Customer } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { Avatar, RelativeTime } from "../../design/pieces";
import { inOrder, useCustomerName, useIdentifierText } from "../naming/naming";
import { Spend } from "../naming/Spend";
import { useCustomerText } from "./texts";
import { isTelling, twoOf } from "./two_of";

export function NameLink({ customer, size }: { customer: Customer; size: number }) {
  const { titleOf } = useCustomerName();
  const title = titleOf(customer);
  return (
    <>
      <Avatar name={title.isName ? title.text : null} seed={customer.id} kind={customer.kind} size={size} />
      <Link to="/customers/$id" params={{ id: customer.id }} className="row-link">
        {title.text}
      </Link>
    </>
  );
}

function Identifiers({ customer }: { customer: Customer }) {
  const { say } = useCustomerText();
  const { typeOf, textOf } = useIdentifierText();
  const { identifiers } = customer;
  return (
    <>
      {twoOf(identifiers).map((identifier) => (
        <span key={`${identifier.type}${identifier.scope}${identifier.value}`} className="identifier-inline" title={textOf(identifier)}>
          {isTelling(identifier) ? null : <span className="faint">{typeOf(identifier)}</span>} <span className="clip">{identifier.value}</span>
        </span>
      ))}
      {identifiers.length > 2 ? <span className="faint more-identifiers">{say("more_identifiers", { count: identifiers.length - 2 })}</span> : null}
    </>
  );
}

export function Cell({ customer, code }: { customer: Customer; code: string }) {
  const { say } = useCustomerText();
  const format = useFormat();
  const { computed } = customer;
  switch (code) {
    case "name":
      return <NameLink customer={customer} size={28} />;
    case "identifiers":
      return <Identifiers customer={customer} />;
    case "kind":
      return say(`kind_one.${customer.kind}`);
    case "total_spend":
      return <Spend computed={computed} />;
    case "order_count":
    case "ticket_count":
    case "event_count":
      return format.number(computed[code]);
    case "first_seen_at":
    case "last_seen_at":
    case "last_purchase_at":
      return <RelativeTime at={computed[code]} />;
    case "currency":
      return computed.currency;
    default: {
      const value = customer.fields[code];
      return typeof value === "string" && value !== "" ? <span title={value}>{value}</span> : <span className="faint">{say("none_short")}</span>;
    }
  }
}

// The same as plain text, for a file. Figures and moments stay as the server says them.
export function useCellText() {
  const { say } = useCustomerText();
  const { titleOf } = useCustomerName();
  const { textOf } = useIdentifierText();
  return (customer: Customer, code: string): string => {
    const { computed } = customer;
    switch (code) {
      case "name":
        return titleOf(customer).text;
      case "identifiers":
        return inOrder(customer.identifiers).map(textOf).join("; ");
      case "kind":
        return say(`kind_one.${customer.kind}`);
      case "total_spend":
      case "currency":
      case "order_count":
      case "ticket_count":
      case "event_count":
        return String(computed[code]);
      case "first_seen_at":
      case "last_seen_at":
      case "last_purchase_at":
        return computed[code] ?? "";
      default: {
        const value = customer.fields[code];
        return typeof value === "string" ? value : value === null || value === undefined ? "" : JSON.stringify(value);
      }
    }
  };
}

export function CardCells({ customer }: { customer: Customer }) {
  const { say } = useCustomerText();
  const format = useFormat();
  const { subtitleOf } = useCustomerName();
  const { computed } = customer;
  return (
    <div role="cell" className="customer-card-inside">
      <div className="customer-card-head">
        <NameLink customer={customer} size={36} />
        <Spend computed={computed} />
      </div>
      <div className="customer-card-foot">
        <span className="clip">{subtitleOf(customer)}</span>
        <span>
          {say("column.order_count")} {format.number(computed.order_count)}
          {computed.ticket_count > 0 ? ` · ${say("column.ticket_count")} ${format.number(computed.ticket_count)}` : ""}
        </span>
        <RelativeTime at={computed.last_seen_at} />
      </div>
    </div>
  );
}
