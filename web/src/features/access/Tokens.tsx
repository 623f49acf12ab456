import { CheckCircleOutlined, KeyOutlined, PlusOutlined, StopOutlined } from "../../design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { keyKeeper, post } from "../../api/client";
import type { Failure } from "../../api/failure";
import { usePages } from "../../api/queries";
import type { CreatedToken, Role, Token } from "../../api/types";
import { useWords } from "../../design/address";
import { DataTable, MoreRows } from "../../design/DataTable";
import { spreadFailure, useFormLanguage } from "../../design/form";
import { useAct } from "../../design/act";
import { FormFailure } from "../../design/FormFailure";
import { isComposing } from "../../design/keyboard";
import { Badge, CodeBlock, RelativeTime } from "../../design/pieces";
import { Answer, EmptyState, SkeletonRows } from "../../design/states";
import { RoleSelect } from "./RoleSelect";
import { useToast } from "../../design/toast";
import { useAccessText } from "./texts";

const path = "/api/v1/tokens";

export function Tokens() {
  const { say } = useAccessText();
  const client = useQueryClient();
  const pages = usePages<Token>(path, {}, { limit: null });
  const [words, change] = useWords();
  const [leaving, setLeaving] = useState<Token | null>(null);
  const create = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => change({ new: "1" })}>
      {say("tokens.create")}
    </Button>
  );
  return (
    <>
      <Answer query={pages} skeleton={<SkeletonRows count={3} />}>
        {() =>
          pages.items.length === 0 ? (
            <EmptyState icon={<KeyOutlined />} title={say("tokens.empty")} text={say("tokens.empty_text")}>
              {create}
            </EmptyState>
          ) : (
            <>
              <div className="panel-acts">{create}</div>
              <TokenTable tokens={pages.items} onRevoke={setLeaving} />
              <MoreRows hasMore={pages.hasNextPage} isLoading={pages.isFetchingNextPage} onMore={pages.loadMore} />
            </>
          )
        }
      </Answer>
      {words.new ? (
        <CreateToken
          onClose={() => {
            change({ new: null }, "replace");
            void client.invalidateQueries({ queryKey: [path] });
          }}
        />
      ) : null}
      {leaving ? <Revoke token={leaving} onClose={() => setLeaving(null)} /> : null}
    </>
  );
}

function TokenTable({ tokens, onRevoke }: { tokens: Token[]; onRevoke: (token: Token) => void }) {
  const { say } = useAccessText();
  return (
    <DataTable
      label={say("tab.tokens")}
      rows={tokens}
      rowKey={(token) => token.id}
      columns={[
        { key: "name", title: say("tokens.name"), isMain: true, cell: (token) => <b className={token.is_revoked ? "gone" : undefined}>{token.name}</b> },
        { key: "role", title: say("users.role"), cell: (token) => say(`role.${token.role}`) },
        {
          key: "state",
          title: say("users.state"),
          cell: (token) =>
            token.is_revoked ? (
              <Badge icon={<StopOutlined />}>{say("tokens.revoked")}</Badge>
            ) : (
              <Badge mood="good" icon={<CheckCircleOutlined />}>
                {say("tokens.valid")}
              </Badge>
            ),
        },
        { key: "created", title: say("tokens.created_at"), cell: (token) => <RelativeTime at={token.created_at} /> },
        { key: "used", title: say("tokens.used"), cell: (token) => <RelativeTime at={token.last_used_at} absent={say("tokens.never")} /> },
        {
          key: "acts",
          title: say("tokens.acts"),
          align: "right",
          cell: (token) =>
            token.is_revoked ? null : (
              <Button type="text" danger size="small" aria-label={`${say("tokens.revoke")} ${token.name}`} onClick={() => onRevoke(token)}>
                {say("tokens.revoke")}
              </Button>
            ),
        },
      ]}
    />
  );
}

// It cannot be undone, so it asks, by the name.
function Revoke({ token, onClose }: { token: Token; onClose: () => void }) {
  const { say } = useAccessText();
  const toast = useToast();
  const client = useQueryClient();
  const [typed, setTyped] = useState("");
  const isSure = typed.trim() === token.name;
  const revoking = useAct(async () => {
    await post<Token>(`${path}/${token.id}/revoke`);
    void client.invalidateQueries({ queryKey: [path] });
    toast.done(say("tokens.revoke_done", { name: token.name }));
    onClose();
  });
  return (
    <Modal
      open
      title={say("tokens.revoke_title", { name: token.name })}
      onCancel={onClose}
      okText={say("tokens.revoke")}
      cancelText={say("cancel")}
      okButtonProps={{ danger: true, disabled: !isSure }}
      confirmLoading={revoking.isBusy}
      onOk={revoking.run}
    >
      <FormFailure failure={revoking.failure} />
      <p>{say("tokens.revoke_text")}</p>
      <Input aria-label={say("tokens.name")} autoFocus autoComplete="off" value={typed} placeholder={token.name} onChange={(event) => setTyped(event.target.value)} onPressEnter={(event) => isSure && !isComposing(event) && revoking.run()} />
    </Modal>
  );
}

interface Wish {
  name: string;
  role: Role;
}

function CreateToken({ onClose }: { onClose: () => void }) {
  const { say } = useAccessText();
  const [form] = Form.useForm<Wish>();
  useFormLanguage(form);
  const [created, setCreated] = useState<CreatedToken | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [keyFor] = useState(keyKeeper);
  const submit = async ({ name, role }: Wish) => {
    setBusy(true);
    setFailure(null);
    try {
      const body = { name: name.trim(), role };
      setCreated(await post<CreatedToken>(path, body, { once: keyFor(body) }));
    } catch (thrown) {
      setFailure(spreadFailure(form, thrown));
    } finally {
      setBusy(false);
    }
  };
  if (created) {
    return (
      <Modal open title={say("tokens.once", { name: created.name })} mask={{ closable: false }} onCancel={onClose} footer={<Button type="primary" onClick={onClose}>{say("tokens.once_done")}</Button>} width={640}>
        <p>{say("tokens.once_text")}</p>
        <CodeBlock text={created.token} label={say("tokens.token")} />
        <h4>{say("tokens.try")}</h4>
        <CodeBlock text={`curl ${window.location.origin}/api/v1/customers?limit=1 \\\n  -H 'Authorization: Bearer ${created.token}'`} label={say("tokens.try")} />
      </Modal>
    );
  }
  return (
    <Modal open title={say("tokens.create")} onCancel={onClose} okText={say("submit")} cancelText={say("cancel")} confirmLoading={isBusy} onOk={() => form.submit()}>
      <FormFailure failure={failure} />
      <Form<Wish> form={form} layout="vertical" requiredMark={false} noValidate validateTrigger="onBlur" initialValues={{ role: "viewer" }} onFinish={(wish) => void submit(wish)}>
        <Form.Item name="name" label={say("tokens.name")} rules={[{ required: true, whitespace: true, message: say("tokens.name_missing") }]}>
          <Input placeholder={say("tokens.name_example")} maxLength={100} autoComplete="off" autoFocus />
        </Form.Item>
        <Form.Item name="role" label={say("users.role")}>
          <RoleSelect />
        </Form.Item>
      </Form>
    </Modal>
  );
}
