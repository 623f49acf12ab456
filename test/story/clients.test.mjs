// The clients that the world uses, unchanged, from npm: what they send arrives, is read as they mean it, and none of it is refused.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer, request as ask } from "node:http";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { attach } from "../torture/io_errors.mjs";
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

/** A way to the server under a path, which it takes away as proxies do, and of which it tells; what came by it is kept. */
async function proxy(t, prefix = "") {
  const seen = [];
  const http = createServer((asked, answered) => {
    if (!asked.url.startsWith(`${prefix}/`)) return answered.writeHead(404).end();
    const { hostname, port } = new URL(server.url);
    const headers = { ...asked.headers, ...(prefix && { "x-forwarded-prefix": prefix }) };
    const call = ask({ hostname, port, method: asked.method, path: asked.url.slice(prefix.length), headers }, (answer) => {
      seen.push({ method: asked.method, path: asked.url, status: answer.statusCode, retry_after: answer.headers["retry-after"] });
      answered.writeHead(answer.statusCode, answer.headers);
      answer.pipe(answered);
    });
    call.on("error", () => answered.destroy());
    asked.pipe(call);
  });
  await new Promise((done) => http.listen(0, "127.0.0.1", done));
  t.after(() => (http.closeAllConnections(), http.close()));
  return { seen, url: `http://127.0.0.1:${http.address().port}${prefix}` };
}

/** Until `leave`, the disk takes seconds for what the log writes, and one message is on its way: more is refused until it is through. */
async function overload(t, seconds) {
  const trace = await attach(t, server.child.pid, "fdatasync", `delay_enter=${seconds * 1_000_000}`);
  const tracker = new Tracker(server.api(), write_key);
  const first = tracker.send("track", { userId: "overload", event: "On Its Way" });
  for (const deadline = Date.now() + 10_000; (await tracker.send("batch", { batch: [] })).status !== 429; await sleep(50)) assert.ok(Date.now() < deadline, "it is not overloaded");
  return async () => (assert.equal((await first).status, 200), trace.leave());
}

test("an overload loses nothing of Segment's library for Node: it obeys 429, and such an answer is no attempt", async (t) => {
  const { Analytics } = client("@segment/analytics-node");
  const { seen, url } = await proxy(t);
  const analytics = new Analytics({ writeKey: write_key, host: url, path: "/v1/batch", flushAt: 1, maxRetries: 1 });
  const failures = [];
  analytics.on("error", (error) => failures.push(error));
  const leave = await overload(t, 6);
  analytics.track({ userId: "patient-node", event: "Held Up" });
  await analytics.closeAndFlush({ timeout: 60_000 });
  await leave();
  assert.deepEqual(failures, []);
  const statuses = seen.map(({ status }) => status);
  assert.ok(statuses.length > 2 && statuses.slice(0, -1).every((status) => status === 429) && statuses.at(-1) === 200, statuses.join());
  assert.ok(seen.slice(0, -1).every(({ retry_after }) => Number(retry_after) >= 1), JSON.stringify(seen));
  assert.deepEqual(told((await known("user_id:patient-node", 1)).items), [["track", "Held Up"]]);
});

test("Snowplow's and RudderStack's libraries for Node come again after 429", async (t) => {
  const { buildStructEvent, newTracker } = client("@snowplow/node-tracker");
  const RudderAnalytics = client("@rudderstack/rudder-sdk-node");
  const { seen, url } = await proxy(t);
  const { hostname, port } = new URL(url);
  const outcomes = [];
  const snowplow = newTracker({ namespace: "patient", appId: write_key }, { endpoint: hostname, protocol: "http", port: Number(port), eventMethod: "post", bufferSize: 1, onRequestSuccess: () => outcomes.push("sent"), onRequestFailure: ({ status, willRetry }) => outcomes.push(`${status} ${willRetry}`) });
  const rudder = new (RudderAnalytics.default ?? RudderAnalytics)(write_key, { dataPlaneUrl: url, flushAt: 20, flushInterval: 60_000 });
  const leave = await overload(t, 2.5);
  snowplow.setUserId("patient-snow");
  snowplow.track(buildStructEvent({ category: "shop", action: "Held Up" }));
  const failures = [];
  rudder.track({ userId: "patient-rudder", event: "Held Up" }, (error) => error && failures.push(error));
  const keeps_asking = setInterval(() => snowplow.flush(), 300); // what it keeps goes out with the next flush
  t.after(() => clearInterval(keeps_asking));
  await Promise.all([rudder.flush(), expect_soon(() => outcomes.includes("sent"))]);
  await leave();
  assert.deepEqual([failures, outcomes.at(-1)], [[], "sent"]);
  assert.ok(outcomes.includes("429 true") && !outcomes.some((outcome) => outcome.endsWith("false")), outcomes.join());
  assert.ok(seen.filter(({ status }) => status === 429).length >= 2, JSON.stringify(seen));
  for (const userId of ["patient-snow", "patient-rudder"]) assert.deepEqual(told((await known(`user_id:${userId}`, 1)).items), [["track", "Held Up"]]);
});

async function expect_soon(is_so) {
  for (const deadline = Date.now() + 60_000; !is_so(); await sleep(50)) assert.ok(Date.now() < deadline, "it did not happen");
}

describe("Segment's library in Chromium, on a page of another origin", () => {
  const library = resolve("test/clients/node_modules/@segment/analytics-next/dist/umd");
  const mine = new Leftovers();
  let browser, shop;

  before(async () => {
    const files = createServer((request, response) => {
      const name = new URL(request.url, "http://shop").pathname;
      const is_script = name.endsWith(".js");
      response.setHeader("content-type", is_script ? "text/javascript" : "text/html; charset=utf-8");
      const own = new URL(request.url, "http://shop").searchParams.get("own");
      response.end(is_script ? readFileSync(join(library, name)) : `<!doctype html><title>Shop</title><script ${own ? `src="${server.url}/onefold.js" data-key="${write_key}" data-host="${own}"` : `src="/index.js"`}></script>`);
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

  test("finds the server under a path of the shop's own host, and so does our own tracker", async (t) => {
    const behind = await proxy(t, "/shop/cdp");
    const { page, complaints, asked } = await visit(t, "/tea");
    const anonymous = await page.evaluate(async (given) => {
      const [analytics] = await window.AnalyticsNext.AnalyticsBrowser.load(given);
      await analytics.track("Through A Path");
      return analytics.user().anonymousId();
    }, { writeKey: write_key, cdnURL: behind.url });
    assert.deepEqual(told((await known(`anonymous_id:${anonymous}`, 1)).items), [["track", "Through A Path"]]);
    const own = await visit(t, `/own?own=${encodeURIComponent(behind.url)}`);
    await own.page.evaluate(() => window.onefold.track("By Our Own"));
    const { anonymousId } = await (await own.page.waitForFunction(() => window.onefold.user().anonymousId && window.onefold.user())).jsonValue();
    assert.deepEqual(told((await known(`anonymous_id:${anonymousId}`, 2)).items).sort(), [["page", "/own"], ["track", "By Our Own"]].sort());
    assert.deepEqual([...complaints, ...own.complaints], []);
    assert.deepEqual([...asked, ...own.asked], [["GET", "/onefold.js", 200]], "it was asked past the path");
    assert.deepEqual([...new Set(behind.seen.filter(({ method }) => method !== "OPTIONS").map(({ method, path, status }) => `${method} ${path.replace(write_key, "KEY")} ${status}`))].sort(),
      ["GET /shop/cdp/v1/projects/KEY/settings 200", "POST /shop/cdp/v1/batch 200", "POST /shop/cdp/v1/t 200"]);
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
