import { ClockCircleOutlined, CheckCircleOutlined, CloseCircleOutlined, LoadingOutlined, PauseCircleOutlined, StopOutlined } from "../../design/icons";
import type { ImportState as State } from "../../api/types";
import { Badge, type Mood } from "../../design/pieces";
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
