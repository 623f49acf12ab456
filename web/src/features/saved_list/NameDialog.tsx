// Asks for a list's name, and whether everybody may open it.
import { Button, Checkbox, Input, Modal } from "antd";
import { useId, useState } from "react";
import { useMay } from "../../api/session";
import { useAct } from "../../design/act";
import { FormFailure } from "../../design/FormFailure";
import { isComposing } from "../../design/keyboard";
import { useSavedListText } from "./texts";

interface Props {
  title: string;
  text?: string;
  name?: string;
  mayShare?: boolean;
  onName: (name: string, isShared: boolean) => Promise<void>;
  onClose: () => void;
}

export function NameDialog({ title, text, name: before = "", mayShare = false, onName, onClose }: Props) {
  const { say } = useSavedListText();
  const isEditor = useMay("editor");
  const id = useId();
  const [name, setName] = useState(before);
  const [isShared, setShared] = useState(false);
  const [isMissing, setMissing] = useState(false);
  const { run, isBusy, failure } = useAct(async () => {
    await onName(name.trim(), isShared);
    onClose();
  });
  const save = () => (name.trim() ? run() : setMissing(true));
  return (
    <Modal
      open
      width={440}
      title={title}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{say("cancel")}</Button>
          <Button type="primary" loading={isBusy} onClick={save}>
            {say("save")}
          </Button>
        </>
      }
    >
      <FormFailure failure={failure} />
      {text ? <p className="soft saved-list-text">{text}</p> : null}
      <label htmlFor={id}>{say("name")}</label>
      <Input
        id={id}
        autoFocus
        maxLength={100}
        value={name}
        status={isMissing ? "error" : undefined}
        aria-invalid={isMissing}
        aria-describedby={isMissing ? `${id}-missing` : undefined}
        onChange={(event) => {
          setName(event.target.value);
          setMissing(false);
        }}
        onKeyDown={(event) => event.key === "Enter" && !isComposing(event) && save()}
      />
      {isMissing ? (
        <p id={`${id}-missing`} className="field-error" role="alert">
          {say("name.needed")}
        </p>
      ) : null}
      {mayShare && isEditor ? (
        <p className="saved-list-share">
          <Checkbox checked={isShared} onChange={(event) => setShared(event.target.checked)}>
            {say("is_shared")}
          </Checkbox>
        </p>
      ) : null}
    </Modal>
  );
}
