// What would become of a customer when some of its records leave it.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { post } from "../../api/client";
import type { DecisionOutcome, DecisionPart } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { Badge } from "../../design/pieces";
import { Answer, SkeletonRows } from "../../design/states";
import { Spend } from "../naming/Spend";
import { useNamingText } from "../naming/texts";
import { useCustomerText } from "./texts";
import { previewKey, unmergePath } from "./use_decisions";
import "./decide.css";

// `going`: none where nothing can be shown yet, and then `otherwise` is.
export function Becomes({ id, going, otherwise }: { id: string; going: string[]; otherwise: string }) {
  const { say } = useCustomerText();
  const isPossible = going.length > 0;
  const preview = useQuery({
    queryKey: [previewKey, id, going],
    queryFn: ({ signal }) => post<DecisionOutcome>(unmergePath(id), { nodes: going, preview: true }, { signal }),
    enabled: isPossible,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  return (
    <section className="becomes" aria-live="polite">
      {isPossible ? (
        <Answer query={preview} skeleton={<SkeletonRows count={2} />}>
          {() => (
            <>
              <h3>{say("unmerge.becomes")}</h3>
              <ul className="parts">
                {preview.data!.parts.map((part) => (
                  <Part key={part.nodes.join()} part={part} isThis={part.customer === id} />
                ))}
              </ul>
            </>
          )}
        </Answer>
      ) : (
        <p className="soft">{otherwise}</p>
      )}
    </section>
  );
}

function Part({ part, isThis }: { part: DecisionPart; isThis: boolean }) {
  const { say } = useCustomerText();
  const { say: sayNaming } = useNamingText();
  const format = useFormat();
  const name = typeof part.fields.name === "string" && part.fields.name ? part.fields.name : sayNaming("nameless");
  return (
    <li className="part">
      <span className="part-name">
        <b>{name}</b>
        {isThis ? <Badge mood="accent">{say("merge.here")}</Badge> : part.customer ? null : <Badge>{say("unmerge.new")}</Badge>}
      </span>
      <span className="faint">
        {say("unmerge.records", { count: part.nodes.length })} · {say("figure.orders")} {format.number(part.computed.order_count)} · {say("figure.events")} {format.number(part.computed.event_count)}
      </span>
      <Spend computed={part.computed} />
    </li>
  );
}
