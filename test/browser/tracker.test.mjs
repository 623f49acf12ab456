// The tracker on a shop's pages, which come from another origin and forbid what they do not know: what visitors do there arrives once, and on
// the customer's page; and nothing arrives of those who did not allow it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Leftovers, Server, Tracker, fresh_folder, run, seeing, sleep } from "../story/onefold.mjs";
import { Gate, Guest, Shop } from "./shop.mjs";
import { expect, open_browser } from "./visitor.mjs";

const arrives_within_ms = 20_000;
const leftovers = new Leftovers();
let browser, folder, server, gate, shop, token, api, write_key, strict_key;

before(async () => {
  try {
    browser = await open_browser();
    leftovers.after(() => browser.close());
    folder = fresh_folder(leftovers);
    server = await Server.start(folder);
    leftovers.after(() => server.stop());
    write_key = await made("source", "create", "website", "--kind", "tracker");
    token = await made("token", "create", "tracker test", "--role", "admin");
    api = server.api({ token });
    strict_key = await made("source", "create", "strict", "--kind", "tracker");
    await change_source("strict", { consent: "required" });
  } catch (thrown) {
    await leftovers.run();
    throw thrown;
  }
});
after(() => leftovers.run());

async function made(...words) {
  return (await run([...words, "--data", folder])).last_word;
}

async function change_source(name, edit) {
  const { id } = (await api.all("/api/v1/sources")).find((source) => source.name === name);
  const { body, headers } = await api.get(`/api/v1/sources/${id}`);
  const { status } = await api.patch(`/api/v1/sources/${id}`, edit, { "if-match": headers.etag ?? `"${body.version}"` });
  assert.equal(status, 200);
}

/** The customer with this identifier, once `count` of its events are there, and those events in the order of their happening. */
async function known(identifier, count) {
  for (const deadline = Date.now() + arrives_within_ms; ; await sleep(50)) {
    const last = await new Tracker(server.api(), write_key).send("batch", { batch: [] });
    const customer = (await api.get(`/api/v1/customers?identifier=${encodeURIComponent(identifier)}`, seeing(last))).body.items[0];
    const items = customer ? (await api.get(`/api/v1/customers/${customer.id}/timeline?limit=200`)).body.items.reverse() : [];
    if (items.length === count) return { customer, items };
    assert.ok(items.length < count && Date.now() < deadline, `${identifier}: ${items.length} of ${count} events: ${JSON.stringify(items)}`);
  }
}
const told = (items) => items.map(({ kind, name, properties }) => (name === "Page Left" ? `left ${properties.path}` : kind === "page" ? `page ${name}` : name || kind));
const named = (name) => gate.messages().find(({ event }) => event === name);
const of_type = (type, path) => gate.messages().find((message) => message.type === type && message.context.page.path === path);

/** A guest in a shop of their own, so that nothing of those before them is still on its way. */
async function guest_of(t, key = write_key) {
  gate = await Gate.open(server);
  t.after(gate.close);
  shop = await Shop.open(gate, key);
  t.after(shop.close);
  return Guest.arrive(t, browser, shop);
}

/** Pictures of the customer's page, for eyes: wide in English, narrow in Chinese. */
async function look_at_both(page, id) {
  await page.screenshot({ path: "build/test-results/pictures/tracker-en-1440.png" });
  await page.getByRole("button", { name: "Language" }).click();
  await page.getByRole("menuitem", { name: "中文" }).click();
  await expect(page.getByText("离开页面")).toBeVisible();
  const phone = await browser.newContext({ baseURL: server.url, locale: "zh-CN", viewport: { width: 390, height: 844 }, storageState: { cookies: await page.context().cookies(), origins: [] } });
  const narrow = await phone.newPage();
  await narrow.goto(`/customers/${id}`);
  await expect(narrow.locator(".timeline > li").filter({ hasText: "离开页面" })).toHaveCount(1);
  await narrow.locator(".timeline > li").last().scrollIntoViewIfNeeded();
  await narrow.screenshot({ path: "build/test-results/pictures/tracker-zh-CN-390.png" });
  await phone.close();
}

