import type { Import } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { useImportText } from "./texts";

// How far it is: by bytes of the file, since nobody knows how many rows it has.
export function Progress({ one, label }: { one: Import; label: string }) {
  const { say } = useImportText();
  const format = useFormat();
  const total = one.pace?.bytes_total ?? 0;
  const words = [
    say("progress.rows", { rows: format.number(one.counts.read) }),
    one.pace && one.pace.rows_per_second > 0 ? say("progress.rate", { rows: format.number(one.pace.rows_per_second) }) : null,
    one.pace?.seconds_left !== null && one.pace?.seconds_left !== undefined ? say("progress.left", { time: format.duration(one.pace.seconds_left * 1000) }) : null,
  ];
  return (
    <div className="sending">
      <b>{one.state === "waiting" ? say("progress.waiting") : label}</b>
      <progress aria-label={label} {...(total > 0 ? { value: one.pace!.bytes_read, max: total } : {})} />
      <span className="soft tabular">{words.filter(Boolean).join(" · ")}</span>
    </div>
  );
}
