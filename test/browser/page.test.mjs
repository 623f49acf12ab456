// The whole customer on one page: reached by call, mail and map; bursts that unfold; live arrival without a jump; an entry with both its
// times and as it was sent; notes written, pinned, edited, deleted, taken back, and on the timeline; on paper. Both languages, a desk's screen and a phone's;
// once with nothing but the keyboard.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { Tracker, run, seeing } from "../story/onefold.mjs";
import { everywhere } from "./desk.mjs";
import { expect } from "./visitor.mjs";

const at = (day, minute = 0) => new Date(Date.UTC(2026, 2, day, 8, minute)).toISOString();
const phone = "+8613912345678";

async function fill(server, folder) {
  const tracker = new Tracker(server.api(), (await run(["source", "create", "web", "--kind", "api", "--data", folder])).last_word);
  const api = server.api({ token: (await run(["token", "create", "t", "--role", "editor", "--data", folder])).last_word });
  await tracker.send("identify", { userId: "u1", traits: { name: "Ann Bell", phone, email: "ann@example.com", city: "Leeds", address: "1 Mill Road", title: "Head", company: "Bell Ringers" }, timestamp: at(1) });
  const visit = Array.from({ length: 12 }, (_, i) => ({ type: "page", userId: "u1", name: `Shelf ${i}`, properties: { path: `/shelf/${i}` }, timestamp: at(3, i) }));
  const older = Array.from({ length: 80 }, (_, i) => ({ type: "track", userId: "u1", event: i % 2 ? "Opened" : "Clicked", properties: { number: i }, timestamp: at(2, i * 15) }));
  await tracker.send("batch", { batch: [...older, ...visit] });
  for (const [order_id, total] of [["o-1", 20], ["o-2", 40]]) await tracker.send("track", { userId: "u1", event: "Order Completed", properties: { order_id, total, currency: "CNY", products: [{ sku: "S1", name: "Bell", quantity: 2, price: total / 2 }] }, timestamp: at(4, total) });
  const last = await tracker.send("track", { userId: "u1", event: "Order Refunded", properties: { order_id: "o-1", total: 5, currency: "CNY" }, timestamp: at(5) });
  assert.equal(last.status, 200, JSON.stringify(last.body));
  const ann = (await api.get("/api/v1/customers?identifier=user_id:u1", seeing(last))).body.items[0].id;
  return { tracker, api, ann };
}

