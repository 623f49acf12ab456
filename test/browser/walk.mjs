// What a person does with Onefold, from the printed link to the last sign-out; each step finds what the one before has left.
import assert from "node:assert/strict";
import { has_retail } from "./company.mjs";
import { expect } from "./visitor.mjs";
import { speaker } from "./words.mjs";

export const buyer_phone = "+8615410001134"; // of the generated company: orders, tickets and events of several sources
const admin = { name: "Ada Lin", email: "ada@example.com", password: "a long first password" };
const guest = { name: "Ben", email: "ben@example.com", password: "another long password" };
const page_length = 50;
const own_name = { en: "English", "zh-CN": "中文" };

/** `at` holds {visitor, server, api, tracker} by the time that the steps run. */
export function walk(step, at, { language, is_phone }) {
  const say = speaker(language);
  const page = () => at.visitor.page;
  const press = (locator) => at.visitor.press(locator);
  const look = (what) => at.visitor.look(what);
  const named = (role, name, options = {}) => page().getByRole(role, { name, exact: true, ...options });
  const heading = (name) => named("heading", name);
  const dialog = () => page().getByRole("dialog");
  const buyer = async () => (await at.api.get(`/api/v1/customers/${(await at.api.customer(`phone:${buyer_phone}`)).id}`)).body;
  const row_links = () => page().locator("[data-index] a");
  const asked_since = (mark) => at.visitor.requests.slice(mark);

  const go = async (key) => {
    const name = say("app", `nav.${key}`);
    const is_daily = ["home", "customers"].includes(key);
    if (is_phone && !is_daily) await press(page().getByRole("navigation", { name: say("app", "nav"), exact: true }).getByRole("link", { name: say("app", "nav.me"), exact: true }));
    const menu = is_phone && !is_daily ? page().getByRole("navigation", { name: say("app", "nav.me"), exact: true }) : page().getByRole("navigation", { name: say("app", "nav"), exact: true });
    await press(menu.getByRole("link", { name, exact: true }));
  };
  const open_tab = (name) => press(page().getByRole("tab", { name: new RegExp(`^${name}`) }));
  const fill_in = async (label, value) => page().getByLabel(label, { exact: true }).fill(value);
  const sign_in = async ({ email, password }) => {
    await fill_in(say("access", "email"), email);
    await fill_in(say("access", "password"), password);
    await press(named("button", say("access", "sign_in")));
  };
  const sign_out = async () => {
    if (is_phone) {
      await press(named("link", say("app", "nav.me")));
      await look("me");
      await press(named("button", say("app", "sign_out")));
    } else {
      await press(page().locator(".me"));
      await press(named("menuitem", say("app", "sign_out")));
    }
    await expect(heading(say("access", "sign_in"))).toBeVisible();
  };
  const find = async (text) => {
    await page().getByLabel(say("customer", "search"), { exact: true }).fill(text);
    await expect(page()).toHaveURL(new RegExp(`[?&]q=${encodeURIComponent(text).replaceAll("%20", "\\+")}`));
    await at.visitor.settled();
  };

  step("the printed link makes the first administrator, who lands at home", async () => {
    await page().goto("/setup");
    await expect(heading(say("access", "setup.no_token"))).toBeVisible();
    await look("set-up without a token");
    await page().goto("/");
    await expect(page().getByText(say("access", "setup.needed"))).toBeVisible();
    await look("sign in before set-up");
    await page().goto(`/setup#token=${at.server.setup_token}`);
    await fill_in(say("access", "setup.name"), admin.name);
    await fill_in(say("access", "email"), admin.email);
    await fill_in(say("access", "password"), "short");
    await press(named("button", say("access", "setup.submit")));
    await expect(page().locator(".ant-form-item-explain-error")).toHaveText(say("access", "setup.password_help"));
    await fill_in(say("access", "password"), admin.password);
    await expect(page().locator(".ant-form-item-explain-error")).toHaveCount(0);
    await look("set-up");
    await press(named("button", say("access", "setup.submit")));
    await expect(heading(say("app", "home.greeting", { name: admin.name }))).toBeVisible();
  });

  step("home counts what was imported, each currency by itself", async () => {
    const { rows } = (await at.api.post("/api/v1/query", { object: "order", select: [{ path: "currency" }, { path: "total", aggregate: "sum" }, { path: "id", aggregate: "count" }], group: ["currency"] })).body;
    const orders = rows.reduce((sum, row) => sum + row[2], 0);
    const figures = page().getByLabel(say("app", "home.figures"), { exact: true });
    await expect(figures).toContainText(orders.toLocaleString(language));
    const sales = figures.locator(".figure", { hasText: say("app", "home.sales") });
    await expect(sales.locator(".money")).toHaveCount(rows.length);
    const symbols = rows.sort((a, b) => b[1] - a[1]).map(([currency]) => new Intl.NumberFormat(language, { style: "currency", currency, currencyDisplay: "narrowSymbol" }).formatToParts(0).find((part) => part.type === "currency").value);
    for (const [place, symbol] of symbols.entries()) await expect(sales.locator(".money").nth(place)).toContainText(symbol);
    await look("home");
  });

  step("the list of customers is sorted by spend", async () => {
    await go("customers");
    await expect(heading(say("customer", "title"))).toBeVisible();
    await look("customers");
    if (is_phone) await page().getByLabel(say("customer", "sort"), { exact: true }).selectOption("-total_spend");
    else await press(page().getByRole("columnheader", { name: say("customer", "column.total_spend") }).getByRole("button"));
    await expect(page()).toHaveURL(/sort=-total_spend/);
    await at.visitor.settled();
    const expected = (await at.api.get("/api/v1/customers?sort=-total_spend&limit=5")).body.items.map(({ id }) => `/customers/${id}`);
    await expect.poll(() => row_links().evaluateAll((links) => links.slice(0, 5).map((link) => link.getAttribute("href")))).toEqual(expected);
    if (!is_phone) await expect(page().getByRole("columnheader", { name: say("customer", "column.total_spend") })).toHaveAttribute("aria-sort", "descending");
    await look("customers by spend");
  });

  step("scrolling asks for one page of rows at a time, and keeps few of them in the document", async () => {
    await page().goto("/customers?sort=name");
    await expect(row_links().first()).toBeVisible();
    await at.visitor.settled();
    const mark = at.visitor.requests.length;
    const pages_asked = () => asked_since(mark).filter(({ path }) => path === "/api/v1/customers");
    for (let turns = 0; pages_asked().length < 3 && turns < 60; turns++) {
      if (is_phone) await page().evaluate(() => window.scrollBy(0, 700));
      else await page().mouse.wheel(0, 700);
      await at.visitor.settled();
    }
    const asked = pages_asked();
    assert.ok(asked.length >= 3, `only ${asked.length} pages were asked for`);
    assert.ok(asked.every(({ query }) => Number(query.get("limit")) === page_length && query.get("after")), "a page is fifty rows after the last");
    assert.equal(new Set(asked.map(({ query }) => query.get("after"))).size, asked.length, "no page is asked for twice");
    for (const [place, { request }] of asked.entries()) {
      assert.ok((await (await request.response()).json()).items.length <= page_length);
      if (place > 0) assert.ok(request.timing().startTime >= asked[place - 1].request.timing().startTime + asked[place - 1].request.timing().responseStart, "the next page waits for the one before");
    }
    assert.ok((await row_links().count()) < 80, "only the rows in sight are in the document");
    await look("customers scrolled");
  });

  if (!is_phone)
    step("J and K walk through the list, and Enter opens", async () => {
      await page().goto("/customers?sort=-order_count");
      await expect(row_links().nth(2)).toBeVisible();
      await at.visitor.settled();
      const target = await row_links().nth(1).getAttribute("href");
      for (const [key, row] of [["j", 0], ["j", 1], ["j", 2], ["k", 1]]) {
        await page().keyboard.press(key);
        await expect(page().locator(`[data-index="${row}"] a`)).toBeFocused();
      }
      await page().keyboard.press("Enter");
      await expect(page()).toHaveURL(new RegExp(`${target}$`));
      await expect(page().locator(".customer-header")).toBeVisible();
      await page().goBack();
      await expect(page()).toHaveURL(/sort=-order_count/);
    });

  step("a customer is found by member number, by e-mail and by a part of a name, and kinds are told apart", async () => {
    const { id, fields, identifiers } = await buyer();
    const of_type = (type) => identifiers.find((identifier) => identifier.type === type).value;
    await go("customers");
    for (const word of [of_type("member_no"), of_type("email")]) {
      await find(word);
      await expect(row_links()).toHaveCount(1);
      await expect(row_links()).toHaveAttribute("href", `/customers/${id}`);
    }
    await find(fields.name);
    await expect(page().locator(`[data-index] a[href="/customers/${id}"]`)).toBeVisible();
    for (const name of await row_links().allTextContents()) assert.ok(name.includes(fields.name), name);
    await look("customers by name");
    await press(named("button", say("customer", "kind.household")));
    await expect(page().getByText(say("customer", "none.title"))).toBeVisible();
    await look("no customer matches");
    await press(named("button", say("customer", "none.act")));
    await press(named("button", say("customer", "kind.person")));
    await expect(page()).toHaveURL(/kind=person/);
    await expect(row_links().first()).toBeVisible();
    assert.ok(at.visitor.requests.findLast(({ path }) => path === "/api/v1/customers").query.get("filter").includes('"person"'));
  });

  step("a real customer's orders open their lines", async () => {
    const customer = has_retail ? await at.api.customer("member_no:17850") : await buyer();
    await page().goto("/customers");
    await find(customer.identifiers.find(({ type }) => type === "member_no").value);
    await press(row_links().first());
    await expect(page()).toHaveURL(new RegExp(`/customers/${customer.id}$`));
    if (has_retail) await expect(page().locator(".figures")).toContainText("£5,288.63");
    await look("a real customer");
    await open_tab(say("customer", "tab.orders"));
    const [order] = (await at.api.get(`/api/v1/orders?customer=${customer.id}&sort=-time&limit=1`)).body.items;
    const { lines } = (await at.api.get(`/api/v1/orders/${order.id}`)).body;
    await press(named("button", `${say("design", "details")} ${order.number}`));
    const opened = page().getByLabel(say("order", "lines_of", { number: order.number }), { exact: true });
    await expect(opened.locator(is_phone ? ".card" : "tbody tr")).toHaveCount(lines.length);
    await expect(opened).toContainText(lines[0].sku);
    await look("orders");
  });

  step("the golden record says where each value comes from", async () => {
    const { id, fields, provenance, computed, identifiers } = await buyer();
    await page().goto(`/customers/${id}`);
    await expect(heading(fields.name)).toBeVisible();
    await expect(page().locator(".figures")).toContainText(computed.unconverted.length ? "$30.00" : "", { useInnerText: true });
    await look("customer");
    if (is_phone) await open_tab(say("customer", "record"));
    const value = page().locator(".golden-record .value", { hasText: fields.city });
    await value.focus();
    const origin = page().getByRole("tooltip").filter({ hasText: say("customer", "record.from") });
    await expect(origin).toBeVisible();
    await expect(origin).toContainText(provenance.city.source);
    await look("provenance");
    await at.visitor.is_in_sight(origin);
    await value.blur();
    await expect(origin).toBeHidden();
    await expect(page().locator(".identifiers li")).toHaveCount(identifiers.length);
  });

  step("lineage shows the records that a customer is made of, and what joined them", async () => {
    const { id } = await buyer();
    const { nodes, links } = (await at.api.get(`/api/v1/customers/${id}/lineage`)).body;
    assert.ok(nodes.length > 2);
    await expect(page().getByText(say("customer", "lineage.count", { count: nodes.length }))).toBeVisible();
    await expect(page().locator(".lineage .node")).toHaveCount(Math.min(nodes.length, 6));
    const values = links.flatMap(({ identifier }) => (identifier ? [identifier.value] : []));
    for (const evidence of await page().locator(".lineage .evidence").allTextContents()) assert.ok(values.some((value) => evidence.includes(value)), evidence);
    const named_node = nodes.find((node) => node.facts.name);
    const node = page().locator(".lineage .node", { hasText: named_node.source }).first();
    await node.scrollIntoViewIfNeeded();
    await node.focus();
    const facts = page().getByRole("tooltip").filter({ hasText: say("customer", "lineage.facts") });
    await expect(facts).toContainText(named_node.facts.name);
    await look("lineage");
    await at.visitor.is_in_sight(facts);
    await node.blur();
  });

  step("tickets, and a timeline that shows one kind alone", async () => {
    const { id, computed } = await buyer();
    await page().goto(`/customers/${id}?tab=tickets`);
    await expect(page().getByLabel(say("ticket", "title"), { exact: true }).locator(is_phone ? ".card" : "tbody tr")).toHaveCount(computed.ticket_count);
    await expect(page().getByLabel(say("ticket", "title"), { exact: true }).getByRole("link", { name: "desk", exact: true }).first()).toBeVisible();
    await look("tickets");
    await open_tab(say("customer", "tab.timeline"));
    await press(named("button", say("customer", "event.ticket")));
    await expect(page()).toHaveURL(/event=ticket/);
    await expect(page().locator(".timeline > li")).toHaveCount(computed.ticket_count);
    await press(page().locator(".timeline-row").first());
    await expect(page().locator(".entry-facts dt").filter({ hasText: say("customer", "entry.number") })).toHaveCount(1);
    await look("timeline of tickets");
    await press(named("button", say("customer", "filter.all")));
    await expect(page().locator(".timeline > li")).not.toHaveCount(computed.ticket_count);
  });

  step("a timeline of one source and some days, which its address keeps", async () => {
    const { id, computed } = await buyer();
    const rows = page().locator(".timeline > li");
    await page().goto(`/customers/${id}`);
    await expect(rows.first()).toBeVisible();
    const choose = async (what, option) => {
      await press(page().getByRole("combobox", { name: say("customer", what), exact: true }));
      await look(`choice of ${what}`);
      await press(page().locator(".ant-select-item-option").filter({ hasText: option }));
    };
    await choose("timeline.source", "shop");
    await expect(page()).toHaveURL(/source=shop/);
    await expect(page().locator(".timeline-detail").filter({ hasNotText: "shop" })).toHaveCount(0);
    await choose("timeline.period", say("customer", "timeline.own_period"));
    await page().getByLabel(say("customer", "timeline.from"), { exact: true }).fill("2001-01-01");
    await page().getByLabel(say("customer", "timeline.to"), { exact: true }).fill("2001-01-02");
    await expect(page()).toHaveURL(/from=2001-01-01&to=2001-01-02/);
    await expect(page().getByText(say("customer", "timeline.none"), { exact: true })).toBeVisible();
    await look("timeline without a match");
    await page().reload();
    await expect(page().getByText(say("customer", "timeline.none"), { exact: true })).toBeVisible();
    await press(named("button", say("customer", "timeline.clear")));
    await expect(rows.first()).toBeVisible();
    assert.ok(computed.event_count > 0);
    await look("timeline with its filters");
  });

  step("the search box finds customers and pages", async () => {
    const { id, fields } = await buyer();
    await page().goto("/");
    const box = page().getByRole("combobox", { name: say("app", "search"), exact: true });
    await expect(box).toBeVisible();
    await at.visitor.settled();
    if (is_phone) await press(box);
    else await page().keyboard.press("Control+k");
    await expect(box).toBeFocused();
    await page().keyboard.type(buyer_phone);
    await expect(page().getByRole("option").filter({ hasText: fields.name })).toBeVisible();
    await look("search");
    await page().keyboard.press("Enter");
    await expect(page()).toHaveURL(new RegExp(`/customers/${id}$`));
    await box.fill(say("app", "nav.company"));
    await press(page().getByRole("option", { name: say("app", "nav.company"), exact: true }));
    await expect(heading(say("company", "title"))).toBeVisible();
  });

  step("what a tracker sends appears on the open page", async () => {
    const { id, identifiers } = await buyer();
    await page().goto(`/customers/${id}`);
    await expect(page().locator(".timeline > li").first()).toBeVisible();
    await at.visitor.settled();
    await page().evaluate(() => (window.is_still_open = true));
    const { value: anonymousId } = identifiers.find(({ type }) => type === "anonymous_id");
    assert.equal((await at.tracker.send("track", { anonymousId, event: "Coupon Redeemed", properties: { coupon: "SPRING" } })).status, 200);
    await expect(page().locator(".timeline > li").first()).toContainText("Coupon Redeemed");
    assert.equal(await page().evaluate(() => window.is_still_open), true, "without a reload");
    await look("live arrival");
  });

  step("a new source shows its key once", async () => {
    await go("sources");
    await expect(heading(say("source", "title"))).toBeVisible();
    await look("sources");
    await press(named("button", say("source", "create")));
    await look("new source");
    await press(dialog().getByRole("button", { name: say("source", "submit"), exact: true }));
    await expect(dialog().getByText(say("source", "name_missing"))).toBeVisible();
    await dialog().getByLabel(say("source", "name"), { exact: true }).fill("shop front");
    await press(dialog().getByRole("button", { name: say("source", "submit"), exact: true }));
    const key = (await dialog().getByLabel(say("source", "key"), { exact: true }).textContent()).trim();
    assert.match(key, /^ofk_\S{20,}$/);
    await look("source with its key");
    await press(named("button", say("source", "once.done")));
    await expect(page().getByText("shop front", { exact: true })).toBeVisible();
    await page().reload();
    await expect(page().getByText("shop front", { exact: true })).toBeVisible();
    assert.ok(!(await page().content()).includes(key), "a key is shown once only");
    assert.equal((await at.tracker.with_key(key).send("track", { userId: "u-1", event: "Tried" })).status, 200);
  });

  step("the catalogue tells which events come in, and what they say", async () => {
    await go("events");
    await expect(heading(say("event", "title"))).toBeVisible();
    await look("events");
    await page().getByLabel(say("event", "search"), { exact: true }).fill("Tried");
    await expect(page()).toHaveURL(/[?&]q=Tried/);
    await expect(page().getByRole("link", { name: "Tried", exact: true })).toBeVisible();
    await press(page().getByRole("link", { name: "Tried", exact: true }));
    await expect(heading("Tried")).toBeVisible();
    await expect(page().getByText(say("event", "no_properties"), { exact: true })).toBeVisible();
    await look("event without properties");
    await press(page().getByRole("link", { name: say("event", "back"), exact: true }));
    await page().getByLabel(say("event", "search"), { exact: true }).fill("nothing at all");
    await expect(page().getByText(say("event", "none.title"), { exact: true })).toBeVisible();
    await look("no event matches");
    await press(named("button", say("event", "none.act")));
    const one = (await at.api.get("/api/v1/event_types")).body.items.find(({ property_count }) => property_count > 0);
    await press(page().locator(`a[href="/events/${one.id}"]`));
    await expect(heading(say("naming", `event_named.${one.name}`))).toBeVisible();
    await expect(page().locator(".event-examples").first()).toBeVisible();
    await look("event with its properties");
  });

  step("a source shows what it sends as it comes; what was refused is corrected, and counts once", async () => {
    const { id } = (await at.api.all("/api/v1/sources")).find(({ name }) => name === "shop front");
    const path = `/api/v1/sources/${id}`;
    const tracker = at.tracker.with_key((await at.api.post(`${path}/write_keys`)).body.write_key);
    const tab = (key) => (is_phone ? page().goto(`/sources/${id}?tab=${key}`) : open_tab(say("source", `tab.${key}`)));
    const button = (key) => named("button", say("source", key));
    await go("sources");
    await press(page().getByRole("link", { name: "shop front", exact: true }));
    await expect(page().getByText(say("source", "last_hour"), { exact: true })).toBeVisible();
    await look("source");
    await tab("install");
    await expect(page().getByText("data-key")).toBeVisible();
    await look("source install");
    await tab("live");
    await expect(page().getByText(say("source", "fate.accepted")).nth(1)).toBeVisible();
    assert.equal((await tracker.send("track", { userId: "u-1", event: "Basket Filled" })).status, 200);
    await press(page().getByRole("button", { name: /Basket Filled/ }));
    await expect(page().getByLabel(say("source", "message"), { exact: true })).toContainText('"event": "Basket Filled"');
    await press(page().getByRole("button", { name: /Basket Filled/ })); // while it is open, the list waits
    for (let i = 0; i < 2; i++) await tracker.send("track", { userId: "u-mended" });
    const [kept] = (await at.api.get(`${path}/refused_messages`, { "accept-language": language })).body.items;
    await expect(page().getByText(kept.reason)).toHaveCount(2);
    await look("source live");

    await tab("refused");
    await press(button("correct").first());
    const replay = () => press(dialog().getByRole("button", { name: say("source", "replay"), exact: true }));
    await at.visitor.refused(400, `/api/v1/refused_messages/${kept.id}/replay`, replay);
    await expect(dialog().getByRole("alert")).toContainText(kept.reason);
    await look("source message still refused");
    await dialog().getByLabel(say("source", "message"), { exact: true }).fill(JSON.stringify({ ...JSON.parse(kept.message), event: "Mended" }));
    await replay();
    await expect(page().getByText(say("source", "replay_done"))).toBeVisible();
    await expect(dialog()).toBeHidden();
    await expect.poll(async () => (await at.api.get("/api/v1/customers?identifier=user_id:u-mended")).body.items[0]?.computed.event_count).toBe(1);
    await expect(button("discard")).toHaveCount(1);
    await look("source refused");
    await press(button("discard"));
    await press(dialog().getByRole("button", { name: say("source", "discard"), exact: true }));
    await expect(page().getByText(say("source", "refused.empty"))).toBeVisible();
    await look("source with nothing refused");
  });

  step("a source's settings are changed and its old key is revoked", async () => {
    const { id, write_key_hint } = (await at.api.all("/api/v1/sources")).find(({ name }) => name === "shop front");
    const settings = async () => (await at.api.get(`/api/v1/sources/${id}`)).body;
    await page().goto(`/sources/${id}?tab=settings`);
    await press(page().getByText(say("source", "consent.required"), { exact: true }));
    await page().getByLabel(say("source", "origins"), { exact: true }).fill("shop");
    await page().keyboard.press("Enter");
    await at.visitor.refused(400, `/api/v1/sources/${id}`, () => press(named("button", say("source", "save"))));
    await expect(page().locator(".ant-form-item-explain-error")).toContainText("shop");
    await look("source settings refused");
    await page().getByLabel(say("source", "origins"), { exact: true }).press("Backspace");
    await page().getByLabel(say("source", "origins"), { exact: true }).fill("https://Shop.Example/");
    await page().keyboard.press("Enter");
    await press(named("button", say("source", "save")));
    await expect(page().getByText(say("source", "saved"), { exact: true })).toBeVisible();
    await look("source settings");
    const { consent, allowed_origins } = await settings();
    assert.deepEqual([consent, allowed_origins], ["required", ["https://shop.example"]]);
    await page().goto(`/sources/${id}?tab=keys`);
    await look("source keys");
    const old = (await at.api.get(`/api/v1/sources/${id}/write_keys`)).body.items.find(({ hint }) => hint !== write_key_hint).hint;
    await press(named("button", `${say("source", "revoke")} ${old}`));
    await dialog().getByLabel(say("source", "key"), { exact: true }).fill(old);
    await press(dialog().getByRole("button", { name: say("source", "revoke"), exact: true }));
    await expect(page().getByText(say("source", "revoke_done", { hint: old }))).toBeVisible();
    await expect(page().getByRole("button", { name: new RegExp(`^${say("source", "revoke")} `) })).toHaveCount(1);
  });

  step("imports list what failed, with its line", async () => {
    await go("imports");
    await look("imports");
    const failed = say("import", "problems.failed", { count: 2 });
    await press(page().getByRole("button", { name: failed }));
    await expect(dialog()).toBeVisible();
    const { id } = (await at.api.all("/api/v1/imports")).find(({ file }) => file.includes("market"));
    const { problems } = (await at.api.get(`/api/v1/imports/${id}`, { "accept-language": language })).body;
    assert.deepEqual(problems.map(({ line }) => line), [3, 4]);
    for (const { message } of problems) await expect(dialog()).toContainText(message);
    await look("problems of an import");
    await page().goBack();
    await expect(dialog()).toBeHidden();
  });

  step("the company takes a name and a language, and of two tabs the slower learns what the other saved", async () => {
    await go("company");
    await look("company");
    const name = () => page().getByLabel(say("company", "name"), { exact: true });
    const save = () => press(named("button", say("company", "save")));
    await name().fill("Yunfan");
    await press(page().getByLabel(say("company", "locale"), { exact: true }));
    await press(page().locator(".ant-select-dropdown:visible .ant-select-item-option", { hasText: own_name[language] }));
    await save();
    await expect(page().getByText(say("company", "saved"), { exact: true })).toBeVisible();
    const other = await at.visitor.context.newPage();
    await other.goto("/company");
    await other.getByLabel(say("company", "name"), { exact: true }).fill("Yunfan East");
    await other.getByRole("button", { name: say("company", "save"), exact: true }).click();
    await expect(other.getByText(say("company", "saved"), { exact: true })).toBeVisible();
    await other.close();
    await name().fill("Yunfan West");
    await at.visitor.refused(412, "/api/v1/company", save);
    await expect(page().getByRole("alert").filter({ hasText: say("company", "conflict.title") })).toContainText("Yunfan East");
    await look("conflict");
    await press(named("button", say("company", "conflict.keep_mine")));
    await expect.poll(async () => (await at.api.get("/api/v1/company")).body.name).toBe("Yunfan West");
    await go("home");
    await expect(page().locator(".page-header")).toContainText("Yunfan West");
  });

  step("a person is added", async () => {
    await go("people");
    await look("people");
    await press(named("button", say("access", "users.create")));
    await dialog().getByLabel(say("access", "email"), { exact: true }).fill(guest.email);
    await dialog().getByLabel(say("access", "users.name"), { exact: true }).fill(guest.name);
    await dialog().getByLabel(say("access", "users.password"), { exact: true }).fill(guest.password);
    await look("new person");
    await press(dialog().getByRole("button", { name: say("access", "submit"), exact: true }));
    await expect(page().getByText(say("access", "users.created", { email: guest.email }))).toBeVisible();
    await expect(dialog()).toBeHidden();
    await expect(page().getByText(guest.email, { exact: true })).toBeVisible();
  });

  step("a token works until it is revoked", async () => {
    await open_tab(say("access", "tab.tokens"));
    await press(named("button", say("access", "tokens.create")));
    await dialog().getByLabel(say("access", "tokens.name"), { exact: true }).fill("reporting");
    await press(dialog().getByRole("button", { name: say("access", "submit"), exact: true }));
    const token = (await dialog().getByLabel(say("access", "tokens.token"), { exact: true }).textContent()).trim();
    await look("token shown once");
    await press(named("button", say("access", "tokens.once_done")));
    const asked = () => at.server.api({ token }).get("/api/v1/customers?limit=1");
    assert.equal((await asked()).status, 200);
    await press(named("button", `${say("access", "tokens.revoke")} reporting`));
    const sure = dialog().getByRole("button", { name: say("access", "tokens.revoke"), exact: true });
    await expect(sure).toBeDisabled();
    await dialog().getByLabel(say("access", "tokens.name"), { exact: true }).fill("reporting");
    await look("token to revoke");
    await press(sure);
    await expect(page().getByText(say("access", "tokens.revoke_done", { name: "reporting" }))).toBeVisible();
    await expect(page().getByText(say("access", "tokens.revoked"), { exact: true })).toBeVisible();
    assert.equal((await asked()).status, 401);
    await look("tokens");
  });

  step("words change to the other language and back without a reload", async () => {
    const other = language === "en" ? "zh-CN" : "en";
    await page().goto(is_phone ? "/me" : "/");
    await page().evaluate(() => (window.is_still_open = true));
    for (const to of [other, language]) {
      if (is_phone) await press(named("button", own_name[to]));
      else {
        await press(page().locator(".top-acts").getByRole("button", { name: speaker(to === other ? language : other)("app", "language"), exact: true }));
        await press(named("menuitem", own_name[to]));
      }
      await expect(page().locator("html")).toHaveAttribute("lang", to);
      await expect(page().getByRole("link", { name: speaker(to)("app", "nav.customers"), exact: true }).first()).toBeVisible();
    }
    assert.equal(await page().evaluate(() => window.is_still_open), true);
  });

  step("after signing out nothing is shown, and signing in leads back", async () => {
    await sign_out();
    await page().goto("/imports");
    await expect(page()).toHaveURL(/\/sign-in\?to=/);
    await look("sign in");
    await sign_in({ ...admin, password: "not the password" });
    await expect(page().getByRole("alert").first()).toBeVisible();
    await look("wrong password");
    await sign_in(admin);
    await expect(heading(say("import", "title"))).toBeVisible();
    await page().goto("/nowhere");
    await expect(page().getByText(say("design", "failure.missing.title"))).toBeVisible();
    await look("no such page");
    await page().goto("/profile");
    await expect(heading(say("access", "profile"))).toBeVisible();
    await look("profile");
    await page().goto(`/setup#token=${at.server.setup_token}`);
    await expect(page().getByText(say("access", "setup.done"))).toBeVisible();
    await page().goto("/");
    await sign_out();
  });

  step("a viewer sees what is refused as refused, and no page is broken", async () => {
    await sign_in(guest);
    await expect(heading(say("app", "home.greeting", { name: guest.name }))).toBeVisible();
    if (!is_phone) await expect(named("link", say("app", "nav.people"))).toHaveCount(0);
    await at.visitor.refused(403, "/api/v1/users", async () => {
      await page().goto("/people");
      await expect(page().getByText(say("design", "failure.refused.title"))).toBeVisible();
    });
    await look("people refused");
    await go("sources");
    await expect(page().getByText("shop front", { exact: true })).toBeVisible();
    await expect(named("button", say("source", "create"))).toHaveCount(0);
    await expect(named("link", say("source", "by_files")).first()).toBeVisible();
    await look("sources of a viewer");
    await press(page().getByRole("link", { name: "shop front", exact: true }));
    await expect(page().getByRole("tab")).toHaveText(["overview", "install", "settings"].map((key) => say("source", `tab.${key}`)));
    await look("source of a viewer");
    await go("company");
    await expect(page().getByText(say("company", "read_only"))).toBeVisible();
    await expect(page().getByLabel(say("company", "name"), { exact: true })).toBeDisabled();
    await look("company of a viewer");
    await go("customers");
    await press(row_links().first());
    await expect(page().locator(".customer-header")).toBeVisible();
    await look("customer of a viewer");
  });
}
