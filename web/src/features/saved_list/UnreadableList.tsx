// A saved list that names what is not there, or that is not there itself: nothing is shown as if it were the list.
import { Button } from "antd";
import { SearchOutlined } from "../../design/icons";
import { EmptyState } from "../../design/states";
import { useSavedListText } from "./texts";

export function UnreadableList({ why, onAll }: { why: string; onAll: () => void }) {
  const { say } = useSavedListText();
  return (
    <div className="panel">
      <EmptyState icon={<SearchOutlined />} title={say("broken.title")} text={why}>
        <Button onClick={onAll}>{say("broken.act")}</Button>
      </EmptyState>
    </div>
  );
}
