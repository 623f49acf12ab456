// Which columns the list shows, in which order, how wide, and which stay in sight: as it stands in the address and as it is remembered.
import type { SortField } from "./list_state";

export interface Column {
  code: string;
  width: number;
  isFrozen: boolean;
}
export type Layout = Column[];

export const widthMin = 64;
export const widthMax = 640;
export const widthUsual = 140;
const own: Record<string, number> = { name: 232, identifiers: 280, total_spend: 128, order_count: 88, ticket_count: 88, event_count: 96, first_seen_at: 132, last_seen_at: 132, last_purchase_at: 132, email: 200, address: 240 };
export const usualWidth = (code: string): number => own[code] ?? widthUsual;

const column = (code: string, isFrozen = false): Column => ({ code, width: usualWidth(code), isFrozen });
export const usualLayout = (): Layout => [column("name", true), ...["identifiers", "total_spend", "order_count", "ticket_count", "last_purchase_at", "last_seen_at"].map((code) => column(code))];

// Those that are figures or moments stand right.
const rights = new Set(["total_spend", "order_count", "ticket_count", "event_count", "first_seen_at", "last_seen_at", "last_purchase_at"]);
export const isRight = (code: string): boolean => rights.has(code);
// The server has an index for these.
const sortable = new Set<string>(["name", "total_spend", "order_count", "ticket_count", "first_seen_at", "last_seen_at", "last_purchase_at"]);
export const isSortable = (code: string): code is SortField => sortable.has(code);

const known = /^[a-z_]{1,64}$/;
const clamp = (width: number) => Math.max(widthMin, Math.min(widthMax, Math.round(width)));

// "name:232!,city,total_spend:128": a width where it is not the usual one, ! where it is frozen. The name is always there.
export const writeLayout = (layout: Layout): string => layout.map(({ code, width, isFrozen }) => code + (width === usualWidth(code) ? "" : `:${width}`) + (isFrozen ? "!" : "")).join(",");
export function readLayout(text: string | null | undefined): Layout | null {
  if (!text) return null;
  const layout: Layout = [];
  for (const part of text.split(",").slice(0, 60)) {
    const found = /^([^:!]+)(?::(\d{1,4}))?(!?)$/.exec(part);
    if (!found || !known.test(found[1]!) || layout.some(({ code }) => code === found[1])) continue;
    layout.push({ code: found[1]!, width: clamp(found[2] ? Number(found[2]) : usualWidth(found[1]!)), isFrozen: found[3] === "!" });
  }
  if (layout.length === 0) return null;
  return frozenFirst(layout.some(({ code }) => code === "name") ? layout : [column("name", true), ...layout]);
}

// What stays in sight stands before what moves.
export const frozenFirst = (layout: Layout): Layout => [...layout.filter(({ isFrozen }) => isFrozen), ...layout.filter(({ isFrozen }) => !isFrozen)];

export const resize = (layout: Layout, code: string, width: number): Layout => layout.map((one) => (one.code === code ? { ...one, width: clamp(width) } : one));
export const freeze = (layout: Layout, code: string, isFrozen: boolean): Layout => frozenFirst(layout.map((one) => (one.code === code ? { ...one, isFrozen } : one)));
export const show = (layout: Layout, code: string, isOn: boolean): Layout =>
  isOn ? (layout.some((one) => one.code === code) ? layout : [...layout, column(code)]) : layout.filter((one) => one.code !== code || code === "name");

// Puts a column before the one that stands at `index`, `layout.length` for the end. It becomes frozen where it comes to stand between frozen ones.
export function moveTo(layout: Layout, code: string, index: number): Layout {
  const from = layout.findIndex((one) => one.code === code);
  if (from < 0) return layout;
  const rest = layout.filter((one) => one.code !== code);
  const at = Math.max(0, Math.min(rest.length, index > from ? index - 1 : index));
  const after = rest[at];
  const before = rest[at - 1];
  const isFrozen = after?.isFrozen === true ? true : before?.isFrozen === false ? false : layout[from]!.isFrozen;
  return [...rest.slice(0, at), { ...layout[from]!, isFrozen }, ...rest.slice(at)];
}
export const moveBy = (layout: Layout, code: string, step: -1 | 1): Layout => {
  const from = layout.findIndex((one) => one.code === code);
  return moveTo(layout, code, step < 0 ? from - 1 : from + 2);
};

// Where each column begins, and how wide they are together.
export function placesOf(layout: Layout): { starts: number[]; total: number } {
  const starts: number[] = [];
  let total = 0;
  for (const { width } of layout) {
    starts.push(total);
    total += width;
  }
  return { starts, total };
}
// Before which column a pointer at `x` lets fall what it holds.
export function dropAt(layout: Layout, x: number): number {
  const { starts } = placesOf(layout);
  const found = layout.findIndex(({ width }, index) => x < starts[index]! + width / 2);
  return found < 0 ? layout.length : found;
}
