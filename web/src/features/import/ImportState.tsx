import { ClockCircleOutlined, CheckCircleOutlined, CloseCircleOutlined, LoadingOutlined, HistoryOutlined, PauseCircleOutlined, StopOutlined } from "../../design/icons";
import type { Import, ImportState as State } from "../../api/types";
import { Badge, type Mood } from "../../design/pieces";
import { standingOf } from "../rollback/rollback";
import { useImportText } from "./texts";

const moods: Record<State, Mood> = { waiting: "plain", running: "accent", finished: "good", failed: "bad", interrupted: "warn", cancelled: "plain" };
const icons = { waiting: <ClockCircleOutlined />, running: <LoadingOutlined />, finished: <CheckCircleOutlined />, failed: <CloseCircleOutlined />, interrupted: <PauseCircleOutlined />, cancelled: <StopOutlined /> };

export function ImportState({ state }: { state: State }) {
  const { say } = useImportText();
  return (
    <Badge mood={moods[state] ?? "plain"} icon={icons[state]}>
      {say(`state.${state}`)}
    </Badge>
  );
}

export function RollbackBadge({ one }: { one: Import }) {
  const { say } = useImportText();
  const standing = standingOf(one);
  if (standing === "none") return null;
  return (
    <Badge mood={standing === "partly" ? "warn" : standing === "going" ? "accent" : "plain"} icon={standing === "going" ? <LoadingOutlined /> : <HistoryOutlined />}>
      {say(`standing.${standing}`)}
    </Badge>
  );
}
