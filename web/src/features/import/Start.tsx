import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { AutoComplete, Button, Tooltip } from "antd";
import { useState } from "react";
import { get, keyKeeper, post } from "../../api/client";
import { asFailure, type Failure } from "../../api/failure";
import { useMay } from "../../api/session";
import type { Import, ImportPreview } from "../../api/types";
import { FormFailure } from "../../design/FormFailure";
import { Panel } from "../../design/pieces";
import { Outlook } from "./Outlook";
import type { ImportMap } from "./targets";
import { useImportText } from "./texts";
import { importsPath, isGoing } from "./use_imports";
import { bodyOf, useFileSources, type Reading } from "./use_wizard";

interface Props {
  preview: ImportPreview;
  reading: Reading;
  map: ImportMap;
  isStale: boolean;
  onSource: (source: string) => void;
}

// Where the rows come from, a trial that changes nothing, and the import itself.
export function Start({ preview, reading, map, isStale, onSource }: Props) {
  const { say } = useImportText();
  const navigate = useNavigate();
  const client = useQueryClient();
  const sources = useFileSources();
  const mayOpen = useMay("admin");
  const [source, setSource] = useState(reading.source ?? "");
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [keyFor] = useState(keyKeeper);
  const [trial, setTrial] = useState<{ id: string; wish: string } | null>(null);
  const names = sources.data?.items.filter((one) => one.is_active).map((one) => one.name) ?? [];
  const name = source.trim();
  const isNew = name !== "" && !names.includes(name);
  const wish = { ...bodyOf(reading), as: preview.as, source: name, map };
  const isReady = name !== "" && !isStale && (!isNew || mayOpen);

  const send = async (body: object): Promise<Import | null> => {
    setBusy(true);
    setFailure(null);
    try {
      return await post<Import>(importsPath, body, { once: keyFor(body) });
    } catch (thrown) {
      setFailure(asFailure(thrown));
      return null;
    } finally {
      setBusy(false);
    }
  };
  const look = async () => {
    const begun = await send({ ...wish, dry_run: true });
    if (begun) setTrial({ id: begun.id, wish: JSON.stringify(wish) });
  };
  const start = async () => {
    const begun = await send(wish);
    if (!begun) return;
    void client.invalidateQueries({ queryKey: [importsPath] });
    void navigate({ to: "/imports/$id", params: { id: begun.id } });
  };
  const query = useQuery({
    queryKey: [importsPath, trial?.id],
    queryFn: ({ signal }) => get<Import>(`${importsPath}/${encodeURIComponent(trial!.id)}`, {}, signal),
    enabled: trial !== null,
    refetchInterval: ({ state }) => (isGoing(state.data) ? 400 : false),
  });
  const isTrying = trial !== null && (query.data === undefined || isGoing(query.data)) && !query.isError;
  return (
    <Panel title={say("start")}>
      <FormFailure failure={failure} />
      <div className="start">
        <label className="start-source">
          <span>{say("source")}</span>
          <AutoComplete
            aria-label={say("source")}
            value={source}
            placeholder={say(mayOpen ? "start.source_example" : "start.source_choose")}
            options={names.filter((one) => one.toLowerCase().includes(name.toLowerCase())).map((one) => ({ value: one }))}
            onChange={(next: string) => setSource(next)}
            onBlur={() => (reading.source ?? "") !== name && (names.includes(name) || name === "") && onSource(name)}
            onSelect={(next: string) => onSource(next)}
          />
          <small className="soft">{isNew ? say(mayOpen ? "start.source_new" : "start.source_refused") : say("start.source_help")}</small>
        </label>
        <div className="start-acts">
          <Tooltip title={name === "" ? say("start.needs_source") : null}>
            <Button size="large" disabled={!isReady || isTrying} loading={isBusy && trial === null} onClick={() => void look()}>
              {say("trial.begin")}
            </Button>
          </Tooltip>
          <Button type="primary" size="large" disabled={!isReady || isBusy} onClick={() => void start()}>
            {say("start.begin")}
          </Button>
        </div>
      </div>
      {trial ? <Outlook query={query} isOutdated={trial.wish !== JSON.stringify(wish)} onCancel={() => void post(`${importsPath}/${encodeURIComponent(trial.id)}/cancel`).then(() => query.refetch())} /> : <p className="soft">{say("trial.text")}</p>}
    </Panel>
  );
}
