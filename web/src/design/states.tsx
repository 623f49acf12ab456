// What a page shows while it waits, when there is nothing, and when something failed.
import { DisconnectOutlined, LockOutlined, ReloadOutlined, SearchOutlined, WarningOutlined } from "./icons";
import { Button } from "antd";
import { useEffect, useState, type ReactNode } from "react";
import { asFailure, type Failure } from "../api/failure";
import { writeClipboard } from "./pieces";
import { useDesignText } from "./texts";

export function useDelayed(milliseconds = 200): boolean {
  const [isDue, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), milliseconds);
    return () => clearTimeout(timer);
  }, [milliseconds]);
  return isDue;
}

// Appears only after 200 ms, so that a fast answer does not flicker.
export function Waiting({ children }: { children: ReactNode }) {
  const { say } = useDesignText();
  const isDue = useDelayed();
  return (
    <div role="status" aria-label={say("loading")} className={isDue ? "waiting" : "waiting waiting-early"}>
      {children}
    </div>
  );
}

export const Bone = ({ width = "100%", height = 14, radius = 4 }: { width?: number | string; height?: number; radius?: number | string }) => (
  <span className="bone" style={{ width, height, borderRadius: radius }} />
);

export const SkeletonRows = ({ count = 8, hasFace = false }: { count?: number; hasFace?: boolean }) => (
  <Waiting>
    {Array.from({ length: count }, (_, row) => (
      <div className="bone-row" key={row}>
        {hasFace ? <Bone width={32} height={32} radius="50%" /> : null}
        <Bone width={`${22 + ((row * 7) % 12)}%`} />
        <Bone width={`${14 + ((row * 5) % 8)}%`} />
        <Bone width="12%" />
      </div>
    ))}
  </Waiting>
);

export function EmptyState({ icon, title, text, children }: { icon?: ReactNode; title: string; text?: ReactNode; children?: ReactNode }) {
  return (
    <div className="empty">
      {icon ? <div className="empty-icon">{icon}</div> : null}
      <h3>{title}</h3>
      {text ? <p>{text}</p> : null}
      {children ? <div className="empty-acts">{children}</div> : null}
    </div>
  );
}

const icons: Partial<Record<Failure["kind"], ReactNode>> = {
  offline: <DisconnectOutlined />,
  refused: <LockOutlined />,
  missing: <SearchOutlined />,
};

export function ErrorState({ error, onRetry, children }: { error: unknown; onRetry?: () => void; children?: ReactNode }) {
  const { say } = useDesignText();
  const failure = asFailure(error);
  const details = [
    [say("failure.code"), failure.code],
    [say("failure.request"), failure.requestId],
  ].filter(([, value]) => value);
  const shownMessage = ["server", "offline", "page"].includes(failure.kind) ? "" : failure.message;
  return (
    <div className="empty" role="alert">
      <div className="empty-icon">{icons[failure.kind] ?? <WarningOutlined />}</div>
      <h3>{say(`failure.${failure.kind}.title`)}</h3>
      <p>{shownMessage || say(`failure.${failure.kind}.text`)}</p>
      <div className="empty-acts">
        {onRetry && failure.kind !== "refused" ? (
          <Button type="primary" icon={<ReloadOutlined />} onClick={onRetry}>
            {say("retry")}
          </Button>
        ) : null}
        {children}
      </div>
      {failure.kind === "refused" || failure.kind === "missing" ? null : (
        <details className="failure-details">
          <summary>{say("details")}</summary>
          <dl>
            {details.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <code>{value}</code>
                </dd>
              </div>
            ))}
            {failure.message && !shownMessage ? <dd>{failure.message}</dd> : null}
          </dl>
          <Button size="small" onClick={() => void writeClipboard(JSON.stringify({ code: failure.code, status: failure.status, request: failure.requestId, message: failure.message }))}>
            {say("copy_details")}
          </Button>
        </details>
      )}
    </div>
  );
}

const slow_ms = 8000;

function Slow() {
  const { say } = useDesignText();
  return useDelayed(slow_ms) ? (
    <p className="soft slow" role="status">
      {say("slow")}
    </p>
  ) : null;
}

interface Asked {
  isPending: boolean;
  isError: boolean;
  error: unknown;
  data: unknown;
  isFetching: boolean;
  refetch: () => unknown;
}

// First answer pending, failed, or there; a failed refresh keeps what is shown and says so.
export function Answer({ query, skeleton, children }: { query: Asked; skeleton?: ReactNode; children: () => ReactNode }) {
  const { say } = useDesignText();
  if (query.data === undefined && query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined)
    return (
      <>
        {skeleton ?? <SkeletonRows />}
        <Slow />
      </>
    );
  return (
    <>
      {query.isError ? (
        <div className="stale" role="status">
          <WarningOutlined /> {say("out_of_date")}
          <Button type="link" size="small" onClick={() => void query.refetch()}>
            {say("retry")}
          </Button>
        </div>
      ) : null}
      {children()}
    </>
  );
}

export const ThinBar = ({ isOn }: { isOn: boolean }) => <div className={isOn ? "thin-bar thin-bar-on" : "thin-bar"} aria-hidden="true" />;