everywhere("The customer's page", { name: "page", minutes: 3 }, async ({ folder, server, visitor, page, say, language, width, is_keyboard, press, set_up }) => {
  const word = (key, values) => say("customer", key, values);
  const button = (room, key, values, place = page) => place.getByRole("button", { name: say(room, key, values), exact: true });
  const open_tab = (key) => visitor.press(page.getByRole("tab", { name: new RegExp(`^${word(`tab.${key}`)}`) }));
  const { tracker, api, ann } = await fill(server, folder);
  await set_up();
  await walk_home();
  await walk_page();

  // Visitors of whom nothing is known do not push those out who are, unless somebody wants to see them.
  async function walk_home() {
    await tracker.send("batch", { batch: Array.from({ length: 9 }, (_, n) => ({ type: "page", anonymousId: `v${n}`, name: "Shelf", timestamp: at(8, n) })) });
    await page.goto("/");
    const newest = page.getByRole("region", { name: say("app", "home.newest"), exact: true });
    const people = newest.locator(".people > li");
    await expect(people).toHaveCount(2); // and her company
    await expect(people.filter({ hasText: "Ann Bell" })).toHaveCount(1);
    await visitor.look("home");
    await press(button("app", "home.newest_all", {}, newest));
    await expect(people).toHaveCount(8);
    await expect(people.filter({ hasText: "Ann Bell" })).toHaveCount(0);
    await newest.scrollIntoViewIfNeeded();
    await visitor.look("home with anonymous visitors");
    await page.reload();
    await expect(people).toHaveCount(8);
    await press(button("app", "home.newest_known", {}, newest));
    await expect(people).toHaveCount(2);

    // A source that is new shows up when it speaks.
    const sources = page.getByRole("region", { name: say("app", "home.sources"), exact: true });
    await expect(sources.getByRole("listitem")).toHaveCount(1);
    const kiosk = new Tracker(server.api(), (await run(["source", "create", "kiosk", "--kind", "api", "--data", folder])).last_word);
    await kiosk.send("page", { anonymousId: "v1", name: "Shelf", timestamp: at(8) });
    await expect(sources.getByRole("link", { name: "kiosk", exact: true })).toBeVisible();
  }

  async function walk_page() {
    // Who it is and how to reach them.
    await page.goto(`/customers/${ann}`);
    const header = page.locator(".customer-header");
    await expect(header.getByRole("link", { name: word("way.call", { text: phone }), exact: true })).toHaveAttribute("href", `tel:${phone}`);
    await expect(header.getByRole("link", { name: word("way.mail", { text: "ann@example.com" }), exact: true })).toHaveAttribute("href", "mailto:ann@example.com");
    await expect(header.locator(".way a").nth(2)).toHaveAttribute("href", /Mill/);
    const figure = (code) => header.locator(".figure", { hasText: word(`figure.${code}`) });
    await expect(figure("average_order")).toContainText("30.00");
    await expect(figure("total_spend")).toContainText("55.00");
    if (!visitor.is_phone) for (const time of await header.locator(".figure time").all()) assert.ok((await time.boundingBox()).height < 40, "a figure's time breaks into two lines");
    await visitor.look("page");

    // What the customer turned to, out of events and orders.
    if (visitor.is_phone) await open_tab("about");
    const interests = page.getByRole("region", { name: word("interests"), exact: true });
    await expect(interests.getByRole("listitem").filter({ hasText: "Bell" })).toContainText(word("interest.bought", { count: 2, shown: "2" }));
    await expect(interests.getByRole("region", { name: word("interest.page"), exact: true }).getByRole("listitem")).toHaveCount(6);
    if (visitor.is_phone) {
      await interests.scrollIntoViewIfNeeded();
      await visitor.look("interests");
      await open_tab("timeline");
    }

    // Pages in quick succession are one line, which unfolds; an entry tells both its times and what was sent.
    const rows = page.locator(".timeline > li");
    await expect(rows.first()).toContainText(say("naming", "event_named.Order Refunded"));
    const burst = page.locator(".burst", { hasText: word("timeline.burst_pages", { count: 12, span: "" }).replace("  ", " ").trim().slice(0, 6) }).first();
    await expect(burst.locator(".burst-items")).toHaveCount(0);
    await press(burst.locator("> button"));
    await expect(burst.locator(".burst-items > li")).toHaveCount(12);
    await press(burst.locator(".burst-items > li > button").first());
    const detail = burst.locator(".entry-detail");
    await expect(detail.getByText("/shelf/11", { exact: true })).toBeVisible();
    await expect(detail.getByText(word("entry.received"), { exact: true })).toBeVisible();
    await press(detail.locator("summary"));
    await expect(detail.locator("pre")).toContainText('"userId": "u1"');
    await expect(detail.getByRole("link", { name: "web", exact: true })).toHaveAttribute("href", /^\/sources\/\d+$/);
    await visitor.look("entry");

    // What is new while the timeline is still on its way is not covered by it.
    const events = (await api.get(`/api/v1/customers/${ann}`)).body.computed.event_count;
    const is_timeline = (url) => url.pathname === `/api/v1/customers/${ann}/timeline`;
    let let_go = null;
    await page.route(is_timeline, async (route) => {
      const response = await route.fetch();
      if (!let_go) await new Promise((done) => (let_go = done));
      await route.fulfill({ response });
    });
    await page.goto("/"); // a page that is loaded again stands where it stood
    await page.goto(`/customers/${ann}`);
    await expect.poll(() => let_go).not.toBe(null);
    await tracker.send("track", { userId: "u1", event: "Early Bird", timestamp: at(5, 1) });
    await expect(figure("events")).toContainText(String(events + 1));
    await page.waitForTimeout(500);
    let_go();
    await expect(rows.first()).toContainText("Early Bird");
    await page.unroute(is_timeline);

    // Where the list stands, new entries come in; further down they wait, and nothing jumps.
    await page.goto("/");
    await page.goto(`/customers/${ann}`);
    await visitor.settled();
    await tracker.send("track", { userId: "u1", event: "Coupon Seen", timestamp: at(6) });
    await expect(rows.first()).toContainText("Coupon Seen");
    await expect
      .poll(async () => {
        await rows.last().scrollIntoViewIfNeeded();
        return rows.count();
      })
      .toBeGreaterThan(60);
    await visitor.settled();
    const mark = page.locator(".timeline > li").filter({ hasText: "Clicked" }).nth(20);
    await mark.scrollIntoViewIfNeeded();
    await page.waitForTimeout(300);
    const top = (await mark.boundingBox()).y;
    await tracker.send("batch", { batch: [1, 2, 3].map((n) => ({ type: "track", userId: "u1", event: `Late ${n}`, timestamp: at(7, n) })) });
    const news = page.locator(".timeline-news button");
    await expect(news).toHaveText(new RegExp(word("timeline.news", { count: 3 })));
    assert.ok(Math.abs((await mark.boundingBox()).y - top) < 2, "nothing jumps");
    await visitor.look("news");
    await press(news);
    await expect(rows.first()).toContainText("Late 3");
    await expect(rows.first()).toBeInViewport();
    await expect(news).toHaveCount(0);

    // Notes.
    await open_tab("notes");
    await expect(page.getByText(say("note", "empty"), { exact: true })).toBeVisible();
    await visitor.look("no notes");
    const field = page.getByLabel(say("note", "write"), { exact: true });
    const write = async (text) => {
      await field.fill(text);
      if (is_keyboard) await page.keyboard.press("Control+Enter");
      else await visitor.press(button("note", "save"));
      await expect(page.locator(".note", { hasText: text })).toBeVisible();
    };
    const texts = async () => (await api.get(`/api/v1/customers/${ann}/notes`)).body.items.map(({ text }) => text);
    const note = (text) => page.locator(".note", { hasText: text });
    await field.fill("Begun here.");
    await open_tab("orders");
    await open_tab("notes");
    await expect(field).toHaveValue("Begun here."); // what is half written stays
    await write("Prefers a call before nine.");
    await write("Wants a quote.");
    await press(button("note", "pin", {}, note("Prefers")));
    await expect(page.locator(".note").first()).toContainText("Prefers");
    await press(button("note", "edit", {}, note("Wants")));
    await page.getByLabel(say("note", "edit"), { exact: true }).and(page.locator("textarea")).fill("Wants two quotes.");
    await press(button("note", "save", {}, page.locator(".note")));
    await expect(note("Wants two quotes.")).toBeVisible();
    await press(button("note", "history", {}, note("two quotes")));
    await expect(note("two quotes").locator(".note-versions")).toContainText("Wants a quote.");
    await visitor.look("notes");
    await press(button("note", "delete", {}, note("two quotes")));
    await expect(note("two quotes")).toHaveCount(0);
    assert.deepEqual(await texts(), ["Prefers a call before nine."]);
    await press(page.locator(".toast-act").last());
    await expect(note("two quotes")).toBeVisible();
    assert.deepEqual(await texts(), ["Prefers a call before nine.", "Wants two quotes."]);

    // Notes stand on the timeline too: a kind to filter by, and what others write, change and delete meanwhile.
    await open_tab("timeline");
    const noted = page.locator('.timeline > li[data-kind="note"]');
    await expect(noted).toHaveCount(2);
    await visitor.look("notes on the timeline");
    await press(page.locator(".timeline-filters .chip", { hasText: word("event.note") }));
    await expect(page).toHaveURL(/event=note/);
    await expect(rows).toHaveCount(2);
    await press(noted.filter({ hasText: "two quotes" }).locator("> button"));
    await expect(noted.locator(".entry-detail").getByText(word("entry.edited"), { exact: true })).toBeVisible();
    const long = ["Third line is seen.", "Fourth line is not, until it is opened."].join("\n");
    const others = (await api.post(`/api/v1/customers/${ann}/notes`, { text: `By a colleague.\nSecond line.\n${long}` })).body;
    await expect(rows.first()).toContainText("By a colleague.");
    await visitor.look("notes alone");
    assert.equal((await api.send("PATCH", `/api/v1/notes/${others.id}`, { text: "Changed by a colleague." }, { "if-match": String(others.version) })).status, 200);
    await expect(rows.first()).toContainText("Changed by a colleague.", { timeout: 15_000 });
    await api.send("DELETE", `/api/v1/notes/${others.id}`);
    await expect(rows).toHaveCount(2, { timeout: 15_000 });
    await press(noted.locator(".entry-to-notes"));
    await expect(page).toHaveURL(/tab=notes/);
    await expect(note("two quotes")).toBeVisible();

    // A tab is in the address, and reloading shows it again.
    await open_tab("orders");
    await expect(page).toHaveURL(/tab=orders/);
    await page.reload();
    await expect(page.getByText("o-2", { exact: true })).toBeVisible();
    await visitor.look("orders");

    // On paper: what matters, without menus.
    await press(header.getByRole("link", { name: word("act.print"), exact: true }));
    await expect(page.locator(".sheet[data-ready]")).toBeVisible();
    await expect(page.locator(".sheet")).toContainText("Wants two quotes.");
    await expect(page.locator(".sheet")).toContainText("o-2");
    await visitor.look("sheet");
    mkdirSync("build/test-results/pictures", { recursive: true });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    await expect(page.locator("body")).toHaveCSS("background-color", "rgb(255, 255, 255)");
    for (const hidden of [".rail", ".top-bar", ".tab-bar", ".sheet-bar"]) await expect(page.locator(hidden).filter({ visible: true })).toHaveCount(0);
    const pdf = await page.pdf({ format: "A4", path: `build/test-results/pictures/page-${language}-${width}.pdf` });
    assert.ok(pdf.subarray(0, 5).toString() === "%PDF-" && (pdf.toString("latin1").match(/\/Type \/Page\b/g) ?? []).length <= 2, "one sheet of paper");
    await page.emulateMedia({ media: "screen", colorScheme: "light" });
  }
});
