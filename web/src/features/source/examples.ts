// What is called once a site, an app or a server is connected: who it is, what happened, what was ordered.
import { placeholder, type Way } from "./ways";

export interface Example {
  name: "identify" | "person" | "track" | "order" | "early";
  code: string;
}
interface Call {
  name: Example["name"];
  method: "identify" | "track";
  event?: string;
  what: object;
}

const user = "1001";
const calls = (who: "identify" | "person"): Call[] => [
  { name: who, method: "identify", what: { email: "lin@example.com", phone: "13800138000" } },
  { name: "track", method: "track", event: "Brochure Downloaded", what: { title: "Spring", pages: 24 } },
  { name: "order", method: "track", event: "Order Completed", what: { order_id: "A-1001", total: 39.8, currency: "CNY", products: [{ sku: "T-1", name: "Oolong", price: 19.9, quantity: 2 }] } },
];

// As people write JavaScript: names without quotation marks.
const script = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(script).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value).map(([name, one]) => `${name}: ${script(one)}`).join(", ")} }`;
};

const inPage = (library: string): Example[] => calls("identify").map(({ name, method, event, what }) => ({ name, code: `${library}.${method}(${script(event ?? user)}, ${script(what)});` }));

const onServer = (library: string): Example[] =>
  calls("person").map(({ name, method, event, what }) => ({ name, code: `${library}.${method}(${script(event ? { userId: user, event, properties: what } : { userId: user, traits: what })});` }));

const byHand = (origin: string): Example[] =>
  calls("person").map(({ name, method, event, what }) => ({
    name,
    code: [`curl ${origin}/v1/${method} -u ${placeholder}: \\`, `  -H 'Content-Type: application/json' \\`, `  -d '${JSON.stringify(event ? { userId: user, event, properties: what } : { userId: user, traits: what })}'`].join("\n"),
  }));

// To the letter as in docs/tracker.md.
const early = `<script>
(function (w, q) {
  if (w.onefold) return;
  w.onefold = q;
  "page track identify group alias reset consent ready".split(" ").forEach(function (n) { q[n] = function () { q.push([n].concat([].slice.call(arguments))); }; });
})(window, []);
</script>`;

export function examplesOf(way: Way["name"], origin: string): Example[] {
  if (way === "web") return [...inPage("onefold"), { name: "early", code: early }];
  if (way === "mini_program") return inPage("onefold");
  if (way === "segment_web") return inPage("analytics");
  if (way === "segment_node") return onServer("analytics");
  if (way === "rudder_node") return onServer("client");
  return way === "curl" ? byHand(origin) : [];
}
