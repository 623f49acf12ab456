import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useBlocker } from "@tanstack/react-router";
import { Button, Form, Input, InputNumber, Modal, Select, Switch } from "antd";
import { useState } from "react";
import { get, patch } from "../../api/client";
import { asFailure, type Failure } from "../../api/failure";
import { useSession } from "../../api/session";
import type { BackupSettings as Settings } from "../../api/types";
import { spreadFailure, useFormLanguage } from "../../design/form";
import { FormFailure } from "../../design/FormFailure";
import { Answer, SkeletonRows } from "../../design/states";
import { useToast } from "../../design/toast";
import { useBackupText } from "./texts";
import { settingsPath } from "./use_backups";

const read = () => get<Settings>(settingsPath);
const keptMax = 365;
const exampleFolder = "/mnt/backups/onefold";

export const useBackupSettings = () => useQuery({ queryKey: [settingsPath], queryFn: read });

export function BackupSettings() {
  const query = useBackupSettings();
  return (
    <Answer query={query} skeleton={<SkeletonRows count={4} />}>
      {() => <SettingsForm saved={query.data!} />}
    </Answer>
  );
}

// Warns only if something really would be lost.
function Leaving({ isDirty }: { isDirty: boolean }) {
  const { say } = useBackupText();
  const { status, proceed, reset } = useBlocker({ shouldBlockFn: () => isDirty, enableBeforeUnload: isDirty, withResolver: true });
  return (
    <Modal open={status === "blocked"} title={say("leave.title")} okText={say("leave.stay")} cancelText={say("leave.go")} closable={false} onOk={reset} onCancel={proceed}>
      {say("leave.text")}
    </Modal>
  );
}

type Wished = Omit<Settings, "version">;
const wishedOf = ({ is_scheduled, folder, hour, keep_count, has_keys }: Settings): Wished => ({ is_scheduled, folder, hour, keep_count, has_keys });
const hours = Array.from({ length: 24 }, (_, hour) => ({ value: hour, label: `${String(hour).padStart(2, "0")}:00` }));

function SettingsForm({ saved }: { saved: Settings }) {
  const { say } = useBackupText();
  const { company } = useSession();
  const toast = useToast();
  const client = useQueryClient();
  const [form] = Form.useForm<Wished>();
  useFormLanguage(form);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isDirty, setDirty] = useState(false);
  const isChanged = () => JSON.stringify({ ...wishedOf(saved), ...form.getFieldsValue() }) !== JSON.stringify(wishedOf(saved));
  const settle = (settings: Settings) => {
    client.setQueryData([settingsPath], settings);
    form.setFieldsValue(wishedOf(settings));
    setDirty(false);
  };
  const save = async () => {
    setBusy(true);
    setFailure(null);
    try {
      settle(await patch<Settings>(settingsPath, form.getFieldsValue(), saved.version));
      toast.done(say("saved"));
    } catch (thrown) {
      if (asFailure(thrown).kind === "conflict") {
        settle(await read());
        toast.failed(say("changed"));
      } else setFailure(spreadFailure(form, thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Form<Wished> form={form} layout="vertical" requiredMark={false} noValidate validateTrigger="onBlur" initialValues={wishedOf(saved)} onValuesChange={() => setDirty(isChanged())} onFinish={() => void save()}>
      <Leaving isDirty={isDirty} />
      <FormFailure failure={failure} />
      <Form.Item name="folder" label={say("folder")} extra={say("folder_help")}>
        <Input maxLength={4000} autoComplete="off" spellCheck={false} placeholder={exampleFolder} />
      </Form.Item>
      <Form.Item name="is_scheduled" label={say("is_scheduled")} valuePropName="checked">
        <Switch />
      </Form.Item>
      <div className="two-fields">
        <Form.Item name="hour" label={say("hour")} extra={say("hour_help", { zone: company.zone })}>
          <Select options={hours} />
        </Form.Item>
        <Form.Item name="keep_count" label={say("keep_count")} extra={say("keep_help")} rules={[{ type: "integer", min: 1, max: keptMax, required: true, message: say("keep_range") }]}>
          <InputNumber precision={0} suffix={say("keep_unit")} style={{ width: "100%" }} />
        </Form.Item>
      </div>
      <Form.Item name="has_keys" label={say("has_keys")} valuePropName="checked" extra={say("has_keys_help")}>
        <Switch />
      </Form.Item>
      <div className="form-end">
        <Button type="primary" htmlType="submit" loading={isBusy} disabled={!isDirty}>
          {say("save")}
        </Button>
      </div>
    </Form>
  );
}
