import { Select } from "antd";
import type { Role } from "../../api/types";
import { useAccessText } from "./texts";

export function RoleSelect(props: { id?: string; value?: Role; onChange?: (role: Role) => void }) {
  const { say } = useAccessText();
  return (
    <Select
      {...props}
      options={(["viewer", "editor", "admin"] as const).map((role) => ({ value: role, label: say(`role.${role}`), text: say(`role_text.${role}`) }))}
      optionRender={(option) => (
        <div className="role-option">
          {option.label}
          <small className="faint">{(option.data as { text: string }).text}</small>
        </div>
      )}
    />
  );
}
