// Over the list of what an organisation bought or asked itself: that its members did so too, and the way there.
import { Button } from "antd";
import { useWords } from "../../design/address";
import { useCustomerText } from "./texts";
import { clearTimeline } from "./timeline_state";

export function OwnOnly({ event }: { event: "order" | "ticket" }) {
  const { say } = useCustomerText();
  const [, change] = useWords();
  return (
    <p className="own-only soft">
      {say(`own_only.${event}`)}
      <Button type="link" size="small" onClick={() => change({ ...clearTimeline, tab: null, of: null, event })}>
        {say("own_only.act")}
      </Button>
    </p>
  );
}
