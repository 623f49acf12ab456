// A customer of 10,000 events: how long until its page stands in Chromium, with nothing cached.
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { tell, with_server } from "./server.mjs";

const { chromium } = createRequire(resolve("web/package.json"))("@playwright/test");
const events = 10_000;
const batch = 500;
const turns = 9;
const email = "ada@example.com", password = "a long first password";

await with_server({}, async ({ url, command, token }) => {
  const key = (await command("source", "create", "web", "--kind", "api")).trim().split(/\s+/).at(-1);
  const headers = { "content-type": "application/json", authorization: `Basic ${btoa(`${key}:`)}` };
  const start = Date.parse("2025-01-01T00:00:00Z");
  const message = (n) => ({ type: n % 3 ? "page" : "track", userId: "u1", messageId: `m${n}`, timestamp: new Date(start + n * 47 * 60_000).toISOString(), ...(n % 3 ? { name: `Page ${n % 40}`, properties: { path: `/${n % 40}` } } : { event: `Event ${n % 9}`, properties: { n } }) });
  let position;
  for (let n = 0; n < events; n += batch) {
    const sent = await fetch(`${url}/v1/batch`, { method: "POST", headers, body: JSON.stringify({ batch: Array.from({ length: batch }, (_, i) => message(n + i)) }) });
    if (!sent.ok) throw new Error(`batch: ${sent.status} ${await sent.text()}`);
    position = sent.headers.get("onefold-position");
  }
  const found = await fetch(`${url}/api/v1/customers?identifier=user_id:u1`, { headers: { authorization: `Bearer ${token}`, "onefold-min-position": position } });
  const { id, computed } = (await found.json()).items[0];
  if (computed.event_count !== events) throw new Error(`${computed.event_count} events`);
  const made = await fetch(`${url}/api/v1/users`, { method: "POST", headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "idempotency-key": "one" }, body: JSON.stringify({ email, password, role: "editor", name: "Ada", locale: "en" }) });
  if (!made.ok) throw new Error(`user: ${made.status} ${await made.text()}`);
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const times = [];
    for (let turn = 0; turn < turns; ++turn) {
      const context = await browser.newContext({ baseURL: url, viewport: { width: 1440, height: 900 }, locale: "en", serviceWorkers: "block" });
      const signed = await context.request.post("/api/v1/session", { data: { email, password }, headers: { origin: url } });
      if (!signed.ok()) throw new Error(`session: ${signed.status()} ${await signed.text()}`);
      const page = await context.newPage();
      const begun = performance.now();
      await page.goto(`/customers/${id}`, { waitUntil: "commit" });
      await page.locator(".timeline > li").first().waitFor();
      await page.locator(".figures").first().waitFor();
      times.push(performance.now() - begun);
      await context.close();
    }
    times.sort((a, b) => a - b);
    const of = `the page of a customer of ${events} events, from the address to the timeline, nothing cached, in Chromium on the same machine`;
    tell({ what: `${of}, median of ${turns}`, value: times[turns >> 1], unit: "ms", limit: { at_most: 1000 }, command: "node test/bench/page.bench.mjs" });
    tell({ what: `${of}, slowest`, value: times.at(-1), unit: "ms", command: "node test/bench/page.bench.mjs" });
  } finally {
    await browser.close();
  }
});
