import { useNavigate, useSearch } from "@tanstack/react-router";
import { Alert, Button, Form, Input } from "antd";
import { useState } from "react";
import { post } from "../../api/client";
import type { Failure } from "../../api/failure";
import type { Session } from "../../api/types";
import { spreadFailure, useFormLanguage } from "../../design/form";
import { FormFailure } from "../../design/FormFailure";
import { AccessFrame } from "./AccessFrame";
import { useSignedIn } from "./profile";
import { useSetup } from "./SetupPage";
import { useAccessText } from "./texts";

interface Wish {
  email: string;
  password: string;
}

// Only our own pages: never //host, never another scheme.
export const safeTarget = (to: string | undefined): string => (to && /^\/(?![/\\])/.test(to) && !to.startsWith("/sign-in") ? to : "/");

export function SignInPage() {
  const { say } = useAccessText();
  const enter = useSignedIn();
  const navigate = useNavigate();
  const { to } = useSearch({ strict: false }) as { to?: string };
  const setup = useSetup();
  const [form] = Form.useForm<Wish>();
  useFormLanguage(form);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async ({ email, password }: Wish) => {
    setBusy(true);
    setFailure(null);
    try {
      const session = await post<Session>("/api/v1/session", { email: email.trim(), password });
      enter(session);
      await navigate({ href: safeTarget(to), replace: true });
    } catch (thrown) {
      setFailure(spreadFailure(form, thrown));
      setBusy(false);
    }
  };
  return (
    <AccessFrame>
      <h1>{say("sign_in")}</h1>
      {setup.data?.is_needed ? <Alert className="form-failure" type="info" showIcon title={say("setup.needed")} /> : null}
      <FormFailure failure={failure} />
      <Form<Wish> form={form} layout="vertical" requiredMark={false} noValidate validateTrigger="onBlur" onFinish={(wish) => void submit(wish)}>
        <Form.Item name="email" label={say("email")} rules={[{ required: true, type: "email", transform: (value?: string) => value?.trim(), message: say("email_bad") }]}>
          <Input type="email" autoComplete="username" autoFocus />
        </Form.Item>
        <Form.Item name="password" label={say("password")} rules={[{ required: true, message: say("password_missing") }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={isBusy} block>
          {say("sign_in")}
        </Button>
      </Form>
    </AccessFrame>
  );
}
