import { Button, Tooltip } from "antd";
import { useState } from "react";
import type { ImportPreview } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { CloseCircleOutlined } from "../../design/icons";
import { useImportText } from "./texts";

const few = 10;

// The first rows as they stand; cells that cannot be read are marked, and listed with their reason.
export function FirstRows({ preview }: { preview: ImportPreview }) {
  const { say } = useImportText();
  const format = useFormat();
  const [isWhole, setWhole] = useState(false);
  const bad = new Map(preview.bad_cells.map((cell) => [`${cell.line} ${cell.column}`, cell]));
  const rows = isWhole ? preview.rows : preview.rows.slice(0, few);
  if (preview.rows.length === 0 && preview.bad_cells.length === 0) return <p className="soft">{say("rows.none")}</p>;
  return (
    <div className="first-rows">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keys */}
      <div className="first-rows-frame" role="region" aria-label={say("rows")} tabIndex={0}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col" className="right">
                {say("problems.line")}
              </th>
              {preview.columns.map((column) => (
                <th scope="col" key={column.name}>
                  {column.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.line}>
                <td className="right faint tabular">{format.number(row.line)}</td>
                {row.cells.map((cell, place) => {
                  const name = preview.columns[place]?.name ?? String(place);
                  const wrong = bad.get(`${row.line} ${name}`);
                  return (
                    <td key={name} className={wrong ? "cell-bad" : undefined}>
                      {wrong ? (
                        <Tooltip title={wrong.message}>
                          <span>
                            <CloseCircleOutlined aria-label={wrong.message} /> {cell}
                          </span>
                        </Tooltip>
                      ) : (
                        cell
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {preview.rows.length > few && !isWhole ? (
        <Button type="link" size="small" onClick={() => setWhole(true)}>
          {say("rows.more", { count: preview.rows.length })}
        </Button>
      ) : null}
      {preview.bad_cells.length > 0 ? (
        <details className="bad-cells">
          <summary>{say("rows.bad", { count: preview.bad_cells.length })}</summary>
          <ul>
            {preview.bad_cells.map((cell) => (
              <li key={`${cell.line} ${cell.column} ${cell.code}`}>
                <b className="tabular">{say("at_line", { line: cell.line })}</b> {cell.column} {cell.value ? <q>{cell.value}</q> : null} <span className="soft">{cell.message}</span>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </div>
  );
}
