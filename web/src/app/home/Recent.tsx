// The customers that I opened last on this device.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { get } from "../../api/client";
import { useSession } from "../../api/session";
import type { Customer, Page } from "../../api/types";
import { Avatar, Panel, RelativeTime } from "../../design/pieces";
import { Answer, SkeletonRows } from "../../design/states";
import { useCustomerName } from "../../features/naming/naming";
import { Spend } from "../../features/naming/Spend";
import { useAppText } from "../texts";
import { inOrderOf, readRecent } from "./recent";

export function Recent() {
  const { say } = useAppText();
  const { user } = useSession();
  const [ids] = useState(() => readRecent(user.id));
  const filter = JSON.stringify({ op: "in", args: [{ field: "id" }, ...ids.map((value) => ({ value }))] });
  const query = useQuery({ queryKey: ["recent", ids], queryFn: async ({ signal }) => inOrderOf(ids, (await get<Page<Customer>>("/api/v1/customers", { filter, limit: ids.length }, signal)).items), enabled: ids.length > 0 });
  return (
    <Panel title={say("home.recent")} extra={say("home.recent_note")}>
      {ids.length === 0 ? (
        <p className="soft">{say("home.recent_none")}</p>
      ) : (
        <Answer query={query} skeleton={<SkeletonRows count={Math.min(4, ids.length)} hasFace />}>
          {() => (query.data!.length === 0 ? <p className="soft">{say("home.recent_none")}</p> : <People customers={query.data!} by="last_seen_at" />)}
        </Answer>
      )}
    </Panel>
  );
}

export function People({ customers, by }: { customers: Customer[]; by: "first_seen_at" | "last_seen_at" }) {
  const { titleOf, subtitleOf } = useCustomerName();
  return (
    <ul className="people">
      {customers.map((customer) => {
        const title = titleOf(customer);
        return (
          <li key={customer.id}>
            <Avatar name={title.isName ? title.text : null} seed={customer.id} kind={customer.kind} size={32} />
            <span className="people-words">
              <Link to="/customers/$id" params={{ id: customer.id }} className="row-link">
                {title.text}
              </Link>
              <small className="soft clip">{subtitleOf(customer)}</small>
            </span>
            <span className="people-end">
              <Spend computed={customer.computed} />
              <small className="faint">
                <RelativeTime at={customer.computed[by]} />
              </small>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
