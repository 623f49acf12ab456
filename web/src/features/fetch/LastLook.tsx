// How the last look at the place went.
import { Alert } from "antd";
import type { Fetch } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { ExactTime, KeyFigure, RelativeTime } from "../../design/pieces";
import { useFetchText } from "./texts";

export function LastLook({ fetch }: { fetch: Fetch }) {
  const { say } = useFetchText();
  const format = useFormat();
  const look = fetch.last_look;
  return (
    <>
      {look?.error && look.error_code !== "fetch.other_key" ? (
        <Alert
          className="fetch-alert"
          type="error"
          showIcon
          title={say("failed")}
          description={
            <>
              {look.error}{" "}
              {look.failing_since && look.failing_since !== look.started_at ? (
                <span>
                  {say("failing_since")} <ExactTime at={look.failing_since} />
                </span>
              ) : null}
            </>
          }
        />
      ) : null}
      <dl className="fetch-figures">
        <KeyFigure label={say("last_look")}>{fetch.is_looking ? say("looking") : <RelativeTime at={look?.started_at} absent={say("never")} />}</KeyFigure>
        <KeyFigure label={say("found")} note={look && look.unsteady > 0 ? say("unsteady", { count: look.unsteady }) : undefined}>
          {look ? format.number(look.found) : "–"}
        </KeyFigure>
        <KeyFigure label={say("taken")}>{look ? format.number(look.taken) : "–"}</KeyFigure>
        <KeyFigure label={say("next_look")}>{fetch.next_look_at ? <ExactTime at={fetch.next_look_at} as="short" /> : say("by_hand")}</KeyFigure>
      </dl>
    </>
  );
}
