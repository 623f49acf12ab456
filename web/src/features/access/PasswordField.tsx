import { Form, Input } from "antd";
import { lengthLeast, missingLength, strengthOf } from "./strength";
import { useAccessText } from "./texts";
import "./access.css";

// A new password: its rule, how far one is, and how strong it is.
export function NewPassword({ label, help }: { label: string; help: string }) {
  const { say } = useAccessText();
  const password = Form.useWatch<string | undefined>("password") ?? "";
  const strength = strengthOf(password);
  const left = missingLength(password);
  const form = Form.useFormInstance();
  // What was refused is looked at again while it is mended, not only afterwards.
  const look = () => {
    if (form.getFieldError("password").length > 0) void form.validateFields(["password"]).catch(() => undefined);
  };
  return (
    <Form.Item
      name="password"
      label={label}
      rules={[
        { validator: (_, value: string | undefined) => ([...(value ?? "")].length >= lengthLeast ? Promise.resolve() : Promise.reject(new Error(help))) },
      ]}
      extra={
        password === "" ? (
          help
        ) : (
          <span className="strength" role="meter" aria-label={say("strength")} aria-valuemin={0} aria-valuemax={3} aria-valuenow={strength}>
            <span className={`strength-bar strength-${strength}`} aria-hidden="true" />
            {left > 0 ? say("strength.left", { count: left }) : say(`strength.${strength}`)}
          </span>
        )
      }
    >
      <Input.Password autoComplete="new-password" maxLength={1000} onChange={look} />
    </Form.Item>
  );
}
