import { LinkOutlined, SafetyCertificateOutlined, StopOutlined, UsergroupAddOutlined } from "../../design/icons";
import { useQuery } from "@tanstack/react-query";
import { Tooltip } from "antd";
import { Fragment } from "react";
import { get } from "../../api/client";
import { asFailure } from "../../api/failure";
import { useMay } from "../../api/session";
import type { CustomerIdentifier, CustomerPage as Whole, Identifier, Lineage } from "../../api/types";
import { useToast } from "../../design/toast";
import { Badge, CopyButton, Panel } from "../../design/pieces";
import { SourceLink } from "../../design/SourceLink";
import { inOrder, isSame, useIdentifierText } from "../naming/naming";
import { isTyped } from "./node_text";
import { useCustomerText } from "./texts";
import { useSay } from "./use_edit";

export function Identifiers({ customer }: { customer: Whole }) {
  const { identifiers } = customer;
  const { say } = useCustomerText();
  const { typeOf } = useIdentifierText();
  const sourcesOf = useSources(customer.id);
  return (
    <Panel title={say("identifiers")}>
      {identifiers.length === 0 ? <p className="soft">{say("identifiers.empty")}</p> : null}
      <ul className="identifiers">
        {inOrder(identifiers).map((identifier) => (
          <li key={`${identifier.type}${identifier.scope}${identifier.value}`}>
            <span className="identifier-type">
              {typeOf(identifier)}
              {identifier.scope ? <small className="faint"> {identifier.scope}</small> : null}
            </span>
            <code className="clip" title={identifier.value}>
              {identifier.value}
            </code>
            <State state={identifier.state} />
            <Verified customer={customer} identifier={identifier} />
            <CopyButton text={identifier.value} what={typeOf(identifier)} />
            <Sources names={sourcesOf(identifier)} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

// Which sources know an identifier, out of the records that the customer is made of.
function useSources(id: string) {
  const { data } = useQuery({
    queryKey: ["customer", id, "lineage"],
    queryFn: ({ signal }) => get<Lineage>(`/api/v1/customers/${encodeURIComponent(id)}/lineage`, {}, signal),
  });
  return (identifier: Identifier): string[] => [...new Set((data?.nodes ?? []).filter((node) => !isTyped(node) && node.identifiers.some((one) => isSame(one, identifier))).map(({ source }) => source))];
}

const Sources = ({ names }: { names: string[] }) =>
  names.length === 0 ? null : (
    <small className="identifier-sources faint">
      {names.map((name, index) => (
        <Fragment key={name}>
          {index > 0 ? " · " : ""}
          <SourceLink name={name} />
        </Fragment>
      ))}
    </small>
  );

// A mark that a source made is shown; one made by hand can be taken away.
function Verified({ customer, identifier }: { customer: Whole; identifier: CustomerIdentifier }) {
  const { say } = useCustomerText();
  const { textOf } = useIdentifierText();
  const mayEdit = useMay("editor");
  const tell = useSay();
  const toast = useToast();
  const isByHand = Boolean(identifier.verified_at);
  if (identifier.is_verified && !(isByHand && mayEdit)) {
    return (
      <Tooltip title={say("identifiers.verified")}>
        <SafetyCertificateOutlined className="verified" aria-label={say("identifiers.verified")} />
      </Tooltip>
    );
  }
  if (!mayEdit || !identifier.id) return null;
  const label = say(identifier.is_verified ? "identifiers.unverify" : "identifiers.verify", { identifier: textOf(identifier) });
  const run = async () => {
    const ids = [identifier.id!];
    try {
      await tell(customer, identifier.is_verified ? { unverified_identifiers: ids } : { verified_identifiers: ids }, say(identifier.is_verified ? "identifiers.undone" : "identifiers.done"));
    } catch (thrown) {
      toast.failed(asFailure(thrown).message || say("edit.failed"));
    }
  };
  return (
    <Tooltip title={label}>
      <button type="button" className={identifier.is_verified ? "verify verified" : "verify"} aria-label={label} aria-pressed={identifier.is_verified} onClick={() => void run()}>
        <SafetyCertificateOutlined />
      </button>
    </Tooltip>
  );
}

function State({ state }: { state: CustomerIdentifier["state"] }) {
  const { say } = useCustomerText();
  if (state === "open") {
    return (
      <Tooltip title={say("state.open")}>
        <LinkOutlined className="faint" aria-label={say("state.open")} />
      </Tooltip>
    );
  }
  return (
    <Tooltip title={say(`state.${state}`)}>
      <span>
        <Badge mood={state === "blocked" ? "bad" : "warn"} icon={state === "blocked" ? <StopOutlined /> : <UsergroupAddOutlined />}>
          {say(`state_short.${state}`)}
        </Badge>
      </span>
    </Tooltip>
  );
}
