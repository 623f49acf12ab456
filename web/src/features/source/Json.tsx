// A message as it came, laid out where it is JSON.
import { CopyButton } from "../../design/pieces";
import { useSourceText } from "./texts";

export function laidOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

export function Json({ text }: { text: string }) {
  const { say } = useSourceText();
  if (!text) return <p className="soft">{say("not_kept")}</p>;
  return (
    <div className="code-block json">
      <pre tabIndex={0} aria-label={say("message")}>
        <code>{laidOut(text)}</code>
      </pre>
      <CopyButton text={laidOut(text)} what={say("message")} isWordy />
    </div>
  );
}
