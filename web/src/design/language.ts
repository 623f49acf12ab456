// Which language the interface speaks, and the words of each feature.
import i18next from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";
import { speak } from "../api/client";
import type { Language } from "../api/types";

export const languages: Language[] = ["zh-CN", "en"];
export const languageNames: Record<Language, string> = { "zh-CN": "中文", en: "English" };

const stored = "onefold.language";
export const asLanguage = (tag: string | null | undefined): Language | null =>
  !tag ? null : tag.toLowerCase().startsWith("zh") ? "zh-CN" : tag.toLowerCase().startsWith("en") ? "en" : null;

function firstLanguage(): Language {
  const wishes = [localStorage.getItem(stored), ...navigator.languages];
  for (const wish of wishes) {
    const language = asLanguage(wish);
    if (language) return language;
  }
  return "en";
}

function announce(language: Language): void {
  document.documentElement.lang = language;
  speak(language);
}

export const currentLanguage = (): Language => asLanguage(i18next.language) ?? "en";

export function setLanguage(language: Language): void {
  localStorage.setItem(stored, language);
  announce(language);
  void i18next.changeLanguage(language);
}

const language = firstLanguage();
announce(language);
void i18next.use(initReactI18next).init({
  lng: language,
  fallbackLng: "en",
  keySeparator: false,
  nsSeparator: false,
  returnEmptyString: false,
  resources: {},
  interpolation: { escapeValue: false },
  react: { useSuspense: false },
  initAsync: false,
});

type Stem<Key> = Key extends `${infer Begin}_one` | `${infer Begin}_other` ? Begin : Key;
export type Values = Record<string, string | number>;

// The words of one feature: `const useText = texts("order", { en, "zh-CN": zh })`.
export function texts<Words extends object>(room: string, words: { en: Words; "zh-CN": object }) {
  for (const tag of languages) i18next.addResourceBundle(tag, room, words[tag]);
  return () => {
    const { t, i18n } = useTranslation(room);
    const say = (key: Stem<keyof Words & string>, values?: Values): string => String(t(key, values as never));
    // For codes that come from the server: the code itself where we know no word for it.
    const sayCode = (prefix: string, code: string): string => (i18n.exists(`${prefix}.${code}`, { ns: room }) ? String(t(`${prefix}.${code}`)) : code);
    return { say, sayCode, language: asLanguage(i18n.language) ?? ("en" as Language) };
  };
}
