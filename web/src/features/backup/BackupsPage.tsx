import { useQueryClient } from "@tanstack/react-query";
import { Button, Tooltip } from "antd";
import { useRef, useState } from "react";
import { keyKeeper, post } from "../../api/client";
import { asFailure } from "../../api/failure";
import type { Backup } from "../../api/types";
import { DataTable } from "../../design/DataTable";
import { useFormat } from "../../design/format_context";
import { CheckCircleOutlined, CloseCircleOutlined, HistoryOutlined, LoadingOutlined, SaveOutlined } from "../../design/icons";
import { Badge, CodeBlock, KeyFigure, PageHeader, Panel, RelativeTime, type Mood } from "../../design/pieces";
import { Answer, EmptyState, SkeletonRows } from "../../design/states";
import { useToast } from "../../design/toast";
import "./backup.css";
import { BackupSettings, useBackupSettings } from "./BackupSettings";
import { tookMs } from "./hint";
import { useBackupText } from "./texts";
import { backupsPath, useBackups } from "./use_backups";

export function BackupsPage() {
  const { say } = useBackupText();
  const query = useBackups();
  const running = query.data?.items.find((backup) => backup.state === "running");
  return (
    <div className="page">
      <PageHeader title={say("title")} note={say("note")}>
        <Now isRunning={running !== undefined} />
      </PageHeader>
      <div className="two-columns">
        <div className="stack">
          <Panel title={say("last")}>
            <Answer query={query} skeleton={<SkeletonRows count={3} />}>
              {() => (
                <>
                  {running ? <Running backup={running} /> : null}
                  {query.data!.last_whole ? <LastWhole backup={query.data!.last_whole} /> : running ? null : <EmptyState icon={<SaveOutlined />} title={say("none.title")} text={say("none.text")} />}
                </>
              )}
            </Answer>
          </Panel>
          <Panel title={say("all")}>
            <Answer query={query} skeleton={<SkeletonRows count={4} />}>
              {() => (query.data!.items.length === 0 ? <p className="soft">{say("all.none")}</p> : <All rows={query.data!.items} />)}
            </Answer>
          </Panel>
        </div>
        <div className="stack">
          <Panel title={say("settings")}>
            <BackupSettings />
          </Panel>
          <HowTo target={query.data?.last_whole?.target} />
        </div>
      </div>
    </div>
  );
}

function Now({ isRunning }: { isRunning: boolean }) {
  const { say } = useBackupText();
  const toast = useToast();
  const client = useQueryClient();
  const settings = useBackupSettings();
  const [isBusy, setBusy] = useState(false);
  const keys = useRef(keyKeeper());
  const wish = useRef(0);
  const hasFolder = Boolean(settings.data?.folder);
  const begin = async () => {
    setBusy(true);
    try {
      await post<Backup>(backupsPath, {}, { once: keys.current(++wish.current) });
      toast.done(say("begun"));
    } catch (thrown) {
      toast.failed(asFailure(thrown).message);
    } finally {
      await client.invalidateQueries({ queryKey: [backupsPath] });
      setBusy(false);
    }
  };
  return (
    <Tooltip title={settings.data && !hasFolder ? say("folder_missing") : null}>
      <Button type="primary" icon={<SaveOutlined />} disabled={!hasFolder || isRunning} loading={isBusy} onClick={() => void begin()}>
        {say("now")}
      </Button>
    </Tooltip>
  );
}

function Running({ backup }: { backup: Backup }) {
  const { say } = useBackupText();
  const format = useFormat();
  const total = Math.max(backup.bytes_expected ?? 0, backup.bytes, 1);
  return (
    <div className="backup-progress" role="status">
      <b>
        <LoadingOutlined /> {say("progress")}
      </b>
      <progress value={backup.bytes} max={total} aria-label={say("progress")} />
      <span className="soft">{say("progress.of", { done: format.bytes(backup.bytes), total: format.bytes(total) })}</span>
    </div>
  );
}

function LastWhole({ backup }: { backup: Backup }) {
  const { say } = useBackupText();
  const format = useFormat();
  return (
    <>
      <dl className="backup-figures">
        <KeyFigure label={say("last.when")} note={format.instant(backup.started_at)}>
          <RelativeTime at={backup.started_at} />
        </KeyFigure>
        <KeyFigure label={say("last.size")} note={say(backup.has_keys ? "last.keys" : "last.no_keys")}>
          {format.bytes(backup.bytes)}
        </KeyFigure>
        <KeyFigure label={say("last.took")}>{format.duration(tookMs(backup) ?? 0)}</KeyFigure>
        <KeyFigure label={say("last.position")} note={say("last.events", { events: format.number(backup.events) })}>
          {backup.position}
        </KeyFigure>
      </dl>
      <p className="soft backup-place">
        {say("last.where")} <code>{backup.target}</code>
      </p>
    </>
  );
}

const moods: Record<Backup["state"], Mood> = { running: "accent", whole: "good", failed: "bad" };
const icons = { running: <LoadingOutlined />, whole: <CheckCircleOutlined />, failed: <CloseCircleOutlined /> };

function State({ backup }: { backup: Backup }) {
  const { say } = useBackupText();
  if (backup.removed_at)
    return (
      <Badge icon={<HistoryOutlined />}>{say("state.removed")}</Badge>
    );
  return (
    <Badge mood={moods[backup.state]} icon={icons[backup.state]}>
      {say(`state.${backup.state}`)}
    </Badge>
  );
}

function All({ rows }: { rows: Backup[] }) {
  const { say, sayCode } = useBackupText();
  const format = useFormat();
  const took = (row: Backup) => {
    const ms = tookMs(row);
    return ms === null ? null : <span className="backup-size">{format.duration(ms)}</span>;
  };
  return (
    <DataTable
      label={say("all")}
      rows={rows}
      rowKey={(row) => row.id}
      columns={[
        {
          key: "place",
          title: say("place"),
          isMain: true,
          cell: (row) => (
            <>
              <span className="backup-place">{row.target}</span>
              {row.error ? <span className="backup-reason">{row.error}</span> : null}
            </>
          ),
        },
        { key: "state", title: say("state"), cell: (row) => <State backup={row} /> },
        { key: "cause", title: say("cause"), cell: (row) => sayCode("cause", row.cause) },
        { key: "size", title: say("size"), align: "right", cell: (row) => (row.bytes > 0 ? <span className="backup-size">{format.bytes(row.bytes)}</span> : null) },
        { key: "took", title: say("took"), align: "right", cell: took },
        { key: "started", title: say("started"), align: "right", cell: (row) => <RelativeTime at={row.started_at} /> },
      ]}
    />
  );
}

function HowTo({ target = "BACKUP" }: { target?: string }) {
  const { say } = useBackupText();
  return (
    <Panel title={say("how")}>
      <p>{say("how.text")}</p>
      <CodeBlock text={`onefold restore ${target} --data NEW_DIR`} label={say("how.restore")} />
      <p>{say("how.verify_text")}</p>
      <CodeBlock text={`onefold backup --verify ${target}`} label={say("how.verify")} />
      <p className="soft">{say("how.after")}</p>
    </Panel>
  );
}
