// Above the home page of an administrator, where something is to be done.
import { Link } from "@tanstack/react-router";
import { Alert } from "antd";
import { useFormat } from "../../design/format_context";
import { hintOf } from "./hint";
import { useBackupText } from "./texts";
import { useBackups } from "./use_backups";

export function BackupHint() {
  const { say } = useBackupText();
  const format = useFormat();
  const { data, dataUpdatedAt } = useBackups();
  const hint = data ? hintOf(data, dataUpdatedAt) : null;
  if (!hint) return null;
  const title = hint.kind === "failed" ? say("hint.failed", { reason: hint.reason }) : hint.kind === "old" ? say("hint.old", { ago: format.ago(hint.at) }) : say("hint.none");
  return <Alert className="form-failure" type={hint.kind === "failed" ? "error" : "warning"} showIcon role="note" title={title} action={<Link to="/backups">{say("hint.act")}</Link>} />;
}