test("pages, how long and how far they were seen, clicks and where the visit came from", async (t) => {
  const guest = await guest_of(t);
  await guest.visit("/?utm_source=baidu&utm_campaign=spring&bd_vid=B1");
  await guest.page.mouse.wheel(0, 1_200);
  await guest.page.waitForFunction(() => scrollY > 500);
  await guest.page.mouse.wheel(0, -5_000);
  await guest.page.waitForFunction(() => scrollY === 0);
  await guest.press("#tea");
  await guest.page.waitForURL("**/tea");
  await guest.page.waitForFunction(() => window.onefold?.isLoaded);
  await guest.press("#buy b");
  await guest.press("#basket");
  await guest.page.waitForURL("**/basket");
  await guest.page.waitForFunction(() => window.onefold?.isLoaded);
  const { anonymousId } = await guest.user();
  await guest.page.goto("about:blank");
  assert.match(anonymousId, /^[0-9a-f]{32}$/);
  const { items } = await known(`anonymous_id:${anonymousId}`, 8);
  assert.deepEqual(told(items).sort(), ["page /", "left /", "page /tea", "Product Added", "Basket Opened", "left /tea", "page /basket", "left /basket"].sort());
  const said = (what) => items[told(items).indexOf(what)];
  const home_left = said("left /");
  assert.ok(home_left.properties.dwell_ms > 0, JSON.stringify(home_left));
  assert.ok(home_left.properties.max_scroll_percent > 40 && home_left.properties.max_scroll_percent < 100, JSON.stringify(home_left));
  assert.deepEqual(said("Product Added").properties, { sku: "T-1", price: 19.9 });

  const first = of_type("page", "/");
  assert.deepEqual(first.context.campaign, { source: "baidu", name: "spring" });
  assert.deepEqual(first.context.clickIds, { bd_vid: "B1" });
  assert.equal(first.context.sessionStart, true);
  const added = named("Product Added");
  assert.deepEqual([added.context.campaign, added.context.sessionId], [first.context.campaign, first.context.sessionId]);
  assert.equal(added.context.sessionStart, undefined);
  assert.equal(added.context.page.referrer, `${shop.url}/?utm_source=baidu&utm_campaign=spring&bd_vid=B1`);
  assert.ok(gate.seen.every(({ method, path, headers, status }) => status === 200 || status === 304 ? method !== "OPTIONS" && (path !== "/v1/batch" || headers["content-type"].startsWith("text/plain")) : false), JSON.stringify(gate.seen.map(({ method, path, status }) => [method, path, status])));
  const [{ context }] = gate.seen.filter(({ path }) => path === "/v1/batch").map(({ body }) => JSON.parse(body));
  assert.equal(context.library.name, "onefold.js");
  assert.match(context.userAgent, /Chrome/);
  assert.ok(context.timezone && context.locale && context.screen.width > 0);
  assert.deepEqual(guest.complaints, []);
});

test("another page without a load, also back; what only the address bar shows is none", async (t) => {
  const guest = await guest_of(t);
  await guest.visit("/app");
  await guest.page.evaluate(() => (history.pushState({}, "", "/app/tea"), (document.title = "Tea in the app")));
  await expect.poll(() => gate.messages().length).toBe(3);
  await guest.page.evaluate(() => (history.replaceState({}, "", "/app/tea?sort=price"), history.pushState({}, "", "/app/tea?sort=price")));
  await guest.page.evaluate(() => (history.pushState({}, "", "/app/gone"), history.replaceState({}, "", "/app/basket")));
  await expect.poll(() => gate.messages().length).toBe(5);
  await guest.page.goBack();
  await expect.poll(() => gate.messages().length).toBe(7);
  const { anonymousId } = await guest.user();
  const { items } = await known(`anonymous_id:${anonymousId}`, 7);
  assert.deepEqual(told(items).sort(), ["page /app", "left /app", "page /app/tea", "left /app/tea", "page /app/basket", "left /app/basket", "page /app/tea"].sort());
  const view = of_type("page", "/app/tea");
  assert.deepEqual([view.context.page.title, view.context.page.referrer], ["Tea in the app", `${shop.url}/app`]);
  assert.deepEqual(guest.complaints, []);
});

