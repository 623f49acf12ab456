// What the page's script element says: data-… attributes, or the same names in the address of the script, for pages whose tag manager
// drops attributes.

export interface Options {
  key: string;
  /** Where messages go, without a slash at the end. */
  host: string;
  /** `ask`: the source's settings say. */
  consent: "required" | "none" | "ask";
  hasPages: boolean;
  /** What counts as another page without a load. */
  routes: "history" | "hash" | "off";
  hasOutbound: boolean;
  /** Whether Do Not Track and Global Privacy Control count as a refusal. */
  heedsSignals: boolean;
  /** Of the cookie that sites under one domain share; "" for none. */
  domain: string;
}

type Attribute = (name: string) => string | null;

export function optionsOf(attribute: Attribute, address: string): Options {
  const at = new URL(address);
  const said = (name: string) => attribute(`data-${name}`) || at.searchParams.get(name) || "";
  const consent = said("consent");
  const routes = said("spa");
  return {
    key: said("key"),
    host: (said("host") || at.origin + at.pathname.replace(/\/[^/]*$/, "")).replace(/\/+$/, ""),
    consent: consent === "required" || consent === "none" ? consent : "ask",
    hasPages: said("pages") !== "off",
    routes: routes === "hash" || routes === "off" ? routes : "history",
    hasOutbound: said("outbound") === "on",
    heedsSignals: said("signals") === "respect",
    domain: said("domain"),
  };
}
