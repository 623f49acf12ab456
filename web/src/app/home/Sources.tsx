// Each source and what it sent lately, the last to speak first; of a source of files, when one was read.
import { Link } from "@tanstack/react-router";
import { useLive } from "../../api/live";
import { usePages } from "../../api/queries";
import type { Source } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { Panel, RelativeTime } from "../../design/pieces";
import { Answer, SkeletonRows } from "../../design/states";
import { useImports } from "../../features/import/use_imports";
import { useAllTraffic } from "../../features/source/use_source";
import { useAppText } from "../texts";

const shownMax = 6;

export function SourcesNow() {
  const { say } = useAppText();
  const format = useFormat();
  const sources = usePages<Source>("/api/v1/sources", {}, { limit: null });
  const traffic = useAllTraffic();
  const imports = useImports();
  useLive(() => void Promise.all([traffic.refetch(), sources.refetch()]));
  const of = (id: string) => traffic.data?.items.find(({ source_id }) => source_id === id);
  const readAt = ({ name }: Source) => imports.items.find(({ source }) => source === name)?.started_at;
  const isByFiles = (source: Source) => source.kind === "file" || (!of(source.id)?.last_event_at && readAt(source) !== undefined);
  const lastAt = (source: Source) => of(source.id)?.last_event_at ?? readAt(source) ?? "";
  const hour = (source: Source) => of(source.id)?.last_hour ?? 0;
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
              .toSorted((a, b) => lastAt(b).localeCompare(lastAt(a)))
              .slice(0, shownMax)
              .map((source) => (
                <li key={source.id}>
                  <span className="people-words">
                    <Link to="/sources/$id" params={{ id: source.id }} className="row-link">
                      {source.name}
                    </Link>
                    {traffic.data ? <small className="soft">{isByFiles(source) ? say("home.by_files") : say("home.last_hour", { count: hour(source), shown: format.number(hour(source)) })}</small> : null}
                  </span>
                  {traffic.data && imports.data ? (
                    <small className="faint">
                      <RelativeTime at={lastAt(source)} absent={say("home.silent")} />
                    </small>
                  ) : null}
                </li>
              ))}
          </ul>
        )}
      </Answer>
    </Panel>
  );
}
