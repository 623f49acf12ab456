// Home and the list of customers: an empty installation, what the home page tells once it is filled; conditions built, read and counted; columns moved,
// widened, chosen and kept; rows chosen by mouse and by key, merged and taken back, saved; and what the list shows when nothing matches, the line is cut or the server slow.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before } from "node:test";
import { Leftovers, fresh_folder, run } from "../story/onefold.mjs";
import { data_words_of, import_files, write_files } from "./company.mjs";
import { everywhere } from "./desk.mjs";
import { expect } from "./visitor.mjs";

const leftovers = new Leftovers();
const files = fresh_folder(leftovers);
const data_words = [];
before(async () => {
  await write_files(files);
  data_words.push(...data_words_of(files));
});
after(() => leftovers.run());

const is = (op, field, ...values) => ({ op, args: [{ field }, ...values.map((value) => ({ value }))] });

everywhere("Home and the list of customers", { name: "list", data_words, minutes: 4 }, async ({ folder, server, visitor, page, say, language, width, set_up }) => {
  const { is_phone } = visitor;
  const api = server.api({ token: (await run(["token", "create", "t", "--role", "editor", "--data", folder])).last_word });
  const word = (key, values) => say("customer", key, values);
  const of_formula = (key, values) => say("formula", key, values);
  const button = (name, place = page) => place.getByRole("button", { name, exact: true });
  const count = async (filter) => (await api.post("/api/v1/query/count", { object: "customer", ...(filter ? { filter } : {}) })).body;
  const links = () => page.locator("[data-index] a");
  const shown_count = async (filter) => {
    const { count: number, is_exact } = await count(filter);
    assert.ok(is_exact);
    await expect(page.locator(".page-header")).toContainText(word("count", { count: number, shown: number.toLocaleString(language) }));
    return number;
  };

  await set_up();
  await expect(page.getByRole("heading", { name: say("app", "home.begin"), exact: true })).toBeVisible();
  await visitor.look("home of an empty installation");
  await page.goto("/customers");
  await expect(page.getByText(word("empty.title"), { exact: true })).toBeVisible();
  await visitor.look("no customers yet");

  await import_files(folder, files);
  await page.goto("/");
  await expect(page.getByRole("heading", { name: say("app", "home.growth"), exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByText(say("app", "home.recent_none"), { exact: true })).toBeVisible();
  await expect(page.getByRole("heading", { name: say("app", "home.sources"), exact: true })).toBeVisible();
  const seen_in = async (days) => (await api.get(`/api/v1/customer_growth?days=${days}`)).body.items.reduce((all, day) => all + day.count, 0);
  const span = (await seen_in(30)) > 0 ? 30 : 364; // the sample's last day recedes
  const growth_shows = async (days) => expect(page.getByText(say("app", "home.growth_sum", { shown: (await seen_in(days)).toLocaleString(language), days }), { exact: true })).toBeVisible();
  await growth_shows(span);
  await visitor.look("home");
  for (const [choice, days] of [["month", 30], ["year", 364]]) {
    await page.getByLabel(say("app", "home.growth_span"), { exact: true }).selectOption(choice);
    await growth_shows(days);
  }
  await page.reload();
  await growth_shows(364); // what was chosen stays
  await expect(page.getByRole("region", { name: say("app", "home.sources") }).getByText(say("app", "home.by_files"), { exact: true }).first()).toBeVisible();

  // Who was opened is found again at home.
  await page.goto("/customers?sort=-total_spend");
  const best = (await api.get("/api/v1/customers?sort=-total_spend&limit=2")).body.items;
  await expect(links().first()).toHaveAttribute("href", `/customers/${best[0].id}`);
  await visitor.press(links().first());
  await expect(page).toHaveURL(new RegExp(`/customers/${best[0].id}$`));
  await visitor.press(page.locator(".back"));
  await expect(page).toHaveURL(/\/customers\?sort=-total_spend$/);

  // The way back leads to where the list was left, by the link and by the browser's own.
  const far = page.locator('[data-index="70"] a');
  await expect
    .poll(async () => {
      await links().last().scrollIntoViewIfNeeded();
      return far.count();
    })
    .toBe(1);
  for (const back of [() => visitor.press(page.locator(".back")), () => page.goBack()]) {
    await far.scrollIntoViewIfNeeded();
    const name = await far.textContent();
    await visitor.press(far);
    await expect(page.locator(".customer-header h1")).toHaveText(name);
    await back();
    await expect(page).toHaveURL(/\/customers\?sort=-total_spend$/);
    await expect(far).toHaveText(name);
    await expect(far).toBeInViewport();
  }
  await page.goto(`/customers/${best[0].id}`);
  await expect(page.locator(".customer-header")).toBeVisible();
  await page.goto("/");
  await expect(page.getByRole("region", { name: say("app", "home.recent") }).getByRole("link").first()).toHaveAttribute("href", `/customers/${best[0].id}`);
  await visitor.look("home with who was opened");

  // Conditions: a city, then one of two more; the sentence, the count and the rows say the same, and the address keeps it.
  await page.goto("/customers?sort=name");
  await shown_count();
  await visitor.look("list");
  const { rows } = (await api.post("/api/v1/query", { object: "customer", select: [{ path: "city" }, { path: "id", aggregate: "count" }], group: ["city"], sort: [{ path: "1", direction: "descending" }], limit: 5 })).body;
  const city = rows.find(([name]) => name)[0];
  const source = (await api.get("/api/v1/sources")).body.items.find(({ name }) => name === "website");
  await visitor.press(button(word("filter")));
  const builder = page.getByRole("region", { name: of_formula("title") });
  await visitor.press(button(of_formula("add"), builder));
  await builder.getByLabel(of_formula("field"), { exact: true }).selectOption("city");
  // A line without a value says that it does not count.
  const unfinished = builder.locator(".condition-incomplete");
  await expect(unfinished).toHaveText(of_formula("incomplete"));
  await builder.getByLabel(of_formula("value"), { exact: true }).fill(city);
  const in_city = is("=", "city", city);
  await expect(unfinished).toHaveCount(0);
  await expect(page).toHaveURL(/where=/);
  const of_city = await shown_count(in_city);
  assert.ok(of_city > 0 && of_city < (await count()).count);
  await expect(page.locator(".list-sentence")).toContainText(`“${city}”`);
  await visitor.look("list of one city");
  // Typed on, the question before is given up.
  const is_half = (request) => request.url().endsWith("/query/count") && (request.postData() ?? "").includes('"half"');
  await page.route("**/api/v1/query/count", async (route) => {
    if (is_half(route.request())) await new Promise((done) => setTimeout(done, 5_000));
    await route.continue().catch(() => undefined);
  });
  const [half, given_up] = [page.waitForRequest(is_half), page.waitForEvent("requestfailed", is_half)];
  await builder.getByLabel(of_formula("value"), { exact: true }).fill("half");
  await half;
  await builder.getByLabel(of_formula("value"), { exact: true }).fill(city);
  await given_up;
  assert.equal(await shown_count(in_city), of_city);
  await page.unroute("**/api/v1/query/count");
  await visitor.press(button(of_formula("add_group"), builder));
  const inner = builder.getByRole("group", { name: of_formula("join.any"), exact: true });
  await inner.getByLabel(of_formula("field"), { exact: true }).selectOption("sources");
  await visitor.press(inner.getByRole("button", { name: "website", exact: true }));
  await visitor.press(button(of_formula("add"), inner));
  await inner.getByLabel(of_formula("field"), { exact: true }).last().selectOption("order_count");
  await inner.getByLabel(of_formula("value"), { exact: true }).last().fill("3");
  const whole = { op: "and", args: [in_city, { op: "or", args: [is("in", "sources", source.id), is(">=", "order_count", "3")] }] };
  const matching = await shown_count(whole);
  await visitor.settled();
  const expected = (await api.get(`/api/v1/customers?sort=name&limit=50&filter=${encodeURIComponent(JSON.stringify(whole))}`)).body.items.map(({ id }) => `/customers/${id}`);
  assert.equal(expected.length, Math.min(50, matching));
  await expect.poll(() => links().evaluateAll((all) => all.slice(0, 3).map((link) => link.getAttribute("href")))).toEqual(expected.slice(0, 3));
  await visitor.look("list of a nested condition");
  await page.reload();
  await shown_count(whole);
  await expect(builder.getByLabel(of_formula("value"), { exact: true }).last()).toHaveValue("3");

  // Times before now, and customers without a value: what is not in the last days is the others' rest.
  await page.goto(`/customers?where=${encodeURIComponent('["none",["last_seen_at","within","30","day"]]')}`);
  const recent = is(">=", "last_seen_at").args[0];
  await shown_count({ op: "not", args: [{ op: "and", args: [{ op: "not", args: [{ op: "blank", args: [recent] }] }, { op: ">=", args: [recent, { op: "ago", args: [{ value: 30 }, { value: "day" }] }] }] }] });

  // Who ordered at least twice in a time, by the builder alone: as many as the orders themselves say.
  const days = 5600;
  await page.goto("/customers");
  await shown_count();
  await visitor.press(button(word("filter")));
  await visitor.press(button(of_formula("add"), builder));
  await builder.getByLabel(of_formula("field"), { exact: true }).selectOption("orders");
  await builder.getByLabel(of_formula("amount"), { exact: true }).fill(String(days));
  const since = { op: ">=", args: [{ field: "time" }, { op: "ago", args: [{ value: days }, { value: "day" }] }] };
  const buyers = (await api.post("/api/v1/query", { object: "order", select: [{ path: "customer" }, { path: "id", aggregate: "count" }], group: ["customer"], filter: { op: "and", args: [since, { op: "not", args: [{ op: "blank", args: [{ field: "customer" }] }] }] }, having: { op: ">=", args: [{ field: "1" }, { value: 2 }] }, limit: 1000 })).body.rows.length;
  assert.ok(buyers > 0 && buyers < 1000, `${buyers} buyers`);
  const twice = { op: ">=", args: [{ call: "COUNT", args: [{ field: "orders" }, since] }, { value: 2 }] };
  assert.equal(await shown_count(twice), buyers);
  await visitor.look("list of who ordered twice");

  // Nothing matches: said so, and the way back.
  await page.goto(`/customers?where=${encodeURIComponent('["all",["city","is","Nowhere at all"]]')}`);
  await expect(page.getByText(word("none.title"), { exact: true })).toBeVisible();
  await expect(page.locator(".page-header")).toContainText(word("count", { count: 0, shown: "0" }));
  await visitor.look("nothing matches");
  await visitor.press(button(word("none.act")));
  await expect(links().first()).toBeVisible();

  if (is_phone) {
    await page.getByLabel(word("sort"), { exact: true }).selectOption("-order_count");
    await expect(page).toHaveURL(/sort=-order_count/);
    await visitor.look("cards");
    await on_a_phone();
  } else await on_a_desk();

  // The line is cut: what was there stays, and says that it is old. A slow server: the old rows stay too.
  await page.goto("/customers?sort=name");
  await expect(links().first()).toBeVisible();
  await visitor.settled();
  let hold;
  await page.route(/\/api\/v1\/customers\?/, async (route) => {
    await new Promise((done) => (hold = done));
    await route.continue().catch(() => undefined);
  });
  await page.evaluate(() => history.replaceState(history.state, "", location.href));
  if (is_phone) await page.getByLabel(word("sort"), { exact: true }).selectOption("-total_spend");
  else await visitor.press(page.getByRole("columnheader", { name: word("column.total_spend") }).getByRole("button"));
  await expect.poll(() => typeof hold).toBe("function");
  await expect(page.locator("[data-index][data-dim]").first()).toBeVisible();
  await page.screenshot({ path: `build/test-results/pictures/list-${language}-${width}-slow.png` });
  hold();
  await page.unroute(/\/api\/v1\/customers\?/);
  await expect(page.locator("[data-index][data-dim]")).toHaveCount(0);
  await page.route(/\/api\/v1\/(customers|query)/, (route) => route.abort());
  await page.goto("/customers?sort=-order_count");
  await expect(page.getByRole("heading", { name: say("design", "failure.offline.title"), exact: true })).toBeVisible({ timeout: 20_000 });
  await page.screenshot({ path: `build/test-results/pictures/list-${language}-${width}-cut.png` });
  await page.unroute(/\/api\/v1\/(customers|query)/);
  visitor.complaints.splice(0); // the cut line's
  await visitor.press(button(say("design", "retry")).first());
  await expect(links().first()).toBeVisible();
  visitor.complaints.splice(0);

  // On a phone cards are chosen after it was said that they shall be; until then a tap opens the customer.
  async function on_a_phone() {
    await page.goto("/customers?sort=-last_seen_at");
    await expect(links().nth(2)).toBeVisible();
    const boxes = page.locator("[data-index] input[type=checkbox]");
    const bar = page.getByRole("region", { name: word("bulk"), exact: true });
    await expect(boxes).toHaveCount(0);
    await visitor.press(button(word("select")));
    for (const index of [0, 1, 2, 2]) await visitor.press(boxes.nth(index));
    await expect(bar).toContainText(word("bulk.count", { count: 2 }));
    assert.match(page.url(), /\/customers\?/, "a tap chooses and opens nothing");
    await visitor.look("cards chosen");
    await are_given_to_somebody(bar);
    await expect(boxes).toHaveCount(0);
    await visitor.press(button(word("select")));
    for (const index of [0, 1]) await visitor.press(boxes.nth(index));
    await two_become_one(bar);
    await expect(boxes).toHaveCount(0);
  }

  // Two customers get an owner, are found by it, and lose it again.
  async function are_given_to_somebody(bar) {
    const of_lena = async () => (await api.post("/api/v1/query/count", { object: "customer", filter: { op: "=", args: [{ field: "owner" }, { value: "Lena Novak" }] } })).body.count;
    await visitor.press(button(word("bulk.owner"), bar));
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(word("bulk.owner.who")).fill("Lena Novak");
    await visitor.look("owner of two");
    await visitor.press(button(word("bulk.owner.do"), dialog));
    await expect(page.getByText(word("bulk.owner_done", { count: 2 }))).toBeVisible();
    assert.equal(await of_lena(), 2);
    await expect(bar).toHaveCount(0);
    await visitor.press(page.locator(".toast-act"));
    await expect.poll(of_lena).toBe(0);
  }

  async function two_become_one(bar) {
    // Two become one after a look at what would be, and are two again.
    const two = (await api.get("/api/v1/customers?sort=-last_seen_at&limit=2")).body.items;
    assert.equal(two[0].kind, two[1].kind);
    const { count: all } = await count();
    await visitor.press(button(word("bulk.merge"), bar));
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByText(word("merge.after"), { exact: true })).toBeVisible();
    await visitor.look("merge of two");
    await visitor.press(button(word("merge.do"), dialog));
    await expect(page.getByText(word("bulk.merged", { count: 2 }))).toBeVisible();
    assert.equal((await count()).count, all - 1);
    await shown_count();
    await visitor.press(page.locator(".toast-act"));
    await expect.poll(async () => (await count()).count).toBe(all);
  }

  async function on_a_desk() {
    const heads = () => page.locator("[data-column]").evaluateAll((all) => all.map((head) => head.dataset.column));
    const head = (code) => page.locator(`[data-column="${code}"]`);
    const centre = async (locator) => {
      const box = await locator.boundingBox();
      return { x: box.x + box.width / 2, y: box.y + box.height / 2, box };
    };
    const drag = async (from, to, during = async () => {}) => {
      await page.mouse.move(from.x, from.y, { steps: 4 });
      await page.mouse.down();
      await page.mouse.move((from.x + to.x) / 2, from.y, { steps: 6 });
      await page.mouse.move(to.x, to.y, { steps: 6 });
      await during();
      await page.mouse.up();
    };
    // A column is drawn to another place; a line says where it will stand. It is no click.
    await page.goto("/customers?sort=name");
    await expect(head("order_count")).toBeVisible();
    assert.deepEqual(await heads(), ["name", "identifiers", "total_spend", "order_count", "ticket_count", "last_purchase_at", "last_seen_at"]);
    const target = await centre(head("identifiers"));
    await drag(await centre(head("order_count").getByRole("button")), { x: target.box.x + 12, y: target.y }, async () => {
      await expect(page.locator(".drop-line")).toBeVisible();
      await page.screenshot({ path: `build/test-results/pictures/list-${language}-${width}-drag.png` });
    });
    await expect.poll(heads).toEqual(["name", "order_count", "identifiers", "total_spend", "ticket_count", "last_purchase_at", "last_seen_at"]);
    await expect(page).toHaveURL(/sort=name.*columns=|columns=.*sort=name/);
    // By key too, and an edge is drawn wider.
    await head("order_count").getByRole("button").focus();
    await page.keyboard.press("Alt+ArrowRight");
    await expect.poll(heads).toEqual(["name", "identifiers", "order_count", "total_spend", "ticket_count", "last_purchase_at", "last_seen_at"]);
    const before = (await head("total_spend").boundingBox()).width;
    const edge = await centre(head("total_spend").getByRole("separator"));
    await drag(edge, { x: edge.x + 60, y: edge.y });
    await expect.poll(async () => Math.round((await head("total_spend").boundingBox()).width)).toBe(Math.round(before + 60));
    // Chosen and frozen in the menu; remembered on this device.
    await visitor.press(button(word("columns")));
    const menu = page.getByRole("group", { name: word("columns"), exact: true });
    for (const noun of ["orders", "tickets"]) await expect(menu.getByRole("checkbox", { name: noun, exact: true })).toHaveCount(0); // those are counted, not shown
    await menu.getByRole("checkbox").nth(7).check();
    await visitor.look("columns");
    await visitor.press(button(word("columns.freeze", { name: word("column.total_spend") }), menu));
    await page.keyboard.press("Escape");
    await expect.poll(async () => (await heads()).slice(0, 2)).toEqual(["name", "total_spend"]);
    const layout = await heads();
    await page.goto("/customers");
    await expect.poll(heads).toEqual(layout);
    await page.locator(".customer-table").evaluate((table) => table.scrollTo(600, 0));
    assert.ok((await head("total_spend").boundingBox()).x < 600, "what is frozen stays in sight");
    await visitor.look("frozen columns");
    // On a narrower screen too each cell stands under its head.
    await page.setViewportSize({ width: 1100, height: 900 });
    const lefts = (selector) => page.locator(selector).evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().left)));
    assert.deepEqual(await lefts('[data-index="0"] .list-cell'), await lefts("[data-column]"));
    await visitor.look("half a screen");
    await page.setViewportSize({ width, height: 900 });

    // Rows are chosen by mouse and by key.
    await page.goto("/customers?sort=-last_seen_at");
    await expect(links().nth(6)).toBeVisible();
    const bar = page.getByRole("region", { name: word("bulk"), exact: true });
    const boxes = page.locator("[data-index] input[type=checkbox]");
    await visitor.press(boxes.nth(1));
    await page.keyboard.down("Shift");
    await visitor.press(boxes.nth(3));
    await page.keyboard.up("Shift");
    await expect(bar).toContainText(word("bulk.count", { count: 3 }));
    await page.keyboard.press("Escape");
    await expect(bar).toHaveCount(0);
    await page.evaluate(() => document.activeElement.blur());
    await page.goto("/customers?sort=-last_seen_at");
    await expect(links().nth(6)).toBeVisible();
    await page.keyboard.press("j");
    await expect(page.locator('[data-index="0"] a')).toBeFocused();
    await page.keyboard.press(" ");
    await page.keyboard.press("Shift+ArrowDown");
    await expect(page.locator('[data-index="1"] a')).toBeFocused();
    await expect(bar).toContainText(word("bulk.count", { count: 2 }));
    await visitor.look("rows chosen");
    const [download] = await Promise.all([page.waitForEvent("download"), visitor.press(button(word("bulk.csv"), bar))]);
    const saved = readFileSync(await download.path(), "utf8");
    assert.ok(saved.startsWith("\uFEFF"), "Excel reads it as UTF-8");
    assert.equal(saved.trim().split("\r\n").length, 3);
    assert.doesNotMatch(saved, /(^|,)[=+@]/m, "nothing runs as a formula");
    await are_given_to_somebody(bar);
    for (const index of [0, 1]) await visitor.press(boxes.nth(index));
    await two_become_one(bar);
  }
});
