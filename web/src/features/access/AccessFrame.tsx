// The frame of the pages before one is signed in.
import { GlobalOutlined } from "../../design/icons";
import type { ReactNode } from "react";
import { LanguageMenu } from "../../design/LanguageMenu";
import { chooseAtTheDoor } from "./profile";
import { useAccessText } from "./texts";
import "./access.css";

export function AccessFrame({ children }: { children: ReactNode }) {
  const { say } = useAccessText();
  return (
    <div className="access">
      <div className="access-language">
        <LanguageMenu icon={<GlobalOutlined />} isWordy onChoose={chooseAtTheDoor} />
      </div>
      <main className="access-card">
        <div className="access-brand">
          <svg width="36" height="36" viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="8" fill="#1f5eff" />
            <path d="M8 9c0 8 3.500 9.500 8 9.500S24 17 24 9M16 18.500V24" fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
          </svg>
          <div>
            <b translate="no">Onefold</b>
            <div className="soft">{say("tagline")}</div>
          </div>
        </div>
        {children}
      </main>
    </div>
  );
}
