import { DesktopOutlined, DownloadOutlined, GlobalOutlined, LogoutOutlined, MoonOutlined, SunOutlined, UserOutlined } from "../design/icons";
import { useNavigate } from "@tanstack/react-router";
import { Button, Dropdown } from "antd";
import { useSession } from "../api/session";
import { Avatar } from "../design/pieces";
import { useIsPhone } from "../design/screen";
import { LanguageMenu } from "../design/LanguageMenu";
import { useTheme, type ThemeChoice } from "../design/theme";
import { useSaveLanguage, useSignOut } from "../features/access/profile";
import { SearchBox } from "./search/SearchBox";
import { useAppText } from "./texts";

export const themeIcons = { system: <DesktopOutlined />, light: <SunOutlined />, dark: <MoonOutlined /> };

export function TopBar() {
  const isPhone = useIsPhone();
  const saveLanguage = useSaveLanguage();
  return (
    <header className="top-bar">
      <SearchBox />
      {isPhone ? null : (
        <div className="top-acts">
          <ThemeMenu />
          <LanguageMenu icon={<GlobalOutlined />} onChoose={saveLanguage} />
          <MeMenu />
        </div>
      )}
    </header>
  );
}

function ThemeMenu() {
  const { say } = useAppText();
  const { choice, mode, choose } = useTheme();
  const items = (["system", "light", "dark"] as const).map((key) => ({ key, label: say(`theme.${key}`), icon: themeIcons[key] }));
  return (
    <Dropdown trigger={["click"]} placement="bottomRight" menu={{ items, selectable: true, selectedKeys: [choice], onClick: ({ key }) => choose(key as ThemeChoice) }}>
      <Button type="text" aria-label={say("theme")} icon={mode === "dark" ? <MoonOutlined /> : <SunOutlined />} />
    </Dropdown>
  );
}

function MeMenu() {
  const { say } = useAppText();
  const { user } = useSession();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const name = user.name || user.email;
  return (
    <Dropdown
      trigger={["click"]}
      placement="bottomRight"
      menu={{
        items: [
          { key: "who", type: "group", label: <span className="me-who">{user.name ? <b>{user.name}</b> : null}{user.email}</span> },
          { type: "divider" },
          { key: "profile", label: say("profile"), icon: <UserOutlined />, onClick: () => void navigate({ to: "/profile" }) },
          { key: "exports", label: say("exports"), icon: <DownloadOutlined />, onClick: () => void navigate({ to: "/exports" }) },
          { key: "out", label: say("sign_out"), icon: <LogoutOutlined />, onClick: () => void signOut() },
        ],
      }}
    >
      <button type="button" className="me" aria-label={say("me", { name })}>
        <Avatar name={name} seed={user.email} size={28} />
      </button>
    </Dropdown>
  );
}
