// The clients that the world uses, unchanged, from npm: what they send arrives, is read as they mean it, and none of it is refused.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { Leftovers, Server, Tracker, fresh_folder, run, seeing, sleep } from "./onefold.mjs";

const client = createRequire(resolve("test/clients/package.json"));
const playwright = createRequire(resolve("web/package.json"))("@playwright/test");
const arrives_within_ms = 20_000;

const leftovers = new Leftovers();
let server, api, write_key, source;

before(async () => {
  const folder = fresh_folder(leftovers);
  server = await Server.start(folder);
  leftovers.after(() => server.stop());
  const made = async (...words) => (await run([...words, "--data", folder])).last_word;
  write_key = await made("source", "create", "web", "--kind", "tracker", "--region", "CN");
  api = server.api({ token: await made("token", "create", "clients") });
  source = (await api.get("/api/v1/sources")).body.items[0].id;
});
after(async () => {
  const refused = await api.all(`/api/v1/sources/${source}/refused_messages`);
  await leftovers.run();
  assert.deepEqual(refused, []);
});

/** The customer with this identifier, once `count` of its events are there, and those events in their order. */
async function known(identifier, count) {
  for (const deadline = Date.now() + arrives_within_ms; ; await sleep(50)) {
    const last = await new Tracker(server.api(), write_key).send("batch", { batch: [] });
    const customer = (await api.get(`/api/v1/customers?identifier=${encodeURIComponent(identifier)}`, seeing(last))).body.items[0];
    const items = customer ? (await api.get(`/api/v1/customers/${customer.id}/timeline?limit=200`)).body.items.reverse() : [];
    if (items.length === count) return { customer, items };
    assert.ok(items.length < count && Date.now() < deadline, `${identifier}: ${items.length} of ${count} events: ${JSON.stringify(items)}`);
  }
}
const told = (items) => items.map(({ kind, name }) => [kind, name]);
const is_recent = ({ at }) => assert.ok(Math.abs(Date.parse(at) - Date.now()) < 60_000, at);

test("Segment's library for Node", async () => {
  const { Analytics } = client("@segment/analytics-node");
  const analytics = new Analytics({ writeKey: write_key, host: server.url, path: "/v1/batch", flushAt: 4, maxRetries: 0 });
  const failures = [];
  analytics.on("error", (error) => failures.push(error));
  const userId = "node-1";
  analytics.identify({ userId, traits: { name: "Lin Mei", email: "node@example.com" } });
  analytics.track({ userId, event: "Order Completed", properties: { order_id: "O-1", total: 19.95, products: [{ sku: "T-1" }] }, integrations: { All: false, Mail: true } });
  analytics.page({ userId, category: "Shop", name: "Home" });
  analytics.screen({ userId, name: "Basket" });
  analytics.group({ userId, groupId: "g-1", traits: { name: "Initech" } });
  analytics.alias({ userId, previousId: "node-0" });
  analytics.track({ anonymousId: "node-a", event: "Seen", timestamp: new Date("2020-01-02T03:04:05Z") });
  await analytics.closeAndFlush({ timeout: 10_000 });
  assert.deepEqual(failures, []);
  const { customer, items } = await known(`user_id:${userId}`, 7);
  assert.equal(customer.fields.name, "Lin Mei");
  assert.equal((await api.customer("email:node@example.com")).id, customer.id);
  assert.deepEqual(told(items).sort(), [["alias", ""], ["group", ""], ["identify", ""], ["order", "O-1"], ["page", "Home"], ["screen", "Basket"], ["track", "Order Completed"]]);
  assert.deepEqual([customer.computed.event_count, customer.computed.order_count, customer.computed.total_spend], [6, 1, "19.95"]);
  items.forEach(is_recent);
  assert.deepEqual(items.find(({ name }) => name === "Order Completed").properties, { order_id: "O-1", total: 19.95, products: [{ sku: "T-1" }] });
  assert.match((await known("anonymous_id:node-a", 1)).items[0].at, /^2020-01-02T03:04:0[45]/);
});

