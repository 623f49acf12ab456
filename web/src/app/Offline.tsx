// Says that the server is out of reach, as of when what is shown was read, and which customers can be read now.
import { useQueryClient } from "@tanstack/react-query";
import { Link, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useConnection } from "../api/connection";
import { readRecents } from "../api/kept";
import { useFormat } from "../design/format_context";
import { DisconnectOutlined } from "../design/icons";
import { useAppText } from "./texts";

const askedEvery_ms = 5000;
const shownMax = 6;

export function Offline() {
  const { say } = useAppText();
  const format = useFormat();
  const client = useQueryClient();
  const { isLost } = useConnection();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const wasLost = useRef(false);
  useEffect(() => {
    if (!isLost) {
      if (wasLost.current) void client.invalidateQueries();
      wasLost.current = false;
      return;
    }
    wasLost.current = true;
    const ask = () => void client.refetchQueries({ queryKey: ["/api/v1/state"] });
    const timer = setInterval(ask, askedEvery_ms);
    addEventListener("online", ask);
    return () => {
      clearInterval(timer);
      removeEventListener("online", ask);
    };
  }, [isLost, client]);
  if (!isLost) return null;
  const recents = readRecents();
  const shown = recents.find(({ id }) => path.startsWith(`/customers/${id}`));
  const isMissing = !shown && /^\/customers\/\d+/.test(path);
  const others = recents.filter((one) => one !== shown).slice(0, shownMax);
  return (
    <div className="offline" role="status">
      <DisconnectOutlined />
      <div>
        <b>{say("offline.title")}</b> {shown ? say("offline.as_of", { when: format.instant(shown.at) }) : null} {isMissing ? say("offline.not_kept") : null} {say("offline.text")}
        {others.length > 0 ? (
          <p>
            {say("offline.recent")}{" "}
            {others.map(({ id, name }) => (
              <Link key={id} to="/customers/$id" params={{ id }}>
                {name ?? say("offline.nameless")}
              </Link>
            ))}
          </p>
        ) : null}
      </div>
    </div>
  );
}
