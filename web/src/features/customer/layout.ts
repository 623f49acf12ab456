// What stands where on a customer's page, by kind, as data: the form designer will own it.
import type { CustomerKind } from "../../api/types";

export type Block = "record" | "timeline" | "members" | "orders" | "tickets" | "notes" | "identifiers" | "memberships" | "interests" | "lineage" | "decisions";
export type FigureCode = "total_spend" | "average_order" | "orders" | "last_purchase" | "tickets" | "events" | "first_seen" | "last_seen";

export interface Tab {
  code: TabCode;
  blocks: Block[];
}
export type TabCode = "timeline" | "members" | "orders" | "tickets" | "notes" | "about";

export interface Layout {
  subtitle: string[]; // fields beneath the name
  figures: FigureCode[];
  left: Block[];
  tabs: Tab[];
  right: Block[];
}

const tab = (code: TabCode, ...blocks: Block[]): Tab => ({ code, blocks });
const figures: FigureCode[] = ["total_spend", "average_order", "orders", "last_purchase", "tickets", "events", "first_seen", "last_seen"];
const activity = [tab("orders", "orders"), tab("tickets", "tickets"), tab("notes", "notes")];

const person: Layout = {
  subtitle: ["title", "company", "city"],
  figures,
  left: ["record"],
  tabs: [tab("timeline", "timeline"), ...activity],
  right: ["interests", "identifiers", "memberships", "lineage", "decisions"],
};
const organisation: Layout = {
  subtitle: ["industry", "city"],
  figures,
  left: ["record"],
  tabs: [tab("timeline", "timeline"), tab("members", "members"), ...activity],
  right: ["interests", "identifiers", "lineage", "decisions"],
};

export const layouts: Record<CustomerKind, Layout> = { person, organisation, household: organisation };

// On a phone the timeline has no end, so what stands at the sides becomes a tab beside it.
export function tabsOf(layout: Layout, isPhone: boolean): Tab[] {
  return isPhone ? [...layout.tabs, tab("about", ...layout.left, ...layout.right)] : layout.tabs;
}

// The tab that the address names, else the first.
export const tabNamed = (tabs: Tab[], name: string | undefined): Tab => tabs.find(({ code }) => code === name) ?? tabs[0]!;
