import { Button, Dropdown } from "antd";
import type { ReactNode } from "react";
import type { Language } from "../api/types";
import { languageNames, languages, setLanguage } from "./language";
import { useDesignText } from "./texts";

// A language is called by its own name, and said to be of that language.
export const LanguageName = ({ of }: { of: Language }) => <span lang={of}>{languageNames[of]}</span>;

export function LanguageMenu({ icon, isWordy = false, onChoose }: { icon: ReactNode; isWordy?: boolean; onChoose?: (language: Language) => void }) {
  const { language, say } = useDesignText();
  const choose = (key: string) => {
    setLanguage(key as Language);
    onChoose?.(key as Language);
  };
  return (
    <Dropdown
      trigger={["click"]}
      placement="bottomRight"
      menu={{
        items: languages.map((key) => ({ key, label: <LanguageName of={key} /> })),
        selectable: true,
        selectedKeys: [language],
        onClick: ({ key }) => choose(key),
      }}
    >
      <Button type="text" aria-label={say("language")} icon={icon}>
        {isWordy ? <LanguageName of={language} /> : null}
      </Button>
    </Dropdown>
  );
}
