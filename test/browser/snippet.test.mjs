// The way from nothing to a known visitor, as somebody goes it who connects a website: the snippet is copied from the source's page into the pages of a
// shop on another origin, a visitor clicks through them and says who they are, and what they looked at before stands on the customer's page within a second.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { Leftovers, Server, Tracker, fresh_folder, run, seeing, sleep } from "../story/onefold.mjs";
import { Visitor, expect, open_browser } from "./visitor.mjs";
import { speaker } from "./words.mjs";

const seen_within_ms = 1_000;
const visitors = 5;

const leftovers = new Leftovers();
let browser;
before(async () => {
  browser = await open_browser();
  leftovers.after(() => browser.close());
});
after(() => leftovers.run());

/** Pages that hold the snippet, to the letter, and a button by which a visitor signs in at the shop. */
async function open_shop(t, snippet) {
  const shelf = { "/": ["Shop", "/oolong"], "/oolong": ["Oolong", "/pu-er"], "/pu-er": ["Pu-erh", "/account"], "/account": ["Account", "/"] };
  const http = createServer((asked, answered) => {
    const page = shelf[new URL(asked.url, "http://shop").pathname];
    if (!page) return answered.writeHead(404).end();
    const [title, next] = page;
    answered.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    answered.end(`<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>${title}</title>
${snippet}
</head><body><h1>${title}</h1><p><a id="next" href="${next}">On</a></p><label>Member <input id="member"></label>
<button id="sign-in" onclick="onefold.identify(document.getElementById('member').value, { city: 'Shanghai' })">Sign in</button></body></html>`);
  });
  await new Promise((done) => http.listen(0, "127.0.0.1", done));
  t.after(() => (http.closeAllConnections(), http.close()));
  return `http://localhost:${http.address().port}`;
}

