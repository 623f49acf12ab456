// The keys by which a source sends: a new one beside the old, which lives until it is revoked.
import { CheckCircleOutlined, PlusOutlined, StopOutlined } from "../../design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { get, keyKeeper, post } from "../../api/client";
import { asFailure, type Failure } from "../../api/failure";
import type { CreatedWriteKey, Page, Source, WriteKey } from "../../api/types";
import { DataTable } from "../../design/DataTable";
import { FormFailure } from "../../design/FormFailure";
import { isComposing } from "../../design/keyboard";
import { Badge, CodeBlock, RelativeTime } from "../../design/pieces";
import { Answer, SkeletonRows } from "../../design/states";
import { useToast } from "../../design/toast";
import { useSourceText } from "./texts";
import { sourcePath, useRefresh } from "./use_source";
import { waysOf } from "./ways";

export function WriteKeys({ source }: { source: Source }) {
  const { say } = useSourceText();
  const toast = useToast();
  const refresh = useRefresh(source.id);
  const path = `${sourcePath(source.id)}/write_keys`;
  const query = useQuery({ queryKey: [path], queryFn: ({ signal }) => get<Page<WriteKey>>(path, {}, signal) });
  const [created, setCreated] = useState<CreatedWriteKey | null>(null);
  const [leaving, setLeaving] = useState<WriteKey | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [keyFor] = useState(keyKeeper);
  const create = async () => {
    setBusy(true);
    try {
      setCreated(await post<CreatedWriteKey>(path, {}, { once: keyFor({ after: query.data?.items[0]?.id }) }));
      refresh();
    } catch (thrown) {
      toast.failed(asFailure(thrown).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <div className="keys-head">
        <p className="soft">{say("keys_note")}</p>
        <Button type="primary" icon={<PlusOutlined />} loading={isBusy} onClick={() => void create()}>
          {say("keys_create")}
        </Button>
      </div>
      <Answer query={query} skeleton={<SkeletonRows count={2} />}>
        {() => <KeyTable keys={query.data!.items} onRevoke={setLeaving} />}
      </Answer>
      {created ? (
        <Modal open title={say("once.key_title")} closable={false} keyboard={false} mask={{ closable: false }} footer={<Button type="primary" onClick={() => setCreated(null)}>{say("once.done")}</Button>} width={640}>
          <p>{say(`once_text.${source.kind}`)}</p>
          <CodeBlock text={created.write_key} label={say("key")} />
          <h4>{say(`try.${source.kind}`)}</h4>
          <CodeBlock text={waysOf(source.kind, source.name, window.location.origin, created.write_key)[0]!.code} label={say(`try.${source.kind}`)} />
          <p className="soft">{say("once.rotate")}</p>
        </Modal>
      ) : null}
      {leaving ? <Revoke source={source} of={leaving} onClose={() => setLeaving(null)} /> : null}
    </>
  );
}

function KeyTable({ keys, onRevoke }: { keys: WriteKey[]; onRevoke: (key: WriteKey) => void }) {
  const { say } = useSourceText();
  return (
    <DataTable
      label={say("tab.keys")}
      rows={keys}
      rowKey={(key) => key.id}
      columns={[
        { key: "hint", title: say("key"), isMain: true, cell: (key) => <code className={key.revoked_at ? "gone" : undefined}>…{key.hint}</code> },
        {
          key: "state",
          title: say("state"),
          cell: (key) =>
            key.revoked_at ? (
              <Badge icon={<StopOutlined />}>{say("revoked")}</Badge>
            ) : (
              <Badge mood="good" icon={<CheckCircleOutlined />}>
                {say("valid")}
              </Badge>
            ),
        },
        { key: "created", title: say("created"), cell: (key) => <RelativeTime at={key.created_at} /> },
        { key: "used", title: say("last_used"), cell: (key) => <RelativeTime at={key.last_used_at} absent={say("never")} /> },
        {
          key: "acts",
          title: say("acts"),
          align: "right",
          cell: (key) =>
            key.revoked_at ? null : (
              <Button type="text" danger size="small" aria-label={`${say("revoke")} ${key.hint}`} onClick={() => onRevoke(key)}>
                {say("revoke")}
              </Button>
            ),
        },
      ]}
    />
  );
}

// It cannot be undone, so it asks, by the last characters.
function Revoke({ source, of, onClose }: { source: Source; of: WriteKey; onClose: () => void }) {
  const { say } = useSourceText();
  const toast = useToast();
  const refresh = useRefresh(source.id);
  const [typed, setTyped] = useState("");
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const isSure = typed.trim() === of.hint;
  const revoke = async () => {
    setBusy(true);
    try {
      await post<WriteKey>(`/api/v1/write_keys/${of.id}/revoke`);
      refresh();
      toast.done(say("revoke_done", { hint: of.hint }));
      onClose();
    } catch (thrown) {
      setFailure(asFailure(thrown));
      setBusy(false);
    }
  };
  return (
    <Modal open title={say("revoke_title", { hint: of.hint })} onCancel={onClose} okText={say("revoke")} cancelText={say("cancel")} okButtonProps={{ danger: true, disabled: !isSure }} confirmLoading={isBusy} onOk={() => void revoke()}>
      <FormFailure failure={failure} />
      <p>{say("revoke_text")}</p>
      <p className="confirm-sure">{say("revoke_sure", { hint: of.hint })}</p>
      <Input className="confirm-input" aria-label={say("key")} autoFocus autoComplete="off" value={typed} placeholder={of.hint} onChange={(event) => setTyped(event.target.value)} onPressEnter={(event) => isSure && !isComposing(event) && void revoke()} />
    </Modal>
  );
}
