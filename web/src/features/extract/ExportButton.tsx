// A list's rows as a file.
import { Button } from "antd";
import { lazy, Suspense, useRef, useState } from "react";
import { DownloadOutlined } from "../../design/icons";
import type { Question } from "./extract";
import { useExtractText } from "./texts";
import "./extract.css";

const ExportDialog = lazy(() => import("./ExportDialog"));

export function ExportButton({ question, isOff = false }: { question: Question; isOff?: boolean }) {
  const { say } = useExtractText();
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    requestAnimationFrame(() => button.current?.focus()); // once the dialog has let go of it
  };
  return (
    <>
      <Button ref={button} icon={<DownloadOutlined />} disabled={isOff} onClick={() => setOpen(true)}>
        {say("export")}
      </Button>
      {isOpen ? (
        <Suspense fallback={null}>
          <ExportDialog question={question} onClose={close} />
        </Suspense>
      ) : null}
    </>
  );
}
