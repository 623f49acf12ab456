// How much came, and the first steps while nothing has.
import { Alert } from "antd";
import { Link } from "@tanstack/react-router";
import type { Source, Traffic } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { KeyFigure, RelativeTime } from "../../design/pieces";
import { Answer, SkeletonRows } from "../../design/states";
import { Bars } from "./Bars";
import { isSilent } from "./silence";
import { useSourceText } from "./texts";
import { useTraffic, useTrafficNews } from "./use_source";

export function Overview({ source }: { source: Source }) {
  const query = useTraffic(source.id);
  useTrafficNews(source.id, true, () => void query.refetch());
  return (
    <Answer query={query} skeleton={<SkeletonRows count={4} />}>
      {() => (hasTraffic(query.data!) ? <Rates source={source} traffic={query.data!} /> : <FirstSteps source={source} />)}
    </Answer>
  );
}

const hasTraffic = (traffic: Traffic) => Boolean(traffic.last_event_at) || traffic.days.some((day) => day.accepted + day.refused + day.limited > 0);

function Rates({ source, traffic }: { source: Source; traffic: Traffic }) {
  const { say } = useSourceText();
  const format = useFormat();
  const today = traffic.days.at(-1)!;
  const hour = traffic.minutes.reduce((sum, one) => sum + one.accepted, 0);
  return (
    <>
      {isSilent(source, traffic.last_event_at) ? <Alert type="warning" showIcon title={say("silent")} description={say("silent.text")} /> : null}
      <dl className="source-figures">
        <KeyFigure label={say("last_event")}>
          <RelativeTime at={traffic.last_event_at} absent={say("never")} />
        </KeyFigure>
        <KeyFigure label={say("last_hour")}>{format.number(hour)}</KeyFigure>
        <KeyFigure label={say("today")}>{format.number(today.accepted)}</KeyFigure>
        <KeyFigure label={say("refused_today")}>
          <span className={today.refused > 0 ? "bad" : undefined}>{format.number(today.refused)}</span>
        </KeyFigure>
        <KeyFigure label={say("duplicates_today")} note={say("duplicates_note")}>
          {format.number(today.duplicates)}
        </KeyFigure>
        {today.limited > 0 ? (
          <KeyFigure label={say("limited_today")} note={say("limited_note")}>
            <span className="warn">{format.number(today.limited)}</span>
          </KeyFigure>
        ) : null}
      </dl>
      <Bars buckets={traffic.minutes} label={say("by_minute")} by="minute" />
      <Bars buckets={traffic.days} label={say("by_day")} by="day" />
    </>
  );
}

function FirstSteps({ source }: { source: Source }) {
  const { say } = useSourceText();
  const to = { to: "/sources/$id" as const, params: { id: source.id } };
  return (
    <div className="first-steps">
      <h3>{say("first.title")}</h3>
      <ol>
        <li>
          <Link {...to} search={{ tab: "install" }}>
            {source.kind === "tracker" ? say("first.install.tracker") : say("first.install.api")}
          </Link>
        </li>
        <li>
          <Link {...to} search={{ tab: "live" }}>
            {say("first.live")}
          </Link>
        </li>
        <li>
          <Link {...to} search={{ tab: "settings" }}>
            {source.kind === "tracker" ? say("first.settings.tracker") : say("first.settings.api")}
          </Link>
        </li>
      </ol>
    </div>
  );
}
