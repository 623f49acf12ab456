// A customer on paper, to take along on a visit: who it is, what stands out, what was said, bought and asked lately, and room to write.
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { get } from "../../api/client";
import { usePages } from "../../api/queries";
import type { CustomerPage as Whole, Membership, Note, Order, Ticket } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { ArrowLeftOutlined, PrinterOutlined } from "../../design/icons";
import { Answer, SkeletonRows } from "../../design/states";
import { useWriter } from "../note/Notes";
import { Figures } from "./Figures";
import { useFields } from "./GoldenRecord";
import { layouts } from "./layout";
import { useMembershipsTitle } from "./Memberships";
import { inOrder, useCustomerName, useIdentifierText } from "../naming/naming";
import { useCustomerText } from "./texts";
import "./customer.css";
import "./print.css";

const ordersMax = 10;
const ticketsMax = 5;
const notesMax = 8;
const peopleMax = 10;
const emptyLines = [1, 2, 3, 4];

export function PrintPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const { say } = useCustomerText();
  const path = `/api/v1/customers/${encodeURIComponent(id)}`;
  const query = useQuery({ queryKey: ["customer", id], queryFn: ({ signal }) => get<Whole>(path, {}, signal) });
  const notes = usePages<Note>(`${path}/notes`, {}, { limit: notesMax });
  const orders = usePages<Order>("/api/v1/orders", { customer: id, sort: "-time" }, { limit: ordersMax });
  const tickets = usePages<Ticket>("/api/v1/tickets", { customer: id, sort: "-time" }, { limit: ticketsMax });
  const people = usePages<Membership>(`${path}/memberships`, {}, { limit: peopleMax });
  const isReady = [query, notes, orders, tickets, people].every(({ data }) => data !== undefined);
  return (
    <div className="page">
      <div className="sheet-bar">
        <Link to="/customers/$id" params={{ id }} className="back">
          <ArrowLeftOutlined /> {say("print.back")}
        </Link>
        <Button type="primary" icon={<PrinterOutlined />} disabled={!isReady} onClick={() => window.print()}>
          {say("act.print")}
        </Button>
      </div>
      <Answer query={query} skeleton={<SkeletonRows />}>
        {() => <Sheet customer={query.data!} notes={notes.items.slice(0, notesMax)} orders={orders.items.slice(0, ordersMax)} tickets={tickets.items.slice(0, ticketsMax)} people={people.items} isReady={isReady} />}
      </Answer>
    </div>
  );
}

interface Shown {
  customer: Whole;
  notes: Note[];
  orders: Order[];
  tickets: Ticket[];
  people: Membership[];
  isReady: boolean;
}

function Sheet({ customer, notes, orders, tickets, people, isReady }: Shown) {
  const { say } = useCustomerText();
  const format = useFormat();
  const { titleOf } = useCustomerName();
  const [made] = useState(() => new Date().toISOString());
  const title = titleOf(customer).text;
  const subtitle = [say(`kind_one.${customer.kind}`), ...layouts[customer.kind].subtitle.map((code) => customer.fields[code])].filter((word) => typeof word === "string" && word !== "" && word !== title);
  return (
    <article className="sheet" data-ready={isReady || undefined}>
      <title>{`${title} · Onefold`}</title>
      <header className="sheet-head">
        <div>
          <h1>{title}</h1>
          <div>{subtitle.join(" · ")}</div>
        </div>
        <div className="sheet-made">{say("print.made", { when: format.instant(made) })}</div>
      </header>
      <Figures customer={customer} times="day" />
      <div className="sheet-columns">
        <Fields customer={customer} />
        <Reached customer={customer} people={people} />
      </div>
      {notes.length > 0 ? <NotesOf notes={notes} /> : null}
      {orders.length > 0 ? <OrdersOf orders={orders} count={customer.computed.order_count} /> : null}
      {tickets.length > 0 ? <TicketsOf tickets={tickets} count={customer.computed.ticket_count} /> : null}
      <section>
        <h2>{say("print.own_notes")}</h2>
        <div className="sheet-lines" aria-hidden="true">
          {emptyLines.map((line) => (
            <span key={line} />
          ))}
        </div>
      </section>
    </article>
  );
}

