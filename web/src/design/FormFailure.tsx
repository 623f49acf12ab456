import { Alert } from "antd";
import { useEffect, useRef, useState, type ReactNode } from "react";
import type { Failure } from "../api/failure";
import { useDesignText } from "./texts";

// At once, whatever motion people like. The focus follows only where the page moved: who sees it goes on typing where they are.
function bringIntoSight(box: HTMLElement): void {
  const before = box.getBoundingClientRect().top;
  box.scrollIntoView({ block: "nearest" });
  if (box.getBoundingClientRect().top !== before) box.focus({ preventScroll: true });
}

function Notice({ children }: { children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => bringIntoSight(box.current!), []);
  return (
    <div ref={box} className="form-failure" tabIndex={-1}>
      {children}
    </div>
  );
}

// Above a form: comes into sight, and is read out, each time that there is another thing to tell `of`.
export function IntoSight({ of, children }: { of: object; children: ReactNode }) {
  const [told, setTold] = useState({ of, count: 0 });
  if (told.of !== of) setTold({ of, count: told.count + 1 });
  return <Notice key={told.count}>{children}</Notice>;
}

// What went wrong with a whole form, and that nothing was lost.
export function FormFailure({ failure }: { failure: Failure | null }) {
  const { say } = useDesignText();
  if (!failure) return null;
  const own = ["server", "offline", "page"].includes(failure.kind) ? "" : failure.message;
  const fields = failure.fields.map((field) => field.message).join(" ");
  return (
    <IntoSight of={failure}>
      <Alert type="error" showIcon role="alert" title={own || say(`failure.${failure.kind}.title`)} description={fields || (own ? null : say(`failure.${failure.kind}.text`))} />
    </IntoSight>
  );
}
