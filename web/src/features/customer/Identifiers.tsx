import { LinkOutlined, StopOutlined, UsergroupAddOutlined } from "../../design/icons";
import { Tooltip } from "antd";
import type { CustomerIdentifier } from "../../api/types";
import { Badge, CopyButton, Panel } from "../../design/pieces";
import { inOrder, useIdentifierText } from "./naming";
import { useCustomerText } from "./texts";

export function Identifiers({ identifiers }: { identifiers: CustomerIdentifier[] }) {
  const { say } = useCustomerText();
  const { typeOf } = useIdentifierText();
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
            <CopyButton text={identifier.value} what={typeOf(identifier)} />
          </li>
        ))}
      </ul>
    </Panel>
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
