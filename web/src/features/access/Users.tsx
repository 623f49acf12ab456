import { CheckCircleOutlined, PlusOutlined, StopOutlined } from "../../design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { keyKeeper, post } from "../../api/client";
import type { Failure } from "../../api/failure";
import { usePages } from "../../api/queries";
import { useSession } from "../../api/session";
import type { Role, User } from "../../api/types";
import { useWords } from "../../design/address";
import { DataTable, MoreRows } from "../../design/DataTable";
import { spreadFailure, useFormLanguage } from "../../design/form";
import { FormFailure } from "../../design/FormFailure";
import { Avatar, Badge } from "../../design/pieces";
import { Answer, SkeletonRows } from "../../design/states";
import { NewPassword } from "./PasswordField";
import { RoleSelect } from "./RoleSelect";
import { useToast } from "../../design/toast";
import { useAccessText } from "./texts";

const path = "/api/v1/users";

export function Users() {
  const { say } = useAccessText();
  const pages = usePages<User>(path, {}, { limit: null });
  const me = useSession().user.id;
  const [words, change] = useWords();
  return (
    <>
      <Answer query={pages} skeleton={<SkeletonRows count={3} hasFace />}>
        {() => (
          <>
            <div className="panel-acts">
              <Button type="primary" icon={<PlusOutlined />} onClick={() => change({ new: "1" })}>
                {say("users.create")}
              </Button>
            </div>
            <DataTable
              label={say("tab.users")}
              rows={pages.items}
              rowKey={(user) => user.id}
              columns={[
                {
                  key: "name",
                  title: say("users.name"),
                  isMain: true,
                  cell: (user) => (
                    <span className="person">
                      <Avatar name={user.name || user.email} seed={user.email} size={28} />
                      <b>{user.name || user.email}</b>
                      {user.id === me ? <Badge>{say("users.you")}</Badge> : null}
                    </span>
                  ),
                },
                { key: "email", title: say("email"), cell: (user) => user.email },
                { key: "role", title: say("users.role"), cell: (user) => say(`role.${user.role}`) },
                {
                  key: "state",
                  title: say("users.state"),
                  cell: (user) =>
                    user.is_active ? (
                      <Badge mood="good" icon={<CheckCircleOutlined />}>
                        {say("users.active")}
                      </Badge>
                    ) : (
                      <Badge icon={<StopOutlined />}>{say("users.inactive")}</Badge>
                    ),
                },
              ]}
            />
            <MoreRows hasMore={pages.hasNextPage} isLoading={pages.isFetchingNextPage} onMore={pages.loadMore} />
          </>
        )}
      </Answer>
      {words.new ? <CreateUser onClose={() => change({ new: null }, "replace")} /> : null}
    </>
  );
}

interface Wish {
  email: string;
  name?: string;
  role: Role;
  password: string;
}

function CreateUser({ onClose }: { onClose: () => void }) {
  const { say } = useAccessText();
  const toast = useToast();
  const client = useQueryClient();
  const [form] = Form.useForm<Wish>();
  useFormLanguage(form);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [keyFor] = useState(keyKeeper);
  const submit = async (wish: Wish) => {
    setBusy(true);
    setFailure(null);
    try {
      const name = wish.name?.trim();
      const body = { email: wish.email.trim(), role: wish.role, password: wish.password, ...(name ? { name } : {}) };
      const user = await post<User>(path, body, { once: keyFor(body) });
      void client.invalidateQueries({ queryKey: [path] });
      toast.done(say("users.created", { email: user.email }));
      onClose();
    } catch (thrown) {
      setFailure(spreadFailure(form, thrown));
      setBusy(false);
    }
  };
  return (
    <Modal open title={say("users.create")} onCancel={onClose} okText={say("submit")} cancelText={say("cancel")} confirmLoading={isBusy} onOk={() => form.submit()}>
      <FormFailure failure={failure} />
      <Form<Wish> form={form} layout="vertical" requiredMark={false} noValidate validateTrigger="onBlur" initialValues={{ role: "viewer" }} onFinish={(wish) => void submit(wish)}>
        <Form.Item name="email" label={say("email")} rules={[{ required: true, type: "email", transform: (value?: string) => value?.trim(), message: say("email_bad") }]}>
          <Input type="email" autoComplete="off" autoFocus />
        </Form.Item>
        <Form.Item name="name" label={say("users.name")}>
          <Input autoComplete="off" maxLength={100} placeholder={say("users.name_help")} />
        </Form.Item>
        <Form.Item name="role" label={say("users.role")}>
          <RoleSelect />
        </Form.Item>
        <NewPassword label={say("users.password")} help={say("users.password_help")} />
      </Form>
    </Modal>
  );
}
