// Views of a mini-program's pages. A page that is hidden with the whole program and shown again goes on with its view; one that was left
// for another page and is come back to begins a new one.
import { Dwell } from "../dwell";
import type { Properties } from "../elements";
import type { PageFacts } from "../pages";
import type { PageInstance, Query } from "./wx";

export interface Told {
  viewed(page: PageFacts, name: string | undefined, properties: Properties): void;
  left(page: PageFacts, properties: Properties): void;
}

const lengthMax = 2_000;

// What a link had encoded comes encoded still; what a program put in need not be.
const written = (value: unknown): string => (/^[\w.~%!*'()+-]*$/.test(String(value)) ? String(value) : encodeURIComponent(String(value)));

export function searchOf(query: Query = {}): string {
  const parts = Object.keys(query).filter((name) => query[name] !== undefined);
  return parts.length > 0 ? `?${parts.map((name) => `${written(name)}=${written(query[name])}`).join("&")}`.slice(0, lengthMax) : "";
}

export function factsOf(path: string, query: Query | undefined, referrer: string, title: string): PageFacts {
  const search = searchOf(query);
  const rooted = path && `/${path.replace(/^\//, "")}`;
  return { path: rooted, referrer, search, title, url: rooted + search };
}

interface View {
  instance: PageInstance;
  page: PageFacts;
  dwell: Dwell;
}

export class Views {
  private view: View | null = null;
  private last = factsOf("", undefined, "", "");
  private readonly queries = new WeakMap<PageInstance, Query>();
  private readonly titles = new Map<string, string>();

  /** `now`: milliseconds. */
  constructor(
    titles: Record<string, string>,
    private readonly told: Told,
    private readonly now: () => number,
  ) {
    Object.keys(titles).forEach((route) => this.name(route, titles[route]!));
  }

  /** The page that is seen, or was last. */
  current = (): PageFacts => this.last;

  /** What a page is called from now on. */
  name(route: string, title: string): void {
    this.titles.set(route.replace(/^\//, ""), title);
  }

  load(instance: PageInstance, query: Query | undefined): void {
    if (query) this.queries.set(instance, query);
  }

  isOf = (instance: PageInstance): boolean => this.view?.instance === instance;

  show(instance: PageInstance, begins: boolean): void {
    if (this.isOf(instance)) this.view?.dwell.show(this.now());
    else if (begins) this.begin(instance);
  }

  begin(instance: PageInstance, name?: string, properties: Properties = {}): void {
    const isSame = this.isOf(instance);
    this.end();
    const route = instance.route ?? "";
    const referrer = isSame ? this.last.referrer : this.last.url;
    const page = factsOf(route, this.queries.get(instance) ?? instance.options, referrer, this.titles.get(route) ?? "");
    this.view = { instance, page, dwell: new Dwell() };
    this.last = page;
    this.view.dwell.show(this.now());
    this.told.viewed(page, name, properties);
  }

  hide(instance: PageInstance): void {
    if (!this.isOf(instance)) return;
    this.tell(false);
    this.view?.dwell.hide(this.now());
  }

  unload(instance: PageInstance): void {
    if (this.isOf(instance)) this.end();
  }

  private end(): void {
    this.tell(true);
    this.view = null;
  }

  // How far down a page was seen costs a handler that WeChat calls at every scroll, so it is not told.
  private tell(isOver: boolean): void {
    const told = this.view?.dwell.tell(this.now(), isOver);
    if (this.view && told) this.told.left(this.view.page, { dwell_ms: told.dwell_ms, part: told.part, path: this.view.page.path });
  }
}
