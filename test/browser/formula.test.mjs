// Ten conditions on customers, each written as a formula by completion and built by the builder alone; both ask the same, and one becomes the other. What is wrong is said where it is.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { after, before } from "node:test";
import { Leftovers, fresh_folder, run } from "../story/onefold.mjs";
import { data_words_of, import_files, write_files } from "./company.mjs";
import { everywhere } from "./desk.mjs";
import { expect } from "./visitor.mjs";

// The sample's values, and the name of a field that somebody types.
const data_words = [];
const leftovers = new Leftovers();
const files = fresh_folder(leftovers);
before(async () => {
  await write_files(files);
  data_words.push(...data_words_of(files), "城市", "订单数");
});
after(() => leftovers.run());

const { source: axe } = createRequire(resolve("web/package.json"))("axe-core");
const field = (code) => ({ field: code });
const op = (sign, ...args) => ({ op: sign, args });
const value = (one) => ({ value: one });
const both = (...args) => op("and", ...args);
const either = (...args) => op("or", ...args);
const not = (one) => op("not", one);
const days = 5600; // the sample's last day recedes

everywhere("Conditions as formulas", { name: "formula", data_words, minutes: 5 }, async ({ t, visitor, server, folder, page, say, language, press, set_up }) => {
  const word = (key, values) => say("formula", key, values);
  const button = (name, place = page) => place.getByRole("button", { name, exact: true });
  await set_up();
  await import_files(folder, files);
  const api = server.api({ token: (await run(["token", "create", "t", "--role", "editor", "--data", folder])).last_word });
  const count = async (filter) => (await api.post("/api/v1/query/count", { object: "customer", ...(filter ? { filter } : {}) })).body.count;
  const { rows } = (await api.post("/api/v1/query", { object: "customer", select: [{ path: "city" }, { path: "id", aggregate: "count" }], group: ["city"], sort: [{ path: "1", direction: "descending" }], limit: 5 })).body;
  const [first, second] = rows.map(([name]) => name).filter(Boolean);
  const shown = async (filter) => {
    const number = await count(filter);
    await expect(page.locator(".page-header")).toContainText(say("customer", "count", { count: number, shown: number.toLocaleString(language) }));
    if (number === 0) await expect(page.getByText(say("customer", "none.title"), { exact: true })).toBeVisible();
    return number;
  };

  const panel = page.locator("#list-conditions");
  const editor = panel.getByRole("textbox", { name: word("formula.label") });
  const completions = page.locator(".cm-tooltip-autocomplete li");
  const way = (name) => panel.getByRole("button", { name: word(name), exact: true });
  // Chips stand for what is written.
  const written = () =>
    editor.evaluate((own) => {
      const copy = own.cloneNode(true);
      for (const chip of copy.querySelectorAll(".formula-chip")) chip.replaceWith(chip.dataset.text);
      return copy.textContent.replaceAll("\u200b", "").trim();
    });
  const empty = async () => {
    await editor.click();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.press("Delete");
  };
  const type = (text) => page.keyboard.type(text, { delay: 8 });
  // What is begun is completed by the list's first offer.
  const complete = async (begin, offer) => {
    await type(begin);
    await expect(completions.first()).toContainText(offer);
    await page.waitForTimeout(120); // a list that just appeared takes no key
    await page.keyboard.press("Enter");
  };
  const city_label = language === "zh-CN" ? "城市" : "City";
  const seen_label = language === "zh-CN" ? "最近出现" : "Last seen";
  const city = () => complete(language === "zh-CN" ? "城" : "cit", city_label);

  await page.goto("/customers");
  await shown();
  await press(button(say("customer", "filter")));
  await press(way("mode.write"));
  await expect(editor).toBeVisible();

  const in_city = (name) => op("=", field("city"), value(name));
  const since = (count) => op(">=", field("time"), op("ago", value(count), value("day")));
  const cases = [
    ["city is", async () => (await city(), await type(` = "${first}"`)), `city = "${first}"`, in_city(first)],
    ["city in", async () => (await city(), await type(" i"), await complete("n", "IN"), await type(`"${first}", "${second}"`)), `city IN ("${first}", "${second}")`, either(in_city(first), in_city(second))],
    ["name contains", async () => (await complete("cont", "CONTAINS"), await complete("na", language === "zh-CN" ? "姓名" : "Name"), await type(', "a"')), 'CONTAINS(name, "a")', op("contains", field("name"), value("a"))],
    ["no phone", async () => (await complete("no", "NOT"), await complete("has", "HAS"), await complete("identifier", ""), await type(', "phone"')), 'NOT HAS(identifier_types, "phone")', not(op("in", field("identifier_types"), value("phone")))],
    ["last seen within", async () => (await complete(language === "zh-CN" ? "最近出" : "last_s", seen_label), await type(" >= "), await complete("ago", "AGO"), await type('30, "day"')), 'last_seen_at >= AGO(30, "day")', op(">=", field("last_seen_at"), op("ago", value(30), value("day")))],
    ["total spend", async () => (await complete("total", ""), await type(" >= 1000")), "total_spend >= 1000", op(">=", field("total_spend"), value("1000"))],
    ["order count between", async () => (await complete("betw", "BETWEEN"), await complete("order_c", ""), await type(", 2, 5")), "BETWEEN(order_count, 2, 5)", both(op(">=", field("order_count"), value("2")), op("<=", field("order_count"), value("5")))],
    ["orders lately", async () => (await complete("count", "COUNT"), await complete("orders", ""), await type(", "), await complete("tim", ""), await type(" >= "), await complete("ago", "AGO"), await type(`${days}, "day")) >= 2`)), `COUNT(orders, time >= AGO(${days}, "day")) >= 2`, op(">=", { call: "COUNT", args: [field("orders"), since(days)] }, value(2))],
    ["nested", async () => (await city(), await type(` = "${first}" AND (`), await complete("order_c", ""), await type(" >= 3 OR "), await complete("total", ""), await type(" >= 500)")), `city = "${first}" AND (order_count >= 3 OR total_spend >= 500)`, both(in_city(first), either(op(">=", field("order_count"), value("3")), op(">=", field("total_spend"), value("500"))))],
    ["not", async () => (await complete("no", "NOT"), await city(), await type(` = "${first}"`)), `NOT city = "${first}"`, not(in_city(first))],
  ];
  for (const [name, write, text, filter] of cases) {
    await empty();
    await write();
    await expect.poll(written, { message: name }).toBe(text);
    await expect(panel.locator(".formula-problem")).toHaveCount(1);
    await expect(panel.locator(".formula-problem")).toBeEmpty();
    await page.keyboard.press("Escape");
    await expect.poll(() => new URL(page.url()).searchParams.get("formula"), { message: name }).toBe(text);
    await shown(filter);
    await visitor.look(`written ${name}`);
  }
  // The list's address holds it.
  await page.reload();
  await shown(cases.at(-1)[3]);
  await expect.poll(written).toBe(cases.at(-1)[2]);
  await expect(panel.locator(".formula-live")).toContainText(word("live.true"));

  // What is wrong is underlined, and said with what may have been meant.
  await empty();
  await type("citty = 5");
  await page.keyboard.press("Escape");
  await expect(panel.locator(".cm-lintRange-error")).toHaveText("citty");
  await expect(panel.locator(".formula-problem")).toContainText(language === "zh-CN" ? "“citty”处：没有字段 citty。是否指 city？" : "At “citty”: there is no field citty. Did you mean city?");
  await expect(panel.locator(".formula-unapplied")).toHaveText(word("formula.unapplied"));
  await visitor.look("wrong");
  await page.evaluate(axe);
  const is_accessible = async () => {
    const { violations, passes } = await page.evaluate(() => globalThis.axe.run("#list-conditions", { resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] }));
    assert.ok(passes.length > 5);
    assert.deepEqual(violations.map(({ id, nodes }) => `${id} ${nodes[0].html}`), []);
  };
  await is_accessible();

  // A word out of a fixed set is refused where it is none, and offered.
  await empty();
  await type('last_seen_at >= AGO(3, "dayz');
  await page.keyboard.press("Escape");
  await expect(panel.locator(".cm-lintRange-error")).toHaveText('"dayz"');
  await expect(panel.locator(".formula-problem")).toContainText(language === "zh-CN" ? '“dayz”处：AGO 不认识“dayz”' : 'Did you mean "day"?');
  await expect(panel.locator(".formula-unapplied")).toHaveText(word("formula.unapplied"));
  await visitor.look("no such unit");
  for (const _ of "ayz") await page.keyboard.press("Backspace");
  await complete("a", "day");
  await page.keyboard.press("Escape");
  await expect.poll(written).toBe('last_seen_at >= AGO(3, "day")');
  await expect(panel.locator(".formula-problem")).toBeEmpty();

  // How a value is shown is not what is compared: the code is told, and offered.
  const shown_person = say("customer", "kind_one.person");
  await empty();
  await type(`kind = "${shown_person}"`);
  await page.keyboard.press("Escape");
  await expect(panel.locator(".cm-lintRange-error")).toHaveText(`"${shown_person}"`);
  await expect(panel.locator(".formula-problem")).toContainText(language === "zh-CN" ? '“个人”是 person 的显示名称，应写作 "person"。' : '“Person” is how person is shown; write "person".');
  await visitor.look("a shown word");
  await empty();
  await type("kind = ");
  await complete("pers", shown_person);
  await page.keyboard.press("Escape");
  await expect.poll(written).toBe('kind = "person"');
  await expect(panel.locator(".formula-problem")).toBeEmpty();

  // Fields are chips with their names in the reader's language, once the cursor went on.
  const chip = panel.locator(".formula-chip");
  const labels = { city: city_label, order_count: language === "zh-CN" ? "订单数" : "Orders", orders: say("customer", "records_of.orders"), time: language === "zh-CN" ? "时间" : "Time" };
  await empty();
  await type("city");
  await expect(chip).toHaveCount(0);
  await page.keyboard.press("Escape");
  await type(` = "${first}" AND order_count > 1 `);
  await page.keyboard.press("Escape");
  await expect(chip).toHaveText([labels.city, labels.order_count]);
  const whole = `city = "${first}" AND order_count > 1`;
  assert.equal(await written(), whole);
  await is_accessible();
  await visitor.look("chips");
  // The arrow steps over a chip, Backspace takes it as one, and it comes back.
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Backspace");
  await expect.poll(written).toBe(`= "${first}" AND order_count > 1`);
  await page.keyboard.press("ControlOrMeta+z");
  await expect.poll(written).toBe(whole);
  await page.keyboard.press("Home");
  await page.keyboard.press("Delete");
  await expect.poll(written).toBe(`= "${first}" AND order_count > 1`);
  await page.keyboard.press("ControlOrMeta+z");
  // A space behind a chip goes alone.
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Backspace");
  await expect.poll(written).toBe(whole.replace("city ", "city"));
  await expect(chip).toHaveText([labels.city, labels.order_count]);
  await page.keyboard.press("ControlOrMeta+z");
  // What is cut, and pasted again, is the text.
  await page.keyboard.press("ControlOrMeta+a");
  const copied = await editor.evaluate((own) => {
    const data = new DataTransfer();
    own.dispatchEvent(new ClipboardEvent("copy", { clipboardData: data, bubbles: true, cancelable: true }));
    return data.getData("text/plain").trim();
  });
  assert.equal(copied, whole);
  await page.keyboard.press("ControlOrMeta+x");
  await expect.poll(written).not.toContain("city");
  await page.keyboard.press("ControlOrMeta+v");
  await expect.poll(written).toBe(whole);
  await expect(chip).toHaveText([labels.city, labels.order_count]);
  // In a condition on records the names are theirs; a chip that is wrong is marked.
  await empty();
  await type("COUNT(orders, LEN(time) > 1) > order_count ");
  await page.keyboard.press("Escape");
  await expect(chip).toHaveText([labels.orders, labels.time, labels.order_count]);
  await expect(panel.locator(".formula-chip.is-wrong")).toHaveText([labels.time]);
  await visitor.look("wrong chip");
  // The call around the cursor, and help beside an offer.
  await empty();
  await type("DATEADD(last_seen_at, ");
  await page.keyboard.press("Escape");
  await expect(page.locator(".formula-signature b")).toHaveText("count");
  await visitor.is_in_sight(page.locator(".formula-signature"));
  await visitor.look("signature");

  // The builder alone: the same conditions, as text they are the same or mean the same, and back.
  const builder = panel.getByRole("region", { name: word("title") });
  const field_at = (i, place = builder) => place.getByLabel(word("field"), { exact: true }).nth(i);
  const op_at = (i, place = builder) => place.getByLabel(word("op"), { exact: true }).nth(i);
  const value_at = (i, place = builder) => place.getByLabel(word("value"), { exact: true }).nth(i);
  const add = (place = builder) => press(place.getByRole("button", { name: word("add"), exact: true }).first());
  const line = async (i, code, wanted, text, place = builder) => {
    await add(place);
    await field_at(i, place).selectOption(code);
    if (wanted) await op_at(i, place).selectOption(wanted);
    if (text !== undefined) await place.locator("input.plain-input").last().fill(text);
  };
  const join = (to, place = builder) => place.getByLabel(word("join"), { exact: true }).first().selectOption(to);
  const built = [
    ["city is", () => line(0, "city", "is", first), `city = "${first}"`, in_city(first)],
    ["city in", async () => (await join("any"), await line(0, "city", "is", first), await line(1, "city", "is", second)), `city = "${first}" OR city = "${second}"`, either(in_city(first), in_city(second))],
    ["city is not", () => line(0, "city", "is_not", first), `ISBLANK(city) OR city <> "${first}"`, either(op("blank", field("city")), op("<>", field("city"), value(first)))],
    ["name contains", () => line(0, "name", "contains", "a"), 'CONTAINS(name, "a")', cases[2][3]],
    ["no phone", async () => (await line(0, "identifier_types", "has_not"), await press(builder.getByRole("button", { name: say("naming", "identifier.phone"), exact: true }))), 'NOT HAS(identifier_types, "phone")', cases[3][3]],
    ["last seen within", () => line(0, "last_seen_at", "within", "30"), 'last_seen_at >= AGO(30, "day")', cases[4][3]],
    ["total spend", () => line(0, "total_spend", "at_least", "1000"), "total_spend >= 1000", cases[5][3]],
    ["order count between", async () => (await line(0, "order_count", "at_least", "2"), await line(1, "order_count", "at_most", "5")), "order_count >= 2 AND order_count <= 5", cases[6][3]],
    ["orders lately", () => line(0, "orders", "at_least_within", String(days)), `COUNT(orders, time >= AGO(${days}, "day")) >= 2`, cases[7][3]],
    [
      "nested",
      async () => {
        await line(0, "city", "is", first);
        await press(builder.getByRole("button", { name: word("add_group"), exact: true }));
        const inner = builder.getByRole("group", { name: word("join.any"), exact: true });
        await field_at(0, inner).selectOption("order_count");
        await value_at(0, inner).fill("3");
        await line(1, "total_spend", "at_least", "500", inner);
      },
      cases[8][2],
      cases[8][3],
    ],
    ["not", async () => (await join("none"), await line(0, "city", "is", first)), `NOT (NOT ISBLANK(city) AND city = "${first}")`, not(both(not(op("blank", field("city"))), in_city(first)))],
  ];
  for (const [name, build, text, filter] of built) {
    await page.goto("/customers?filter=1");
    await shown();
    await build();
    await shown(filter);
    await press(way("mode.write"));
    await expect.poll(written, { message: name }).toBe(text);
    await shown(filter);
    await press(way("mode.build"));
    await expect(builder).toBeVisible();
    await shown(filter);
    await press(way("mode.write"));
    await expect.poll(written, { message: name }).toBe(text);
    if (name === "nested" || name === "city is not") {
      await press(way("mode.build"));
      if (name === "city is not") await expect(page.locator(".list-sentence")).toContainText(word("sentence.is_not", { name: city_label, value: word("sentence.quoted", { text: first }) }));
      await visitor.look(`built ${name}`);
      await press(way("mode.write"));
    }
  }
  // What the builder has no line for stays a formula, and it says which part.
  await empty();
  await type("LEN(name) > 3");
  await page.keyboard.press("Escape");
  await expect.poll(() => new URL(page.url()).searchParams.get("formula")).toBe("LEN(name) > 3");
  await press(way("mode.build"));
  await expect(panel.getByRole("alert")).toHaveText(word("mode.kept", { part: "LEN(name) > 3" }));
  await expect.poll(written).toBe("LEN(name) > 3");
  await visitor.look("kept");
  // Days before today: with how it can be written for the builder. What is wrong has to be mended first.
  await empty();
  await type("last_seen_at >= TODAY() - 30");
  await page.keyboard.press("Escape");
  await press(way("mode.build"));
  await expect(panel.getByRole("alert")).toHaveText(word("mode.kept_ago", { part: "last_seen_at >= TODAY() - 30", instead: 'last_seen_at >= AGO(30, "day")' }));
  await empty();
  await type(`city = "${first}" AND `);
  await page.keyboard.press("Escape");
  await press(way("mode.build"));
  await expect(panel.getByRole("alert")).toHaveText(word("mode.broken"));
  await visitor.look("broken");

  // Text that an input method composes is told once it is whole.
  await empty();
  const input = await page.context().newCDPSession(page);
  await input.send("Input.imeSetComposition", { text: "cheng", selectionStart: 5, selectionEnd: 5 });
  await expect(panel.locator(".formula-problem")).toBeEmpty();
  await input.send("Input.insertText", { text: "城市" });
  await expect(chip).toHaveCount(0);
  await type(` = "${first}"`);
  await expect(chip).toHaveText([city_label]);
  await page.keyboard.press("Escape");
  await expect.poll(written).toBe(`城市 = "${first}"`);
  await shown(in_city(first));
  assert.equal(await panel.locator(".cm-lintRange-error").count(), 0);
  // Beside a chip, too.
  await type(" AND ");
  await input.send("Input.imeSetComposition", { text: "dingdan", selectionStart: 7, selectionEnd: 7 });
  await expect(chip).toHaveText([city_label]);
  await input.send("Input.insertText", { text: "订单数" });
  await type(" > 1");
  await page.keyboard.press("Escape");
  await expect.poll(written).toBe(`城市 = "${first}" AND 订单数 > 1`);
  await expect(chip).toHaveText([city_label, labels.order_count]);
  await shown(both(in_city(first), op(">", field("order_count"), value("1"))));
});