test("addresses behind the hash are pages where the tag says so; off is off", async (t) => {
  const guest = await guest_of(t);
  await guest.visit("/app?tag=data-spa%3Dhash%20data-outbound%3Don");
  await guest.page.evaluate(() => (location.hash = "#/orders"));
  await expect.poll(() => gate.messages().length).toBe(3);
  assert.equal(gate.messages()[2].context.page.path, "/app#/orders");
  await guest.visit("/app?tag=data-pages%3Doff");
  await guest.page.evaluate(() => history.pushState({}, "", "/app/other"));
  await guest.call("track", "By Hand");
  await expect.poll(() => named("By Hand")?.context.page.path).toBe("/app/other");
  assert.equal(gate.messages().filter(({ type }) => type === "page").length, 2);
  await guest.visit("/?tag=data-pages%3Doff%20data-outbound%3Don");
  await guest.page.evaluate(() => document.querySelector("#far").addEventListener("click", (event) => event.preventDefault()));
  await guest.press("#far");
  await expect.poll(() => named("Outbound Link Clicked")?.properties).toEqual({ href: "http://127.0.0.1:9/partner", host: "127.0.0.1:9" });
});

test("a marked form makes its sender known, and tells no more than it is marked to", async (t) => {
  const guest = await guest_of(t);
  await guest.visit("/consult");
  for (const [field, value] of [["#name", "Lin Mei"], ["#mail", "lin@example.com"], ["#topic", "oolong"], ["#note", "private words"], ["#word", "opensesame"]]) await guest.page.locator(field).fill(value);
  await guest.press("#send");
  await guest.page.waitForURL("**/thanks?**");
  await expect.poll(() => gate.messages().filter(({ type }) => type === "page").length).toBe(2);
  const { items, customer } = await known("email:lin@example.com", 5);
  assert.deepEqual(told(items).sort(), ["Consultation Requested", "identify", "left /consult", "page /consult", "page /thanks"]);
  assert.equal(customer.fields.name, "Lin Mei");
  assert.deepEqual(items.find(({ name }) => name === "Consultation Requested").properties, { form: "consult", fields: ["full_name", "mail", "topic", "note"], topic: "oolong" });
  const words = gate.messages().filter(({ context }) => context.page.path === "/consult").map((message) => JSON.stringify(message)).join();
  assert.ok(!words.includes("private words") && !words.includes("opensesame"));
});

test("who says who they are brings their earlier pages onto the customer's open page", async (t) => {
  const guest = await guest_of(t);
  const tracker = new Tracker(server.api(), write_key);
  assert.equal((await tracker.send("identify", { userId: "u-9", traits: { name: "Wang Fang" } })).status, 200);
  const { customer } = await known("user_id:u-9", 1);
  const desk = await browser.newContext({ baseURL: server.url, locale: "en", viewport: { width: 1440, height: 900 } });
  t.after(() => desk.close());
  const page = await desk.newPage();
  await page.goto(`/setup#token=${server.setup_token}`);
  for (const [label, value] of [["Your name", "Ada"], ["E-mail", "ada@example.com"], ["Password", "a long first password"]]) await page.getByLabel(label, { exact: true }).fill(value);
  await page.getByRole("button", { name: "Create and sign in" }).click();
  await expect(page.getByRole("heading", { name: /Ada/ })).toBeVisible();
  await page.goto(`/customers/${customer.id}`);
  await expect(page.locator(".timeline > li")).toHaveCount(1);

  await guest.visit("/");
  await guest.visit("/tea");
  const { anonymousId } = await guest.user();
  await known(`anonymous_id:${anonymousId}`, 3);
  await guest.call("identify", "u-9", { city: "Shanghai" });
  await guest.call("group", "g-1", { name: "Initech" });
  await expect(page.locator(".timeline").getByText("/tea").first()).toBeVisible();
  await expect(page.locator(".timeline > li").filter({ hasText: "Left the page" })).toHaveCount(1);
  await expect(page.locator(".timeline > li").filter({ hasText: "Left the page" })).toContainText(/\/ · (< 1|\d+) sec/);
  await look_at_both(page, customer.id);
  const { items } = await known("user_id:u-9", 6);
  assert.deepEqual(told(items).sort(), ["group", "identify", "identify", "left /", "page /", "page /tea"]);
  assert.equal((await api.customer(`anonymous_id:${anonymousId}`)).id, customer.id);
  assert.deepEqual(await guest.user(), { anonymousId, userId: "u-9", groupId: "g-1" });

  await guest.call("reset");
  const next = await guest.user();
  assert.notEqual(next.anonymousId, anonymousId);
  assert.deepEqual([next.userId, next.groupId], [null, null]);
  await guest.call("track", "After Reset");
  await known(`anonymous_id:${next.anonymousId}`, 1);
  await guest.call("identify", "u-10");
  await guest.call("identify", "u-11");
  const { anonymousId: other } = await guest.user();
  assert.notEqual(other, next.anonymousId);
  assert.notEqual((await known("user_id:u-10", 2)).customer.id, (await known("user_id:u-11", 1)).customer.id);
});

