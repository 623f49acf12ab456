// Each source and what it sent lately, the last to speak first.
import { Link } from "@tanstack/react-router";
import { useLive } from "../../api/live";
import { usePages } from "../../api/queries";
import type { Source } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { Panel, RelativeTime } from "../../design/pieces";
import { Answer, SkeletonRows } from "../../design/states";
import { useAllTraffic } from "../../features/source/use_source";
import { useAppText } from "../texts";

const shownMax = 6;

export function SourcesNow() {
  const { say } = useAppText();
  const format = useFormat();
  const sources = usePages<Source>("/api/v1/sources", {}, { limit: null });
  const traffic = useAllTraffic();
  useLive(() => void traffic.refetch());
  const of = (id: string) => traffic.data?.items.find(({ source_id }) => source_id === id);
  const last = (id: string) => of(id)?.last_event_at ?? "";
  const all = (
    <Link to="/sources" search={{}}>
      {say("home.see_all")}
    </Link>
  );
  return (
    <Panel title={say("home.sources")} extra={all}>
      <Answer query={sources} skeleton={<SkeletonRows count={3} />}>
        {() => (
          <ul className="people">
            {sources.items
              .toSorted((a, b) => last(b.id).localeCompare(last(a.id)))
              .slice(0, shownMax)
              .map((source) => (
                <li key={source.id}>
                  <span className="people-words">
                    <Link to="/sources/$id" params={{ id: source.id }} className="row-link">
                      {source.name}
                    </Link>
                    <small className="soft">{say("home.last_hour", { count: of(source.id)?.last_hour ?? 0, shown: format.number(of(source.id)?.last_hour ?? 0) })}</small>
                  </span>
                  <small className="faint">
                    <RelativeTime at={of(source.id)?.last_event_at} absent={say("home.silent")} />
                  </small>
                </li>
              ))}
          </ul>
        )}
      </Answer>
    </Panel>
  );
}
