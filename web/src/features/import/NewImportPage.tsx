import { Link } from "@tanstack/react-router";
import { Alert, Button } from "antd";
import { useState } from "react";
import { asFailure } from "../../api/failure";
import { useMay } from "../../api/session";
import type { ImportPreview } from "../../api/types";
import { useWords } from "../../design/address";
import { useFormat } from "../../design/format_context";
import { ArrowLeftOutlined, FileTextOutlined, LockOutlined } from "../../design/icons";
import { PageHeader, Panel } from "../../design/pieces";
import { Answer, EmptyState, ErrorState, SkeletonRows, ThinBar } from "../../design/states";
import { ColumnsTable } from "./ColumnsTable";
import { FirstRows } from "./FirstRows";
import "./import.css";
import { PickFile } from "./PickFile";
import { Reading } from "./Reading";
import { Start } from "./Start";
import { choose, formatsOf, mapOf, targetsOf, type Formats, type Targets } from "./targets";
import { useImportText } from "./texts";
import { useHeld } from "./use_held";
import { usePreview, useUpload, type Reading as HowRead } from "./use_wizard";

// From a file to a running import, on one page whose address holds how far one is.
export function NewImportPage() {
  const { say } = useImportText();
  const [words, change] = useWords();
  const may = useMay("editor");
  const upload = useUpload(words.upload);
  return (
    <div className="page">
      <Link to="/imports" className="back">
        <ArrowLeftOutlined /> {say("title")}
      </Link>
      <PageHeader title={say("new.title")} note={say("new.note")} />
      {!may ? (
        <EmptyState icon={<LockOutlined />} title={say("new.refused")} text={say("new.refused_text")} />
      ) : words.upload === undefined ? (
        <PickFile onWhole={(id) => change({ upload: id })} />
      ) : (
        <Answer query={upload} skeleton={<SkeletonRows count={2} />}>
          {() => (upload.data!.is_whole ? <Understood name={upload.data!.name} size={upload.data!.size} /> : <PickFile unfinished={upload.data!} onWhole={() => void upload.refetch()} />)}
        </Answer>
      )}
    </div>
  );
}

function Understood({ name, size }: { name: string; size: number }) {
  const { say } = useImportText();
  const format = useFormat();
  const [words, change] = useWords();
  const reading: HowRead = { upload: words.upload!, as: words.as, sheet: words.sheet, header_line: words.header_line, encoding: words.encoding, source: words.source };
  const query = usePreview(reading);
  const preview = query.data;
  const read = preview ? readAs(preview) : "";
  const proposed = JSON.stringify(preview?.map);
  const held = useHeld(read, proposed);
  const other = () => change({ upload: null, as: null, sheet: null, header_line: null, encoding: null });
  return (
    <div className="wizard">
      <div className="wizard-file">
        <FileTextOutlined className="accent" />
        <b className="file">{name}</b>
        <span className="soft">{format.bytes(size)}</span>
        <Button size="small" onClick={other}>
          {say("new.other_file")}
        </Button>
      </div>
      <ThinBar isOn={query.isFetching} />
      {query.isError ? <Unreadable error={query.error} onRetry={() => void query.refetch()} onOther={other} hasChoice={Boolean(words.sheet || words.header_line || words.encoding)} onUndo={() => change({ sheet: null, header_line: null, encoding: null })} /> : null}
      {preview === undefined ? query.isError ? null : <SkeletonRows count={6} /> : <Mapped key={held.key} preview={preview} reading={reading} isStale={query.isFetching || query.isError} isCorrected={held.isHeld} onCorrect={held.hold} change={change} />}
    </div>
  );
}

// Corrections hold as long as the file is read alike.
const readAs = (preview: ImportPreview): string => JSON.stringify([preview.as, preview.sheet, preview.header_line, preview.columns.map((column) => column.name)]);

function Unreadable({ error, onRetry, onOther, hasChoice, onUndo }: { error: unknown; onRetry: () => void; onOther: () => void; hasChoice: boolean; onUndo: () => void }) {
  const { say } = useImportText();
  const failure = asFailure(error);
  if (failure.kind !== "invalid" && failure.kind !== "missing") return <ErrorState error={error} onRetry={onRetry} />;
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={say("new.unreadable")}
      description={failure.message}
      action={
        <Button size="small" onClick={hasChoice ? onUndo : onOther}>
          {say(hasChoice ? "new.undo" : "new.other_file")}
        </Button>
      }
    />
  );
}

interface MappedProps {
  preview: ImportPreview;
  reading: HowRead;
  isStale: boolean;
  isCorrected: boolean;
  onCorrect: () => void;
  change: ReturnType<typeof useWords>[1];
}

function Mapped({ preview, reading, isStale, isCorrected, onCorrect, change }: MappedProps) {
  const { say } = useImportText();
  const [targets, setTargets] = useState<Targets>(() => targetsOf(preview.map ?? {}));
  const [formats, setFormats] = useState<Formats>(() => formatsOf(preview.map ?? {}));
  const map = mapOf(preview.as, targets, formats);
  return (
    <>
      <Panel title={say("reading")}>
        <Reading preview={preview} reading={reading} onChange={change} />
      </Panel>
      <Panel title={say("columns")} extra={isCorrected ? say("columns.corrected") : preview.is_map_of_source ? say("columns.remembered") : say("columns.proposed")}>
        {preview.map_missing ? <Alert type="warning" showIcon title={say("columns.missing")} description={say(`missing.${preview.as}`)} /> : null}
        <ColumnsTable
          preview={preview}
          targets={targets}
          formats={formats}
          onTarget={(column, places) => {
            onCorrect();
            setTargets(choose(targets, column, places));
          }}
          onFormat={(column, format) => {
            onCorrect();
            setFormats(Object.fromEntries(Object.entries({ ...formats, [column]: format }).filter(([, one]) => one)));
          }}
        />
      </Panel>
      <Panel title={say("rows")} extra={say(preview.is_whole ? "rows.all" : "rows.some", { count: preview.rows_looked_at })}>
        <FirstRows preview={preview} />
      </Panel>
      <Start preview={preview} reading={reading} map={map} isStale={isStale} onSource={(source) => change({ source: source || null }, "replace")} />
    </>
  );
}
