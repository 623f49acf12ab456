import { Button, Form, Input, Select } from "antd";
import { useState } from "react";
import type { Failure } from "../../api/failure";
import { useSession } from "../../api/session";
import type { Language } from "../../api/types";
import { spreadFailure, useFormLanguage } from "../../design/form";
import { FormFailure } from "../../design/FormFailure";
import { LanguageName } from "../../design/LanguageMenu";
import { languages, setLanguage } from "../../design/language";
import { Avatar, PageHeader } from "../../design/pieces";
import { useSaveProfile } from "./profile";
import { useToast } from "../../design/toast";
import { useAccessText } from "./texts";

interface Wish {
  name: string;
  locale: Language;
}

export function ProfilePage() {
  const { say, language } = useAccessText();
  const toast = useToast();
  const { user } = useSession();
  const save = useSaveProfile();
  const [form] = Form.useForm<Wish>();
  useFormLanguage(form);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async ({ name, locale }: Wish) => {
    setBusy(true);
    setFailure(null);
    try {
      await save({ name: name.trim(), locale });
      setLanguage(locale);
      toast.done(say("profile.saved"));
    } catch (thrown) {
      setFailure(spreadFailure(form, thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="page narrow-page">
      <PageHeader title={say("profile")} />
      <section className="panel padded">
        <div className="me-card">
          <Avatar name={user.name || user.email} seed={user.email} size={44} />
          <div>
            <b>{user.email}</b>
            <div className="soft">
              {say("profile.role")} · {say(`role.${user.role}`)}
            </div>
          </div>
        </div>
        <FormFailure failure={failure} />
        <Form<Wish> key={language} form={form} layout="vertical" requiredMark={false} noValidate initialValues={{ name: user.name, locale: language }} onFinish={(wish) => void submit(wish)}>
          <Form.Item name="name" label={say("profile.name")}>
            <Input autoComplete="name" maxLength={100} />
          </Form.Item>
          <Form.Item name="locale" label={say("profile.language")}>
            <Select options={languages.map((value) => ({ value, label: <LanguageName of={value} /> }))} />
          </Form.Item>
          <div className="form-end">
            <Button type="primary" htmlType="submit" loading={isBusy}>
              {say("profile.save")}
            </Button>
          </div>
        </Form>
      </section>
    </div>
  );
}
