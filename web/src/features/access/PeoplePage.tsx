import { Tabs } from "antd";
import { useWords } from "../../design/address";
import { PageHeader } from "../../design/pieces";
import { Tokens } from "./Tokens";
import { useAccessText } from "./texts";
import { Users } from "./Users";

export function PeoplePage() {
  const { say } = useAccessText();
  const [words, change] = useWords();
  const tab = words.tab === "tokens" ? "tokens" : "users";
  return (
    <div className="page">
      <PageHeader title={say("people")} note={say("people.note")} />
      <section className="panel tabbed">
        <Tabs
          activeKey={tab}
          destroyOnHidden
          onChange={(next) => change({ tab: next === "users" ? null : next, new: null }, "replace")}
          items={[
            { key: "users", label: say("tab.users"), children: <Users /> },
            { key: "tokens", label: say("tab.tokens"), children: <Tokens /> },
          ]}
        />
      </section>
    </div>
  );
}
