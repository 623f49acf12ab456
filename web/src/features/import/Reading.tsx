import { InputNumber, Select } from "antd";
import type { ImportPreview } from "../../api/types";
import { WarningOutlined } from "../../design/icons";
import { kinds } from "./targets";
import { useImportText } from "./texts";
import type { Reading as HowRead } from "./use_wizard";

const encodings = ["UTF-8", "GB18030", "Big5", "UTF-16LE", "UTF-16BE", "ISO-8859-1"];

// What the file was taken for, each of it correctable.
export function Reading({ preview, reading, onChange }: { preview: ImportPreview; reading: HowRead; onChange: (change: Record<string, string | null>) => void }) {
  const { say, sayCode } = useImportText();
  const isText = preview.format === "csv";
  return (
    <>
      <div className="reading">
        <label>
          <span>{say("as")}</span>
          <Select aria-label={say("as")} value={preview.as} options={kinds.map((kind) => ({ value: kind, label: sayCode("as", kind) }))} onChange={(as) => onChange({ as })} />
          <small className="soft">{reading.as ? say("reading.chosen") : say("reading.confidence", { percent: preview.confidence_percent })}</small>
        </label>
        {preview.sheets.length > 1 ? (
          <label>
            <span>{say("reading.sheet")}</span>
            <Select
              aria-label={say("reading.sheet")}
              value={preview.sheet}
              options={preview.sheets.map((sheet) => ({ value: sheet.name, label: sheet.is_hidden ? say("reading.hidden", { sheet: sheet.name }) : sheet.name }))}
              onChange={(sheet) => onChange({ sheet, as: null, header_line: null })}
            />
            <small className="soft">{say("reading.sheets", { count: preview.sheets.length })}</small>
          </label>
        ) : null}
        {preview.format === "csv" || preview.format === "xlsx" ? (
          <label>
            <span>{say("reading.header")}</span>
            <InputNumber
              aria-label={say("reading.header")}
              min={1}
              precision={0}
              value={preview.header_line}
              changeOnBlur
              changeOnWheel={false}
              onChange={(line) => typeof line === "number" && line !== preview.header_line && onChange({ header_line: String(line) })}
            />
            <small className="soft">{reading.header_line ? say("reading.chosen") : say("reading.found")}</small>
          </label>
        ) : null}
        {isText ? (
          <label>
            <span>{say("reading.encoding")}</span>
            <Select
              aria-label={say("reading.encoding")}
              value={preview.encoding}
              options={[...new Set([preview.encoding, ...encodings])].map((value) => ({ value, label: value }))}
              onChange={(encoding) => onChange({ encoding })}
            />
            <small className="soft">{reading.encoding ? say("reading.chosen") : say("reading.found")}</small>
          </label>
        ) : null}
      </div>
      {preview.notes.length > 0 ? (
        <ul className="reading-notes">
          {preview.notes.map((note) => (
            <li key={`${note.line} ${note.code} ${note.message}`}>
              <WarningOutlined className="warn" /> {note.message}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
