// Small parts that every page is made of.
import { CheckOutlined, CopyOutlined, StarFilled, StarOutlined, TeamOutlined, HomeOutlined, UserOutlined } from "./icons";
import { Button, Tooltip } from "antd";
import { useEffect, useRef, useState, type ReactNode } from "react";
import type { CustomerKind } from "../api/types";
import { useFormat } from "./format_context";
import type { InstantStyle } from "./format";
import { useDesignText } from "./texts";
import { faceColour } from "./tokens";

// `beside` stands at the title, `children` are what can be done on the page.
export function PageHeader({ title, note, beside, children }: { title: string; note?: ReactNode; beside?: ReactNode; children?: ReactNode }) {
  return (
    <header className="page-header">
      <title>{`${title} · Onefold`}</title>
      <div className="page-header-words">
        <h1>{title}</h1>
        {beside}
        {note ? <span className="soft">{note}</span> : null}
      </div>
      {children ? <div className="page-header-acts">{children}</div> : null}
    </header>
  );
}

export function Panel({ title, extra, children, className = "" }: { title?: ReactNode; extra?: ReactNode; children: ReactNode; className?: string }) {
  return (
    <section className={`panel ${className}`} aria-label={typeof title === "string" ? title : undefined}>
      {title ? (
        <div className="panel-head">
          <h2>{title}</h2>
          {extra ? <div className="panel-extra">{extra}</div> : null}
        </div>
      ) : null}
      <div className="panel-body">{children}</div>
    </section>
  );
}

export const KeyFigure = ({ label, children, note }: { label: string; children: ReactNode; note?: ReactNode }) => (
  <div className="figure">
    <dt>{label}</dt>
    <dd>{children}</dd>
    {note ? <dd className="figure-note">{note}</dd> : null}
  </div>
);

export type Mood = "plain" | "accent" | "good" | "warn" | "bad";
export const Badge = ({ mood = "plain", icon, children }: { mood?: Mood; icon?: ReactNode; children: ReactNode }) => (
  <span className={`badge badge-${mood}`}>
    {icon}
    {children}
  </span>
);

const initials = (name: string): string => {
  const trimmed = name.trim();
  if (/^\p{Script=Han}/u.test(trimmed)) return trimmed.slice(0, 1);
  const words = trimmed.split(/[\s.@_-]+/).filter(Boolean);
  return ((words[0]?.[0] ?? "?") + (words.length > 1 ? words[words.length - 1]![0]! : "")).toUpperCase();
};

export function Avatar({ name, seed, kind = "person", size = 32 }: { name: string | null; seed: string; kind?: CustomerKind; size?: number }) {
  return (
    <span className={name ? "avatar" : "avatar avatar-nameless"} aria-hidden="true" style={{ width: size, height: size, fontSize: size * 0.42, background: name ? faceColour(seed) : undefined }}>
      {name ? initials(name) : kind === "organisation" ? <HomeOutlined /> : kind === "household" ? <TeamOutlined /> : <UserOutlined />}
    </span>
  );
}

// "3 minutes ago", with the exact time on hover, for screen readers and on tap.
export function RelativeTime({ at, absent }: { at: string | null | undefined; absent?: ReactNode }) {
  const format = useFormat();
  const { say } = useDesignText();
  const [, tick] = useState(0);
  useEffect(() => {
    if (!at || Date.now() - new Date(at).getTime() > 3_600_000) return;
    const timer = setInterval(() => tick((count) => count + 1), 30_000);
    return () => clearInterval(timer);
  }, [at]);
  if (!at) return <span className="faint">{absent ?? say("none")}</span>;
  return (
    <Tooltip title={format.instant(at, "full")} mouseEnterDelay={0.3}>
      <time dateTime={at}>{format.ago(at)}</time>
    </Tooltip>
  );
}

export function ExactTime({ at, as = "minute" }: { at: string; as?: InstantStyle }) {
  const format = useFormat();
  return (
    <Tooltip title={format.instant(at, "full")} mouseEnterDelay={0.3}>
      <time dateTime={at} className="tabular">
        {format.instant(at, as)}
      </time>
    </Tooltip>
  );
}

export function Money({ amount, currency, isShort = false }: { amount: string; currency?: string; isShort?: boolean }) {
  const format = useFormat();
  const exact = format.money(amount, currency);
  const shown = isShort ? format.shortMoney(amount, currency) : exact;
  const className = `tabular money${amount.startsWith("-") ? " negative" : ""}`;
  if (shown === exact) return <span className={className}>{exact}</span>;
  return (
    <Tooltip title={exact}>
      <span className={className}>{shown}</span>
    </Tooltip>
  );
}

export async function writeClipboard(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

export function CopyButton({ text, what, isWordy = false }: { text: string; what?: string; isWordy?: boolean }) {
  const { say } = useDesignText();
  const [isDone, setDone] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async () => {
    await writeClipboard(text);
    setDone(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setDone(false), 1800);
  };
  const label = isDone ? say("copied") : what ? say("copy_what", { what }) : say("copy");
  return (
    <Tooltip title={isWordy ? undefined : label}>
      <Button
        type={isWordy ? "default" : "text"}
        size="small"
        className={isWordy ? "copy-wordy" : "copy"}
        aria-label={label}
        icon={isDone ? <CheckOutlined style={{ color: "var(--good)" }} /> : <CopyOutlined />}
        onClick={(event) => {
          event.stopPropagation();
          void copy();
        }}
      >
        {isWordy ? (isDone ? say("copied") : say("copy")) : null}
      </Button>
    </Tooltip>
  );
}

// Something to paste elsewhere: a command, a snippet, a key.
export function CodeBlock({ text, label }: { text: string; label: string }) {
  return (
    <div className="code-block">
      <pre tabIndex={0} aria-label={label}>
        <code>{text}</code>
      </pre>
      <CopyButton text={text} what={label} isWordy />
    </div>
  );
}

export function Stars({ count }: { count: number }) {
  const { say } = useDesignText();
  return (
    <span className="stars" role="img" aria-label={say("stars", { count })}>
      {[1, 2, 3, 4, 5].map((place) => (place <= count ? <StarFilled key={place} /> : <StarOutlined key={place} />))}
    </span>
  );
}

// A row of choices of which one or none is on.
export function Chips<Value extends string>(props: { label: string; value: Value | null; options: { value: Value | null; label: ReactNode }[]; onChange: (value: Value | null) => void }) {
  return (
    <div className="chips" role="group" aria-label={props.label}>
      {props.options.map((option) => (
        <button key={option.value ?? ""} type="button" className="chip" aria-pressed={props.value === option.value} onClick={() => props.onChange(option.value)}>
          {option.label}
        </button>
      ))}
    </div>
  );
}
