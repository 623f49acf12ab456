// Views of pages: one begins with a load or where the address changes without one, and ends when the next begins or the page closes.
import { Dwell } from "./dwell";
import type { Properties } from "./elements";
import type { Options } from "./options";
import { safely } from "./safely";

export interface PageFacts {
  path: string;
  referrer: string;
  search: string;
  title: string;
  url: string;
}

interface Told {
  viewed(page: PageFacts, name: string | undefined, properties: Properties): void;
  left(page: PageFacts, properties: Properties): void;
}

const titleArrivesWithinMs = 50;
const lengthMax = 2_000;
const now = () => performance.now();
const cut = (text: string) => text.slice(0, lengthMax);

function after(name: "pushState" | "replaceState", moved: () => void): void {
  const original = history[name];
  history[name] = function (this: History, ...words: Parameters<typeof original>) {
    original.apply(this, words);
    moved();
  };
}

export class Pages {
  private view: { page: PageFacts; dwell: Dwell } | null = null;
  private timer = 0;
  private referrer = document.referrer;
  private place: string[] = [];

  constructor(
    private readonly routes: Options["routes"],
    private readonly told: Told,
  ) {}

  /** The page that is seen, as it was when its view began. */
  current(): PageFacts {
    return this.view?.page ?? this.read();
  }

  begin(name?: string, properties: Properties = {}): void {
    clearTimeout(this.timer);
    this.timer = 0;
    this.end();
    const view = { page: this.read(), dwell: new Dwell() };
    this.view = view;
    this.place = this.here();
    if (document.visibilityState !== "hidden") view.dwell.show(now());
    this.told.viewed(view.page, name, properties);
  }

  /** Everything that may make another page of this one without a load. */
  watchRoutes(): void {
    if (this.routes === "off") return;
    after("pushState", safely(() => this.move()));
    after("replaceState", safely(() => (this.here()[0] === this.place[0] ? (this.place = this.here()) : this.move())));
    addEventListener("popstate", safely(() => this.move()));
    if (this.routes === "hash") addEventListener("hashchange", safely(() => this.move()));
  }

  show(): void {
    this.view?.dwell.show(now());
  }

  hide(): void {
    this.tell(false);
    this.view?.dwell.hide(now());
  }

  close(): void {
    if (this.timer) this.begin();
    this.end();
  }

  scroll(): void {
    const { scrollHeight } = document.documentElement;
    this.view?.dwell.scroll(scrollY + innerHeight, scrollHeight);
  }

  private move(): void {
    if (this.here().join("") === this.place.join("")) return;
    this.place = this.here();
    this.referrer = this.current().url;
    this.end();
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.begin(), titleArrivesWithinMs);
  }

  private end(): void {
    this.tell(true);
    this.view = null;
  }

  private tell(isOver: boolean): void {
    this.scroll();
    const properties = this.view?.dwell.tell(now(), isOver);
    if (this.view && properties) this.told.left(this.view.page, { ...properties, path: this.view.page.path });
  }

  private here(): [string, string] {
    const { pathname, search, hash } = location;
    return [pathname + (this.routes === "hash" ? hash : ""), search];
  }

  private read(): PageFacts {
    const [path, search] = this.here();
    const fragment = path.slice(location.pathname.length);
    return { path: cut(path), referrer: cut(this.referrer), search: cut(search), title: cut(document.title), url: cut(location.origin + location.pathname + search + fragment) };
  }
}
