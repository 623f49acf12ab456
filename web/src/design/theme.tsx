// Light and dark out of the same tokens, and antd in the same language as our own words.
import { ConfigProvider, theme as antdTheme } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { createContext, use, useEffect, useLayoutEffect, useState, type ReactNode } from "react";
import { intoSight } from "./form";
import { LoadingOutlined } from "./icons";
import { ToastProvider } from "./toast";
import { applyPalette, dark, fontFamily, light, radius } from "./tokens";
import { useDesignText } from "./texts";

export type ThemeChoice = "system" | "light" | "dark";
const stored = "onefold.theme";
const media = () => window.matchMedia("(prefers-color-scheme: dark)");

const ThemeContext = createContext<{ choice: ThemeChoice; mode: "light" | "dark"; choose: (choice: ThemeChoice) => void }>({
  choice: "system",
  mode: "light",
  choose: () => {},
});
export const useTheme = () => use(ThemeContext);

const readChoice = (): ThemeChoice => {
  const kept = localStorage.getItem(stored);
  return kept === "light" || kept === "dark" ? kept : "system";
};

export function ThemeProvider({ children }: { children: ReactNode }) {
  const { language } = useDesignText();
  const [choice, setChoice] = useState(readChoice);
  const [isDarkDevice, setDarkDevice] = useState(() => media().matches);
  const mode = choice === "system" ? (isDarkDevice ? "dark" : "light") : choice;

  useEffect(() => {
    const query = media();
    const follow = () => setDarkDevice(query.matches);
    query.addEventListener("change", follow);
    return () => query.removeEventListener("change", follow);
  }, []);
  useLayoutEffect(() => applyPalette(window.matchMedia("print").matches ? "light" : mode), [mode]);
  // Paper is light. At once, since the browser does not wait for a drawing before it prints.
  useEffect(() => {
    const print = window.matchMedia("print");
    const follow = () => applyPalette(print.matches ? "light" : mode);
    print.addEventListener("change", follow);
    return () => print.removeEventListener("change", follow);
  }, [mode]);

  const choose = (next: ThemeChoice) => {
    if (next === "system") localStorage.removeItem(stored);
    else localStorage.setItem(stored, next);
    setChoice(next);
  };
  const palette = mode === "dark" ? dark : light;
  return (
    <ThemeContext value={{ choice, mode, choose }}>
      <ConfigProvider
        locale={language === "zh-CN" ? zhCN : enUS}
        button={{ autoInsertSpace: false, loadingIcon: <LoadingOutlined /> }}
        form={{ scrollToFirstError: intoSight }}
        theme={{
          algorithm: mode === "dark" ? antdTheme.darkAlgorithm : antdTheme.defaultAlgorithm,
          token: {
            colorPrimary: palette.accent,
            colorLink: palette.accentText,
            colorSuccess: palette.good,
            colorWarning: palette.warn,
            colorError: palette.bad,
            colorInfoBg: palette.accentSoft,
            colorSuccessBg: palette.goodSoft,
            colorWarningBg: palette.warnSoft,
            colorErrorBg: palette.badSoft,
            colorBgLayout: palette.page,
            colorBgContainer: palette.card,
            colorBgElevated: palette.raised,
            colorBorder: palette.lineStrong,
            colorBorderSecondary: palette.line,
            colorText: palette.text,
            colorTextSecondary: palette.textSoft,
            colorTextDescription: palette.textSoft,
            colorTextPlaceholder: palette.textFaint,
            borderRadius: radius,
            fontFamily,
            fontSize: 14,
            controlHeight: 36,
          },
          components: { Tabs: { itemSelectedColor: palette.accentText, itemHoverColor: palette.accentText, inkBarColor: palette.accentText }, Tooltip: { colorBgSpotlight: mode === "dark" ? "#3a414d" : "#20252e" } },
        }}
      >
        <ToastProvider>{children}</ToastProvider>
      </ConfigProvider>
    </ThemeContext>
  );
}
