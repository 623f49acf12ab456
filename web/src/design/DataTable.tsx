// A short list: a table on a wide screen, cards on a phone. Long lists have their own, virtual one.
import { DownOutlined, RightOutlined } from "./icons";
import { Fragment, useEffect, useRef, useState, type ReactNode } from "react";
import { Button } from "antd";
import { useDesignText } from "./texts";
import { useIsPhone } from "./screen";

export interface Column<Row> {
  key: string;
  title: string;
  cell: (row: Row) => ReactNode;
  align?: "right";
  isMain?: boolean; // heads the card on a phone
  width?: number | string;
}

interface Props<Row> {
  label: string;
  rows: Row[];
  columns: Column<Row>[];
  rowKey: (row: Row) => string;
  rowName?: (row: Row) => string; // for the button that opens the row
  expanded?: (row: Row) => ReactNode;
  onOpen?: (openCount: number) => void; // a row was opened or closed
  isFixed?: boolean; // widths are those of the columns, whatever stands in them
}

function useOpenRows(onOpen?: (openCount: number) => void) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (key: string) => {
    const after = new Set(open);
    if (!after.delete(key)) after.add(key);
    setOpen(after);
    onOpen?.(after.size);
  };
  return { open, toggle };
}

export function DataTable<Row>({ label, rows, columns, rowKey, rowName, expanded, onOpen, isFixed = false }: Props<Row>) {
  const isPhone = useIsPhone();
  const { say } = useDesignText();
  const { open, toggle } = useOpenRows(onOpen);
  const opener = (row: Row, key: string) =>
    expanded ? (
      <button type="button" className="opener" aria-expanded={open.has(key)} aria-label={`${say("details")} ${rowName?.(row) ?? ""}`.trim()} onClick={() => toggle(key)}>
        {open.has(key) ? <DownOutlined /> : <RightOutlined />}
      </button>
    ) : null;

  if (isPhone) {
    return (
      <ul className="cards" aria-label={label}>
        {rows.map((row) => {
          const key = rowKey(row);
          return (
            <li className="card" key={key}>
              <div className="card-head">
                <div className="card-main">{columns.filter((column) => column.isMain).map((column) => <div key={column.key}>{column.cell(row)}</div>)}</div>
                {opener(row, key)}
              </div>
              <dl className="card-facts">
                {columns
                  .filter((column) => !column.isMain)
                  .map((column) => ({ column, content: column.cell(row) }))
                  .filter(({ content }) => content !== null && content !== "")
                  .map(({ column, content }) => (
                    <div key={column.key}>
                      {column.title ? <dt>{column.title}</dt> : null}
                      <dd>{content}</dd>
                    </div>
                  ))}
              </dl>
              {expanded && open.has(key) ? <div className="card-more">{expanded(row)}</div> : null}
            </li>
          );
        })}
      </ul>
    );
  }
  return (
    <div className="table-frame">
      <table className={isFixed ? "table table-fixed" : "table"} aria-label={label}>
        <thead>
          <tr>
            {expanded ? <th className="opener-cell" aria-label={say("details")} /> : null}
            {columns.map((column) => (
              <th key={column.key} scope="col" className={column.align} style={{ width: column.width }}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const key = rowKey(row);
            return (
              <Fragment key={key}>
                <tr>
                  {expanded ? <td className="opener-cell">{opener(row, key)}</td> : null}
                  {columns.map((column) => (
                    <td key={column.key} className={column.align}>
                      {column.cell(row)}
                    </td>
                  ))}
                </tr>
                {expanded && open.has(key) ? (
                  <tr className="table-more">
                    <td colSpan={columns.length + 1}>{expanded(row)}</td>
                  </tr>
                ) : null}
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

// Reads the next page when it comes into sight; a button for keyboards. In a table made of roles it is a row of its own.
export function MoreRows({ hasMore, isLoading, onMore, isInTable = false }: { hasMore: boolean; isLoading: boolean; onMore: () => void; isInTable?: boolean }) {
  const { say } = useDesignText();
  const mark = useRef<HTMLDivElement>(null);
  const call = useRef(onMore);
  useEffect(() => {
    call.current = onMore;
  });
  useEffect(() => {
    if (!hasMore || isLoading || !mark.current) return;
    const watcher = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && call.current(), { rootMargin: "300px" });
    watcher.observe(mark.current);
    return () => watcher.disconnect();
  }, [hasMore, isLoading]);
  if (!hasMore) return null;
  return (
    <div ref={mark} className="more" role={isInTable ? "row" : undefined}>
      <span role={isInTable ? "cell" : undefined}>
        <Button type="text" loading={isLoading} onClick={onMore}>
          {say("load_more")}
        </Button>
      </span>
    </div>
  );
}
