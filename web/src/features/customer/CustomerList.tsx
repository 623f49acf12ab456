// The long list: only the rows in sight are in the document; more are read before the end comes into sight.
import { CaretDownOutlined, CaretUpOutlined } from "../../design/icons";
import { Link } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Customer } from "../../api/types";
import { MoreRows } from "../../design/DataTable";
import { useFormat } from "../../design/format_context";
import { useShortcuts } from "../../design/keyboard";
import { Avatar, RelativeTime } from "../../design/pieces";
import { useIsPhone } from "../../design/screen";
import type { Sort, SortField } from "./list_state";
import { Spend } from "./Spend";
import { inOrder, useCustomerName, useIdentifierText } from "./naming";
import { useCustomerText } from "./texts";
import type { useCustomers } from "./use_customers";

interface Props {
  customers: ReturnType<typeof useCustomers>;
  sort: Sort;
  onSort: (field: SortField) => void;
}

const columns: { field: SortField | "identifiers" | "ticket_count"; isSortable: boolean; isRight?: boolean }[] = [
  { field: "name", isSortable: true },
  { field: "identifiers", isSortable: false },
  { field: "total_spend", isSortable: true, isRight: true },
  { field: "order_count", isSortable: true, isRight: true },
  { field: "ticket_count", isSortable: false, isRight: true },
  { field: "last_purchase_at", isSortable: true, isRight: true },
  { field: "last_seen_at", isSortable: true, isRight: true },
];

export function CustomerList({ customers, sort, onSort }: Props) {
  const { say } = useCustomerText();
  const isPhone = useIsPhone();
  const rows = customers.items;
  const frame = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    const offset = frame.current ? frame.current.getBoundingClientRect().top + window.scrollY : 0;
    setMargin(Math.round(offset));
  }, [isPhone]);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => (isPhone ? 104 : 44),
    overscan: 12,
    scrollMargin: margin,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const visible = virtual.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  const { hasMore, loadMore } = customers;
  useEffect(() => {
    if (hasMore && last >= rows.length - 20) loadMore();
  });

  const place = useRef(-1);
  const move = (step: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, place.current + step));
    place.current = next;
    virtual.scrollToIndex(next, { align: "auto" });
    requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>(`[data-index="${next}"] a`)?.focus({ preventScroll: true }));
  };
  useShortcuts({ j: () => move(1), k: () => move(-1) });

  const shared = { role: "row", "data-dim": customers.isPlaceholder || undefined };
  return (
    <div className={isPhone ? "customer-cards" : "panel customer-table"} role="table" aria-label={say("title")} aria-rowcount={customers.hasMore ? -1 : rows.length + 1} aria-busy={customers.isPlaceholder}>
      {isPhone ? null : <Head sort={sort} onSort={onSort} />}
      <div ref={frame} role="rowgroup" className="customer-rows" style={{ height: virtual.getTotalSize() }}>
        {visible.map((item) => {
          const customer = rows[item.index];
          if (!customer) return null;
          return (
            <div
              {...shared}
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              aria-rowindex={item.index + 2}
              className={isPhone ? "customer-card" : "customer-row"}
              style={{ transform: `translateY(${item.start - margin}px)` }}
              onFocus={() => (place.current = item.index)}
            >
              {isPhone ? <CardCells customer={customer} /> : <RowCells customer={customer} />}
            </div>
          );
        })}
      </div>
      <MoreRows hasMore={hasMore} isLoading={customers.isLoadingMore} onMore={loadMore} isInTable />
    </div>
  );
}

function Head({ sort, onSort }: { sort: Sort; onSort: (field: SortField) => void }) {
  const { say } = useCustomerText();
  return (
    <div role="rowgroup" className="customer-head">
      <div role="row" className="customer-row-grid" aria-rowindex={1}>
        {columns.map(({ field, isSortable, isRight }) => {
          const isOn = sort.field === field;
          return (
            <div key={field} role="columnheader" className={`cell-${field}${isRight ? " right" : ""}`} aria-sort={isOn ? sort.direction : isSortable ? "none" : undefined}>
              {isSortable ? (
                <button type="button" className="sort" onClick={() => onSort(field as SortField)}>
                  {say(`column.${field}`)}
                  <span className={isOn ? "sort-mark sort-on" : "sort-mark"} aria-hidden="true">
                    {isOn && sort.direction === "ascending" ? <CaretUpOutlined /> : <CaretDownOutlined />}
                  </span>
                </button>
              ) : (
                say(`column.${field}`)
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function NameLink({ customer, size }: { customer: Customer; size: number }) {
  const { titleOf } = useCustomerName();
  const title = titleOf(customer);
  return (
    <>
      <Avatar name={title.isName ? title.text : null} seed={customer.id} kind={customer.kind} size={size} />
      <Link to="/customers/$id" params={{ id: customer.id }} className="row-link">
        {title.text}
      </Link>
    </>
  );
}

function RowCells({ customer }: { customer: Customer }) {
  const { say } = useCustomerText();
  const format = useFormat();
  const { typeOf } = useIdentifierText();
  const { computed } = customer;
  const identifiers = inOrder(customer.identifiers);
  return (
    <>
      <div role="cell" className="cell-name">
        <NameLink customer={customer} size={28} />
      </div>
      <div role="cell" className="cell-identifiers">
        {identifiers.slice(0, 2).map((identifier) => (
          <span key={`${identifier.type}${identifier.scope}${identifier.value}`} className="identifier-inline">
            <span className="faint">{typeOf(identifier)}</span> <span className="clip">{identifier.value}</span>
          </span>
        ))}
        {identifiers.length > 2 ? <span className="faint more-identifiers">{say("more_identifiers", { count: identifiers.length - 2 })}</span> : null}
      </div>
      <div role="cell" className="cell-total_spend right">
        <Spend computed={computed} />
      </div>
      <div role="cell" className="cell-order_count right tabular">
        {format.number(computed.order_count)}
      </div>
      <div role="cell" className="cell-ticket_count right tabular">
        {format.number(computed.ticket_count)}
      </div>
      <div role="cell" className="cell-last_purchase_at right">
        <RelativeTime at={computed.last_purchase_at} />
      </div>
      <div role="cell" className="cell-last_seen_at right">
        <RelativeTime at={computed.last_seen_at} />
      </div>
    </>
  );
}

function CardCells({ customer }: { customer: Customer }) {
  const { say } = useCustomerText();
  const format = useFormat();
  const { subtitleOf } = useCustomerName();
  const { computed } = customer;
  return (
    <div role="cell" className="customer-card-inside">
      <div className="customer-card-head">
        <NameLink customer={customer} size={36} />
        <Spend computed={computed} />
      </div>
      <div className="customer-card-foot">
        <span className="clip">{subtitleOf(customer)}</span>
        <span>
          {say("column.order_count")} {format.number(computed.order_count)}
          {computed.ticket_count > 0 ? ` · ${say("column.ticket_count")} ${format.number(computed.ticket_count)}` : ""}
        </span>
        <RelativeTime at={computed.last_seen_at} />
      </div>
    </div>
  );
}
