// Onefold's browser tracker: puts `onefold` on the page and watches what the page lets it watch. It never throws into the page.
import { answerMsMax, browser } from "./carrier";
import { type Properties, eventOf, markedAround, outboundAround, propertiesOf, submissionOf } from "./elements";
import { Lease } from "./lease";
import { type Options, optionsOf } from "./options";
import { Pages } from "./pages";
import { safely } from "./safely";
import { Store } from "./store";
import { Tracker, leftEvent } from "./tracker";

/** Put in by the build. */
declare const onefoldVersion: string;

const names = ["page", "track", "identify", "group", "alias", "reset", "consent"] as const;

type Name = (typeof names)[number];
type Call = [Name | "ready", ...unknown[]];
type Api = Record<Name, (...words: unknown[]) => void> & { user: Tracker["user"]; ready: (then: unknown) => void; isLoaded: boolean };
type Stub = Call[] & Partial<Api>;

const holder = window as unknown as { onefold?: Stub };

interface Watched {
  tracker: Tracker;
  pages: Pages;
}

function surroundings(): Properties {
  const { width, height } = screen;
  return {
    library: { name: "onefold.js", version: onefoldVersion },
    userAgent: navigator.userAgent,
    locale: navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    screen: { width, height, density: devicePixelRatio },
  };
}

const hasSignal = (): boolean => {
  const { doNotTrack, globalPrivacyControl } = navigator as Navigator & { globalPrivacyControl?: boolean };
  return globalPrivacyControl === true || doNotTrack === "1";
};

function watchedBy(options: Options): Watched {
  const store = new Store(options.domain);
  const lease = new Lease(store, answerMsMax + 5_000);
  const pages: Pages = new Pages(options.routes, {
    viewed: (page, name, properties) => tracker.viewed(page, name, properties),
    left: (page, properties) => tracker.trackOn(page, leftEvent, properties),
  });
  const asked = { ...options, isRefused: options.heedsSignals && hasSignal() };
  const tracker: Tracker = new Tracker(asked, { store, carrier: browser, lease, surroundings, page: () => pages.current() });
  return { tracker, pages };
}

const targetOf = (event: Event): EventTarget | null => event.composedPath?.()[0] ?? event.target;

function watchElements(tracker: Tracker, hasOutbound: boolean): void {
  const clicked = safely((event: MouseEvent) => {
    if (event.type === "auxclick" && event.button !== 1) return;
    const marked = markedAround(targetOf(event));
    if (marked && marked.tagName !== "FORM") tracker.track(eventOf(marked), propertiesOf(marked));
    const outbound = hasOutbound && outboundAround(targetOf(event), location.host);
    if (outbound) tracker.track("Outbound Link Clicked", outbound);
  });
  addEventListener("click", clicked, true);
  addEventListener("auxclick", clicked, true);
  addEventListener(
    "submit",
    safely((event: Event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-onefold-event")) return;
      const { properties, traits } = submissionOf(form);
      tracker.track(eventOf(form), properties);
      if (Object.keys(traits).length > 0) tracker.identify(traits);
    }),
    true,
  );
}

function watchPages({ tracker, pages }: Watched, hasPages: boolean): void {
  const { sender } = tracker;
  if (hasPages) pages.watchRoutes();
  addEventListener("scroll", safely(() => pages.scroll()), { capture: true, passive: true });
  addEventListener("online", safely(() => sender.retryNow()));
  addEventListener("storage", safely((event: StorageEvent) => event.key === "onefold_consent" && tracker.begin()));
  addEventListener(
    "pageshow",
    safely((event: PageTransitionEvent) => {
      if (!event.persisted) return;
      sender.comeBack();
      if (hasPages) pages.begin();
    }),
  );
  addEventListener("pagehide", safely(() => (pages.close(), sender.leave())));
  document.addEventListener(
    "visibilitychange",
    safely(() => {
      if (document.visibilityState !== "hidden") return pages.show();
      pages.hide();
      sender.flush();
    }),
  );
}

function start({ tracker, pages }: Watched, hasPages: boolean): void {
  const stub: Stub = holder.onefold ?? [];
  const ready = safely((then: unknown) => typeof then === "function" && then(stub));
  const api = { user: () => tracker.user(), ready, isLoaded: true } as Api;
  const page = (...words: unknown[]) => pages.begin(...Tracker.viewOf(...words));
  for (const name of names) api[name] = safely((...words: unknown[]) => (name === "page" ? page(...words) : (tracker[name] as (...all: unknown[]) => void).apply(tracker, words)));
  const calls = stub.splice(0);
  Object.assign(stub, api);
  holder.onefold = stub;
  tracker.begin();
  if (hasPages) pages.begin();
  for (const [name, ...words] of calls) if (name === "ready" || names.includes(name)) api[name](...(words as [unknown]));
}

safely(() => {
  const script = (document.currentScript ?? document.querySelector("script[src*='onefold.js']")) as HTMLScriptElement | null;
  if (!script || holder.onefold?.isLoaded) return;
  const options = optionsOf((name) => script.getAttribute(name), script.src);
  if (!options.key) return console.warn("onefold: the script wants data-key, a source's write key");
  const watched = watchedBy(options);
  watchPages(watched, options.hasPages);
  watchElements(watched.tracker, options.hasOutbound);
  const begin = safely(() => start(watched, options.hasPages));
  if ((document as Document & { prerendering?: boolean }).prerendering) document.addEventListener("prerenderingchange", begin, { once: true });
  else begin();
})();