describe("consent", () => {
  const required = "/tea?tag=data-consent%3Drequired";
  const nothing = { local: [], session: [], cookie: "" };

  test("before it nothing is stored and nothing asked; with it what waited goes out; taken back, all is gone", async (t) => {
    const guest = await guest_of(t);
    await guest.visit(required);
    await guest.press("#buy b");
    await guest.call("identify", "shy-1", { name: "Shy" });
    await sleep(500);
    assert.deepEqual(await guest.stored(), nothing);
    assert.deepEqual(gate.seen.map(({ path }) => path), ["/onefold.js"]);
    assert.deepEqual(await guest.user(), { anonymousId: null, userId: null, groupId: null });

    await guest.call("consent", "granted", { Analytics: true, Advertising: false });
    const { items } = await known("user_id:shy-1", 4);
    assert.deepEqual(told(items), ["page /tea", "Product Added", "identify", "Segment Consent Preference Updated"]);
    for (const { context } of gate.messages()) assert.deepEqual(context.consent, { state: "granted", categoryPreferences: { Analytics: true, Advertising: false } });
    await guest.visit(required);
    await expect.poll(() => gate.messages().length).toBe(6);

    await guest.call("consent", "denied");
    assert.deepEqual(await guest.stored(), nothing);
    await expect.poll(() => gate.messages().at(-1)).toMatchObject({ event: "Segment Consent Preference Updated", userId: "shy-1", context: { consent: { state: "denied", categoryPreferences: { Analytics: false, Advertising: false } } } });
    const heard = gate.seen.length;
    await guest.call("track", "Denied");
    await guest.page.goto(shop.url + required.replace("/tea", "/basket"));
    await guest.page.waitForFunction(() => window.onefold?.isLoaded);
    await guest.call("track", "Asked Again");
    await sleep(500);
    assert.deepEqual(await guest.stored(), nothing);
    assert.deepEqual(gate.seen.slice(heard).filter(({ path }) => path !== "/onefold.js"), []);
    assert.deepEqual(guest.complaints, []);
  });

  test("the source's setting demands it, and the server takes what comes with it", async (t) => {
    const guest = await guest_of(t, strict_key);
    await guest.visit("/tea");
    await guest.call("track", "Before");
    await expect.poll(() => gate.seen.map(({ path }) => path)).toEqual(["/onefold.js", `/v1/projects/${strict_key}/settings`]);
    await sleep(300);
    assert.deepEqual(await guest.stored(), nothing);
    await guest.call("consent", "granted");
    const { anonymousId } = await guest.user();
    assert.deepEqual(told((await known(`anonymous_id:${anonymousId}`, 3)).items), ["page /tea", "Before", "Segment Consent Preference Updated"]);

    await guest.call("identify", "strict-1", { name: "Shy" });
    await known("user_id:strict-1", 4);
    await guest.call("consent", "denied");
    const { items } = await known("user_id:strict-1", 5);
    const told_last = (await api.get(`/api/v1/events/${items.at(-1).position}`)).body.raw;
    assert.deepEqual([told_last.event, told_last.context, told_last.anonymousId, told_last.properties], ["Segment Consent Preference Updated", { consent: { state: "denied", categoryPreferences: {} } }, undefined, undefined]);
    assert.ok(gate.seen.every(({ headers_back }) => headers_back["onefold-refused"] === undefined));
  });

  test("demanded later, it ends what went without it", async (t) => {
    const guest = await guest_of(t);
    await guest.visit("/tea");
    await expect.poll(async () => (await guest.stored()).local).toContain("onefold_id");
    await expect.poll(guest.waiting).toBe(0);
    await change_source("website", { consent: "required" });
    t.after(() => change_source("website", { consent: "none" }));
    await guest.page.evaluate(() => localStorage.setItem("onefold_free", String(Date.now() - 3_700_000))); // an hour later
    await guest.visit("/basket");
    await expect.poll(guest.stored).toEqual(nothing);
  });

  test("what waited is gone when the page goes without it", async (t) => {
    const guest = await guest_of(t);
    await guest.visit(required);
    await guest.visit("/basket?tag=data-consent%3Drequired");
    await guest.call("consent", "granted");
    await expect.poll(() => gate.messages().length).toBe(2);
    assert.ok(gate.messages().every(({ context }) => context.page.path === "/basket"));
  });

  test("given in one tab, it holds in the other; taken back too", async (t) => {
    const guest = await guest_of(t);
    await guest.visit(required);
    const other = await guest.context.newPage();
    await guest.visit("/basket?tag=data-consent%3Drequired", other);
    await guest.call("consent", "granted");
    await expect.poll(() => new Set(gate.messages().map(({ context }) => context.page.path)).size).toBe(2);
    assert.equal(new Set(gate.messages().map(({ anonymousId }) => anonymousId)).size, 1);
    await other.evaluate(() => window.onefold.consent("denied"));
    await expect.poll(async () => (await guest.user()).anonymousId).toBe(null);
    await guest.call("track", "Too Late");
    await sleep(300);
    assert.deepEqual(await guest.stored(), nothing);
    assert.equal(named("Too Late"), undefined);
  });

  test("a refusal where none was required is remembered, and nothing else", async (t) => {
    const guest = await guest_of(t);
    await guest.visit("/tea");
    await expect.poll(() => gate.messages().length).toBe(1);
    await guest.call("consent", "denied");
    assert.deepEqual(await guest.stored(), { ...nothing, local: ["onefold_consent"] });
    await expect.poll(() => gate.messages().length).toBe(2);
    const heard = gate.seen.length;
    await guest.visit("/basket");
    await guest.call("track", "Denied");
    await sleep(300);
    assert.deepEqual(gate.seen.slice(heard).filter(({ path }) => path !== "/onefold.js"), []);
  });

  test("a browser that says so for its user is believed, where the tag says so", async (t) => {
    const guest = await guest_of(t);
    await guest.context.addInitScript(() => Object.defineProperty(navigator, "globalPrivacyControl", { get: () => true }));
    await guest.visit("/tea?tag=data-signals%3Drespect");
    await sleep(300);
    assert.deepEqual(gate.seen.map(({ path }) => path), ["/onefold.js"]);
    assert.deepEqual(await guest.stored(), nothing);
    await guest.visit("/basket");
    await expect.poll(() => gate.messages().length).toBe(1);
  });
});

