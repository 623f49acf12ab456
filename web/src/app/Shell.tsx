import { MenuFoldOutlined, MenuUnfoldOutlined, UserOutlined } from "../design/icons";
import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { Tooltip } from "antd";
import { useEffect, useEffectEvent, useState } from "react";
import { useSessionQuery } from "../api/session";
import { PlaceProvider } from "../design/format_context";
import { asLanguage, setLanguage } from "../design/language";
import { useIsPhone } from "../design/screen";
import { ErrorState, SkeletonRows } from "../design/states";
import { useNoteRecent } from "./home/use_note_recent";
import { useMenu, type Entry } from "./menu";
import { Offline } from "./Offline";
import { Problems } from "./Problems";
import { useAppText } from "./texts";
import { TopBar } from "./TopBar";

const stored = "onefold.rail";

const usePath = () => useRouterState({ select: (state) => state.location.pathname });
const isOn = (entry: Entry["to"], path: string) => (entry === "/" ? path === "/" : path === entry || path.startsWith(`${entry}/`));

export function Shell() {
  const session = useSessionQuery();
  const locale = asLanguage(session.data?.user.locale);
  useEffect(() => {
    if (locale) setLanguage(locale); // the profile says it, so that the server's words and ours are of one language
  }, [locale]);

  if (session.data === undefined) {
    return <main className="lonely">{session.isError ? <ErrorState error={session.error} onRetry={() => void session.refetch()} /> : <SkeletonRows />}</main>;
  }
  if (session.data === null) return <ToSignIn />;
  const { company } = session.data;
  return (
    <PlaceProvider place={{ zone: company.zone, currency: company.currency }}>
      <Frame />
    </PlaceProvider>
  );
}

// Goes once, with the address as it was; until the other page is there, this one may be drawn again.
function ToSignIn() {
  const address = useRouterState({ select: (state) => state.location.href });
  const navigate = useNavigate();
  const go = useEffectEvent(() => void navigate({ to: "/sign-in", search: address === "/" ? {} : { to: address }, replace: true }));
  useEffect(() => go(), []);
  return null;
}

function Frame() {
  const isPhone = useIsPhone();
  const { say } = useAppText();
  useNoteRecent();
  const [isNarrow, setNarrow] = useState(() => localStorage.getItem(stored) === "narrow");
  const toggle = () => {
    localStorage.setItem(stored, isNarrow ? "wide" : "narrow");
    setNarrow(!isNarrow);
  };
  return (
    <div className={`shell ${isPhone ? "shell-phone" : isNarrow ? "shell-narrow" : "shell-wide"}`}>
      <a className="skip" href="#content">
        {say("skip")}
      </a>
      {isPhone ? null : <Rail isNarrow={isNarrow} onToggle={toggle} />}
      <TopBar />
      <main id="content" tabIndex={-1}>
        <Offline />
        <Problems />
        <Outlet />
      </main>
      {isPhone ? <TabBar /> : null}
    </div>
  );
}

function Rail({ isNarrow, onToggle }: { isNarrow: boolean; onToggle: () => void }) {
  const { say } = useAppText();
  const menu = useMenu();
  const path = usePath();
  const label = isNarrow ? say("nav.expand") : say("nav.collapse");
  const item = (entry: Entry) => (
    <Tooltip key={entry.to} title={isNarrow ? entry.label : undefined} placement="right">
      <Link to={entry.to} className="rail-item" aria-current={isOn(entry.to, path) ? "page" : undefined} aria-label={entry.label}>
        {entry.icon}
        <span className="rail-label">{entry.label}</span>
      </Link>
    </Tooltip>
  );
  return (
    <nav className="rail" aria-label={say("nav")}>
      <Link to="/" className="brand" aria-label="Onefold">
        <Mark />
        <span className="rail-label" translate="no">
          Onefold
        </span>
      </Link>
      <div className="rail-items">
        {menu.filter((entry) => entry.group === "daily").map(item)}
        <div className="rail-group">{isNarrow ? null : say("nav.setup")}</div>
        {menu.filter((entry) => entry.group === "setup").map(item)}
      </div>
      <Tooltip title={label} placement="right">
        <button type="button" className="rail-fold" aria-label={label} onClick={onToggle}>
          {isNarrow ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
        </button>
      </Tooltip>
    </nav>
  );
}

function TabBar() {
  const { say } = useAppText();
  const path = usePath();
  const [home, customers] = useMenu();
  const isMine = !["/", "/customers"].includes(path) && !path.startsWith("/customers/");
  return (
    <nav className="tab-bar" aria-label={say("nav")}>
      {[home!, customers!].map((entry) => (
        <Link key={entry.to} to={entry.to} aria-current={isOn(entry.to, path) ? "page" : undefined}>
          {entry.icon}
          <span>{entry.label}</span>
        </Link>
      ))}
      <Link to="/me" aria-current={isMine ? "page" : undefined}>
        <UserOutlined />
        <span>{say("nav.me")}</span>
      </Link>
    </nav>
  );
}

export const Mark = ({ size = 24 }: { size?: number }) => (
  <svg className="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="8" fill="#1f5eff" />
    <path d="M8 9c0 8 3.5 9.500 8 9.500S24 17 24 9M16 18.500V24" fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
  </svg>
);
