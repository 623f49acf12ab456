// Onefold's browser tracker: puts `onefold` on the page and watches what the page lets it watch. It never throws into the page.
import { eventOf, markedAround, outboundAround, propertiesOf, submissionOf } from "./elements";
import { optionsOf } from "./options";
import { safely } from "./safely";
import { Tracker } from "./tracker";

const names = ["page", "track", "identify", "group", "alias", "reset", "consent"] as const;

type Name = (typeof names)[number];
type Call = [Name | "ready", ...unknown[]];
type Api = Record<Name, (...words: unknown[]) => void> & { user: Tracker["user"]; ready: (then: unknown) => void; isLoaded: boolean };
type Stub = Call[] & Partial<Api>;

const holder = window as unknown as { onefold?: Stub };

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

function watchPages(tracker: Tracker, hasPages: boolean): void {
  const { pages, sender } = tracker;
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

function start(tracker: Tracker, hasPages: boolean): void {
  const stub: Stub = holder.onefold ?? [];
  const ready = safely((then: unknown) => typeof then === "function" && then(stub));
  const api = { user: () => tracker.user(), ready, isLoaded: true } as Api;
  for (const name of names) api[name] = safely((...words: unknown[]) => (tracker[name] as (...all: unknown[]) => void).apply(tracker, words));
  const calls = stub.splice(0);
  Object.assign(stub, api);
  holder.onefold = stub;
  tracker.begin();
  if (hasPages) tracker.page();
  for (const [name, ...words] of calls) if (name === "ready" || names.includes(name)) api[name](...(words as [unknown]));
}

safely(() => {
  const script = (document.currentScript ?? document.querySelector("script[src*='onefold.js']")) as HTMLScriptElement | null;
  if (!script || holder.onefold?.isLoaded) return;
  const options = optionsOf((name) => script.getAttribute(name), script.src);
  if (!options.key) return console.warn("onefold: the script wants data-key, a source's write key");
  const tracker = new Tracker(options);
  watchPages(tracker, options.hasPages);
  watchElements(tracker, options.hasOutbound);
  const begin = safely(() => start(tracker, options.hasPages));
  if ((document as Document & { prerendering?: boolean }).prerendering) document.addEventListener("prerenderingchange", begin, { once: true });
  else begin();
})();
