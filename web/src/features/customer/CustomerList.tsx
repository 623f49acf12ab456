// The long list: only the rows in sight are in the document; more are read before the end comes into sight.
import { useVirtualizer, useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState, type CSSProperties, type KeyboardEvent, type MouseEvent } from "react";
import { MoreRows } from "../../design/DataTable";
import { useShortcuts } from "../../design/keyboard";
import { useIsPhone } from "../../design/screen";
import { CardCells, Cell } from "./cells";
import { isRight, placesOf, type Layout } from "./columns";
import { notePlace, type Place } from "./last_list";
import { ListHead, selectWidth } from "./ListHead";
import type { Sort, SortField } from "./list_state";
import { useCustomerName } from "../naming/naming";
import { extend, nobody, toggle, type Selection } from "./selection";
import { useCustomerText } from "./texts";
import type { useCustomers } from "./use_customers";

interface Props {
  customers: ReturnType<typeof useCustomers>;
  sort: Sort;
  layout: Layout;
  selection: Selection;
  labelOf: (code: string) => string;
  onSort: (field: SortField) => void;
  onLayout: (next: Layout, isSettled?: boolean) => void;
  onSelect: (next: Selection) => void;
  from?: Place; // where it was left
  isChoosing: boolean; // on a phone a tap opens the customer unless this is so
}

const rowHeight = 44;
const overscan = 12;

export function CustomerList(props: Props) {
  const isPhone = useIsPhone();
  return isPhone ? <Cards {...props} /> : <Table {...props} />;
}

function useMore({ items, hasMore, loadMore }: Props["customers"], last: number) {
  useEffect(() => {
    if (hasMore && last >= items.length - 20) loadMore();
  });
}

function Table({ customers, sort, layout, selection, labelOf, from, onSort, onLayout, onSelect }: Props) {
  const { say } = useCustomerText();
  const { titleOf } = useCustomerName();
  const rows = customers.items;
  const frame = useRef<HTMLDivElement>(null);
  const head = rowHeight - 3;
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => frame.current, estimateSize: () => rowHeight, overscan, paddingStart: head, scrollPaddingStart: head, initialOffset: from?.offset, getItemKey: (index) => rows[index]?.id ?? index });
  const visible = virtual.getVirtualItems();
  useMore(customers, visible.at(-1)?.index ?? 0);

  const place = useRef(from?.row ?? -1);
  useLayoutEffect(() => () => notePlace({ offset: virtual.scrollOffset ?? 0, row: place.current }), [virtual]);
  const ids = () => rows.map(({ id }) => id);
  const go = (next: number, isExtending = false) => {
    const at = Math.max(0, Math.min(rows.length - 1, next));
    if (isExtending) onSelect(extend(selection.anchor === null ? { ...selection, anchor: Math.max(0, place.current) } : selection, ids(), at));
    place.current = at;
    virtual.scrollToIndex(at, { align: "auto" });
    requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>(`[data-index="${at}"] a`)?.focus({ preventScroll: true }));
  };
  const page = () => Math.max(1, Math.floor((frame.current?.clientHeight ?? 0) / rowHeight) - 2);
  useShortcuts({ j: () => go(place.current + 1), k: () => go(place.current - 1), Escape: () => selection.ids.size > 0 && onSelect(nobody) });
  const onKey = (event: KeyboardEvent<HTMLElement>) => {
    const target = event.target as HTMLElement;
    if (event.altKey || (target.tagName === "INPUT" && event.key === " ")) return;
    const steps: Record<string, number> = { ArrowDown: place.current + 1, ArrowUp: place.current - 1, PageDown: place.current + page(), PageUp: place.current - page(), Home: 0, End: rows.length - 1 };
    const isSelectAll = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a";
    if (event.key === "Escape" && selection.ids.size > 0) onSelect(nobody);
    else if (event.key in steps) go(steps[event.key]!, event.shiftKey);
    else if (event.key === " " && rows[place.current]) onSelect(event.shiftKey ? extend(selection, ids(), place.current) : toggle(selection, rows[place.current]!.id, place.current));
    else if (isSelectAll) onSelect({ ids: new Set(ids()), anchor: 0 });
    else return;
    event.preventDefault();
  };
  const pick = (event: MouseEvent, index: number) => onSelect(event.shiftKey ? extend(selection, ids(), index) : toggle(selection, rows[index]!.id, index));

  const { starts, total } = placesOf(layout);
  const styleOf = (index: number): CSSProperties => ({ width: layout[index]!.width, left: layout[index]!.isFrozen ? selectWidth + starts[index]! : undefined });
  const lastFrozen = layout.findLastIndex(({ isFrozen }) => isFrozen);
  const chosen = rows.filter(({ id }) => selection.ids.has(id)).length;
  const all = (
    <input
      type="checkbox"
      aria-label={say("select.all")}
      checked={rows.length > 0 && chosen === rows.length}
      ref={(box) => {
        if (box) box.indeterminate = chosen > 0 && chosen < rows.length;
      }}
      onChange={(event) => onSelect(event.target.checked ? { ids: new Set(ids()), anchor: null } : nobody)}
    />
  );
  return (
    <div
      ref={frame}
      className="panel customer-table"
      role="table"
      aria-label={say("title")}
      aria-rowcount={customers.hasMore ? -1 : rows.length + 1}
      aria-colcount={layout.length + 1}
      aria-busy={customers.isPlaceholder}
      style={{ "--list-width": `${total + selectWidth}px` } as CSSProperties}
    >
      <ListHead layout={layout} sort={sort} labelOf={labelOf} styleOf={styleOf} select={all} onSort={onSort} onLayout={onLayout} />
      <div role="rowgroup" className="customer-rows" style={{ height: virtual.getTotalSize() - head }}>
        {visible.map((item) => {
          const customer = rows[item.index];
          if (!customer) return null;
          const isSelected = selection.ids.has(customer.id);
          return (
            <div
              key={item.key}
              role="row"
              data-index={item.index}
              data-dim={customers.isPlaceholder || undefined}
              data-selected={isSelected || undefined}
              aria-rowindex={item.index + 2}
              aria-selected={isSelected}
              className="customer-row"
              style={{ transform: `translateY(${item.start - head}px)` }}
              onFocus={() => (place.current = item.index)}
              onKeyDown={onKey}
            >
              <div role="cell" className="cell-select list-frozen" style={{ left: 0 }}>
                <input type="checkbox" aria-label={say("select.one", { name: titleOf(customer).text })} checked={isSelected} onChange={() => {}} onClick={(event) => pick(event, item.index)} />
              </div>
              {layout.map(({ code, isFrozen }, index) => (
                <div key={code} role="cell" className={`list-cell cell-${code}${isRight(code) ? " right tabular" : ""}${isFrozen ? " list-frozen" : ""}${index === lastFrozen ? " list-frozen-last" : ""}`} style={styleOf(index)}>
                  <Cell customer={customer} code={code} />
                </div>
              ))}
            </div>
          );
        })}
      </div>
      <MoreRows hasMore={customers.hasMore} isLoading={customers.isLoadingMore} onMore={customers.loadMore} isInTable />
    </div>
  );
}

