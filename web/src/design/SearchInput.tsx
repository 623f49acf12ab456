import { Input } from "antd";
import { useEffect, useRef, useState } from "react";
import { SearchOutlined } from "./icons";
import { isComposing } from "./keyboard";

// Writes to the address after a pause, never in the middle of a composition.
export function SearchInput({ label, placeholder, value, onChange, autoFocus }: { label: string; placeholder: string; value: string; onChange: (value: string) => void; autoFocus?: boolean }) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  const isHeld = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  if (known !== value) {
    setKnown(value);
    if (text.trim() !== value) setText(value);
  }
  useEffect(() => () => clearTimeout(timer.current), []);
  const settle = (next: string, pause: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => next.trim() !== value && onChange(next.trim()), pause);
  };
  return (
    <Input
      type="search"
      className="toolbar-search"
      prefix={<SearchOutlined className="faint" />}
      aria-label={label}
      placeholder={placeholder}
      autoFocus={autoFocus}
      allowClear
      value={text}
      onCompositionStart={() => (isHeld.current = true)}
      onCompositionEnd={(event) => {
        isHeld.current = false;
        settle(event.currentTarget.value, 250);
      }}
      onChange={(event) => {
        setText(event.target.value);
        if (!isHeld.current) settle(event.target.value, event.target.value ? 250 : 0);
      }}
      onKeyDown={(event) => event.key === "Enter" && !isComposing(event) && settle(event.currentTarget.value, 0)}
    />
  );
}
