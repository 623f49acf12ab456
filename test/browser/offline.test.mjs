// On a phone, without a connection: the interface starts, the customers that were opened lately can be read, as of when is said, nothing
// can be changed, and nobody else finds any of it. What the first page loads is light.
import assert from "node:assert/strict";
import { get } from "node:http";
import { after, before, test } from "node:test";
import { Leftovers, Server, Tracker, fresh_folder, run, seeing } from "../story/onefold.mjs";
import { Visitor, expect, open_browser } from "./visitor.mjs";
import { speaker } from "./words.mjs";

const leftovers = new Leftovers();
let browser;
before(async () => {
  browser = await open_browser();
  leftovers.after(() => browser.close());
});
after(() => leftovers.run());

const password = "a long first password";
const shell_kb_max = 300;

async function fill(server, folder) {
  const tracker = new Tracker(server.api(), (await run(["source", "create", "web", "--kind", "api", "--data", folder])).last_word);
  const api = server.api({ token: (await run(["token", "create", "t", "--role", "editor", "--data", folder])).last_word });
  const people = ["Ann Bell", "Ben Ash", "Cem Oak"];
  let last;
  for (const [i, name] of people.entries()) {
    await tracker.send("identify", { userId: `u${i}`, traits: { name, phone: `+861391234567${i}` } });
    last = await tracker.send("track", { userId: `u${i}`, event: `Seen by ${name}` });
  }
  const ids = [];
  for (const i of people.keys()) ids.push((await api.get(`/api/v1/customers?identifier=user_id:u${i}`, seeing(last))).body.items[0].id);
  await api.post(`/api/v1/customers/${ids[0]}/notes`, { text: "Prefers a call." });
  return { ids };
}

/** What comes over the wire of a file to who takes gzip. */
const gzip_bytes = (url) =>
  new Promise((done, failed) => {
    get(url, { headers: { "accept-encoding": "gzip" } }, (answer) => {
      let bytes = 0;
      answer.on("data", (chunk) => (bytes += chunk.length)).on("end", () => done(bytes));
    }).on("error", failed);
  });

const all_kept = (page) =>
  page.evaluate(async () => {
    const kept = [];
    for (const name of await caches.keys()) if (name.startsWith("onefold-kept-")) for (const { url } of await (await caches.open(name)).keys()) kept.push(new URL(url).pathname);
    return kept;
  });

