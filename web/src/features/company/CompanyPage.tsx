import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useBlocker } from "@tanstack/react-router";
import { Alert, Button, Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import { get, patch } from "../../api/client";
import { asFailure, type Failure } from "../../api/failure";
import { sessionKey } from "../../api/queries";
import { useMay } from "../../api/session";
import type { Company } from "../../api/types";
import { CurrencySelect, ZoneSelect } from "../../design/choices";
import { spreadFailure, useFormLanguage } from "../../design/form";
import { FormFailure, IntoSight } from "../../design/FormFailure";
import { LanguageName } from "../../design/LanguageMenu";
import { languages } from "../../design/language";
import { PageHeader } from "../../design/pieces";
import { Answer, SkeletonRows } from "../../design/states";
import { changed, conflicting, type SettingName, type Settings } from "./conflict";
import { useToast } from "../../design/toast";
import { RetentionInput, isRetention } from "./Retention";
import { useCompanyText } from "./texts";

const path = "/api/v1/company";
const read = () => get<Company>(path);

export function CompanyPage() {
  const { say } = useCompanyText();
  const query = useQuery({ queryKey: [path], queryFn: read });
  return (
    <div className="page narrow-page">
      <PageHeader title={say("title")} note={say("note")} />
      <section className="panel padded">
        <Answer query={query} skeleton={<SkeletonRows count={4} />}>
          {() => <CompanyForm first={query.data!} />}
        </Answer>
      </section>
    </div>
  );
}

// Warns only if something really would be lost.
function Leaving({ isDirty }: { isDirty: boolean }) {
  const { say } = useCompanyText();
  const { status, proceed, reset } = useBlocker({ shouldBlockFn: () => isDirty, enableBeforeUnload: isDirty, withResolver: true });
  return (
    <Modal open={status === "blocked"} title={say("leave.title")} okText={say("leave.stay")} cancelText={say("leave.go")} cancelButtonProps={{ disabled: false }} okButtonProps={{ disabled: false }} closable={false} onOk={reset} onCancel={proceed}>
      {say("leave.text")}
    </Modal>
  );
}

function CompanyForm({ first }: { first: Company }) {
  const { say } = useCompanyText();
  const toast = useToast();
  const client = useQueryClient();
  const mayChange = useMay("admin");
  const [form] = Form.useForm<Settings>();
  useFormLanguage(form);
  const [base, setBase] = useState(first);
  const [theirs, setTheirs] = useState<{ company: Company; fields: SettingName[] } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isDirty, setDirty] = useState(false);

  const settle = (company: Company) => {
    setBase(company);
    setTheirs(null);
    setDirty(false);
    form.setFieldsValue(company);
    client.setQueryData([path], company);
    void client.invalidateQueries({ queryKey: sessionKey });
  };

  // A change beside ours is taken in silently; one to the same field is shown.
  const save = async (from: Company, mine: Settings, isSecond = false): Promise<void> => {
    const changes = changed(from, mine);
    if (Object.keys(changes).length === 0) return settle(from);
    try {
      settle(await patch<Company>(path, changes, from.version));
      toast.done(say("saved"));
    } catch (thrown) {
      if (asFailure(thrown).kind !== "conflict" || isSecond) throw thrown;
      const saved = await read();
      const fields = conflicting(from, mine, saved);
      if (fields.length > 0) setTheirs({ company: saved, fields });
      else await save(saved, { ...saved, ...changes }, true);
    }
  };
  const submit = async (from: Company) => {
    setBusy(true);
    setFailure(null);
    try {
      await save(from, { ...from, ...form.getFieldsValue() });
    } catch (thrown) {
      setFailure(spreadFailure(form, thrown));
    } finally {
      setBusy(false);
    }
  };
  const keepMine = () => {
    const saved = theirs!.company;
    form.setFieldsValue({ ...saved, ...changed(base, { ...base, ...form.getFieldsValue() }) });
    setBase(saved);
    setTheirs(null);
    void submit(saved);
  };

  const shown = (name: SettingName, value: string | number) => (name === "event_retention_days" ? (value === 0 ? say("retention.for_ever") : `${value} ${say("retention.days")}`) : value);

  return (
    <Form<Settings>
      form={form}
      layout="vertical"
      requiredMark={false} noValidate
      validateTrigger="onBlur"
      disabled={!mayChange}
      initialValues={first}
      onValuesChange={() => setDirty(Object.keys(changed(base, { ...base, ...form.getFieldsValue() })).length > 0)}
      onFinish={() => void submit(base)}
    >
      {mayChange ? null : <Alert className="form-failure" type="info" showIcon title={say("read_only")} />}
      <Leaving isDirty={isDirty} />
      <FormFailure failure={failure} />
      {theirs ? (
        <IntoSight of={theirs}>
          <Alert
            type="warning"
            showIcon
            role="alert"
            title={say("conflict.title")}
            description={
              <>
                <p>{say("conflict.text")}</p>
                <dl className="record">
                  {theirs.fields.map((name) => (
                    <div className="record-row" key={name}>
                      <dt>{say(name)}</dt>
                      <dd>
                        {say("conflict.theirs")} <b>{shown(name, theirs.company[name])}</b> · {say("conflict.mine")} <b>{shown(name, form.getFieldValue(name) as string | number)}</b>
                      </dd>
                    </div>
                  ))}
                </dl>
                <div className="acts">
                  <Button type="primary" onClick={keepMine}>
                    {say("conflict.keep_mine")}
                  </Button>
                  <Button onClick={() => settle(theirs.company)}>{say("conflict.take_theirs")}</Button>
                </div>
              </>
            }
          />
        </IntoSight>
      ) : null}
      <Form.Item name="name" label={say("name")} rules={[{ required: true, whitespace: true, message: say("name_missing") }]}>
        <Input maxLength={200} autoComplete="organization" />
      </Form.Item>
      <Form.Item name="zone" label={say("zone")} extra={say("zone_help")}>
        <ZoneSelect />
      </Form.Item>
      <Form.Item name="currency" label={say("currency")} extra={say("currency_help")}>
        <CurrencySelect />
      </Form.Item>
      <Form.Item name="locale" label={say("locale")}>
        <Select options={languages.map((value) => ({ value, label: <LanguageName of={value} /> }))} />
      </Form.Item>
      <Form.Item
        name="event_retention_days"
        label={say("event_retention_days")}
        extra={say("retention.help")}
        rules={[{ validator: (_, days: number | null) => (isRetention(days) ? Promise.resolve() : Promise.reject(new Error(say("retention.range")))) }]}
      >
        <RetentionInput disabled={!mayChange} />
      </Form.Item>
      {mayChange ? (
        <div className="form-end">
          <Button type="primary" htmlType="submit" loading={isBusy} disabled={!isDirty || theirs !== null}>
            {say("save")}
          </Button>
        </div>
      ) : null}
    </Form>
  );
}
