// Who it is, how to reach them, and what they amount to.
import { Link } from "@tanstack/react-router";
import { Button, Tooltip } from "antd";
import { useState } from "react";
import { useMay } from "../../api/session";
import type { CustomerPage as Whole } from "../../api/types";
import { EnvironmentOutlined, MailOutlined, MergeCellsOutlined, PhoneOutlined, PrinterOutlined } from "../../design/icons";
import { Avatar, Badge, CopyButton } from "../../design/pieces";
import { Figures } from "./Figures";
import { useFields } from "./GoldenRecord";
import { layouts } from "./layout";
import { Merge } from "./Merge";
import { inOrder, useCustomerName, useIdentifierText } from "../naming/naming";
import { waysOf, type Way } from "./reach";
import { useCustomerText } from "./texts";

export function CustomerHeader({ customer }: { customer: Whole }) {
  const { say, language } = useCustomerText();
  const { titleOf } = useCustomerName();
  const { typeOf } = useIdentifierText();
  const title = titleOf(customer);
  const ways = waysOf(customer, language, navigator.userAgent);
  const isReached = (value: string) => ways.some(({ text }) => text === value);
  const shown = inOrder(customer.identifiers).filter((identifier) => identifier !== title.identifier && !isReached(identifier.value));
  const words = layouts[customer.kind].subtitle.map((code) => customer.fields[code]).filter((word): word is string => typeof word === "string" && word !== "" && word !== title.text);
  return (
    <section className="panel customer-header" aria-label={title.text}>
      <div className="customer-who">
        <Avatar name={title.isName ? title.text : null} seed={customer.id} kind={customer.kind} size={64} />
        <div className="customer-words">
          <div className="customer-title">
            <h1>{title.text}</h1>
            <Badge>{say(`kind_one.${customer.kind}`)}</Badge>
            <Standing customer={customer} code="grade" />
            <Standing customer={customer} code="owner" />
            {title.identifier ? <CopyButton text={title.identifier.value} what={typeOf(title.identifier)} /> : null}
            <span className="customer-acts">
              <Tooltip title={say("act.print")}>
                <Link to="/customers/$id/print" params={{ id: customer.id }} className="button-link icon-link" aria-label={say("act.print")}>
                  <PrinterOutlined />
                </Link>
              </Tooltip>
              <SameAs customer={customer} />
            </span>
          </div>
          {words.length > 0 ? <div className="soft">{words.join(" · ")}</div> : null}
          <Ways ways={ways} />
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
      <Figures customer={customer} />
    </section>
  );
}

// What it is worth and who looks after it, where that is known.
function Standing({ customer, code }: { customer: Whole; code: "grade" | "owner" }) {
  const { labelOf } = useFields();
  const value = customer.fields[code];
  if (typeof value !== "string" || value === "") return null;
  return (
    <Badge mood="accent">
      <span className="faint">{labelOf(code)}</span> {value}
    </Badge>
  );
}

const icons = { call: <PhoneOutlined />, mail: <MailOutlined />, map: <EnvironmentOutlined /> };

function Ways({ ways }: { ways: Way[] }) {
  const { say } = useCustomerText();
  if (ways.length === 0) return null;
  return (
    <div className="ways">
      {ways.map(({ kind, text, href }) => (
        <span key={kind} className="way">
          <a href={href} aria-label={say(`way.${kind}`, { text })} {...(href.startsWith("https:") ? { target: "_blank", rel: "noreferrer" } : {})}>
            {icons[kind]} <span className="clip">{text}</span>
          </a>
          <CopyButton text={text} what={say(`way_what.${kind}`)} />
        </span>
      ))}
    </div>
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
