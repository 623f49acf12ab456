// axe finds nothing serious on any page, light and dark, on a desk's screen and on a phone's; and what has the focus is seen to have it.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { after, before, test } from "node:test";
import { Leftovers, Server, Tracker, fresh_folder, run, seeing } from "../story/onefold.mjs";
import { fill, write_files } from "./company.mjs";
import { Visitor, expect, open_browser } from "./visitor.mjs";
import { speaker } from "./words.mjs";

const { source: axe } = createRequire(resolve("web/package.json"))("axe-core");
const grave = ["serious", "critical"];
const leftovers = new Leftovers();
let browser;
before(async () => {
  browser = await open_browser();
  leftovers.after(() => browser.close());
});
after(() => leftovers.run());

// "label-content-name-mismatch" is an experiment of axe's: it wants what is seen word for word in the name, and "York · 3 days ago" is
// called "Use York of crm", which says more.
/** What is gravely wrong with the page as it stands: rule, where, why. */
async function faults(page) {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"], rules: { "label-content-name-mismatch": { enabled: false } }, runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] }));
  assert.ok(passes.length > 0, "axe looked at something");
  return violations.filter(({ impact }) => grave.includes(impact)).flatMap(({ id, nodes }) => nodes.slice(0, 5).map(({ target, failureSummary }) => `${id} ${target.join(" ")}: ${failureSummary.replaceAll("\n", " ")}`));
}

async function prepare(server, folder, files) {
  await write_files(files);
  const { token } = await fill(folder, files, { is_large: false });
  const tracker = new Tracker(server.api(), (await run(["source", "create", "web", "--kind", "api", "--data", folder])).last_word);
  const api = server.api({ token });
  await tracker.send("identify", { userId: "u1", traits: { name: "Ann Bell", phone: "+8613912340000", email: "ann@example.com", city: "Leeds", company: { id: "g1", name: "Bell Ringers" } } });
  const last = await tracker.send("batch", { batch: [1, 2, 3, 4].map((n) => ({ type: "page", userId: "u1", name: `Shelf ${n}`, properties: { path: `/${n}` } })) });
  const find = async (identifier) => (await api.get(`/api/v1/customers?identifier=${identifier}`, seeing(last))).body.items[0].id;
  const buyer = (await api.get("/api/v1/customers?sort=-order_count&limit=1")).body.items[0].id;
  const ann = await find("user_id:u1");
  await api.post(`/api/v1/customers/${ann}/notes`, { text: "Prefers a call.", is_pinned: true });
  const source = (await api.get("/api/v1/sources")).body.items[0].id;
  const rows = "name,email\nAnn Bell,ann@example.com\nBen Ash,nonsense\n";
  const upload = (await api.post("/api/v1/uploads", { name: "fair.csv", size: rows.length })).body.id;
  await api.send("PUT", `/api/v1/uploads/${upload}/bytes/0`, rows);
  const imported = (await api.post("/api/v1/imports", { upload, as: "customer", source: "fair", map: { identifiers: { email: "email" }, fields: { name: "name" } } })).body.id;
  return { ann, buyer, firm: await find("group_id:g1"), source, upload, imported };
}

const pages = ({ ann, buyer, firm, source, upload, imported }) => [
  "/", "/customers", `/customers/${buyer}`, `/customers/${ann}`, `/customers/${buyer}?tab=orders`, `/customers/${buyer}?tab=tickets`, `/customers/${ann}?tab=notes`, `/customers/${ann}?tab=about`, `/customers/${firm}?tab=members`,
  `/customers/${buyer}/print`, "/quality", "/sources", `/sources/${source}`, "/events", "/imports", "/imports/new", `/imports/new?upload=${upload}`, `/imports/${imported}`, "/values", "/values/types", "/survivorship", "/people", "/people?tab=tokens", "/fields", "/fields?field=23", "/functions", "/company", "/backups", "/exports", "/profile", "/me", "/nowhere",
];

