// Of a person the organisations it belongs to, of an organisation its members. Most have none, and then nothing is shown.
import { Button } from "antd";
import { Link } from "@tanstack/react-router";
import { usePages } from "../../api/queries";
import type { Customer, Membership } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { Avatar, Panel } from "../../design/pieces";
import { useCustomerText } from "./texts";

export function Memberships({ customer }: { customer: Customer }) {
  const { say } = useCustomerText();
  const pages = usePages<Membership>(`/api/v1/customers/${encodeURIComponent(customer.id)}/memberships`, {});
  if (pages.items.length === 0) return null;
  return (
    <Panel title={customer.kind === "organisation" ? say("members") : say("organisations")}>
      <ul className="memberships">
        {pages.items.map((membership) => (
          <li key={membership.customer}>
            <Other membership={membership} />
          </li>
        ))}
      </ul>
      {pages.hasNextPage ? (
        <Button type="text" size="small" loading={pages.isFetchingNextPage} onClick={() => void pages.loadMore()}>
          {say("memberships.more")}
        </Button>
      ) : null}
    </Panel>
  );
}

function Other({ membership }: { membership: Membership }) {
  const { say } = useCustomerText();
  const format = useFormat();
  const { customer, kind, name, role, title, valid_from, valid_to } = membership;
  const since = valid_from ? say("memberships.since", { day: format.instant(valid_from, "day") }) : null;
  const until = valid_to ? say("members.ended", { day: format.instant(valid_to, "day") }) : null;
  return (
    <Link to="/customers/$id" params={{ id: customer }} className="membership">
      <Avatar name={name ?? null} seed={customer} kind={kind} size={28} />
      <span className="membership-words">
        <b className="clip">{name ?? say("unnamed")}</b>
        <small className="faint">{[role, title, since, until].filter(Boolean).join(" · ")}</small>
      </span>
    </Link>
  );
}
