// What can be said about a visitor, and how a message comes of it.
import { isEmpty, originOf } from "./campaign";
import type { Properties } from "./elements";
import type { Options } from "./options";
import { type PageFacts, Pages } from "./pages";
import { type Categories, type Consent, Permission } from "./permission";
import { Queue, bytesOf } from "./queue";
import { safely } from "./safely";
import { Sender } from "./sender";
import { Store } from "./store";
import { Visitor, randomId } from "./visitor";

/** Put in by the build. */
declare const onefoldVersion: string;

type Id = string | number;
interface Draft extends Properties {
  type: "page" | "track" | "identify" | "group" | "alias";
}

const heldMax = 100;
const messageBytesMax = 32 * 1024;
export const consentEvent = "Segment Consent Preference Updated";

const isObject = (value: unknown): value is Properties => typeof value === "object" && value !== null;
const isId = (value: unknown): value is Id => (typeof value === "string" && value !== "") || typeof value === "number";

// What holds for all messages of this browser.
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

export class Tracker {
  readonly pages: Pages;
  readonly sender: Sender;
  private readonly visitor: Visitor;
  private readonly permission: Permission;
  private held: (() => void)[] = [];

  constructor(options: Options) {
    const store = new Store(options.domain);
    const wrap = (texts: string[]) =>
      `{"writeKey":${JSON.stringify(options.key)},"sentAt":"${new Date().toISOString()}","context":${JSON.stringify(surroundings())},"batch":[${texts.join(",")}]}`;
    this.visitor = new Visitor(store);
    this.sender = new Sender(`${options.host}/v1/batch`, new Queue(store), store, wrap);
    this.permission = new Permission(options, store, () => this.settle());
    this.pages = new Pages(options.routes, {
      viewed: (page, name, properties) => this.say({ type: "page", ...(name && { name }), properties: { ...page, ...properties } }, page),
      left: (page, properties) => this.say({ type: "track", event: "Page Left", properties }, page),
    });
  }

  /** Also when another tab changed what the visitor said. */
  begin(): void {
    this.permission.begin();
  }

  page(name?: unknown, properties?: unknown): void {
    this.pages.begin(typeof name === "string" ? name : undefined, isObject(name) ? name : isObject(properties) ? properties : {});
  }

  track(event: unknown, properties?: unknown): void {
    if (typeof event !== "string" || event === "") return console.warn("onefold: track() wants the event's name");
    this.say({ type: "track", event, properties: isObject(properties) ? properties : {} });
  }

  /** `identify(userId, traits)`, or `identify(traits)` for somebody without a name yet. */
  identify(who: unknown, traits?: unknown): void {
    const userId = isId(who) ? String(who) : null;
    if (userId === null && !isObject(who)) return console.warn("onefold: identify() wants a user id or traits");
    const said = isObject(who) ? who : isObject(traits) ? traits : {};
    this.say({ type: "identify", traits: said }, this.pages.current(), () => userId !== null && this.visitor.identify(userId));
  }

  group(groupId: unknown, traits?: unknown): void {
    if (!isId(groupId)) return console.warn("onefold: group() wants a group's id");
    this.say({ type: "group", groupId: String(groupId), traits: isObject(traits) ? traits : {} }, this.pages.current(), () => this.visitor.join(String(groupId)));
  }

  alias(userId: unknown, previousId?: unknown): void {
    if (!isId(userId)) return console.warn("onefold: alias() wants the new id");
    this.when(() => {
      const previous = isId(previousId) ? String(previousId) : (this.visitor.userId() ?? this.visitor.anonymousId());
      this.write({ type: "alias", userId: String(userId), previousId: previous }, this.pages.current(), new Date());
    });
  }

  /** The next visitor of this device is somebody new. */
  reset(): void {
    this.when(() => this.visitor.forget());
  }

  consent(state: unknown, categories?: unknown): void {
    if (state !== "granted" && state !== "denied") return console.warn('onefold: consent() wants "granted" or "denied"');
    const preferences = isObject(categories) ? (categories as Categories) : undefined;
    const isGranted = state === "granted" && (!preferences || Object.keys(preferences).some((name) => preferences[name] === true));
    if (isGranted) this.grant({ state, ...(preferences && { categoryPreferences: preferences }) });
    else this.deny(preferences ?? this.permission.said()?.categoryPreferences ?? {});
  }

  user(): Record<"anonymousId" | "userId" | "groupId", string | null> {
    if (this.permission.state !== "granted") return { anonymousId: null, userId: null, groupId: null };
    return { anonymousId: this.visitor.anonymousId(), userId: this.visitor.userId(), groupId: this.visitor.groupId() };
  }

  private grant(consent: Consent): void {
    if (JSON.stringify(this.permission.said()) === JSON.stringify(consent)) return;
    this.visitor.anonymousId(); // before other tabs hear, so that they make none of their own
    this.permission.grant(consent);
    this.track(consentEvent);
  }

  /** The server hears no to each of the categories, or it would not know of what. */
  private deny(categories: Categories): void {
    const consent: Consent = { state: "denied", categoryPreferences: Object.fromEntries(Object.keys(categories).map((name) => [name, false])) };
    const wasHeard = this.permission.state === "granted" && this.visitor.isKnown();
    const last = wasHeard ? this.text({ type: "track", event: consentEvent, properties: {} }, this.pages.current(), new Date(), consent) : "";
    this.permission.deny();
    if (last) this.sender.sayAndForget(last);
  }

  // What the permission means for what is held and what is kept.
  private settle(): void {
    const { state } = this.permission;
    if (state === "granted") {
      this.held.splice(0).forEach((work) => safely(work)());
      this.sender.soon(0);
    } else if (state !== "unknown") {
      if (state === "denied") this.held = [];
      this.visitor.forget();
      this.sender.forget();
    }
  }

  private when(work: () => void): void {
    const { state } = this.permission;
    if (state === "granted") return work();
    if (state === "denied") return;
    this.held.push(work);
    if (this.held.length > heldMax) this.held.shift();
  }

  private say(draft: Draft, page: PageFacts = this.pages.current(), before: () => unknown = () => undefined): void {
    const at = new Date();
    this.when(() => {
      before();
      this.write(draft, page, at);
    });
  }

  private write(draft: Draft, page: PageFacts, at: Date): void {
    const text = this.text(draft, page, at, this.permission.said());
    if (bytesOf(text) > messageBytesMax) return console.warn(`onefold: a message has at most ${messageBytesMax} bytes; this one is left out`);
    this.sender.send(text);
  }

  private text(draft: Draft, page: PageFacts, at: Date, consent: Consent | null): string {
    const { visitor } = this;
    const origin = originOf(page.search);
    const anonymousId = visitor.anonymousId();
    const userId = visitor.userId();
    const groupId = visitor.groupId();
    const session = visitor.session(at.getTime(), origin);
    visitor.touch({ at: at.toISOString(), url: page.url, referrer: page.referrer, ...(!isEmpty(origin) && origin) });
    const context = {
      page,
      sessionId: session.id,
      ...(session.isNew && { sessionStart: true }),
      ...session.origin,
      ...(groupId && { groupId }),
      ...(consent && { consent }),
      ...((session.isNew || draft.type === "identify") && { firstTouch: visitor.firstTouch() }),
    };
    return JSON.stringify({ anonymousId, ...(userId && { userId }), ...draft, messageId: randomId(), timestamp: at.toISOString(), context });
  }
}
