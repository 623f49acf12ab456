// The head of the list: a click sorts, a drag moves a column, its edge makes it wider; each also by key.
import { useRef, useState, type CSSProperties, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import { CaretDownOutlined, CaretUpOutlined } from "../../design/icons";
import { dropAt, isRight, isSortable, moveBy, moveTo, placesOf, resize, usualWidth, type Layout } from "./columns";
import type { Sort, SortField } from "./list_state";
import { useCustomerText } from "./texts";

export const selectWidth = 44;
const dragAfter = 6; // pixels, so that a click stays one

interface Props {
  layout: Layout;
  sort: Sort;
  labelOf: (code: string) => string;
  styleOf: (index: number) => CSSProperties;
  select: ReactNode;
  onSort: (field: SortField) => void;
  onLayout: (next: Layout, isSettled?: boolean) => void;
}

export function ListHead({ layout, sort, labelOf, styleOf, select, onSort, onLayout }: Props) {
  const { say } = useCustomerText();
  const row = useRef<HTMLDivElement>(null);
  const held = useRef<{ code: string; from: number; isMoving: boolean } | null>(null);
  const [drop, setDrop] = useState<{ code: string; index: number } | null>(null);
  const wasDragged = useRef(false);

  // Where the pointer is among the columns as they stand, those that are frozen under it first.
  const placeOf = (event: PointerEvent): number => {
    const frame = row.current!.parentElement!.parentElement!.getBoundingClientRect();
    const { starts } = placesOf(layout);
    const x = event.clientX - frame.left - selectWidth;
    const frozen = layout.filter(({ isFrozen }) => isFrozen).length;
    const edge = frozen < layout.length ? starts[frozen]! : Infinity;
    return dropAt(layout, x < edge ? x : x + row.current!.parentElement!.parentElement!.scrollLeft);
  };
  const begin = (event: PointerEvent<HTMLElement>, code: string) => {
    wasDragged.current = false;
    if (event.button !== 0) return;
    held.current = { code, from: event.clientX, isMoving: false };
  };
  const move = (event: PointerEvent<HTMLElement>) => {
    const now = held.current;
    if (!now || (!now.isMoving && Math.abs(event.clientX - now.from) < dragAfter)) return;
    if (!now.isMoving) {
      now.isMoving = true;
      event.currentTarget.setPointerCapture(event.pointerId);
    }
    setDrop({ code: now.code, index: placeOf(event) });
  };
  const end = (event: PointerEvent<HTMLElement>) => {
    const now = held.current;
    held.current = null;
    setDrop(null);
    if (!now?.isMoving) return;
    wasDragged.current = true;
    onLayout(moveTo(layout, now.code, placeOf(event)));
  };
  const cancel = () => {
    held.current = null;
    setDrop(null);
  };
  const onKey = (event: KeyboardEvent, code: string) => {
    if (event.key === "Escape") return cancel();
    if (!event.altKey || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
    event.preventDefault();
    onLayout(moveBy(layout, code, event.key === "ArrowLeft" ? -1 : 1));
  };
  const line = drop ? selectWidth + (drop.index < layout.length ? placesOf(layout).starts[drop.index]! : placesOf(layout).total) : null;
  return (
    <div role="rowgroup" className="customer-head" data-dragging={drop ? true : undefined}>
      <div role="row" className="customer-row-grid" aria-rowindex={1} ref={row}>
        <div role="columnheader" className="cell-select list-frozen" style={{ left: 0 }}>
          {select}
        </div>
        {layout.map(({ code, width, isFrozen }, index) => {
          const isOn = sort.field === code;
          const label = labelOf(code);
          return (
            <div
              key={code}
              role="columnheader"
              data-column={code}
              data-held={drop?.code === code ? true : undefined}
              className={`list-cell list-head-cell${isRight(code) ? " right" : ""}${isFrozen ? " list-frozen" : ""}`}
              style={styleOf(index)}
              aria-sort={isOn ? sort.direction : isSortable(code) ? "none" : undefined}
            >
              <button
                type="button"
                className="sort"
                title={say(isSortable(code) ? "column.hint" : "column.hint_only")}
                onPointerDown={(event) => begin(event, code)}
                onPointerMove={move}
                onPointerUp={end}
                onPointerCancel={cancel}
                onKeyDown={(event) => onKey(event, code)}
                onClick={() => {
                  if (!wasDragged.current && isSortable(code)) onSort(code);
                  wasDragged.current = false;
                }}
              >
                <span className="clip">{label}</span>
                {isSortable(code) ? (
                  <span className={isOn ? "sort-mark sort-on" : "sort-mark"} aria-hidden="true">
                    {isOn && sort.direction === "ascending" ? <CaretUpOutlined /> : <CaretDownOutlined />}
                  </span>
                ) : null}
              </button>
              <Edge label={say("column.resize", { name: label })} width={width} onWidth={(next, isSettled) => onLayout(resize(layout, code, next), isSettled)} onUsual={() => onLayout(resize(layout, code, usualWidth(code)))} />
            </div>
          );
        })}
        {line === null ? null : <span className="drop-line" style={{ left: line }} aria-hidden="true" />}
      </div>
    </div>
  );
}

function Edge({ label, width, onWidth, onUsual }: { label: string; width: number; onWidth: (width: number, isSettled: boolean) => void; onUsual: () => void }) {
  const held = useRef<{ from: number; width: number } | null>(null);
  return (
    <span
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      tabIndex={0}
      className="column-edge"
      onPointerDown={(event) => {
        event.stopPropagation();
        held.current = { from: event.clientX, width };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => held.current && onWidth(held.current.width + event.clientX - held.current.from, false)}
      onPointerUp={(event) => {
        const now = held.current;
        held.current = null;
        if (now && event.clientX !== now.from) onWidth(now.width + event.clientX - now.from, true);
      }}
      onPointerCancel={() => (held.current = null)}
      onDoubleClick={onUsual}
      onKeyDown={(event) => {
        if (event.altKey || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
        event.preventDefault();
        onWidth(width + (event.key === "ArrowLeft" ? -16 : 16), true);
      }}
    />
  );
}
