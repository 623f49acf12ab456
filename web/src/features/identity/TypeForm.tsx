import { useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input, InputNumber, Modal, Select, Switch } from "antd";
import { useState } from "react";
import { asFailure, type Failure } from "../../api/failure";
import type { IdentityType, IdentityTypeInput } from "../../api/types";
import { useFormLanguage } from "../../design/form";
import { FormFailure } from "../../design/FormFailure";
import { useToast } from "../../design/toast";
import { useIdentityText } from "./texts";
import { inputOfType, wishOf, type TypeWish } from "./type_wish";
import { policyPath, readPolicy, savePolicy } from "./use_policy";

const strengths = ["strong", "joining", "weak"] as const;
const joins = ["persons", "organisations", "either"] as const;
const kept = ["value", "masked", "digest"] as const;
const written = ["text", "digits"] as const;
const limitMax = 1000;

// The server names "/types/0/pattern" what stands here as "pattern".
const fieldOf = (path: string) => path.replace(/^\/types\/\d+\/?/, "").replaceAll("/", "_");

export function TypeForm({ type, version, onClose }: { type: IdentityType | null; version: number; onClose: () => void }) {
  const { say, language } = useIdentityText();
  const toast = useToast();
  const client = useQueryClient();
  const [form] = Form.useForm<TypeWish>();
  useFormLanguage(form);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const isBuiltIn = type?.is_built_in ?? false;
  const spread = (thrown: unknown) => {
    const failed = asFailure(thrown);
    const names = Object.keys(form.getFieldsValue(true) as object);
    const placed = failed.fields.filter(({ path }) => names.includes(fieldOf(path)) || fieldOf(path) === "label");
    form.setFields(placed.map(({ path, message }) => ({ name: (fieldOf(path) === "label" ? "label_en" : fieldOf(path)) as keyof TypeWish, errors: [message] })));
    setFailure(placed.length > 0 && placed.length === failed.fields.length ? null : failed);
  };
  const save = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const types: IdentityTypeInput[] = [inputOfType(form.getFieldsValue(true) as TypeWish, isBuiltIn)];
      client.setQueryData([policyPath], await savePolicy(types, version));
      toast.done(say("types.saved"));
      onClose();
    } catch (thrown) {
      if (asFailure(thrown).kind === "conflict") client.setQueryData([policyPath], await readPolicy());
      spread(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={type ? (type.label[language] ?? type.code) : say("types.add")}
      width={600}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{say("cancel")}</Button>
          <Button type="primary" loading={isBusy} onClick={() => form.submit()}>
            {say("save")}
          </Button>
        </>
      }
    >
      <Form<TypeWish> form={form} layout="vertical" requiredMark={false} noValidate validateTrigger="onBlur" initialValues={wishOf(type)} onFinish={() => void save()}>
        <FormFailure failure={failure} />
        <Form.Item name="is_joining" label={say("joining")} extra={say("joining.help")} valuePropName="checked">
          <Switch />
        </Form.Item>
        {isBuiltIn ? null : (
          <>
            <Form.Item name="code" label={say("code")} extra={say("code.help")} rules={[{ required: true, pattern: /^[a-z][a-z0-9_]{0,31}$/, message: say("code.wrong") }]}>
              <Input disabled={type !== null} maxLength={32} spellCheck={false} autoComplete="off" />
            </Form.Item>
            <div className="two-fields">
              <Form.Item name="label_en" label={say("label.en")} rules={[{ required: true, whitespace: true, message: say("label.missing") }]}>
                <Input maxLength={60} />
              </Form.Item>
              <Form.Item name="label_zh" label={say("label.zh")} rules={[{ required: true, whitespace: true, message: say("label.missing") }]}>
                <Input maxLength={60} />
              </Form.Item>
            </div>
            <div className="two-fields">
              <Form.Item name="strength" label={say("strength")}>
                <Select options={strengths.map((value) => ({ value, label: say(`strength.${value}`) }))} />
              </Form.Item>
              <Form.Item name="joins" label={say("joins")}>
                <Select disabled={type !== null} options={joins.map((value) => ({ value, label: say(`joins.${value}`) }))} />
              </Form.Item>
            </div>
            <div className="two-fields">
              <Form.Item name="kept" label={say("kept")}>
                <Select disabled={type !== null} options={kept.map((value) => ({ value, label: say(`kept.${value}`) }))} />
              </Form.Item>
              <Form.Item name="written" label={say("written")}>
                <Select disabled={type !== null} options={written.map((value) => ({ value, label: say(`written.${value}`) }))} />
              </Form.Item>
            </div>
            <div className="two-fields">
              <Form.Item name="is_scoped" label={say("is_scoped")} valuePropName="checked">
                <Switch disabled={type !== null} />
              </Form.Item>
              <Form.Item name="is_case_folded" label={say("is_case_folded")} valuePropName="checked">
                <Switch disabled={type !== null} />
              </Form.Item>
            </div>
            <Form.Item name="pattern" label={say("pattern")} extra={say("pattern.help")}>
              <Input disabled={type !== null} maxLength={200} spellCheck={false} autoComplete="off" />
            </Form.Item>
            <div className="two-fields">
              <Form.Item name="message_en" label={say("message.en")}>
                <Input maxLength={200} />
              </Form.Item>
              <Form.Item name="message_zh" label={say("message.zh")}>
                <Input maxLength={200} />
              </Form.Item>
            </div>
            <div className="two-fields">
              <Form.Item name="length_min" label={say("length_min")}>
                <InputNumber disabled={type !== null} precision={0} min={1} max={200} style={{ width: "100%" }} />
              </Form.Item>
              <Form.Item name="length_max" label={say("length_max")}>
                <InputNumber disabled={type !== null} precision={0} min={1} max={200} style={{ width: "100%" }} />
              </Form.Item>
            </div>
          </>
        )}
        <div className="two-fields">
          <Form.Item name="limits_strong_beside" label={say("limit.strong_beside")} extra={say("limit.strong_beside.help")}>
            <InputNumber precision={0} min={0} max={limitMax} style={{ width: "100%" }} />
          </Form.Item>
          <Form.Item name="limits_records" label={say("limit.records")} extra={say("limit.records.help")}>
            <InputNumber precision={0} min={0} max={limitMax} style={{ width: "100%" }} />
          </Form.Item>
        </div>
      </Form>
    </Modal>
  );
}
