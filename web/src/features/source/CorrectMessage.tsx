import { Drawer, Button, Input } from "antd";
import { useState } from "react";
import { post } from "../../api/client";
import { asFailure, type Failure } from "../../api/failure";
import type { RefusedMessage, Replayed, Source } from "../../api/types";
import { FormFailure } from "../../design/FormFailure";
import { ExactTime } from "../../design/pieces";
import { useIsPhone } from "../../design/screen";
import { useToast } from "../../design/toast";
import { laidOut } from "./Json";
import { useSourceText } from "./texts";
import { useRefresh } from "./use_source";

function read(text: string): { message: unknown } | null {
  try {
    return { message: JSON.parse(text) };
  } catch {
    return null;
  }
}

// The message as text to be mended; it goes through the same door once more, with the time at which it came.
export function CorrectMessage({ source, kept, onClose }: { source: Source; kept: RefusedMessage; onClose: () => void }) {
  const { say } = useSourceText();
  const toast = useToast();
  const isPhone = useIsPhone();
  const refresh = useRefresh(source.id);
  const [text, setText] = useState(() => laidOut(kept.message));
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const wish = read(text);
  const replay = async () => {
    if (!wish) return;
    setBusy(true);
    setFailure(null);
    try {
      const done = await post<Replayed>(`/api/v1/refused_messages/${kept.id}/replay`, wish);
      toast.done(done.duplicates > 0 ? say("replay_known") : say("replay_done"));
      refresh();
      onClose();
    } catch (thrown) {
      setFailure(asFailure(thrown));
      setBusy(false);
    }
  };
  return (
    <Drawer
      open
      title={say("correct_title")}
      size={isPhone ? "100%" : 640}
      onClose={onClose}
      footer={
        <div className="drawer-acts">
          <Button onClick={onClose}>{say("cancel")}</Button>
          <Button type="primary" loading={isBusy} disabled={!wish} onClick={() => void replay()}>
            {say("replay")}
          </Button>
        </div>
      }
    >
      <FormFailure failure={failure} />
      <p>
        <b>{kept.reason}</b> <span className="soft"><ExactTime at={kept.at} as="full" /></span>
      </p>
      <p className="soft correct-text">{say("correct_text")}</p>
      <Input.TextArea className="json-input" aria-label={say("message")} value={text} status={wish ? undefined : "error"} autoSize={{ minRows: 12, maxRows: 28 }} spellCheck={false} onChange={(event) => setText(event.target.value)} />
      {wish ? null : (
        <p className="bad" role="alert">
          {say("no_json")}
        </p>
      )}
    </Drawer>
  );
}