const Facts = ({ rows }: { rows: [string, ReactNode][] }) => (
  <dl className="sheet-facts">
    {rows.map(([name, value], index) => (
      <div key={index}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);

function Fields({ customer }: { customer: Whole }) {
  const { say } = useCustomerText();
  const format = useFormat();
  const { order, labelOf } = useFields();
  const codes = Object.keys(customer.fields).filter((code) => customer.fields[code] !== null && customer.fields[code] !== "" && customer.provenance[code]?.rule !== "hidden");
  if (codes.length === 0) return null;
  return (
    <section>
      <h2>{say("record")}</h2>
      <Facts rows={codes.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)).map((code) => [labelOf(code), format.value(customer.fields[code]!)])} />
    </section>
  );
}

function Reached({ customer, people }: { customer: Whole; people: Membership[] }) {
  const { say } = useCustomerText();
  const { typeOf } = useIdentifierText();
  const membershipsTitle = useMembershipsTitle(customer);
  const shown = inOrder(customer.identifiers).slice(0, 8);
  return (
    <section>
      {shown.length > 0 ? (
        <>
          <h2>{say("identifiers")}</h2>
          <Facts rows={shown.map((one) => [typeOf(one), one.value])} />
        </>
      ) : null}
      {people.length > 0 ? (
        <>
          <h2>{membershipsTitle(people)}</h2>
          <Facts rows={people.map((one) => [one.role ?? one.title ?? "", `${one.name ?? say("unnamed")}${one.is_decision_maker ? ` · ${say("members.decision_maker")}` : ""}`])} />
        </>
      ) : null}
    </section>
  );
}

function NotesOf({ notes }: { notes: Note[] }) {
  const { say } = useCustomerText();
  const format = useFormat();
  const writer = useWriter();
  return (
    <section>
      <h2>{say("tab.notes")}</h2>
      {notes.map((note) => (
        <div key={note.id} className="sheet-note">
          <small className="soft">
            {format.instant(note.at, "day")} · {writer(note.by, note.by_name)}
          </small>
          <p>{note.text}</p>
        </div>
      ))}
    </section>
  );
}

function OrdersOf({ orders, count }: { orders: Order[]; count: number }) {
  const { say } = useCustomerText();
  const format = useFormat();
  return (
    <section>
      <h2>{count > orders.length ? say("print.newest_of", { what: say("tab.orders"), shown: orders.length, all: format.number(count) }) : say("tab.orders")}</h2>
      <table>
        <tbody>
          {orders.map((order) => (
            <tr key={order.id}>
              <td>{format.instant(order.time, "day")}</td>
              <td>{order.number}</td>
              <td>{order.is_cancelled ? say("timeline.cancelled") : order.refunded === "0" ? "" : say("timeline.refunded", { amount: format.money(order.refunded, order.currency) })}</td>
              <td className="number">{say("timeline.lines", { count: order.line_count })}</td>
              <td className="number tabular">{format.money(order.total, order.currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function TicketsOf({ tickets, count }: { tickets: Ticket[]; count: number }) {
  const { say } = useCustomerText();
  const format = useFormat();
  return (
    <section>
      <h2>{count > tickets.length ? say("print.newest_of", { what: say("tab.tickets"), shown: tickets.length, all: format.number(count) }) : say("tab.tickets")}</h2>
      <table>
        <tbody>
          {tickets.map((ticket) => (
            <tr key={ticket.id}>
              <td>{ticket.time ? format.instant(ticket.time, "day") : ""}</td>
              <td>{ticket.subject ?? say("timeline.ticket", { number: ticket.number })}</td>
              <td className="number">{ticket.status ?? ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
