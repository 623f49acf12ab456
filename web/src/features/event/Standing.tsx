import { LoadingOutlined, WarningOutlined } from "../../design/icons";
import type { Columns } from "../../api/types";
import { useEventText } from "./texts";

// Says when the figures are not whole, and why; nothing where they are.
export function Standing({ columns }: { columns: Columns | undefined }) {
  const { say } = useEventText();
  if (!columns || columns.state === "following") return null;
  if (columns.state === "standing")
    return (
      <div className="stale" role="status">
        <WarningOutlined /> {say("state.standing")} {columns.trouble}
      </div>
    );
  return (
    <div className="event-standing" role="status">
      <LoadingOutlined /> {columns.state === "rebuilding" ? say("state.rebuilding", { percent: columns.percent }) : say("state.opening")}
    </div>
  );
}
