// Of a person the organisations and households that it belongs to, of those their members. Most have none, and then nothing is shown.
import { Link } from "@tanstack/react-router";
import type { Customer, Membership } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { Avatar } from "../../design/pieces";
import { PagedPanel } from "./PagedPanel";
import { useCustomerText } from "./texts";

export function useMembershipsTitle({ kind }: Pick<Customer, "kind">) {
  const { say } = useCustomerText();
  return (items: Membership[]): string => {
    if (kind !== "person") return say(kind === "household" ? "household.members" : "members");
    const kinds = new Set(items.map((one) => one.kind));
    return say(kinds.size > 1 ? "belongs_to" : kinds.has("household") ? "households" : "organisations");
  };
}

export function Memberships({ customer }: { customer: Customer }) {
  const titleOf = useMembershipsTitle(customer);
  return (
    <PagedPanel<Membership> path={`/api/v1/customers/${encodeURIComponent(customer.id)}/memberships`} title={titleOf} className="memberships" keyOf={(membership) => membership.customer}>
      {(membership) => <Other membership={membership} />}
    </PagedPanel>
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
