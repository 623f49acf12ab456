// Where files come from, which, and when. Secrets are typed in and never come back.
import { Alert, Button, Drawer, Form, Input, InputNumber, Radio, Select } from "antd";
import { useState } from "react";
import { patch } from "../../api/client";
import { asFailure, type Failure } from "../../api/failure";
import { useSession } from "../../api/session";
import type { Fetch, Source } from "../../api/types";
import { spreadFailure, useFormLanguage } from "../../design/form";
import { FormFailure } from "../../design/FormFailure";
import { useIsPhone } from "../../design/screen";
import { useToast } from "../../design/toast";
import { useFetchText } from "./texts";
import { fetchPath, useRefresh } from "./use_fetch";
import { bodyOf, wishOf, type Wish } from "./wish";

const examples = { pattern: "orders-*.csv", url: "https://erp.example.com/export/orders.csv", certificate: "-----BEGIN CERTIFICATE-----", host: "sftp.example.com", key: "-----BEGIN OPENSSH PRIVATE KEY-----", folder: "/outgoing" };
const places: Fetch["place"][] = ["folder", "https", "sftp"];

export function FetchSettings({ source, fetch, onClose }: { source: Source; fetch: Fetch; onClose: () => void }) {
  const { say } = useFetchText();
  const toast = useToast();
  const isPhone = useIsPhone();
  const refresh = useRefresh(source.id);
  const [opened] = useState(fetch); // what is asked for again meanwhile changes nothing here
  const [form] = Form.useForm<Wish>();
  useFormLanguage(form);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const place = Form.useWatch("place", form) ?? opened.place;
  const save = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await patch<Fetch>(fetchPath(source.id), bodyOf({ ...wishOf(opened), ...form.getFieldsValue() }), opened.version);
      toast.done(say("saved"));
      refresh();
      onClose();
    } catch (thrown) {
      setFailure(spreadFailure(form, thrown));
      if (asFailure(thrown).kind === "conflict") refresh();
      setBusy(false);
    }
  };
  return (
    <Drawer
      open
      title={say("settings")}
      size={isPhone ? "100%" : 600}
      mask={{ closable: false }}
      onClose={onClose}
      footer={
        <div className="drawer-acts">
          <Button onClick={onClose}>{say("cancel")}</Button>
          <Button type="primary" loading={isBusy} onClick={() => form.submit()}>
            {say("save")}
          </Button>
        </div>
      }
    >
      <Form<Wish> form={form} layout="vertical" requiredMark={false} noValidate validateTrigger="onBlur" initialValues={wishOf(opened)} onFinish={() => void save()}>
        <FormFailure failure={failure} />
        <Form.Item name="place" label={say("where")}>
          <Radio.Group className="fetch-choice">
            {places.map((one) => (
              <Radio key={one} value={one}>
                <b>{say(`place.${one}`)}</b> <span className="soft">{say(`place_text.${one}`)}</span>
              </Radio>
            ))}
          </Radio.Group>
        </Form.Item>
        {place === "folder" ? <FolderFields fetch={opened} /> : place === "https" ? <WebFields fetch={opened} /> : <SftpFields fetch={opened} />}
        <When />
        <div className="two-fields">
          {place === "https" ? null : (
            <Form.Item name="steady_s" label={say("steady")} extra={say("steady_help")}>
              <InputNumber min={1} max={3600} precision={0} suffix={say("seconds")} style={{ width: "100%" }} />
            </Form.Item>
          )}
          <Form.Item name="size_mb_max" label={say("size_max")} extra={say("size_help")}>
            <InputNumber min={1} max={8192} precision={0} suffix="MB" style={{ width: "100%" }} />
          </Form.Item>
        </div>
        <Alert type="info" showIcon title={say("map")} description={say("map_text")} />
      </Form>
    </Drawer>
  );
}

function Pattern() {
  const { say } = useFetchText();
  return (
    <Form.Item name="pattern" label={say("pattern")} extra={say("pattern_help")}>
      <Input maxLength={200} autoComplete="off" spellCheck={false} placeholder={examples.pattern} />
    </Form.Item>
  );
}

function FolderFields({ fetch }: { fetch: Fetch }) {
  const { say } = useFetchText();
  return (
    <>
      <Form.Item name="folder" label={say("folder")} extra={say("folder_help", { roots: fetch.roots.join(say("or")) })} rules={[{ required: true, message: say("needed") }]}>
        <Input maxLength={2000} autoComplete="off" spellCheck={false} />
      </Form.Item>
      <Pattern />
    </>
  );
}

