import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useRouterState } from "@tanstack/react-router";
import { Button, Form, Input } from "antd";
import { useState } from "react";
import { get, post } from "../../api/client";
import type { Failure } from "../../api/failure";
import type { Session } from "../../api/types";
import { spreadFailure, useFormLanguage } from "../../design/form";
import { FormFailure } from "../../design/FormFailure";
import { Answer, EmptyState, SkeletonRows } from "../../design/states";
import { AccessFrame } from "./AccessFrame";
import { NewPassword } from "./PasswordField";
import { useSignedIn } from "./profile";
import { useAccessText } from "./texts";

export const useSetup = () => useQuery({ queryKey: ["setup"], queryFn: ({ signal }) => get<{ is_needed: boolean }>("/api/v1/setup", {}, signal), staleTime: 0 });

export function SetupPage() {
  const { say } = useAccessText();
  const setup = useSetup();
  const hash = useRouterState({ select: (state) => state.location.hash });
  const token = new URLSearchParams(hash.replace(/^#/, "")).get("token");
  return (
    <AccessFrame>
      <Answer query={setup} skeleton={<SkeletonRows count={3} />}>
        {() =>
          !setup.data!.is_needed ? (
            <EmptyState title={say("setup.done")} text={say("setup.done_text")}>
              <Link to="/sign-in" className="button-link button-primary">
                {say("sign_in")}
              </Link>
            </EmptyState>
          ) : token ? (
            <SetupForm token={token} />
          ) : (
            <EmptyState title={say("setup.no_token")} text={say("setup.no_token_text")} />
          )
        }
      </Answer>
    </AccessFrame>
  );
}

interface Wish {
  name: string;
  email: string;
  password: string;
}

function SetupForm({ token }: { token: string }) {
  const { say, language } = useAccessText();
  const enter = useSignedIn();
  const navigate = useNavigate();
  const [form] = Form.useForm<Wish>();
  useFormLanguage(form);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (wish: Wish) => {
    setBusy(true);
    setFailure(null);
    try {
      const session = await post<Session>("/api/v1/setup", { ...wish, name: wish.name.trim(), email: wish.email.trim(), token, locale: language });
      enter(session);
      await navigate({ to: "/", replace: true });
    } catch (thrown) {
      setFailure(spreadFailure(form, thrown));
      setBusy(false);
    }
  };
  return (
    <>
      <h1>{say("setup")}</h1>
      <p className="soft">{say("setup.text")}</p>
      <FormFailure failure={failure} />
      <Form<Wish> form={form} layout="vertical" requiredMark={false} noValidate validateTrigger="onBlur" onFinish={(wish) => void submit(wish)}>
        <Form.Item name="name" label={say("setup.name")} rules={[{ required: true, whitespace: true, message: say("setup.name_missing") }]}>
          <Input autoComplete="name" maxLength={100} autoFocus />
        </Form.Item>
        <Form.Item name="email" label={say("email")} rules={[{ required: true, type: "email", transform: (value?: string) => value?.trim(), message: say("email_bad") }]}>
          <Input type="email" autoComplete="username" maxLength={254} />
        </Form.Item>
        <NewPassword label={say("password")} help={say("setup.password_help")} />
        <Button type="primary" htmlType="submit" loading={isBusy} block>
          {say("setup.submit")}
        </Button>
      </Form>
    </>
  );
}