describe("nothing is lost, and nothing counts twice", () => {
  test("while the server is away", async (t) => {
    const guest = await guest_of(t);
    await guest.visit("/tea");
    await expect.poll(() => gate.messages().length).toBe(1);
    await server.kill();
    for (let i = 0; i < 3; i++) await guest.call("track", "While Away", { i });
    await expect.poll(guest.waiting).toBe(3);
    await sleep(700);
    assert.equal(await guest.waiting(), 3);
    gate.server = server = await Server.start(folder);
    api = server.api({ token });
    await expect.poll(guest.waiting).toBe(0);
    const { anonymousId } = await guest.user();
    assert.deepEqual(told((await known(`anonymous_id:${anonymousId}`, 4)).items), ["page /tea", "While Away", "While Away", "While Away"]);
  });

  test("when the page closes before the server is back", async (t) => {
    const guest = await guest_of(t);
    await guest.visit("/tea");
    await expect.poll(() => gate.messages().length).toBe(1);
    const { anonymousId } = await guest.user();
    gate.way = "closed";
    await guest.call("track", "Then Gone");
    await guest.page.goto("about:blank");
    gate.way = "open";
    await guest.visit("/basket");
    await expect.poll(guest.waiting).toBe(0);
    assert.deepEqual(told((await known(`anonymous_id:${anonymousId}`, 4)).items), ["page /tea", "Then Gone", "left /tea", "page /basket"]);
  });

  // Browsers let 64 KiB at a time go out that outlive their page.
  test("of a page that stays open and says much, beside a script that heeds no answers", async (t) => {
    const guest = await guest_of(t);
    await guest.visit("/tea");
    await expect.poll(guest.waiting).toBe(0);
    for (let i = 0; i < 60; i++) {
      await guest.call("track", "Long Said", { i, text: "x".repeat(4000) });
      await expect.poll(guest.waiting, { message: `message ${i}` }).toBe(0);
    }
    assert.equal(await guest.page.evaluate((url) => fetch(url, { method: "POST", body: "x".repeat(60_000), keepalive: true }).then(({ ok }) => ok), `${gate.url}/v1/batch`), false);
    for (let i = 60; i < 64; i++) await guest.call("track", "Long Said", { i, text: "x".repeat(4000) });
    await expect.poll(guest.waiting).toBe(0);
    const { anonymousId } = await guest.user();
    const { items } = await known(`anonymous_id:${anonymousId}`, 65);
    assert.deepEqual(items.filter(({ name }) => name === "Long Said").map(({ properties }) => properties.i).sort((a, b) => a - b), Array.from({ length: 64 }, (_, i) => i));
  });

  test("when the server took it and the answer got lost", async (t) => {
    const guest = await guest_of(t);
    await guest.visit("/tea");
    await expect.poll(guest.waiting).toBe(0);
    gate.way = "deaf";
    await guest.call("track", "Twice Said");
    await expect.poll(() => gate.times_sent("Twice Said")).toBeGreaterThan(1);
    gate.way = "open";
    await expect.poll(guest.waiting).toBe(0);
    const { anonymousId } = await guest.user();
    assert.deepEqual(told((await known(`anonymous_id:${anonymousId}`, 2)).items), ["page /tea", "Twice Said"]);
  });

  test("from two tabs of one visitor", async (t) => {
    const guest = await guest_of(t);
    await guest.visit("/tea");
    const other = await guest.context.newPage();
    await guest.visit("/basket", other);
    gate.way = "closed";
    const say = (page, name) => page.evaluate((event) => { for (let i = 0; i < 30; i++) window.onefold.track(event, { i }); }, name);
    await Promise.all([say(guest.page, "One"), say(other, "Other")]);
    gate.way = "open";
    await expect.poll(guest.waiting).toBe(0);
    const { anonymousId } = await guest.user();
    const { items } = await known(`anonymous_id:${anonymousId}`, 62);
    for (const name of ["One", "Other"]) assert.deepEqual(items.filter((item) => item.name === name).map(({ properties }) => properties.i).sort((a, b) => a - b), Array.from({ length: 30 }, (_, i) => i));
  });

  test("what is said before the tracker is there", async (t) => {
    const guest = await guest_of(t);
    await guest.visit("/tea?tag=early");
    await expect.poll(() => gate.messages().length).toBe(3);
    const { anonymousId } = await guest.user();
    assert.deepEqual(told((await known(`anonymous_id:${anonymousId}`, 3)).items).sort(), ["Early", "Ready", "page /tea"]);
  });

  test("a key that is unknown stores nothing, and the page goes on", async (t) => {
    const guest = await guest_of(t, "wrong-key");
    await guest.visit("/tea");
    await guest.call("track", "Nobody Hears", {});
    await guest.page.evaluate(() => { const self = {}; self.self = self; window.onefold.track("Circle", self); window.onefold.track(7); window.onefold.group(); window.onefold.identify(null); window.onefold.consent("perhaps"); });
    await expect.poll(() => guest.complaints.some((text) => text.includes("the server knows no settings"))).toBe(true);
    assert.deepEqual((await guest.stored()).local, []);
    assert.deepEqual(gate.messages(), []);
    assert.ok(guest.complaints.every((text) => text.startsWith("onefold:") || text.includes("401")), guest.complaints.join("\n"));
  });
});
