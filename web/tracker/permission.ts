// Whether anything may be stored and sent. Nothing is before consent where consent is required, and while it is not known whether it is.
import { keptJson } from "./kept_json";
import type { Carrier } from "./carrier";
import type { Options } from "./options";
import { judge } from "./retry";
import type { Kept } from "./store";

export type Categories = Record<string, boolean>;

/** What the visitor said. */
export interface Consent {
  state: "granted" | "denied";
  categoryPreferences?: Categories;
}

/** `unknown` until the source's settings are there: nothing may be done, and nothing is forgotten. */
export type State = "granted" | "waiting" | "denied" | "unknown";

const freshMs = 3_600_000;

/** `isRefused`: the browser itself says no, and is heeded. */
export type Asked = Pick<Options, "key" | "host" | "consent"> & { isRefused: boolean };

export class Permission {
  state: State = "unknown";
  private mode: Options["consent"];

  /** `changed` hears every new state, also the first. */
  constructor(
    private readonly options: Asked,
    private readonly store: Kept,
    private readonly get: Carrier["get"],
    private readonly changed: (state: State) => void,
  ) {
    this.mode = options.consent;
  }

  said = (): Consent | null => keptJson(this.store.getSmall("consent"));

  begin(): void {
    const said = this.said();
    if (said) return this.become(said.state);
    if (this.options.isRefused) return this.become("denied");
    if (this.mode !== "ask") return this.become(this.mode === "none" ? "granted" : "waiting");
    const freeSince = Number(this.store.get("free"));
    this.become(freeSince > 0 ? "granted" : "unknown");
    if (!(Math.abs(Date.now() - freeSince) < freshMs)) void this.ask(1);
  }

  grant(consent: Consent): void {
    this.store.setSmall("consent", JSON.stringify(consent));
    this.become("granted");
  }

  /** A refusal is kept only where everything else may be allowed without it. */
  deny(): void {
    this.become("denied");
    this.store.removeSmall("consent");
    this.store.remove("free");
    if (this.mode !== "required") this.store.setSmall("consent", JSON.stringify({ state: "denied" } satisfies Consent));
  }

  private become(state: State): void {
    this.state = state;
    this.changed(state);
  }

  private learn(consent: string | undefined): void {
    this.mode = consent === "required" ? "required" : "none";
    if (this.said() || this.state === "denied") return;
    if (this.mode === "required") this.store.remove("free");
    else this.store.set("free", String(Date.now()));
    this.become(this.mode === "none" ? "granted" : "waiting");
  }

  private async ask(attempt: number): Promise<void> {
    const { host, key } = this.options;
    const { status, body } = await this.get(`${host}/v1/projects/${encodeURIComponent(key)}/settings`);
    if (status === 200) return this.learn((body as { onefold?: { consent?: string } } | null)?.onefold?.consent);
    const { isFinal, waitMs } = judge(status, null, attempt, Math.random());
    if (isFinal) console.warn(`onefold: the server knows no settings for this key (${status})`);
    else setTimeout(() => void this.ask(attempt + 1), waitMs);
  }
}
