// Onefold's tracker for WeChat's mini-programs, a file of the program's own: `require("./onefold-mini.js").start({ host, key })` before
// App(…). It listens to what WeChat tells the app and its pages, and never throws into them.
import type { PageFacts } from "../pages";
import { safely } from "../safely";
import { Tracker, leftEvent } from "../tracker";
import { type Definition, type Heard, listenTo } from "./around";
import { carriedBy } from "./carrier";
import { keptBy } from "./kept";
import { tapOf } from "./marks";
import { type MiniOptions, miniOptionsOf } from "./options";
import { accountOf, surroundingsOf } from "./surroundings";
import { Views, factsOf } from "./views";
import type { Launch, PageInstance, Query, Wx } from "./wx";

/** Put in by the build. */
declare const onefoldVersion: string;
declare const wx: Wx;
type Register = (definition: Definition) => unknown;
declare let App: Register;
declare let Page: Register;
declare let Component: Register;
declare const getCurrentPages: () => PageInstance[];

let tracker: Tracker | null = null;
let views: Views;
let lastTap: unknown;
let wasHidden = false;
let launched: PageFacts | null = null;

// Codes that people scan hold an address (q) or what the code was made with (scene).
const nested = ["q", "scene"];

const seen = (): PageFacts => (views.current().path ? views.current() : (launched ?? views.current()));

function tapped(words: unknown[]): void {
  const tap = tapOf(words[0]);
  if (!tap || (tap.at !== undefined && tap.at === lastTap)) return;
  lastTap = tap.at;
  tracker?.track(tap.name, tap.properties);
}

function appListeners(on: Tracker): Record<string, Heard> {
  return {
    onShow: (_, [said]) => {
      const { path = "", query, scene, referrerInfo } = (said ?? {}) as Launch;
      launched = factsOf(path, query, "", "");
      const from = referrerInfo?.appId;
      on.trackOn(launched, "Application Opened", { path: launched.path, from_background: wasHidden, ...(scene !== undefined && { scene }), ...(from && { referring_application: from }) });
      on.sender.soon(0);
    },
    onHide: () => {
      wasHidden = true;
      on.track("Application Backgrounded", { path: seen().path });
      on.sender.soon(0);
    },
  };
}

const isPage = (on: PageInstance): boolean => typeof on.route === "string";

const whenPage =
  (work: (page: PageInstance, words: unknown[]) => unknown): Heard =>
  (page, words) =>
    isPage(page) && work(page, words);

function pageListeners(on: Tracker, hasPages: boolean): Record<string, Heard> {
  return {
    onLoad: whenPage((page, [query]) => views.load(page, query as Query)),
    onShow: whenPage((page) => ((lastTap = undefined), views.show(page, hasPages))),
    onHide: whenPage((page) => (views.hide(page), on.sender.soon(0))),
    onUnload: whenPage((page) => (views.unload(page), on.sender.soon(0))),
  };
}

function others(on: Tracker): (name: string) => Heard {
  return (name) => {
    if (name === "onShareAppMessage") return whenPage((_, [how]) => on.track("Page Shared", { path: seen().path, from: (how as { from?: string } | undefined)?.from ?? "menu" }));
    return (_, words) => tapped(words);
  };
}

function around(original: Register, put: (definition: Definition) => void): Register {
  const listening = safely(put);
  return (definition) => (listening(definition), original(definition));
}

function listen(on: Tracker, hasPages: boolean): void {
  const pages = pageListeners(on, hasPages);
  safely(() => (App = around(App, (definition) => listenTo(definition, appListeners(on)))))();
  safely(() => (Page = around(Page, (definition) => listenTo(definition, pages, others(on)))))();
  safely(() => {
    Component = around(Component, (definition) => {
      definition.methods ??= {};
      listenTo(definition.methods as Definition, pages, others(on));
    });
  })();
}

/** A page's title is what its program last called it. */
function listenToTitles(): void {
  const original = wx.setNavigationBarTitle;
  if (!original) return;
  wx.setNavigationBarTitle = (asked) => {
    safely(() => {
      const route = getCurrentPages().slice(-1)[0]?.route;
      if (route && typeof asked?.title === "string") views.name(route, asked.title);
    })();
    return original.call(wx, asked);
  };
}

function begin({ titles, hasPages, ...options }: MiniOptions): void {
  const { appId } = accountOf(wx);
  const lease = { take: () => 0, release: () => undefined };
  const on = new Tracker(
    { ...options, isRefused: false },
    { store: keptBy(wx), carrier: carriedBy(wx), lease, surroundings: () => surroundingsOf(wx, onefoldVersion), page: seen, nested, ...(appId && { scopes: { openid: appId } }) },
  );
  tracker = on;
  views = new Views(titles, { viewed: (...words) => on.viewed(...words), left: (page, properties) => on.trackOn(page, leftEvent, properties) }, Date.now);
  listen(on, hasPages);
  safely(listenToTitles)();
  safely(() => wx.onNetworkStatusChange?.(({ isConnected }) => isConnected && on.sender.retryNow()))();
  on.begin();
}

export const start = safely((said: unknown) => {
  if (tracker) return;
  const options = miniOptionsOf(said);
  if (!options) return console.warn("onefold: start() wants { host: where Onefold runs, key: a source's write key }");
  begin(options);
});

const call = (work: (on: Tracker, words: unknown[]) => unknown) =>
  safely((...words: unknown[]) => (tracker ? work(tracker, words) : console.warn("onefold: start() comes first")));

export const page = call((_, words) => {
  const top = getCurrentPages().slice(-1)[0];
  if (top) views.begin(top, ...Tracker.viewOf(...words));
});
export const track = call((on, [event, properties]) => on.track(event, properties));
export const identify = call((on, [who, traits]) => on.identify(who, traits));
export const group = call((on, [id, traits]) => on.group(id, traits));
export const alias = call((on, [id, previous]) => on.alias(id, previous));
export const reset = call((on) => on.reset());
export const consent = call((on, [state, categories]) => on.consent(state, categories));
export const user = (): ReturnType<Tracker["user"]> => tracker?.user() ?? { anonymousId: null, userId: null, groupId: null };
