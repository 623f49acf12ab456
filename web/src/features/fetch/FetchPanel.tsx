// A source that fetches its files by itself: where it looks, how the last look went, and which files came.
import { Alert, Button } from "antd";
import { useState } from "react";
import { patch, post } from "../../api/client";
import { asFailure } from "../../api/failure";
import { useMay } from "../../api/session";
import type { Fetch, Source } from "../../api/types";
import { CloudOutlined, PauseCircleOutlined, ReloadOutlined, SettingOutlined } from "../../design/icons";
import { Badge } from "../../design/pieces";
import { Answer, EmptyState, SkeletonRows } from "../../design/states";
import { useToast } from "../../design/toast";
import { FetchedFiles } from "./FetchedFiles";
import { FetchSettings } from "./FetchSettings";
import { HostKey } from "./HostKey";
import { LastLook } from "./LastLook";
import { useFetchText } from "./texts";
import { fetchPath, useFetch, useRefresh } from "./use_fetch";
import { isSetUp, placeOf } from "./wish";
import "./fetch.css";

export function FetchPanel({ source }: { source: Source }) {
  const { language } = useFetchText();
  const query = useFetch(source.id, language);
  return (
    <Answer query={query} skeleton={<SkeletonRows count={4} />}>
      {() => <Fetching source={source} fetch={query.data!} />}
    </Answer>
  );
}

function Fetching({ source, fetch }: { source: Source; fetch: Fetch }) {
  const { say } = useFetchText();
  const mayChange = useMay("admin");
  const [isSetting, setSetting] = useState(false);
  const settings = isSetting ? <FetchSettings source={source} fetch={fetch} onClose={() => setSetting(false)} /> : null;
  if (!isSetUp(fetch))
    return (
      <>
        <EmptyState icon={<CloudOutlined />} title={say("empty.title")} text={say("empty.text")}>
          {mayChange ? (
            <Button type="primary" icon={<SettingOutlined />} onClick={() => setSetting(true)}>
              {say("set_up")}
            </Button>
          ) : (
            <p className="soft">{say("for_admins")}</p>
          )}
        </EmptyState>
        {settings}
      </>
    );
  return (
    <>
      <Head source={source} fetch={fetch} onSet={mayChange ? () => setSetting(true) : null} />
      {source.is_active ? null : <Alert type="info" showIcon title={say("source_archived")} />}
      {fetch.place === "sftp" ? <HostKey source={source} fetch={fetch} /> : null}
      <LastLook fetch={fetch} />
      <FetchedFiles source={source} fetch={fetch} />
      {settings}
    </>
  );
}

function Head({ source, fetch, onSet }: { source: Source; fetch: Fetch; onSet: (() => void) | null }) {
  const { say } = useFetchText();
  const toast = useToast();
  const refresh = useRefresh(source.id);
  const [busy, setBusy] = useState<"look" | "pause" | null>(null);
  const act = async (what: "look" | "pause") => {
    setBusy(what);
    try {
      if (what === "look") await post<Fetch>(`${fetchPath(source.id)}/look`);
      else {
        await patch<Fetch>(fetchPath(source.id), { is_on: !fetch.is_on }, fetch.version);
        toast.done(say(fetch.is_on ? "paused_done" : "resumed_done"));
      }
    } catch (thrown) {
      toast.failed(asFailure(thrown).message);
    } finally {
      setBusy(null);
      refresh();
    }
  };
  return (
    <div className="fetch-head">
      <div className="fetch-where">
        <span className="fetch-kind">
          {say(`place.${fetch.place}`)} {fetch.is_on ? <Badge mood="good">{say("on")}</Badge> : <Badge>{say("paused")}</Badge>}
        </span>
        <code className="fetch-place">{placeOf(fetch)}</code>
        <Rhythm fetch={fetch} />
      </div>
      <div className="fetch-acts">
        <Button type="primary" icon={<ReloadOutlined />} loading={busy === "look" || fetch.is_looking} onClick={() => void act("look")}>
          {say("look")}
        </Button>
        {onSet ? (
          <>
            <Button icon={fetch.is_on ? <PauseCircleOutlined /> : <ReloadOutlined />} loading={busy === "pause"} onClick={() => void act("pause")}>
              {say(fetch.is_on ? "pause" : "resume")}
            </Button>
            <Button icon={<SettingOutlined />} onClick={onSet}>
              {say("change")}
            </Button>
          </>
        ) : null}
      </div>
    </div>
  );
}

function Rhythm({ fetch }: { fetch: Fetch }) {
  const { say } = useFetchText();
  const when = fetch.daily_at ? say("daily", { time: fetch.daily_at }) : fetch.every_minutes % 60 === 0 ? say("every_hours", { count: fetch.every_minutes / 60 }) : say("every_minutes", { count: fetch.every_minutes });
  return (
    <span className="soft">
      {fetch.place === "https" ? null : <>{say("files_like", { pattern: fetch.pattern })} · </>}
      {when}
    </span>
  );
}