test("RudderStack's library for Node, compressed", async () => {
  const RudderAnalytics = client("@rudderstack/rudder-sdk-node");
  const rudder = new (RudderAnalytics.default ?? RudderAnalytics)(write_key, { dataPlaneUrl: server.url, flushAt: 20, flushInterval: 60_000, gzip: true });
  const userId = "rudder-1";
  const failures = [];
  const done = (error) => error && failures.push(error);
  rudder.identify({ userId, traits: { name: "Ada", email: "rudder@example.com" } }, done);
  rudder.track({ userId, event: "Product Viewed", properties: { sku: "T-1" } }, done);
  rudder.page({ userId, name: "Home" }, done);
  rudder.screen({ userId, name: "Basket" }, done);
  rudder.group({ userId, groupId: "g-1" }, done);
  rudder.alias({ userId, previousId: "rudder-0" }, done);
  await rudder.flush();
  assert.deepEqual(failures, []);
  const { customer, items } = await known(`user_id:${userId}`, 6);
  assert.deepEqual([customer.fields.name, told(items).sort()], ["Ada", [["alias", ""], ["group", ""], ["identify", ""], ["page", "Home"], ["screen", "Basket"], ["track", "Product Viewed"]]]);
  items.forEach(is_recent);
});

for (const eventMethod of ["post", "get"])
  test(`Snowplow's tracker for Node, by ${eventMethod.toUpperCase()}`, async () => {
    const { buildPageView, buildSelfDescribingEvent, buildStructEvent, newTracker } = client("@snowplow/node-tracker");
    const { hostname, port } = new URL(server.url);
    const outcomes = [];
    const tracker = newTracker(
      { namespace: "test", appId: write_key, encodeBase64: eventMethod === "get" },
      { endpoint: hostname, protocol: "http", port: Number(port), eventMethod, bufferSize: 1, onRequestSuccess: () => outcomes.push("sent"), onRequestFailure: ({ message }) => outcomes.push(message) },
    );
    const userId = `snow-${eventMethod}`;
    tracker.setUserId(userId);
    tracker.setDomainUserId(`visitor-${eventMethod}`);
    tracker.track(buildPageView({ pageUrl: "https://example.com/tea", pageTitle: "Tea", referrer: "https://example.com/" }));
    tracker.track(buildStructEvent({ category: "shop", action: "Added", label: "green", value: 2.5 }));
    tracker.track(buildSelfDescribingEvent({ event: { schema: "iglu:cn.acme/basket_left/jsonschema/1-0-0", data: { items: 3 } } }));
    tracker.flush?.();
    const { customer, items } = await known(`user_id:${userId}`, 3);
    assert.equal((await api.customer(`anonymous_id:visitor-${eventMethod}`)).id, customer.id);
    const said = Object.fromEntries(items.map(({ name, properties }) => [name, properties]));
    assert.deepEqual(said, { Tea: { url: "https://example.com/tea", title: "Tea", referrer: "https://example.com/" }, Added: { category: "shop", label: "green", value: 2.5 }, basket_left: { items: 3 } });
    items.forEach(is_recent);
    assert.ok(outcomes.every((outcome) => outcome === "sent"), outcomes.join());
  });

