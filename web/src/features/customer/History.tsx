// What people and sources said of one field before, the newest first.
import { useState } from "react";
import { RelativeTime } from "../../design/pieces";
import { SourceLink } from "../../design/SourceLink";
import { useCustomerText } from "./texts";
import { useHistory } from "./use_edit";

export function History({ id, code }: { id: string; code: string }) {
  const { say } = useCustomerText();
  const [isOpen, setOpen] = useState(false);
  const history = useHistory(id, code, isOpen);
  return (
    <details className="field-history" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{say("edit.history")}</summary>
      <ul className="others">
        {(history.data?.items ?? []).map((event, index) => (
          <li key={index}>
            <span>{event.value ?? "–"}</span>
            <span className="faint">
              {event.kind === "said" ? <SourceLink name={event.source ?? ""} /> : say(`history.${event.kind}`)}
              {event.by_name ? ` · ${event.by_name}` : ""} · <RelativeTime at={event.at} />
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
