import { Button, Form, Input, Modal, Radio } from "antd";
import { useState } from "react";
import { keyKeeper, post } from "../../api/client";
import type { Failure } from "../../api/failure";
import { useSession } from "../../api/session";
import type { CreatedSource, SourceKind } from "../../api/types";
import { CurrencySelect, ZoneSelect } from "../../design/choices";
import { spreadFailure, useFormLanguage } from "../../design/form";
import { FormFailure } from "../../design/FormFailure";
import { isComposing } from "../../design/keyboard";
import { CodeBlock } from "../../design/pieces";
import { useSourceText } from "./texts";
import { waysOf } from "./ways";

interface Wish {
  name: string;
  kind: SourceKind;
  zone?: string;
  currency?: string;
}

export function CreateSource({ onClose }: { onClose: (created: CreatedSource | null) => void }) {
  const { say } = useSourceText();
  const [form] = Form.useForm<Wish>();
  useFormLanguage(form);
  const [created, setCreated] = useState<CreatedSource | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [keyFor] = useState(keyKeeper);
  const { company } = useSession();

  const submit = async ({ name, kind, zone, currency }: Wish) => {
    setBusy(true);
    setFailure(null);
    try {
      const wish = { name: name.trim(), kind, ...(zone ? { zone } : {}), ...(currency ? { currency } : {}) };
      setCreated(await post<CreatedSource>("/api/v1/sources", wish, { once: keyFor(wish) }));
    } catch (thrown) {
      setFailure(spreadFailure(form, thrown));
    } finally {
      setBusy(false);
    }
  };

  if (created) {
    const isOfFiles = created.kind === "file"; // nobody sends with its key
    return (
      <Modal open title={say("once.title", { name: created.name })} closable={false} keyboard={false} mask={{ closable: false }} footer={<Button type="primary" onClick={() => onClose(created)}>{isOfFiles ? say("once.file_done") : say("once.done")}</Button>} width={640}>
        <p>{say(`once_text.${created.kind}`)}</p>
        {isOfFiles ? null : <CodeBlock text={created.write_key} label={say("key")} />}
        <h4>{say(`try.${created.kind}`)}</h4>
        <CodeBlock text={waysOf(created.kind, created.name, window.location.origin, created.write_key)[0]!.code} label={say(`try.${created.kind}`)} />
      </Modal>
    );
  }
  return (
    <Modal open title={say("create")} onCancel={() => onClose(null)} okText={say("submit")} cancelText={say("cancel")} confirmLoading={isBusy} onOk={() => form.submit()}>
      <FormFailure failure={failure} />
      <Form<Wish> form={form} layout="vertical" requiredMark={false} noValidate validateTrigger="onBlur" initialValues={{ kind: "tracker" }} onFinish={(wish) => void submit(wish)}>
        <Form.Item name="kind" label={say("kind")}>
          <Radio.Group className="kind-choice">
            {(["tracker", "api", "file"] as const).map((kind) => (
              <Radio key={kind} value={kind}>
                <b>{say(`kind.${kind}`)}</b>
                <small>{say(`kind_text.${kind}`)}</small>
              </Radio>
            ))}
          </Radio.Group>
        </Form.Item>
        <Form.Item name="name" label={say("name")} rules={[{ required: true, whitespace: true, message: say("name_missing") }]}>
          <Input placeholder={say("name_example")} maxLength={100} autoComplete="off" autoFocus onPressEnter={(event) => !isComposing(event) && form.submit()} />
        </Form.Item>
        <div className="two-fields">
          <Form.Item name="zone" label={say("zone")} extra={say("zone_help")}>
            <ZoneSelect allowClear placeholder={company.zone} />
          </Form.Item>
          <Form.Item name="currency" label={say("currency")} extra={say("currency_help")}>
            <CurrencySelect allowClear placeholder={company.currency} />
          </Form.Item>
        </div>
      </Form>
    </Modal>
  );
}
