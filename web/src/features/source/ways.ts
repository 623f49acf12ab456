// How to connect a site, an app or a server: what is pasted where, ready but for the key.
import type { SourceKind } from "../../api/types";

export interface Way {
  name: "web" | "mini_program" | "curl" | "segment_web" | "segment_node" | "rudder_node" | "snowplow_node" | "pixel" | "import";
  code: string;
  /** A file that it needs. */
  download?: string;
}
export const placeholder = "WRITE_KEY";

const word = (text: string) => (/^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

export const importCommand = (source: string): string => `onefold import orders.csv --as order --source ${word(source)} --map map.json --data DIR`;

const lines = (...all: string[]) => all.join("\n");

const web = (origin: string, key: string) => `<script async src="${origin}/onefold.js" data-key="${key}"></script>`;

const miniProgram = (origin: string, key: string) =>
  lines(`// app.js`, `const onefold = require("./onefold-mini.js");`, `onefold.start({ host: "${origin}", key: "${key}" });`, ``, `App({ /* … */ });`);

const curl = (origin: string, key: string) =>
  lines(
    `curl ${origin}/v1/track -u ${key}: \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '{"userId":"1001","event":"Product Viewed","properties":{"sku":"A-1"}}'`,
  );

const segmentWeb = (origin: string, key: string) =>
  lines(
    `import { AnalyticsBrowser } from "@segment/analytics-next";`,
    ``,
    `const analytics = AnalyticsBrowser.load({ writeKey: "${key}", cdnURL: "${origin}" });`,
    `analytics.page();`,
  );

const segmentNode = (origin: string, key: string) =>
  lines(
    `import { Analytics } from "@segment/analytics-node";`,
    ``,
    `const analytics = new Analytics({ writeKey: "${key}", host: "${origin}" });`,
    `analytics.track({ userId: "1001", event: "Product Viewed", properties: { sku: "A-1" } });`,
    `await analytics.closeAndFlush();`,
  );

const rudderNode = (origin: string, key: string) =>
  lines(
    `import RudderAnalytics from "@rudderstack/rudder-sdk-node";`,
    ``,
    `const client = new RudderAnalytics("${key}", { dataPlaneUrl: "${origin}" });`,
    `client.track({ userId: "1001", event: "Product Viewed", properties: { sku: "A-1" } });`,
  );

function snowplowNode(origin: string, key: string): string {
  const { protocol, hostname, port } = new URL(origin);
  const place = `endpoint: "${hostname}", protocol: "${protocol.replace(":", "")}"${port ? `, port: ${port}` : ""}`;
  return lines(
    `import { buildPageView, newTracker } from "@snowplow/node-tracker";`,
    ``,
    `const tracker = newTracker({ namespace: "site", appId: "${key}" }, { ${place}, eventMethod: "post" });`,
    `tracker.setUserId("1001");`,
    `tracker.track(buildPageView({ pageUrl: "https://example.com/tea", pageTitle: "Tea" }));`,
  );
}

const pixel = (origin: string, key: string) => `<img alt="" src="${origin}/v1/pixel/track?writeKey=${key}&userId=1001&event=Email%20Opened">`;

export function waysOf(kind: SourceKind, source: string, origin: string, key: string = placeholder): Way[] {
  const all: Record<Way["name"], () => string> = {
    web: () => web(origin, key),
    mini_program: () => miniProgram(origin, key),
    curl: () => curl(origin, key),
    segment_web: () => segmentWeb(origin, key),
    segment_node: () => segmentNode(origin, key),
    rudder_node: () => rudderNode(origin, key),
    snowplow_node: () => snowplowNode(origin, key),
    pixel: () => pixel(origin, key),
    import: () => importCommand(source),
  };
  const names: Record<SourceKind, Way["name"][]> = {
    tracker: ["web", "mini_program", "segment_web", "pixel", "curl"],
    api: ["curl", "segment_node", "rudder_node", "snowplow_node"],
    file: ["import"],
  };
  const downloads: Partial<Record<Way["name"], string>> = { mini_program: `${origin}/onefold-mini.js` };
  return names[kind].map((name) => ({ name, code: all[name](), ...(downloads[name] && { download: downloads[name] }) }));
}
