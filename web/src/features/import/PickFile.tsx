import { Alert, Button } from "antd";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { asFailure, type Failure } from "../../api/failure";
import type { Upload } from "../../api/types";
import { FormFailure } from "../../design/FormFailure";
import { useFormat } from "../../design/format_context";
import { CloudUploadOutlined, DisconnectOutlined } from "../../design/icons";
import { useImportText } from "./texts";
import { sendFile } from "./upload";

const kinds = ".csv,.tsv,.txt,.xlsx,.json,.jsonl,.ndjson,.vcf,.gz,.zip,.xls,.ods";

// Dropped or chosen, and sent; `unfinished` is one of which the rest is still to come.
export function PickFile({ unfinished, onWhole }: { unfinished?: Upload; onWhole: (id: string) => void }) {
  const { say } = useImportText();
  const format = useFormat();
  const input = useRef<HTMLInputElement>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const { file, upload, isWaiting, send, cancel } = useSending(onWhole, setFailure);
  const take = (files: FileList | null) => {
    const [first] = files ?? [];
    if (first && !file) void send(first);
  };
  const isOver = useDrop(take);
  if (file)
    return (
      <section className="panel padded sending" aria-label={say("sending", { file: file.name })}>
        <b className="file">{say("sending", { file: file.name })}</b>
        <progress value={upload?.received ?? 0} max={Math.max(file.size, 1)} aria-label={say("sending", { file: file.name })} />
        <div className="sending-end">
          <span className="soft tabular">{say("sending.of", { done: format.bytes(upload?.received ?? 0), total: format.bytes(file.size) })}</span>
          <Button onClick={cancel}>{say("cancel")}</Button>
        </div>
        <div role="status">{isWaiting ? <Alert type="warning" showIcon icon={<DisconnectOutlined />} title={say("sending.waiting")} /> : null}</div>
      </section>
    );
  return (
    <>
      <FormFailure failure={failure} />
      {unfinished ? <Alert className="form-failure" type="info" showIcon title={say("pick.unfinished", { file: unfinished.name })} description={say("pick.unfinished_text", { done: format.bytes(unfinished.received), total: format.bytes(unfinished.size) })} /> : null}
      <section className={isOver ? "pick pick-over" : "pick"} aria-label={say("pick")}>
        <CloudUploadOutlined />
        <h2>{say("pick")}</h2>
        <p className="soft">{say("pick.kinds")}</p>
        <Button type="primary" size="large" onClick={() => input.current?.click()}>
          {say("pick.choose")}
        </Button>
        <input ref={input} type="file" accept={kinds} hidden aria-label={say("pick.choose")} onChange={(event) => (take(event.target.files), (event.target.value = ""))} />
        <p className="faint">{say("pick.safe")}</p>
      </section>
    </>
  );
}

// A file may be dropped anywhere on the page; whether one hangs over it.
function useDrop(onFiles: (files: FileList | null) => void): boolean {
  const [isOver, setOver] = useState(false);
  const take = useEffectEvent(onFiles);
  useEffect(() => {
    const over = (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      take(event.dataTransfer?.files ?? null);
    };
    document.addEventListener("dragover", over);
    document.addEventListener("dragleave", leave);
    document.addEventListener("drop", drop);
    return () => {
      document.removeEventListener("dragover", over);
      document.removeEventListener("dragleave", leave);
      document.removeEventListener("drop", drop);
    };
  }, []);
  return isOver;
}

function useSending(onWhole: (id: string) => void, onFailure: (failure: Failure | null) => void) {
  const [file, setFile] = useState<File | null>(null);
  const [upload, setUpload] = useState<Upload | null>(null);
  const [isWaiting, setWaiting] = useState(false);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const cancel = () => {
    stop.current?.abort();
    setFile(null);
  };
  const send = async (next: File) => {
    const mine = (stop.current = new AbortController());
    onFailure(null);
    setUpload(null);
    setWaiting(false);
    setFile(next);
    try {
      const whole = await sendFile(next, { onProgress: setUpload, onWaiting: setWaiting, signal: mine.signal });
      onWhole(whole.id);
    } catch (thrown) {
      if (mine.signal.aborted) return;
      setFile(null);
      onFailure(asFailure(thrown));
    }
  };
  return { file, upload, isWaiting, send, cancel };
}