function Password({ name, label, isKept }: { name: "password" | "passphrase"; label: string; isKept: boolean }) {
  const { say } = useFetchText();
  return (
    <Form.Item name={name} label={label} extra={isKept ? say("secret_kept") : undefined}>
      <Input.Password maxLength={1000} autoComplete="new-password" placeholder={isKept ? "••••••••" : undefined} />
    </Form.Item>
  );
}

function WebFields({ fetch }: { fetch: Fetch }) {
  const { say } = useFetchText();
  return (
    <>
      <Form.Item name="url" label={say("url")} extra={say("url_help")} rules={[{ required: true, message: say("needed") }]}>
        <Input maxLength={2000} autoComplete="off" spellCheck={false} placeholder={examples.url} />
      </Form.Item>
      <div className="two-fields">
        <Form.Item name="login" label={say("login_optional")}>
          <Input maxLength={200} autoComplete="off" spellCheck={false} />
        </Form.Item>
        <Password name="password" label={say("password_optional")} isKept={fetch.place === "https" && fetch.has_password} />
      </div>
      <Form.Item name="ca_certificates" label={say("ca")} extra={say("ca_help")}>
        <Input.TextArea className="fetch-pem" autoSize={{ minRows: 2, maxRows: 6 }} spellCheck={false} placeholder={examples.certificate} />
      </Form.Item>
    </>
  );
}

function SftpFields({ fetch }: { fetch: Fetch }) {
  const { say } = useFetchText();
  const form = Form.useFormInstance<Wish>();
  const signIn = Form.useWatch("sign_in", form);
  const isKept = fetch.place === "sftp";
  const needed = [{ required: true, message: say("needed") }];
  return (
    <>
      <div className="fetch-host">
        <Form.Item name="host" label={say("host")} rules={needed}>
          <Input maxLength={255} autoComplete="off" spellCheck={false} placeholder={examples.host} />
        </Form.Item>
        <Form.Item name="port" label={say("port")}>
          <InputNumber min={1} max={65535} precision={0} controls={false} style={{ width: "100%" }} />
        </Form.Item>
      </div>
      <Form.Item name="login" label={say("login")} rules={needed}>
        <Input maxLength={200} autoComplete="off" spellCheck={false} />
      </Form.Item>
      <Form.Item name="sign_in" label={say("sign_in")}>
        <Radio.Group optionType="button" options={[{ value: "password", label: say("password") }, { value: "private_key", label: say("private_key") }]} />
      </Form.Item>
      {signIn === "private_key" ? (
        <>
          <Form.Item name="private_key" label={say("private_key")} extra={isKept && fetch.has_private_key ? say("secret_kept") : say("private_key_help")}>
            <Input.TextArea className="fetch-pem" autoSize={{ minRows: 3, maxRows: 6 }} spellCheck={false} autoComplete="off" placeholder={examples.key} />
          </Form.Item>
          <Password name="passphrase" label={say("passphrase")} isKept={false} />
        </>
      ) : (
        <Password name="password" label={say("password")} isKept={isKept && fetch.has_password} />
      )}
      <Form.Item name="remote_folder" label={say("remote_folder")} extra={say("remote_folder_help")}>
        <Input maxLength={2000} autoComplete="off" spellCheck={false} placeholder={examples.folder} />
      </Form.Item>
      <Pattern />
    </>
  );
}

const times = Array.from({ length: 48 }, (_, half) => `${String(half >> 1).padStart(2, "0")}:${half % 2 ? "30" : "00"}`);

function When() {
  const { say } = useFetchText();
  const { company } = useSession();
  const form = Form.useFormInstance<Wish>();
  const rhythm = Form.useWatch("rhythm", form);
  return (
    <div className="two-fields">
      <Form.Item name="rhythm" label={say("when")} extra={rhythm === "daily" ? say("zone_help", { zone: company.zone }) : undefined}>
        <Select options={(["minutes", "hours", "daily"] as const).map((value) => ({ value, label: say(`rhythm.${value}`) }))} />
      </Form.Item>
      {rhythm === "daily" ? (
        <Form.Item name="daily_at" label={say("time")}>
          <Select showSearch options={times.map((value) => ({ value, label: value }))} />
        </Form.Item>
      ) : (
        <Form.Item name="every" label={say(rhythm === "hours" ? "hours" : "minutes")} rules={[{ required: true, type: "integer", min: 1, max: rhythm === "hours" ? 168 : 10080, message: say("every_range") }]}>
          <InputNumber precision={0} style={{ width: "100%" }} />
        </Form.Item>
      )}
    </div>
  );
}
