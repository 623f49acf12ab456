import { Alert } from "antd";
import type { Failure } from "../api/failure";
import { useDesignText } from "./texts";

// What went wrong with a whole form: stands above it, and says that nothing was lost.
export function FormFailure({ failure }: { failure: Failure | null }) {
  const { say } = useDesignText();
  if (!failure) return null;
  const own = ["server", "offline", "page"].includes(failure.kind) ? "" : failure.message;
  const fields = failure.fields.map((field) => field.message).join(" ");
  return <Alert className="form-failure" type="error" showIcon role="alert" title={own || say(`failure.${failure.kind}.title`)} description={fields || (own ? null : say(`failure.${failure.kind}.text`))} />;
}
