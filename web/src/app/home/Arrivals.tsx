import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { get } from "../../api/client";
import { useLive } from "../../api/live";
import type { Arrivals as ArrivalsView } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { KeyFigure, Panel } from "../../design/pieces";
import { Answer, SkeletonRows } from "../../design/states";
import { useAppText } from "../texts";

const everyMs = 10_000;

// What comes in right now, and how soon it can be seen.
export function Arrivals() {
  const { say } = useAppText();
  const format = useFormat();
  const query = useQuery({ queryKey: ["arrivals"], queryFn: ({ signal }) => get<ArrivalsView>("/api/v1/arrivals", undefined, signal), refetchInterval: everyMs });
  useLive(() => void query.refetch());
  const seconds = (ms: number) => say("home.seconds", { seconds: format.number(Math.max(0.1, Math.round(ms / 100) / 10)) });
  return (
    <Panel title={say("home.arrivals")} extra={<Link to="/sources" search={{}}>{say("home.arrivals_sources")}</Link>}>
      <Answer query={query} skeleton={<SkeletonRows count={2} />}>
        {() => {
          const { events_per_minute, visible_after_median_ms, visible_after_p99_ms, is_behind } = query.data!;
          if (visible_after_median_ms == null || visible_after_p99_ms == null) return <p className="soft">{say(is_behind ? "home.arrivals_waiting" : "home.arrivals_none")}</p>;
          return (
            <dl className="pair">
              <KeyFigure label={say("home.arrivals_rate")}>{format.number(events_per_minute)}</KeyFigure>
              <KeyFigure label={say("home.arrivals_lag")} note={say("home.arrivals_p99", { time: seconds(visible_after_p99_ms) })}>
                {seconds(visible_after_median_ms)}
              </KeyFigure>
            </dl>
          );
        }}
      </Answer>
    </Panel>
  );
}