test("axe finds nothing serious on any page", { timeout: 600_000 }, async (t) => {
  const folder = fresh_folder(t), files = fresh_folder(t);
  const server = await Server.start(folder);
  t.after(() => server.kill());
  const known = await prepare(server, folder, files);
  const found = [];
  let cookies = null;
  for (const [theme, width, language] of [["light", 1440, "en"], ["dark", 1440, "zh-CN"], ["light", 390, "zh-CN"], ["dark", 390, "en"]]) {
    const say = speaker(language);
    const visitor = await Visitor.arrive(browser, server, { language, width, theme, name: "axe", data_words: [] });
    t.after(() => visitor.leave());
    const { page } = visitor;
    const look = async (what) => {
      await visitor.settled();
      await page.waitForTimeout(350); // what fades in is not yet as dark as it will be
      found.push(...(await faults(page)).map((fault) => `${theme} ${width} ${what}: ${fault}`));
    };
    if (!cookies) {
      await page.goto(`/setup#token=${server.setup_token}`);
      await look("/setup");
      for (const [label, value] of [["setup.name", "Ada"], ["email", "ada@example.com"], ["password", "a long first password"]]) await page.getByLabel(say("access", label), { exact: true }).fill(value);
      await visitor.press(page.getByRole("button", { name: say("access", "setup.submit"), exact: true }));
      await expect(page.getByRole("heading", { name: say("app", "home.greeting", { name: "Ada" }) })).toBeVisible();
      cookies = await visitor.context.cookies();
    } else {
      await page.goto("/sign-in");
      await look("/sign-in");
      await visitor.context.addCookies(cookies);
      await page.goto("/");
      await page.evaluate((tag) => localStorage.setItem("onefold.language", tag), language);
    }
    for (const address of pages(known)) {
      await page.goto(address);
      await look(address);
    }
    // Opened: an entry of the timeline, a value being edited, where a value comes from.
    await page.goto(`/customers/${known.ann}`);
    await page.locator(".timeline > li > button").first().click();
    await look("an entry");
    if (width > 768) {
      await page.locator(".pencil").first().focus();
      await page.keyboard.press("Enter");
      await look("a value being edited");
    }
  }
  assert.deepEqual([...new Set(found)], []);
});

test("whatever the Tab key reaches on a customer's page is seen to have the focus", { timeout: 120_000 }, async (t) => {
  const folder = fresh_folder(t), files = fresh_folder(t);
  const server = await Server.start(folder);
  t.after(() => server.kill());
  const { ann } = await prepare(server, folder, files);
  const say = speaker("en");
  const visitor = await Visitor.arrive(browser, server, { language: "en", width: 1440, name: "focus", data_words: [] });
  t.after(() => visitor.leave());
  const { page } = visitor;
  await page.goto(`/setup#token=${server.setup_token}`);
  for (const [label, value] of [["setup.name", "Ada"], ["email", "ada@example.com"], ["password", "a long first password"]]) await page.getByLabel(say("access", label), { exact: true }).fill(value);
  await visitor.press(page.getByRole("button", { name: say("access", "setup.submit"), exact: true }));
  await expect(page.getByRole("heading", { name: say("app", "home.greeting", { name: "Ada" }) })).toBeVisible();
  await page.goto(`/customers/${ann}`);
  await visitor.settled();
  const wanted = [say("customer", "act.print"), say("customer", "act.merge"), say("customer", "edit", { field: "City" })];
  const seen = new Set();
  const missing = () => wanted.filter((name) => ![...seen].some((what) => what.includes(name)));
  for (let step = 0; step < 150; ++step) {
    await page.keyboard.press("Tab");
    const what = await page.evaluate(() => {
      const element = document.activeElement;
      return element === document.body ? null : `${element.tagName} ${element.className} ${element.getAttribute("aria-label") ?? element.textContent.slice(0, 40)}`;
    });
    if (what === null && missing().length === 0) break;
    if (what === null) continue; // the page begins anew behind its end, and where what had the focus has gone
    seen.add(what);
    await expect.poll(() => page.evaluate(is_marked), { message: `a mark of focus on ${what}` }).toBe(true); // some marks grow
  }
  assert.deepEqual(missing(), [], `not reached: ${[...seen].join(" | ")}`);
});

/** In the page: what has the focus shows it. */
function is_marked() {
  const element = document.activeElement;
  const holder = element.closest(".ant-input-affix-wrapper, .ant-select, .ant-tabs-tab, .ant-segmented-item") ?? element;
  return [element, holder].some((one) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
  });
}