function Cards({ customers, selection, from, onSelect, isChoosing }: Props) {
  const { say } = useCustomerText();
  const { titleOf } = useCustomerName();
  const rows = customers.items;
  const frame = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    const measure = () => setMargin(Math.round(frame.current ? frame.current.getBoundingClientRect().top + window.scrollY : 0));
    measure();
    const watcher = new ResizeObserver(measure); // what stands above it opens and closes
    watcher.observe(document.body);
    return () => watcher.disconnect();
  }, []);
  const virtual = useWindowVirtualizer({ count: rows.length, estimateSize: () => 104, overscan, scrollMargin: margin, initialOffset: from?.offset, getItemKey: (index) => rows[index]?.id ?? index });
  const visible = virtual.getVirtualItems();
  useLayoutEffect(() => () => notePlace({ offset: virtual.scrollOffset ?? 0, row: -1 }), [virtual]);
  useMore(customers, visible.at(-1)?.index ?? 0);
  return (
    <div className="customer-cards" role="table" aria-label={say("title")} aria-rowcount={customers.hasMore ? -1 : rows.length + 1} aria-busy={customers.isPlaceholder}>
      <div ref={frame} role="rowgroup" className="customer-rows" style={{ height: virtual.getTotalSize() }}>
        {visible.map((item) => {
          const customer = rows[item.index];
          return customer ? (
            <div key={item.key} role="row" ref={virtual.measureElement} data-index={item.index} data-dim={customers.isPlaceholder || undefined} aria-rowindex={item.index + 1} aria-selected={isChoosing ? selection.ids.has(customer.id) : undefined} className="customer-card" style={{ transform: `translateY(${item.start - margin}px)` }}>
              <CardCells customer={customer} />
              {isChoosing ? (
                <label role="cell" className="customer-card-select">
                  <input type="checkbox" aria-label={say("select.one", { name: titleOf(customer).text })} checked={selection.ids.has(customer.id)} onChange={() => onSelect(toggle(selection, customer.id, item.index))} />
                </label>
              ) : null}
            </div>
          ) : null;
        })}
      </div>
      <MoreRows hasMore={customers.hasMore} isLoading={customers.isLoadingMore} onMore={customers.loadMore} isInTable />
    </div>
  );
}
