// What the customer turned to lately, the strongest first; where nothing is known, nothing is shown.
import { useQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import type { Interest, Page } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { Panel, RelativeTime } from "../../design/pieces";
import { byKind } from "./interests";
import { useCustomerText } from "./texts";

export function Interests({ id }: { id: string }) {
  const { say } = useCustomerText();
  const query = useQuery({ queryKey: ["interests", id], queryFn: ({ signal }) => get<Page<Interest>>(`/api/v1/customers/${encodeURIComponent(id)}/interests`, {}, signal) });
  const groups = byKind(query.data?.items ?? []);
  if (groups.length === 0) return null;
  return (
    <Panel title={say("interests")} className="interests">
      {groups.map(({ kind, items }) => (
        <section key={kind} aria-label={say(`interest.${kind}`)}>
          <h3>{say(`interest.${kind}`)}</h3>
          <ul>
            {items.map((interest) => (
              <One key={interest.name} interest={interest} />
            ))}
          </ul>
        </section>
      ))}
    </Panel>
  );
}

function One({ interest: { kind, name, seen, bought, last_at } }: { interest: Interest }) {
  const { say } = useCustomerText();
  const format = useFormat();
  const told = [seen > 0 ? say(kind === "search" ? "interest.searched" : "interest.seen", { count: seen, shown: format.number(seen) }) : null, bought > 0 ? say("interest.bought", { count: bought, shown: format.number(bought) }) : null];
  return (
    <li>
      <span className="clip" title={name}>
        {name}
      </span>
      <small className="faint">
        {told.filter(Boolean).join(" · ")} · <RelativeTime at={last_at} />
      </small>
    </li>
  );
}