describe("Segment's library in Chromium, on a page of another origin", () => {
  const library = resolve("test/clients/node_modules/@segment/analytics-next/dist/umd");
  const mine = new Leftovers();
  let browser, shop;

  before(async () => {
    const files = createServer((request, response) => {
      const name = new URL(request.url, "http://shop").pathname;
      const is_script = name.endsWith(".js");
      response.setHeader("content-type", is_script ? "text/javascript" : "text/html; charset=utf-8");
      response.end(is_script ? readFileSync(join(library, name)) : `<!doctype html><title>Shop</title><script src="/index.js"></script>`);
    });
    await new Promise((done) => files.listen(0, "127.0.0.1", done));
    mine.after(() => files.close());
    shop = `http://localhost:${files.address().port}`;
    browser = await playwright.chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
    mine.after(() => browser.close());
  });
  after(() => mine.run());

  /** A page of the shop; whatever the browser complains of is kept, and what it asked of the server. */
  async function visit(t, path) {
    const context = await browser.newContext();
    t.after(() => context.close());
    const page = await context.newPage();
    const complaints = [];
    page.on("console", (message) => message.type() === "error" && !message.text().includes("favicon") && complaints.push(message.text()));
    page.on("requestfailed", (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`));
    const asked = [];
    page.on("response", (answer) => answer.url().startsWith(server.url) && asked.push([answer.request().method(), new URL(answer.url()).pathname, answer.status()]));
    await page.goto(shop + path);
    return { page, complaints, asked };
  }

  test("finds its settings, and sends each call on its short path", async (t) => {
    const { page, complaints, asked } = await visit(t, "/tea?utm_source=baidu&utm_campaign=spring");
    const anonymous = await page.evaluate(async (given) => {
      const [analytics] = await window.AnalyticsNext.AnalyticsBrowser.load(given);
      await analytics.page("Tea");
      await analytics.track("Product Viewed", { sku: "T-1" });
      await analytics.identify("browser-1", { name: "Wang Fang", phone: "13912345678" });
      await analytics.group("g-1", { name: "Initech" });
      await analytics.screen("Basket");
      await analytics.alias("browser-1-new");
      return analytics.user().anonymousId();
    }, { writeKey: write_key, cdnURL: server.url });
    const { customer, items } = await known(`anonymous_id:${anonymous}`, 6);
    assert.deepEqual(complaints, []);
    assert.ok(asked.some(([method, path, status]) => method === "GET" && path === `/v1/projects/${write_key}/settings` && status === 200));
    assert.deepEqual(asked.filter(([method]) => method === "POST").map(([, path, status]) => `${path} ${status}`).sort(), ["/v1/a 200", "/v1/g 200", "/v1/i 200", "/v1/p 200", "/v1/s 200", "/v1/t 200"]);
    assert.equal(customer.fields.name, "Wang Fang");
    assert.deepEqual(told(items).slice(0, 2), [["page", "Tea"], ["track", "Product Viewed"]]);
    assert.equal(items[0].properties.url, `${shop}/tea?utm_source=baidu&utm_campaign=spring`);
    assert.deepEqual((await api.customer("phone:+8613912345678")).id, customer.id);
    items.forEach(is_recent);
  });

  test("sends batches where its settings say so, the last of them when the page goes", async (t) => {
    const deliveryStrategy = { strategy: "batching", config: { size: 3, timeout: 60_000 } };
    const { page, complaints, asked } = await visit(t, "/");
    const settings = { writeKey: write_key, cdnSettings: { integrations: { "Segment.io": { apiKey: write_key, apiHost: `${new URL(server.url).host}/v1`, protocol: "http", deliveryStrategy } } } };
    await page.evaluate(async (given) => {
      const [analytics] = await window.AnalyticsNext.AnalyticsBrowser.load(given);
      await analytics.identify("browser-2");
      for (let i = 0; i < 4; ++i) analytics.track(`Step ${i}`);
      await new Promise((done) => setTimeout(done, 500));
    }, settings);
    await page.goto("about:blank");
    const { items } = await known("user_id:browser-2", 5);
    assert.deepEqual(told(items).filter(([kind]) => kind === "track").map(([, name]) => name).sort(), ["Step 0", "Step 1", "Step 2", "Step 3"]);
    assert.ok(asked.some(([method, path, status]) => method === "POST" && path === "/v1/b" && status === 200));
    assert.deepEqual(complaints.filter((text) => !text.includes("ERR_ABORTED")), []);
  });
});
