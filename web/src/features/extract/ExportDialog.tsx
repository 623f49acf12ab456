import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Button, Modal, Radio } from "antd";
import { useEffect, useRef, useState } from "react";
import { get, keyKeeper, post } from "../../api/client";
import { asFailure, type Failure } from "../../api/failure";
import type { Extract } from "../../api/types";
import { FormFailure } from "../../design/FormFailure";
import { useFormat } from "../../design/format_context";
import { CheckCircleOutlined, DownloadOutlined } from "../../design/icons";
import { ExactTime } from "../../design/pieces";
import { useToast } from "../../design/toast";
import { extractsPath, fileOf, formats, isGoing, pathOf, shareOf, wishOf, type Format, type Question } from "./extract";
import { fetchFile, follow } from "./follow";
import { useExtractText } from "./texts";

export default function ExportDialog({ question, onClose }: { question: Question; onClose: () => void }) {
  const { say } = useExtractText();
  const toast = useToast();
  const client = useQueryClient();
  const [format, setFormat] = useState<Format>("csv");
  const [id, setId] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const keys = useRef(keyKeeper());
  const round = useRef(0);
  const query = useQuery({
    queryKey: [extractsPath, id],
    queryFn: ({ signal }) => get<Extract>(pathOf(id!), {}, signal),
    enabled: id !== null,
    refetchInterval: ({ state }) => (isGoing(state.data) ? 400 : false),
  });
  const one = id === null ? undefined : query.data;
  const isOn = id !== null && (one === undefined || isGoing(one));
  const isDone = one?.state === "finished";
  useEffect(() => {
    if (isDone) fetchFile(id!);
  }, [isDone, id]);

  const begin = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const wish = wishOf(question, format);
      setId((await post<Extract>(extractsPath, wish, { once: keys.current({ ...wish, round: round.current }) })).id);
      round.current += 1;
      void client.invalidateQueries({ queryKey: [extractsPath], exact: true });
    } catch (thrown) {
      setFailure(asFailure(thrown));
    } finally {
      setBusy(false);
    }
  };
  const stop = async () => {
    try {
      await post<Extract>(`${pathOf(id!)}/cancel`);
      await query.refetch();
    } catch (thrown) {
      setFailure(asFailure(thrown));
    }
  };
  const close = () => {
    if (isOn) void follow(id!, toast, say);
    onClose();
  };
  return (
    <Modal
      open
      title={say("title")}
      width={520}
      onCancel={close}
      footer={
        isOn ? (
          <>
            <Mine onLeave={close} />
            <Button danger onClick={() => void stop()}>
              {say("cancel")}
            </Button>
            <Button onClick={close}>{say("close")}</Button>
          </>
        ) : (
          <>
            <Mine onLeave={close} />
            <Button onClick={close}>{say("close")}</Button>
            {isDone ? (
              <Button type="primary" icon={<DownloadOutlined />} href={fileOf(id!)} download>
                {say("fetch")}
              </Button>
            ) : (
              <Button type="primary" loading={isBusy} onClick={() => void begin()}>
                {say(one ? "again" : "begin")}
              </Button>
            )}
          </>
        )
      }
    >
      <FormFailure failure={failure} />
      {query.isError && one === undefined ? <FormFailure failure={asFailure(query.error)} /> : null}
      <div className="export" aria-live="polite">
        {isOn ? <Going one={one} /> : isDone ? <Done one={one} /> : <Choice question={question} one={one} format={format} onFormat={setFormat} />}
      </div>
    </Modal>
  );
}

function Mine({ onLeave }: { onLeave: () => void }) {
  const { say } = useExtractText();
  return (
    <Link to="/exports" className="export-mine" onClick={onLeave}>
      {say("list")}
    </Link>
  );
}

function Choice({ question, one, format, onFormat }: { question: Question; one: Extract | undefined; format: Format; onFormat: (next: Format) => void }) {
  const { say } = useExtractText();
  return (
    <>
      {one ? <Alert type={one.state === "cancelled" ? "info" : "error"} showIcon title={one.state === "cancelled" ? say("cancelled") : one.error} /> : null}
      <p>{say(question.ids ? "text.ids" : "text")}</p>
      <Radio.Group aria-label={say("format")} value={format} onChange={(event) => onFormat(event.target.value as Format)} className="export-formats">
        {formats.map((name) => (
          <Radio key={name} value={name}>
            <span>{say(name)}</span> <span className="faint">{say(`text.${name}`)}</span>
          </Radio>
        ))}
      </Radio.Group>
    </>
  );
}

function Going({ one }: { one: Extract | undefined }) {
  const { say } = useExtractText();
  const format = useFormat();
  const share = one ? shareOf(one) : null;
  const isLast = one?.records_total && one.records >= one.records_total;
  return (
    <div className="export-going">
      <b>{say(one?.state === "waiting" ? "waiting" : isLast ? "finishing" : "running")}</b>
      <progress aria-label={say("running")} {...share} />
      <span className="soft tabular">{one?.records_total ? say("of", { done: format.number(one.records), total: format.number(one.records_total) }) : null}</span>
      <span className="faint">{say("closing")}</span>
    </div>
  );
}

function Done({ one }: { one: Extract }) {
  const { say } = useExtractText();
  const format = useFormat();
  return (
    <>
      <p className="good">
        <CheckCircleOutlined /> {say("done", { rows: format.number(one.rows), size: format.bytes(one.bytes) })}
      </p>
      <p className="soft">{say("unchanged")}</p>
      {one.kept_until ? (
        <p className="faint">
          {say("kept")} <ExactTime at={one.kept_until} />
        </p>
      ) : null}
    </>
  );
}
