import { Button, Dropdown } from "antd";
import type { ReactNode } from "react";
import type { Language } from "../api/types";
import { languageNames, languages, setLanguage } from "./language";
import { useDesignText } from "./texts";

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
        items: languages.map((key) => ({ key, label: <span lang={key}>{languageNames[key]}</span> })),
        selectable: true,
        selectedKeys: [language],
        onClick: ({ key }) => choose(key),
      }}
    >
      <Button type="text" aria-label={say("language")} icon={icon}>
        {isWordy ? languageNames[language] : null}
      </Button>
    </Dropdown>
  );
}
