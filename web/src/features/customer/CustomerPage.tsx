import { ArrowLeftOutlined, MergeCellsOutlined, StopOutlined } from "../../design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { useState } from "react";
import { get } from "../../api/client";
import { useMay } from "../../api/session";
import { useLive } from "../../api/live";
import type { CustomerPage as Whole, WithMembers } from "../../api/types";
import { useWords } from "../../design/address";
import { useFormat } from "../../design/format_context";
import { Avatar, Badge, CopyButton, KeyFigure, Money, RelativeTime } from "../../design/pieces";
import { useIsPhone } from "../../design/screen";
import { Answer, Bone, ThinBar, Waiting } from "../../design/states";
import { Activity } from "./Activity";
import { Decisions } from "./Decisions";
import { GoldenRecord } from "./GoldenRecord";
import { Identifiers } from "./Identifiers";
import { Lineage } from "./Lineage";
import { Memberships } from "./Memberships";
import { Merge } from "./Merge";
import { inOrder, useCustomerName, useIdentifierText } from "./naming";
import { useOthers } from "./Spend";
import { useCustomerText } from "./texts";
import { readOf } from "./timeline_state";
import "./list.css";
import "./customer.css";
import "./edit.css";
import "./members.css";

export function CustomerPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const { say } = useCustomerText();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ["customer", id],
    queryFn: ({ signal }) => get<Whole>(`/api/v1/customers/${encodeURIComponent(id)}`, {}, signal),
  });
  useLive(() => {
    void client.invalidateQueries({ queryKey: ["customer", id] });
    void client.invalidateQueries({ queryKey: [`/api/v1/customers/${id}/timeline`] });
    void client.invalidateQueries({ queryKey: [`/api/v1/customers/${id}/memberships`] });
    void client.invalidateQueries({ queryKey: [`/api/v1/customers/${id}/with_members`] });
    void client.invalidateQueries({ predicate: ({ queryKey: [path, words] }) => ["/api/v1/orders", "/api/v1/tickets"].includes(String(path)) && (words as { customer?: string })?.customer === id });
  });
  return (
    <div className="page customer-page">
      <ThinBar isOn={query.isFetching && query.data !== undefined} />
      <Link to="/customers" className="back">
        <ArrowLeftOutlined /> {say("back")}
      </Link>
      <Answer query={query} skeleton={<CustomerSkeleton />}>
        {() => <WholeCustomer key={id} customer={query.data!} />}
      </Answer>
    </div>
  );
}

function WholeCustomer({ customer }: { customer: Whole }) {
  const { say } = useCustomerText();
  const { titleOf } = useCustomerName();
  const title = titleOf(customer).text;
  if (customer.state === "merged") {
    return (
      <div className="banner" role="status">
        <MergeCellsOutlined />
        <div>
          <b>{say("merged.title")}</b>
          <p>{say("merged.text")}</p>
        </div>
        {customer.merged_into ? (
          <Link to="/customers/$id" params={{ id: customer.merged_into }} className="button-link button-primary">
            {say("merged.act")}
          </Link>
        ) : null}
      </div>
    );
  }
  if (customer.state === "erased") {
    return (
      <div className="banner" role="status">
        <StopOutlined />
        <div>
          <b>{say("erased.title")}</b>
          <p>{say("erased.text")}</p>
        </div>
      </div>
    );
  }
  return (
    <>
      <title>{`${title} · Onefold`}</title>
      <Header customer={customer} />
      <Columns customer={customer} />
    </>
  );
}

// On a phone the timeline has no end, so what would stand below it becomes a tab beside it.
function Columns({ customer }: { customer: Whole }) {
  const isPhone = useIsPhone();
  const record = <GoldenRecord customer={customer} />;
  const side = (
    <div className="side">
      <Identifiers customer={customer} />
      {customer.kind === "person" ? <Memberships customer={customer} /> : null}
      <Lineage id={customer.id} />
      <Decisions id={customer.id} />
    </div>
  );
  if (isPhone) {
    return (
      <Activity
        customer={customer}
        about={
          <>
            {record}
            {side}
          </>
        }
      />
    );
  }
  return (
    <div className="three-columns">
      {record}
      <Activity customer={customer} />
      {side}
    </div>
  );
}

