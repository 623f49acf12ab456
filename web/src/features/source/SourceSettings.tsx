import { useBlocker } from "@tanstack/react-router";
import { Alert, Button, Form, Input, Modal, Radio, Select, Slider } from "antd";
import { useState } from "react";
import { get, patch } from "../../api/client";
import { asFailure, type Failure } from "../../api/failure";
import { useMay } from "../../api/session";
import type { Source } from "../../api/types";
import { CountrySelect, CurrencySelect, ZoneSelect } from "../../design/choices";
import { spreadFailure, useFormLanguage } from "../../design/form";
import { FormFailure } from "../../design/FormFailure";
import { useFormat } from "../../design/format_context";
import { useToast } from "../../design/toast";
import { changed, settingsOf, untouched, type Settings } from "./settings";
import { useSourceText } from "./texts";
import { sourcePath, useRefresh } from "./use_source";

export function SourceSettings({ source }: { source: Source }) {
  const { say } = useSourceText();
  const toast = useToast();
  const refresh = useRefresh(source.id);
  const format = useFormat();
  const mayChange = useMay("admin");
  const [form] = Form.useForm<Settings>();
  useFormLanguage(form);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isDirty, setDirty] = useState(false);
  const settings = settingsOf(source);
  const trust = Form.useWatch("trust", form) ?? settings.trust;
  const isTracker = source.kind === "tracker";
  const save = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const edit = changed(settings, form.getFieldsValue());
      if (Object.keys(edit).length > 0) {
        const saved = await patch<Source>(sourcePath(source.id), edit, source.version);
        form.setFieldsValue(settingsOf(saved));
      }
      toast.done(say("saved"));
      setDirty(false);
      refresh();
    } catch (thrown) {
      setFailure(spreadFailure(form, thrown));
      if (asFailure(thrown).kind === "conflict") {
        const newest = await get<Source>(sourcePath(source.id)).catch(() => null);
        if (newest) form.setFieldsValue(untouched(settings, form.getFieldsValue(), settingsOf(newest)));
        refresh();
      }
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="settings">
      <Leaving isDirty={isDirty} />
      <Form<Settings> form={form} layout="vertical" requiredMark={false} noValidate validateTrigger="onBlur" disabled={!mayChange} initialValues={settings} onValuesChange={() => setDirty(Object.keys(changed(settings, form.getFieldsValue())).length > 0)} onFinish={() => void save()}>
        {mayChange ? null : <Alert className="form-failure" type="info" showIcon title={say("read_only")} />}
        <FormFailure failure={failure} />
        <Form.Item label={say("name")} htmlFor="source-name" extra={say("name_fixed")}>
          <Input id="source-name" value={source.name} disabled />
        </Form.Item>
        <div className="two-fields">
          <Form.Item name="zone" label={say("zone")} extra={say("zone_short")}>
            <ZoneSelect />
          </Form.Item>
          <Form.Item name="currency" label={say("currency")} extra={say("currency_short")}>
            <CurrencySelect />
          </Form.Item>
        </div>
        <Form.Item name="region" label={say("region")} extra={say("region_help")}>
          <CountrySelect />
        </Form.Item>
        <Form.Item name="trust" label={<span>{say("trust")} <b className="tabular">{format.number(trust)}</b></span>} extra={say("trust_help")}>
          <Slider min={0} max={100} marks={{ 0: "0", 50: "50", 100: "100" }} ariaLabelForHandle={say("trust")} />
        </Form.Item>
        <Form.Item name="order_scope" label={say("order_scope")} extra={say("order_scope_help")}>
          <Input maxLength={100} autoComplete="off" placeholder={source.name} />
        </Form.Item>
        {source.kind === "file" ? null : (
          <Form.Item name="consent" label={say("consent")} extra={say("consent_help")}>
            <Radio.Group className="lines">
              <Radio value="none">{say("consent.none")}</Radio>
              <Radio value="required">{say("consent.required")}</Radio>
            </Radio.Group>
          </Form.Item>
        )}
        {isTracker ? (
          <Form.Item name="allowed_origins" label={say("origins")} extra={say("origins_help")}>
            <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[" ", ","]} placeholder={say("origins_any")} />
          </Form.Item>
        ) : null}
        {mayChange ? (
          <Button type="primary" htmlType="submit" loading={isBusy} disabled={!isDirty}>
            {say("save")}
          </Button>
        ) : null}
      </Form>
      {mayChange ? <Archive source={source} /> : null}
    </div>
  );
}

// Warns only if something really would be lost.
function Leaving({ isDirty }: { isDirty: boolean }) {
  const { say } = useSourceText();
  const { status, proceed, reset } = useBlocker({ shouldBlockFn: () => isDirty, enableBeforeUnload: isDirty, withResolver: true });
  return (
    <Modal open={status === "blocked"} title={say("leave.title")} okText={say("leave.stay")} cancelText={say("leave.go")} closable={false} onOk={reset} onCancel={proceed}>
      {say("leave.text")}
    </Modal>
  );
}

// Can be taken back, so it does not ask.
function Archive({ source }: { source: Source }) {
  const { say } = useSourceText();
  const toast = useToast();
  const refresh = useRefresh(source.id);
  const [isBusy, setBusy] = useState(false);
  const toggle = async () => {
    setBusy(true);
    try {
      await patch<Source>(sourcePath(source.id), { is_active: !source.is_active }, source.version);
      toast.done(source.is_active ? say("archive_done") : say("restore_done"));
      refresh();
    } catch (thrown) {
      toast.failed(asFailure(thrown).message);
      refresh();
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="archive">
      <div>
        <b>{source.is_active ? say("archive") : say("restore")}</b>
        <p className="soft">{source.is_active ? say("archive_text") : say("restore_text")}</p>
      </div>
      <Button danger={source.is_active} loading={isBusy} onClick={() => void toggle()}>
        {source.is_active ? say("archive") : say("restore")}
      </Button>
    </div>
  );
}