for (const language of ["en", "zh-CN"])
  test(`Without a connection, ${language}, 390 px`, { timeout: 180_000 }, async (t) => {
    const folder = fresh_folder(t);
    const say = speaker(language);
    const server = await Server.start(folder);
    t.after(() => server.kill());
    const visitor = await Visitor.arrive(browser, server, { language, width: 390, name: "offline", data_words: [], has_worker: true });
    t.after(() => visitor.leave());
    const { page, context } = visitor;
    const { ids } = await fill(server, folder);
    const [ann, ben, cem] = ids;
    const shown = (text) => expect(page.getByText(text, { exact: true }).filter({ visible: true }).first()).toBeVisible();
    const banner = page.locator(".offline");
    const quiet = () => page.waitForTimeout(600);
    const sign = async (email, path) => {
      await page.goto(path);
      for (const [label, value] of path.startsWith("/setup") ? [["setup.name", "Ada"], ["email", email], ["password", password]] : [["email", email], ["password", password]]) await page.getByLabel(say("access", label), { exact: true }).fill(value);
      await visitor.press(page.getByRole("button", { name: say("access", path.startsWith("/setup") ? "setup.submit" : "sign_in"), exact: true }));
      await expect(page.locator(".tab-bar")).toBeVisible();
    };

    await sign("ada@example.com", `/setup#token=${server.setup_token}`);
    await page.evaluate(() => navigator.serviceWorker.ready);
    const manifest = await (await context.request.get("/manifest.webmanifest")).json();
    for (const { src, sizes } of manifest.icons) {
      const icon = await (await context.request.get(src)).body();
      assert.equal(`${icon.readUInt32BE(16)}x${icon.readUInt32BE(20)}`, sizes, src);
    }
    await page.goto("/customers");
    await quiet();
    for (const id of [ben, ann]) {
      await page.goto(`/customers/${id}`);
      await shown(id === ann ? "Seen by Ann Bell" : "Seen by Ben Ash");
      await visitor.press(page.getByRole("tab", { name: say("customer", "tab.notes") }));
      await quiet();
    }
    const kept = await all_kept(page);
    assert.ok(kept.includes(`/api/v1/customers/${ann}/notes`) && !kept.includes("/api/v1/customers") && !kept.some((path) => path.includes(`/${cem}`)), kept.join(" "));

    // The server is gone, the interface is closed and opened again.
    await context.setOffline(true);
    visitor.complaints.length = 0;
    await page.goto(`/customers/${ann}`);
    await shown("Seen by Ann Bell");
    await expect(banner).toContainText(say("app", "offline.title"));
    await expect(banner).toContainText(say("app", "offline.as_of", { when: "" }).replace(/[。.]$/, "").trim());
    await page.screenshot({ path: `build/test-results/pictures/offline-${language}.png` });
    await visitor.press(page.getByRole("tab", { name: say("customer", "tab.notes") }));
    await shown("Prefers a call.");
    await expect(page.locator("textarea")).toHaveCount(0);
    await expect(page.getByRole("button", { name: say("customer", "act.merge"), exact: true })).toHaveCount(0);
    await visitor.press(banner.getByRole("link", { name: "Ben Ash" }));
    await shown("Seen by Ben Ash");
    await page.goto(`/customers/${cem}`);
    await shown(say("design", "failure.offline.title"));
    await expect(banner).toContainText(say("app", "offline.not_kept"));

    // It comes back by itself.
    await context.setOffline(false);
    await expect(banner).toHaveCount(0, { timeout: 20_000 });
    await page.goto(`/customers/${ann}?tab=notes`);
    await expect(page.getByLabel(say("note", "write"), { exact: true })).toBeVisible();

    // Signed out, nothing is left; without a connection nothing is shown.
    await page.goto("/me");
    await visitor.press(page.getByRole("button", { name: say("app", "sign_out") }));
    await expect(page.getByLabel(say("access", "password"), { exact: true })).toBeVisible();
    await expect.poll(() => all_kept(page)).toEqual([]);
    await context.setOffline(true);
    await page.goto(`/customers/${ann}`);
    await quiet();
    await expect(page.getByText("Seen by Ann Bell")).toHaveCount(0);
    await context.setOffline(false);
    await server.stop();
  });

test("what the first page loads weighs no more than 300 KB, and comes from here", { timeout: 90_000 }, async (t) => {
  const folder = fresh_folder(t);
  const server = await Server.start(folder);
  t.after(() => server.kill());
  const visitor = await Visitor.arrive(browser, server, { language: "en", width: 1440, name: "weight", data_words: [] });
  t.after(() => visitor.leave());
  const { page, context } = visitor;
  await page.goto(`/setup#token=${server.setup_token}`);
  const say = speaker("en");
  for (const [label, value] of [["setup.name", "Ada"], ["email", "ada@example.com"], ["password", password]]) await page.getByLabel(say("access", label), { exact: true }).fill(value);
  await visitor.press(page.getByRole("button", { name: say("access", "setup.submit"), exact: true }));
  await expect(page.getByRole("heading", { name: say("app", "home.greeting", { name: "Ada" }) })).toBeVisible();
  const paths = new Set();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  session.on("Network.responseReceived", ({ response }) => paths.add(new URL(response.url).pathname));
  await page.goto("/");
  await visitor.settled();
  await page.waitForTimeout(500);
  const files = await Promise.all([...paths].filter((path) => !path.startsWith("/api/")).map(async (path) => [path, await gzip_bytes(new URL(path, server.url))]));
  const kb = files.reduce((sum, [, bytes]) => sum + bytes, 0) / 1024;
  t.diagnostic(`${kb.toFixed(1)} KB in ${files.length} files`);
  assert.ok(files.some(([path]) => path.endsWith(".js")) && files.length > 5, "something was loaded");
  assert.ok(kb <= shell_kb_max, `${kb.toFixed(1)} KB: ${files.map(([path, bytes]) => `${path} ${bytes}`).join(", ")}`);
  assert.ok(files.length <= 30, `${files.length} files`);
});