test("the snippet of the source's page, pasted into a shop's pages, brings what visitors saw onto their customer's page as they say who they are", { timeout: 180_000 }, async (t) => {
  const folder = fresh_folder(t);
  const say = speaker("en");
  const server = await Server.start(folder);
  t.after(() => server.kill());
  const desk = await Visitor.arrive(browser, server, { language: "en", width: 1440, name: "snippet", data_words: [] });
  t.after(() => desk.leave());
  const { page } = desk;
  const api = server.api({ token: (await run(["token", "create", "snippet", "--data", folder])).last_word });
  await page.goto(`/setup#token=${server.setup_token}`);
  for (const [label, value] of [["setup.name", "Ada"], ["email", "ada@example.com"], ["password", "a long first password"]]) await page.getByLabel(say("access", label), { exact: true }).fill(value);
  await desk.press(page.getByRole("button", { name: say("access", "setup.submit"), exact: true }));
  await expect(page.getByRole("heading", { name: say("app", "home.greeting", { name: "Ada" }) })).toBeVisible();

  // Make the source, keep its key, copy the snippet.
  await page.goto("/sources?new=1");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(say("source", "name"), { exact: true }).fill("website");
  await desk.press(dialog.getByRole("button", { name: say("source", "submit"), exact: true }));
  const key = (await dialog.getByLabel(say("source", "key"), { exact: true }).textContent()).trim();
  const at_once = await dialog.getByLabel(say("source", "try.tracker"), { exact: true }).textContent();
  await desk.press(dialog.getByRole("button", { name: say("source", "once.done"), exact: true }));
  await expect(page).toHaveURL(/\/sources\/\d+$/);
  await page.goto(`${page.url()}?tab=install`);
  const shown = await page.locator("pre").and(page.getByLabel(say("source", "way.web"), { exact: true })).textContent();
  const [{ write_key_hint: hint }] = await api.all("/api/v1/sources");
  assert.ok(key.endsWith(hint));
  await expect(page.getByText(say("source", "key_goes_here", { placeholder: "WRITE_KEY", hint }))).toBeVisible();
  const snippet = shown.replace("WRITE_KEY", key);
  assert.equal(snippet, at_once, "what is shown with the key and what is shown later are one snippet");
  const shop = await open_shop(t, snippet);

  const tracker = new Tracker(server.api(), key);
  const timings = [];
  for (let n = 1; n <= visitors; n++) timings.push(await identify(n));
  const best = (name) => Math.min(...timings.map((one) => one[name]));
  t.diagnostic(`ms from the answer to the identify until the earlier pages are on the customer's timeline: ${timings.map(({ api_ms, page_ms }) => `${api_ms} by the API, ${page_ms} on the open page`).join("; ")}`);
  assert.ok(best("api_ms") <= seen_within_ms && best("page_ms") <= seen_within_ms, JSON.stringify(timings));
  await desk.look("a visitor who is known");

  /** A visitor of their own clicks through the shop and signs in, while somebody has the page of that customer open. */
  async function identify(n) {
    const known = await tracker.send("identify", { userId: `m-${n}`, traits: { name: `Member ${n}` } });
    const customer = (await api.get(`/api/v1/customers?identifier=user_id:m-${n}`, seeing(known))).body.items[0];
    const timeline = async () => (await api.get(`/api/v1/customers/${customer.id}/timeline?limit=200`)).body.items;
    await page.goto(`/customers/${customer.id}`);
    await expect(page.locator(".timeline > li")).toHaveCount(1);

    const context = await browser.newContext();
    const guest = await context.newPage();
    const complaints = [];
    context.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
    context.on("weberror", (thrown) => complaints.push(String(thrown.error())));
    const click = async (selector) => {
      await guest.waitForFunction(() => window.onefold?.isLoaded);
      const box = await guest.locator(selector).boundingBox();
      await guest.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
      await guest.mouse.down();
      await guest.mouse.up();
    };
    await guest.goto(shop);
    for (const path of ["/oolong", "/pu-er", "/account"]) {
      await click("#next");
      await guest.waitForURL(`**${path}`);
    }
    await guest.waitForFunction(() => window.onefold?.isLoaded);
    const { anonymousId } = await guest.evaluate(() => window.onefold.user());
    const visitor = await arrived(`anonymous_id:${anonymousId}`, 7); // four views, three of which were left
    assert.notEqual(visitor.id, customer.id);
    assert.ok(!(await timeline()).some(({ kind }) => kind === "page"));

    await guest.locator("#member").fill(`m-${n}`);
    const answer = guest.waitForResponse((one) => one.url().endsWith("/v1/batch") && one.request().postData()?.includes('"type":"identify"'));
    const visit = page.locator(".timeline .burst"); // four pages in quick succession are one line, which unfolds
    const on_the_page = page.waitForFunction(() => document.querySelector(".timeline .burst")?.textContent.includes("4 pages")).then(() => Date.now());
    await click("#sign-in");
    const answered = await answer;
    assert.equal(answered.status(), 200);
    const by_the_api = (async () => {
      const pages = ["/", "/oolong", "/pu-er", "/account"];
      for (const deadline = Date.now() + 20_000; ; await sleep(5)) {
        const paths = (await timeline()).filter(({ kind }) => kind === "page").map(({ properties }) => properties.path);
        if (pages.every((path) => paths.includes(path))) return Date.now();
        assert.ok(Date.now() < deadline, `of ${pages.join(" ")} only ${paths.join(" ")}`);
      }
    })();
    const [api_at, page_at] = await Promise.all([by_the_api, on_the_page]);
    const { startTime, responseStart } = answered.request().timing();
    const answered_at = startTime + responseStart;
    await desk.press(visit.getByRole("button").first());
    for (const path of ["/oolong", "/pu-er", "/account"]) await expect(visit.getByText(path).first()).toBeVisible();
    assert.deepEqual(complaints, []);
    await context.close();
    return { api_ms: Math.round(api_at - answered_at), page_ms: Math.round(page_at - answered_at) };
  }

  /** The customer with this identifier, once so many of its events are there. */
  async function arrived(identifier, count) {
    for (const deadline = Date.now() + 20_000; ; await sleep(20)) {
      const [customer] = (await api.get(`/api/v1/customers?identifier=${encodeURIComponent(identifier)}`)).body.items;
      if (customer?.computed.event_count === count) return customer;
      assert.ok(Date.now() < deadline, `${identifier}: ${customer?.computed.event_count} of ${count} events`);
    }
  }
});
