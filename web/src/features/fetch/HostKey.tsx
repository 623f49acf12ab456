// The key of the SFTP server, as it was pinned; and another one that it shows now.
import { Alert, Button, Modal } from "antd";
import { useState } from "react";
import { post } from "../../api/client";
import { useMay } from "../../api/session";
import type { Fetch, Source } from "../../api/types";
import { useAct } from "../../design/act";
import { FormFailure } from "../../design/FormFailure";
import { LockOutlined } from "../../design/icons";
import { CopyButton } from "../../design/pieces";
import { useFetchText } from "./texts";
import { fetchPath, useRefresh } from "./use_fetch";

export function HostKey({ source, fetch }: { source: Source; fetch: Fetch }) {
  const { say } = useFetchText();
  const mayChange = useMay("admin");
  const [isAsking, ask] = useState(false);
  const offered = fetch.host_key_offered;
  if (offered)
    return (
      <Alert
        className="fetch-alert"
        type="error"
        showIcon
        title={say("key.other")}
        description={
          <>
            <p>{say("key.other_text")}</p>
            <p className="fetch-key">
              {say("key.known")} <code>{fetch.host_key}</code>
            </p>
            <p className="fetch-key">
              {say("key.now")} <code>{offered}</code>
            </p>
            {mayChange ? (
              <Button danger onClick={() => ask(true)}>
                {say("key.trust")}
              </Button>
            ) : null}
            {isAsking ? <Trust source={source} offered={offered} onClose={() => ask(false)} /> : null}
          </>
        }
      />
    );
  if (!fetch.host_key) return null;
  return (
    <p className="soft fetch-key">
      <LockOutlined /> {say("key")} <code>{fetch.host_key}</code> <CopyButton text={fetch.host_key} what={say("key")} />
    </p>
  );
}

function Trust({ source, offered, onClose }: { source: Source; offered: string; onClose: () => void }) {
  const { say } = useFetchText();
  const refresh = useRefresh(source.id);
  const { run, isBusy, failure } = useAct(async () => {
    await post<Fetch>(`${fetchPath(source.id)}/trust`, { host_key: offered });
    refresh();
    onClose();
  });
  return (
    <Modal open title={say("key.trust")} okText={say("key.trust_yes")} cancelText={say("cancel")} okButtonProps={{ danger: true }} confirmLoading={isBusy} onOk={run} onCancel={onClose}>
      <FormFailure failure={failure} />
      <p>{say("key.trust_text")}</p>
      <code className="fetch-place">{offered}</code>
    </Modal>
  );
}
