// The phone's third tab: everything that is neither home nor a customer.
import { DownloadOutlined, LogoutOutlined, RightOutlined, UserOutlined } from "../design/icons";
import { Link } from "@tanstack/react-router";
import { useSession } from "../api/session";
import { LanguageName } from "../design/LanguageMenu";
import { languages, setLanguage } from "../design/language";
import { Avatar, Chips, PageHeader, Panel } from "../design/pieces";
import { useTheme, type ThemeChoice } from "../design/theme";
import { useSaveLanguage, useSignOut } from "../features/access/profile";
import { useMenu } from "./menu";
import { useAppText } from "./texts";
import { themeIcons } from "./TopBar";

export function MePage() {
  const { say, language } = useAppText();
  const { user } = useSession();
  const { choice, choose } = useTheme();
  const saveLanguage = useSaveLanguage();
  const signOut = useSignOut();
  const others = useMenu().filter(({ to }) => to !== "/" && to !== "/customers"); // those two have tabs of their own
  return (
    <div className="page narrow-page">
      <PageHeader title={say("nav.me")} />
      <Panel>
        <div className="me-card">
          <Avatar name={user.name || user.email} seed={user.email} size={44} />
          <div>
            <b>{user.name || user.email}</b>
            <div className="soft">{user.email}</div>
          </div>
        </div>
      </Panel>
      <nav className="panel link-list" aria-label={say("nav.me")}>
        <Link to="/profile">
          <UserOutlined /> {say("profile")} <RightOutlined className="end" />
        </Link>
        <Link to="/exports">
          <DownloadOutlined /> {say("exports")} <RightOutlined className="end" />
        </Link>
        {others.map((entry) => (
          <Link key={entry.to} to={entry.to}>
            {entry.icon} {entry.label} <RightOutlined className="end" />
          </Link>
        ))}
      </nav>
      <Panel title={say("language")}>
        <Chips
          label={say("language")}
          value={language}
          options={languages.map((value) => ({ value, label: <LanguageName of={value} /> }))}
          onChange={(next) => {
            if (!next) return;
            setLanguage(next);
            saveLanguage(next);
          }}
        />
      </Panel>
      <Panel title={say("theme")}>
        <Chips<ThemeChoice>
          label={say("theme")}
          value={choice}
          options={(["system", "light", "dark"] as const).map((value) => ({ value, label: <>{themeIcons[value]} {say(`theme.${value}`)}</> }))}
          onChange={(next) => next && choose(next)}
        />
      </Panel>
      <button type="button" className="panel link-list sign-out" onClick={() => void signOut()}>
        <LogoutOutlined /> {say("sign_out")}
      </button>
    </div>
  );
}
