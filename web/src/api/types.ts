// The shapes of the API, as the pages use them.

export type Role = "viewer" | "editor" | "admin";
export type Language = "zh-CN" | "en";

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface Profile {
  id: string;
  email: string;
  name: string;
  role: Role;
  locale: string;
  version: number;
}
export interface Session {
  user: Profile;
  company: { name: string; zone: string; currency: string; locale: string };
}
export interface Company {
  name: string;
  zone: string;
  currency: string;
  locale: string;
  version: number;
}
export interface User extends Profile {
  is_active: boolean;
}
export interface Token {
  id: string;
  name: string;
  role: Role;
  created_at: string;
  last_used_at: string | null;
  is_revoked: boolean;
}
export interface CreatedToken extends Token {
  token: string;
}

export type SourceKind = "tracker" | "api" | "file";
export interface Source {
  id: string;
  name: string;
  kind: SourceKind;
  zone: string;
  currency: string;
  created_at: string;
  write_key_hint: string;
  version: number;
}
export interface CreatedSource extends Source {
  write_key: string;
}

export type ImportState = "running" | "finished" | "failed" | "interrupted";
export interface ImportProblem {
  is_warning: boolean;
  line: number;
  column: string | null;
  code: string;
  message: string;
}
export interface Import {
  id: string;
  source: string;
  as: "customer" | "order" | "ticket" | "event";
  file: string;
  state: ImportState;
  started_at: string;
  finished_at: string | null;
  counts: { read: number; created: number; updated: number; unchanged: number; failed: number };
  warnings: number;
  problems: ImportProblem[];
  error: string | null;
}

export type FieldValue = string | number | boolean | null | FieldValue[] | { [key: string]: FieldValue };
export interface Identifier {
  type: string;
  scope: string | null;
  value: string;
}
export interface CustomerIdentifier extends Identifier {
  state: "open" | "shared" | "blocked";
}
export interface Computed {
  first_seen_at: string | null;
  last_seen_at: string | null;
  last_purchase_at: string | null;
  event_count: number;
  order_count: number;
  ticket_count: number;
  total_spend: string;
  currency: string;
  unconverted?: { currency: string; amount: string }[];
}
export type CustomerKind = "person" | "organisation" | "household";
export interface Customer {
  id: string;
  kind: CustomerKind;
  state: "active" | "merged" | "erased";
  merged_into: string | null;
  version: number;
  fields: Record<string, FieldValue>;
  computed: Computed;
  identifiers: CustomerIdentifier[];
}
export interface Provenance {
  source: string;
  at: string;
  rule: string;
  others?: { value: FieldValue; source: string; at: string }[];
}
export interface CustomerPage extends Customer {
  provenance: Record<string, Provenance>;
}
export interface TimelineItem {
  at: string;
  kind: string;
  name: string;
  source: string;
  position: string | null;
  properties: Record<string, FieldValue>;
}
export interface LineageNode {
  id: string;
  source: string;
  kind: CustomerKind;
  subject_key: string;
  first_at: string | null;
  identifiers: Identifier[];
  facts: Record<string, FieldValue>;
}
export interface LineageLink {
  node_a: string;
  node_b: string;
  rule: string;
  identifier: Identifier | null;
  at: string;
}
export interface Lineage {
  nodes: LineageNode[];
  links: LineageLink[];
}

export interface Order {
  id: string;
  number: string;
  source: string;
  customer: string | null;
  time: string;
  total: string;
  currency: string;
  line_count: number;
  status: string | null;
}
export interface OrderLine {
  sku: string | null;
  name: string | null;
  quantity: string;
  price: string | null;
  amount: string;
}
export interface OrderWithLines extends Order {
  lines: OrderLine[];
}
export interface Ticket {
  id: string;
  number: string;
  source: string;
  customer: string | null;
  time: string;
  subject: string | null;
  status: string | null;
  rating: number | null;
}

export interface Field {
  code: string;
  label: Record<string, string>;
  type: string;
  is_computed: boolean;
}

export type Formula =
  | { field: string }
  | { value: string | number | boolean | null }
  | { op: "and" | "or" | "not" | "=" | "<>" | "<" | "<=" | ">" | ">=" | "in" | "contains" | "blank"; args: Formula[] };
