// Where the columns of a file go: the map of an import, as one choice a column, and back.
export type ImportKind = "customer" | "order" | "ticket" | "event";
export type ImportMap = Record<string, unknown>;
type Section = Record<string, unknown>;
// Column → places like "fields/name", "organisation/identifiers/credit_code", "order/lines/price".
export type Targets = Record<string, string[]>;
// Column → "day_first", "decimal_comma", …
export type Formats = Record<string, string>;

export const kinds: ImportKind[] = ["customer", "order", "ticket", "event"];

// What a section of the map holds of itself: a part is read from one column.
export const parts = {
  order: ["number", "time", "status", "currency"],
  "order/lines": ["sku", "name", "quantity", "price"],
  ticket: ["number", "time", "subject", "status", "rating"],
  event: ["name", "time", "message_id"],
  membership: ["role", "title", "is_decision_maker", "valid_from", "valid_to"],
} as const;

const groups = ["organisation", "household"] as const;

const isSection = (value: unknown): value is Section => typeof value === "object" && value !== null && !Array.isArray(value);
const section = (of: Section, key: string): Section => (isSection(of[key]) ? of[key] : {});

export function targetsOf(map: ImportMap): Targets {
  const targets: Targets = {};
  const put = (column: unknown, place: string) => {
    if (typeof column === "string") (targets[column] ??= []).push(place);
  };
  // {column: type or field}
  const whose = (of: Section, path: string) => {
    for (const key of ["identifiers", "fields"]) for (const [column, what] of Object.entries(section(of, key))) put(column, `${path}${key}/${String(what)}`);
  };
  whose(map, "");
  whose(section(map, "person"), "");
  for (const group of groups) whose(section(map, group), `${group}/`);
  // {part: column}
  for (const key of ["order", "ticket", "event", "membership"]) for (const [part, column] of Object.entries(section(map, key))) put(column, `${key}/${part}`);
  for (const [part, column] of Object.entries(section(section(map, "order"), "lines"))) put(column, `order/lines/${part}`);
  return targets;
}

export const formatsOf = (map: ImportMap): Formats => Object.fromEntries(Object.entries(section(map, "formats")).map(([column, format]) => [column, String(format)]));

// A place is one column's: who chooses it takes it from the other. Identifiers may stand in several columns.
export function choose(targets: Targets, column: string, places: string[]): Targets {
  const taken = new Set(places.filter((place) => !place.includes("identifiers/")));
  const rest = Object.entries(targets).map(([other, of]) => [other, other === column ? places : of.filter((place) => !taken.has(place))] as const);
  return Object.fromEntries([...rest.filter(([other]) => other !== column), [column, places] as const].filter(([, of]) => of.length > 0));
}

// Only what this kind of file may say.
const belongs = (place: string, kind: ImportKind): boolean => {
  const [root] = place.split("/");
  return !["order", "ticket", "event"].includes(root!) || root === kind;
};

export function mapOf(kind: ImportKind, targets: Targets, formats: Formats): ImportMap {
  const map: Section = { identifiers: {}, fields: {} };
  const at = (path: string[]): Section => path.reduce((of, key) => (of[key] ??= {}) as Section, map);
  for (const [column, places] of Object.entries(targets))
    for (const place of places.filter((one) => belongs(one, kind))) {
      const steps = place.split("/");
      const last = steps.pop()!;
      if (["identifiers", "fields"].includes(steps.at(-1)!)) at(steps)[column] = last;
      else at(steps)[last] = column;
    }
  if (kind !== "customer") map[kind] ??= {};
  const used = Object.entries(formats).filter(([column]) => targets[column]?.some((place) => belongs(place, kind)));
  if (used.length > 0) map.formats = Object.fromEntries(used);
  return map;
}