function Header({ customer }: { customer: Whole }) {
  const { say } = useCustomerText();
  const { titleOf } = useCustomerName();
  const { typeOf } = useIdentifierText();
  const title = titleOf(customer);
  const shown = inOrder(customer.identifiers).filter((identifier) => identifier !== title.identifier);
  const { city, company, title: position } = customer.fields;
  const words = [position, company, city].filter((word): word is string => typeof word === "string" && word !== "");
  return (
    <section className="panel customer-header" aria-label={title.text}>
      <div className="customer-who">
        <Avatar name={title.isName ? title.text : null} seed={customer.id} kind={customer.kind} size={64} />
        <div className="customer-words">
          <div className="customer-title">
            <h1>{title.text}</h1>
            {customer.kind === "person" ? null : <Badge>{say(`kind_one.${customer.kind}`)}</Badge>}
            {title.identifier ? <CopyButton text={title.identifier.value} what={typeOf(title.identifier)} /> : null}
            <SameAs customer={customer} />
          </div>
          {words.length > 0 ? <div className="soft">{words.join(" · ")}</div> : null}
          <div className="customer-identifiers">
            {shown.slice(0, 4).map((identifier) => (
              <span key={`${identifier.type}${identifier.scope}${identifier.value}`} className="identifier-inline">
                <span className="faint">{typeOf(identifier)}</span> <span className="clip">{identifier.value}</span>
                <CopyButton text={identifier.value} what={typeOf(identifier)} />
              </span>
            ))}
          </div>
        </div>
      </div>
      {customer.kind === "person" ? <Figures computed={customer.computed} /> : <FiguresOf customer={customer} />}
    </section>
  );
}

function SameAs({ customer }: { customer: Whole }) {
  const { say } = useCustomerText();
  const [isOpen, setOpen] = useState(false);
  if (!useMay("editor")) return null;
  return (
    <>
      <Button className="same-as" icon={<MergeCellsOutlined />} onClick={() => setOpen(true)}>
        {say("act.merge")}
      </Button>
      {isOpen ? <Merge customer={customer} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

// Of an organisation: its own, or with those of its members.
function FiguresOf({ customer }: { customer: Whole }) {
  const { say } = useCustomerText();
  const [words, change] = useWords();
  const of = readOf(words);
  const path = `/api/v1/customers/${encodeURIComponent(customer.id)}/with_members`;
  const query = useQuery({ queryKey: [path], queryFn: ({ signal }) => get<WithMembers>(path, {}, signal), enabled: of === "with_members" });
  return (
    <div className="figures-of">
      <Segmented
        size="small"
        aria-label={say("of")}
        value={of}
        options={(["own", "with_members"] as const).map((value) => ({ value, label: say(`of.${value}`) }))}
        onChange={(next) => change({ of: next === "own" ? "own" : null }, "replace")}
      />
      <Figures computed={of === "own" ? customer.computed : (query.data?.computed ?? customer.computed)} />
    </div>
  );
}

function Figures({ computed }: { computed: Whole["computed"] }) {
  const { say } = useCustomerText();
  const format = useFormat();
  const others = useOthers()(computed);
  return (
    <dl className="figures">
      <KeyFigure
        label={say("figure.total_spend")}
        note={others ? <span title={say("figure.unconverted_why")}>{others}</span> : null}
      >
        <Money amount={computed.total_spend} currency={computed.currency} />
      </KeyFigure>
      <KeyFigure label={say("figure.orders")}>{format.number(computed.order_count)}</KeyFigure>
      <KeyFigure label={say("figure.last_purchase")}>
        <RelativeTime at={computed.last_purchase_at} absent={say("figure.never")} />
      </KeyFigure>
      <KeyFigure label={say("figure.tickets")}>{format.number(computed.ticket_count)}</KeyFigure>
      <KeyFigure label={say("figure.events")}>{format.number(computed.event_count)}</KeyFigure>
      <KeyFigure label={say("figure.first_seen")}>
        <RelativeTime at={computed.first_seen_at} />
      </KeyFigure>
    </dl>
  );
}

const CustomerSkeleton = () => (
  <Waiting>
    <div className="panel customer-header">
      <div className="customer-who">
        <Bone width={64} height={64} radius="50%" />
        <div className="customer-words">
          <Bone width={180} height={24} />
          <Bone width={320} />
        </div>
      </div>
    </div>
    <div className="three-columns">
      {[6, 9, 5].map((count) => (
        <div className="panel" key={count}>
          {Array.from({ length: count }, (_, row) => (
            <div className="bone-row" key={row}>
              <Bone width="30%" />
              <Bone width="50%" />
            </div>
          ))}
        </div>
      ))}
    </div>
  </Waiting>
);
