// Everything that can be pressed on a source's page: each kind made, each way to connect shown, a new key beside the old and the old one revoked, refused
// messages replayed and discarded together, the stream of messages paused, problems told, settings saved and shown again, archived and brought back.
import assert from "node:assert/strict";
import { Tracker, run, seeing } from "../story/onefold.mjs";
import { everywhere } from "./desk.mjs";
import { expect } from "./visitor.mjs";

everywhere("Sources are made, connected, looked after and put away", { name: "sources", minutes: 4 }, async ({ folder, server, visitor, page, say, press, set_up }) => {
  const word = (key, values) => say("source", key, values);
  const dialog = page.getByRole("dialog");
  const button = (key, place = page, values = {}) => place.getByRole("button", { name: word(key, values), exact: true });
  const shown = (text) => expect(page.getByText(text, { exact: true }).filter({ visible: true }).first()).toBeVisible();
  const toast = async (text) => {
    await shown(text);
    await expect(page.getByText(text, { exact: true })).toHaveCount(0);
  };
  const open = (id, tab) => page.goto(`/sources/${id}?tab=${tab}`);

  await set_up();
  const api = server.api({ token: (await run(["token", "create", "t", "--data", folder])).last_word });
  const source_of = async (id) => (await api.get(`/api/v1/sources/${id}`)).body;

  // One of each kind: what comes of it, and where it leads.
  const made = {};
  for (const [kind, name] of [["api", "shop api"], ["file", "till files"], ["tracker", "shop pages"]]) {
    await page.goto("/sources?new=1");
    await visitor.press(dialog.getByRole("radio", { name: new RegExp(`^${word(`kind.${kind}`)}`) }));
    await dialog.getByLabel(word("name"), { exact: true }).fill(name);
    if (kind === "api") await press(button("submit", dialog));
    else await page.keyboard.press("Enter");
    const started = dialog.getByLabel(word(`try.${kind}`), { exact: true });
    await expect(started).toBeVisible();
    const shown_key = dialog.getByLabel(word("key"), { exact: true });
    assert.equal(await shown_key.count(), kind === "file" ? 0 : 1);
    const key = kind === "file" ? "" : (await shown_key.textContent()).trim();
    await expect(started).toContainText(kind === "file" ? "--source 'till files'" : key);
    await page.keyboard.press("Escape"); // a key that is shown once does not go by mistake
    await visitor.look(`new ${kind}`);
    await press(button(kind === "file" ? "once.file_done" : "once.done", dialog));
    await expect(page).toHaveURL(/\/sources\/\d+$/);
    await expect(page.getByRole("heading", { name, exact: true })).toBeVisible();
    made[kind] = { id: page.url().split("/").at(-1), key };
    assert.equal((await source_of(made[kind].id)).kind, kind);
    await visitor.look(`page of ${kind}`);
  }
  const { id } = made.api;

  // Every way to connect is shown with the server's own address.
  const ways = { tracker: ["web", "mini_program", "segment_web", "pixel", "curl"], api: ["curl", "segment_node", "rudder_node", "snowplow_node"] };
  for (const [kind, names] of Object.entries(ways)) {
    await open(made[kind].id, "install");
    for (const name of names) {
      await visitor.press(page.getByText(word(`way.${name}`), { exact: true }).first());
      await expect(page.getByText(word(`way_text.${name}`, { origin: new URL(server.url).origin })).filter({ visible: true }).first()).toBeVisible();
      const code = page.locator("pre").and(page.getByLabel(word(`way.${name}`), { exact: true }));
      await expect(code).toContainText("WRITE_KEY");
      await expect(code).toContainText(name === "snowplow_node" ? new URL(server.url).hostname : new URL(server.url).host);
      const examples = page.locator(".example pre");
      await expect(examples).toHaveCount(["pixel", "snowplow_node"].includes(name) ? 0 : name === "web" ? 4 : 3);
      if (name === "web") assert.deepEqual(await examples.allTextContents().then(([first]) => first), 'onefold.identify("1001", { email: "lin@example.com", phone: "13800138000" });');
      await visitor.look(`${kind} by ${name}`);
    }
    await press(page.getByRole("link", { name: word("to_keys"), exact: true }));
    await expect(button("keys_create")).toBeVisible();
  }
  await open(made.file.id, "install");
  await expect(page.locator("pre").and(page.getByLabel(word("way.import"), { exact: true }))).toContainText("--source 'till files'");
  await visitor.look("file by import");

  // A new key is shown once, and both are good until the old one is revoked.
  await open(id, "keys");
  await expect(page.getByRole("tab", { selected: true })).toBeInViewport({ ratio: 0.9 });
  await press(button("keys_create"));
  const key = (await dialog.getByLabel(word("key"), { exact: true }).textContent()).trim();
  assert.match(key, /^ofk_\S{20,}$/);
  await shown(word("once.rotate"));
  await expect(dialog.getByLabel(word("try.api"), { exact: true })).toContainText(`-u ${key}:`);
  await visitor.look("new key");
  await press(button("once.done", dialog));
  await expect(dialog).toBeHidden();
  await page.reload();
  await expect(page.getByText(word("valid"), { exact: true }).filter({ visible: true })).toHaveCount(2);
  assert.ok(!(await page.content()).includes(key), "a key is shown once only");
  const track = async (with_key, event) => (await new Tracker(server.api(), with_key).send("track", { userId: "k", event })).status;
  assert.deepEqual([await track(key, "By New"), await track(made.api.key, "By Old")], [200, 200]);
  const hints = (await api.get(`/api/v1/sources/${id}/write_keys`)).body.items.map(({ hint }) => hint);
  const old = hints.find((hint) => made.api.key.endsWith(hint));
  await press(page.getByRole("button", { name: `${word("revoke")} ${old}`, exact: true }));
  await expect(button("revoke", dialog)).toBeDisabled();
  await expect(dialog).toContainText(word("revoke_text"));
  await visitor.look("revoke a key");
  await dialog.getByLabel(word("key"), { exact: true }).fill(old);
  await press(button("revoke", dialog));
  await toast(word("revoke_done", { hint: old }));
  await visitor.look("keys");
  assert.deepEqual([await track(key, "By New"), await track(made.api.key, "By Old")], [200, 401]);

  // What was refused is replayed together once it can be taken, the rest discarded together.
  const tracker = new Tracker(server.api(), key);
  const page_key = made.tracker.key;
  const from = (origin, messageId) => server.api().post("/v1/batch", { writeKey: page_key, batch: [{ type: "track", userId: "r", event: "Clicked", messageId }] }, { origin });
  const patched = async (edit) => assert.equal((await api.patch(`/api/v1/sources/${made.tracker.id}`, edit, { "if-match": `"${(await source_of(made.tracker.id)).version}"` })).status, 200);
  await patched({ allowed_origins: ["https://shop.example"] });
  for (const message of ["o-1", "o-2", "o-2", "o-3"]) assert.equal((await from("https://other.example", message)).status, 403);
  for (let n = 0; n < 3; n++) await new Tracker(server.api(), page_key).send("track", { userId: "r" });
  const reasons = async () => (await api.get(`/api/v1/sources/${made.tracker.id}/refused_reasons`, { "accept-language": visitor.language })).body.items;
  const reason_of = async (code) => (await reasons()).find((one) => one.code === `tracking.${code}`);
  await open(made.tracker.id, "refused");
  await shown(word("times", { count: 2, number: "2" }));
  await visitor.look("refused for two reasons");
  const choose = async (code) => {
    await visitor.press(page.getByRole("combobox", { name: word("reason"), exact: true }));
    await visitor.press(page.locator(".ant-select-item-option").filter({ hasText: (await reason_of(code)).reason }));
    await expect(button("replay_all")).toBeVisible();
  };
  await choose("origin_not_allowed");
  await visitor.look("refused for one reason");
  await press(button("replay_all"));
  await toast(word("replay_all_done", { count: 3, number: "3" }));
  assert.deepEqual((await reasons()).map(({ code, count }) => [code, count]), [["tracking.missing", 3]]);
  await choose("missing");
  await press(button("replay_all"));
  await toast(word("still_refused", { count: 3, number: "3" }));
  const missing = await reason_of("missing");
  await press(button("discard_all"));
  await expect(dialog).toContainText(word("discard_all_text", { number: "3", reason: missing.reason }));
  await visitor.look("discard all");
  await press(button("discard", dialog));
  await toast(word("discard_all_done", { count: 3, number: "3" }));
  await shown(word("refused.empty"));
  await visitor.press(page.getByText(word("state.replayed"), { exact: true }).first());
  await expect(page.getByText(word("state.replayed"), { exact: true }).filter({ visible: true })).toHaveCount(4);
  await visitor.look("replayed");

  // Paused, the stream stands still; gone on with, it has caught up.
  await open(id, "live");
  await expect(page.getByText("By New").filter({ visible: true })).toHaveCount(2);
  await press(button("pause"));
  await shown(word("paused"));
  const last = await tracker.send("track", { userId: "k", event: "While Paused" });
  await api.get("/api/v1/customers?limit=1", seeing(last));
  await page.waitForTimeout(500);
  await expect(page.getByText("While Paused")).toHaveCount(0);
  await visitor.look("paused");
  await press(button("go_on_newer", page, { number: "1" }));
  await shown("While Paused");
  await expect(button("pause")).toBeVisible();
  await visitor.look("gone on with");

  // A message that is opened stays where it is until it is closed; a page says which it is, and who leads to the customer.
  await page.getByRole("button", { name: /While Paused/ }).first().click();
  await shown(word("paused_open"));
  const opened = page.locator("pre").and(page.getByLabel(word("message"), { exact: true }));
  const place = await opened.boundingBox();
  await tracker.send("track", { anonymousId: "3c31f792e9c988ca3153091490e97ddc", event: "By Nobody" });
  await tracker.send("page", { userId: "k", name: "", properties: { title: "Oolong", path: "/oolong" } });
  await expect(button("go_on_newer", page, { number: "2" })).toBeVisible();
  assert.deepEqual(await opened.boundingBox(), place);
  await visitor.look("opened");
  await page.getByRole("button", { name: /While Paused/ }).first().click();
  await shown("/oolong");
  await shown("Oolong");
  await visitor.look("a page that was seen");
  await visitor.press(page.getByRole("link", { name: "k", exact: true }).first());
  await expect(page).toHaveURL(/\/customers\?q=user_id(:|%3A)k$/);
  await expect(page.locator("a[href^='/customers/']").filter({ visible: true })).toHaveCount(1);
  await page.goto("/customers");
  await expect(page.locator("a[href^='/customers/']").filter({ visible: true, hasText: "3c31f" })).toHaveCount(1);
  await visitor.look("customers with an anonymous one");
  if (!visitor.is_phone) {
    const kinds = page.locator(".cell-identifiers .identifier-inline .faint");
    await expect(kinds).toHaveText(["user_id", "anonymous_id", "user_id"].map((kind) => say("naming", `identifier.${kind}`)));
    for (const kind of await kinds.all()) {
      const [whole, seen] = await kind.evaluate((word) => {
        const text = document.createRange();
        text.selectNodeContents(word);
        return [text.getBoundingClientRect().width, word.getBoundingClientRect().width];
      });
      assert.ok(seen > whole - 0.01, "of an identifier its kind is cut off, not its value");
    }
    const [needed, room] = await page.locator(".toolbar-search input").evaluate((input) => {
      const canvas = document.createElement("canvas").getContext("2d");
      canvas.font = getComputedStyle(input).font;
      return [canvas.measureText(input.placeholder).width, input.clientWidth];
    });
    assert.ok(needed <= room, `the hint of the search needs ${needed} px and has ${room}`);
  }
  if (visitor.language === "en") {
    const quote = await page.evaluate(() => {
      const span = Object.assign(document.createElement("span"), { textContent: "\u201c" });
      span.style.fontSize = "100px";
      document.querySelector("main").append(span);
      const { width } = span.getBoundingClientRect();
      span.remove();
      return width;
    });
    assert.ok(quote < 70, `an English quotation mark is ${quote} % of a line's height wide`);
  }

  // What was taken and had not its effect is told.
  const order = await tracker.send("track", { userId: "k", event: "Order Completed", properties: { total: 12 } });
  await open(id, "problems");
  const [problem] = (await api.get(`/api/v1/sources/${id}/problems`, { ...seeing(order), "accept-language": visitor.language })).body.items;
  await shown(problem.message);
  await press(page.getByRole("button", { name: `${say("design", "details")} ${problem.message}`, exact: true }).filter({ visible: true }));
  await expect(page.getByLabel(word("message"), { exact: true })).toContainText('"total": 12');
  await visitor.look("problems");
  await open(made.tracker.id, "problems");
  await shown(word("problems.empty"));
  await visitor.look("no problems");

  // The catalogue says what the tracker and the specification name in the reader's words, beside the name that was sent.
  await tracker.send("track", { userId: "k", event: "Page Left", properties: { path: "/oolong", dwell_ms: 1200 } });
  await expect.poll(async () => (await api.get("/api/v1/event_types?q=Page%20Left")).body.items?.length).toBe(1);
  await page.goto("/events");
  const named = say("naming", "event_named.Page Left");
  await shown(named);
  await shown(say("naming", "event_named.Order Completed"));
  await expect(page.locator("code").filter({ hasText: /^Page Left$/ }).filter({ visible: true })).toHaveCount(1);
  await visitor.look("catalogue of events");
  await visitor.press(page.getByRole("link", { name: named, exact: true }).first());
  await expect(page.getByRole("heading", { name: named, exact: true })).toBeVisible();
  await expect(page.locator(".page-header code")).toHaveText("Page Left");
  await visitor.look("event of the catalogue");

  // Settings are saved together, and shown again.
  await open(id, "settings");
  const pick = async (label, search, option) => {
    const select = page.getByRole("combobox", { name: word(label), exact: true });
    await visitor.press(select);
    await select.fill(search);
    await visitor.press(page.locator(".ant-select-item-option").filter({ hasText: option }).first());
  };
  await expect(button("save")).toBeDisabled();
  await pick("zone", "Tokyo", "Asia/Tokyo");
  await pick("currency", "JPY", "JPY");
  const japan = new Intl.DisplayNames(visitor.language, { type: "region" }).of("JP");
  await pick("region", japan, `${japan} · JP`);
  const trust = page.getByRole("slider", { name: word("trust"), exact: true });
  const before = await source_of(id);
  await trust.focus();
  for (let n = 0; n < 5; n++) await page.keyboard.press("ArrowRight");
  await page.getByLabel(word("order_scope"), { exact: true }).fill("shop orders");
  // Changed elsewhere meanwhile: what is wrong comes into sight from the foot of the form, and nothing is overwritten.
  const moved = await api.patch(`/api/v1/sources/${id}`, { order_scope: "elsewhere" }, { "if-match": `"${before.version}"` });
  assert.equal(moved.status, 200);
  await button("save").scrollIntoViewIfNeeded();
  await visitor.refused(412, `/api/v1/sources/${id}`, () => press(button("save")));
  const wrong = page.locator(".form-failure").filter({ has: page.getByRole("alert") });
  await expect(wrong).toBeInViewport({ ratio: 1 });
  await visitor.look("settings that changed elsewhere");
  await press(button("save"));
  await toast(word("saved"));
  const settings = ({ zone, currency, region, trust: degree, order_scope }) => ({ zone, currency, region, trust: degree, order_scope });
  const expected = { zone: "Asia/Tokyo", currency: "JPY", region: "JP", trust: before.trust + 5, order_scope: "shop orders" };
  assert.deepEqual(settings(await source_of(id)), expected);
  await page.reload();
  await expect(page.locator(".settings")).toContainText(`${japan} · JP`);
  await expect(page.getByLabel(word("order_scope"), { exact: true })).toHaveValue("shop orders");
  await expect(trust).toHaveAttribute("aria-valuenow", String(expected.trust));
  await expect(page.locator(".settings")).toContainText("Asia/Tokyo");
  await expect(page.locator(".settings")).toContainText("JPY");
  await visitor.look("settings");

  // What the server says of an input comes into sight too, from the foot of the form.
  await open(made.tracker.id, "settings");
  const origins = page.getByLabel(word("origins"), { exact: true });
  await origins.fill("shop");
  await page.keyboard.press("Enter");
  await button("archive").scrollIntoViewIfNeeded();
  await visitor.refused(400, `/api/v1/sources/${made.tracker.id}`, () => press(button("save")));
  await expect(page.locator(".ant-form-item-explain-error")).toBeInViewport({ ratio: 1 });
  await expect(origins).toBeFocused();
  await visitor.look("settings with a wrong website");
  await page.keyboard.press("Backspace");
  await expect(button("save")).toBeDisabled();
  await open(id, "settings");

  // Archived, it takes nothing; brought back, it takes again.
  await press(button("archive"));
  await shown(word("restore_text"));
  await expect(page.locator(".page-header")).toContainText(word("archived"));
  assert.equal(await track(key, "While Archived"), 401);
  await visitor.look("archived");
  await page.goto("/sources");
  await shown(word("archived"));
  await visitor.look("list with an archived one");
  await open(id, "settings");
  await press(button("restore"));
  await toast(word("restore_done"));
  await shown(word("archive_text"));
  await expect(page.locator(".page-header")).not.toContainText(word("archived"));
  assert.equal(await track(key, "Brought Back"), 200);
});
