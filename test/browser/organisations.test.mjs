// An organisation's page: its members and what they did, a member added, ended and taken out by hand, own or with members; a person's employers.
// In both languages, on a desk's screen and on a phone's; once with nothing but the keyboard.
import assert from "node:assert/strict";
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

const day = (number) => `2026-03-0${number}T08:00:00Z`;

async function fill(server, folder) {
  const key = (await run(["source", "create", "web", "--kind", "tracker", "--data", folder])).last_word;
  const tracker = new Tracker(server.api(), key);
  const api = server.api({ token: (await run(["token", "create", "t", "--role", "editor", "--data", folder])).last_word });
  await tracker.send("identify", { userId: "u1", traits: { name: "Ann Bell", title: "Head", company: { id: "g1", name: "Bell Ringers", role: "buyer", isDecisionMaker: true } }, timestamp: day(1) });
  await tracker.send("group", { userId: "u2", groupId: "g1", traits: { name: "Bell Ringers", role: "clerk" }, timestamp: day(2) });
  await tracker.send("identify", { userId: "u2", traits: { name: "Ben Ash" }, timestamp: day(2) });
  await tracker.send("identify", { userId: "u3", traits: { name: "Cem Oak" }, timestamp: day(2) });
  await tracker.send("group", { userId: "u4", groupId: "g2", traits: { name: "Empty House" }, timestamp: day(2) });
  const last = await tracker.send("track", { userId: "u2", event: "Order Completed", properties: { order_id: "o-1", total: 20, currency: "CNY" }, timestamp: day(4) });
  const find = async (identifier) => (await api.get(`/api/v1/customers?identifier=${identifier}`, seeing(last))).body.items[0];
  return { api, find };
}

for (const language of ["en", "zh-CN"])
  for (const width of [1440, 390])
    test(`Organisations, ${language}, ${width} px`, { timeout: 120_000 }, async (t) => {
      const folder = fresh_folder(t);
      const say = speaker(language);
      const server = await Server.start(folder);
      t.after(() => server.kill());
      const visitor = await Visitor.arrive(browser, server, { language, width, name: "organisations", data_words: [] });
      t.after(() => visitor.leave());
      const { page } = visitor;
      const is_keyboard = width === 1440 && language === "en";
      const word = (key, values) => say("customer", key, values);
      const button = (key, place = page, values = {}) => place.getByRole("button", { name: word(key, values), exact: true });
      const press = async (locator) => {
        if (!is_keyboard) return visitor.press(locator);
        await locator.focus();
        await page.keyboard.press("Enter");
      };
      const dialog = page.getByRole("dialog");
      const { api, find } = await fill(server, folder);
      const firm = await find("group_id:g1"), ben = await find("user_id:u2");
      const members = async () => (await api.get(`/api/v1/customers/${firm.id}/memberships?sort=name`)).body.items.map(({ name, role }) => [name, role ?? null]);

      await page.goto(`/setup#token=${server.setup_token}`);
      for (const [label, value] of [["setup.name", "Ada"], ["email", "ada@example.com"], ["password", "a long first password"]]) await page.getByLabel(say("access", label), { exact: true }).fill(value);
      await visitor.press(page.getByRole("button", { name: say("access", "setup.submit"), exact: true }));
      await expect(page.getByRole("heading", { name: say("app", "home.greeting", { name: "Ada" }) })).toBeVisible();

      // With members, what they did is on its timeline, and whose it is stands there; alone it did nothing.
      await page.goto(`/customers/${firm.id}`);
      await expect(page.getByText("Order Completed")).toBeVisible();
      await expect(page.getByText(/Ben Ash/).first()).toBeVisible();
      await visitor.look("with members");
      await visitor.press(page.getByText(word("of.own"), { exact: true }));
      await expect(page.getByText(word("timeline.empty"), { exact: true })).toBeVisible();
      await expect(page).toHaveURL(/of=own/);

      // The table of members.
      await page.goto(`/customers/${firm.id}?tab=members`);
      const table = page.locator(visitor.is_phone ? "ul.cards" : "table.table");
      await expect(table.getByText("Ann Bell")).toBeVisible();
      await expect(table.getByText("buyer", { exact: true })).toBeVisible();
      await expect(table.getByText("Head", { exact: true })).toBeVisible();
      assert.ok((await table.innerText()).indexOf("Ben Ash") < (await table.innerText()).indexOf("Ann Bell"), "the last seen first");
      await visitor.look("members");

      // One is added by hand, one ended, one taken out.
      await press(button("members.add"));
      await dialog.getByRole("searchbox").fill("Cem");
      await press(dialog.getByRole("button", { name: /Cem Oak/ }));
      await dialog.getByLabel(word("members.role"), { exact: true }).fill("adviser");
      await dialog.getByLabel(word("members.to"), { exact: true }).fill("2026-06-01");
      await visitor.look("edit");
      await press(button("members.save", dialog));
      await expect(table.getByText("Cem Oak")).toBeVisible();
      await expect(dialog).toHaveCount(0);
      assert.deepEqual(await members(), [["Ann Bell", "buyer"], ["Ben Ash", "clerk"], ["Cem Oak", "adviser"]]);
      await press(button("members.edit", page, { name: "Ann Bell" }));
      await press(button("members.remove", dialog));
      await expect(table.getByText("Ann Bell")).toHaveCount(0);
      assert.deepEqual(await members(), [["Ben Ash", "clerk"], ["Cem Oak", "adviser"]]);
      await visitor.look("changed");

      // A person's page shows whom it works for; an organisation whose members are all gone says so.
      await page.goto(`/customers/${ben.id}${visitor.is_phone ? "?tab=about" : ""}`);
      await expect(page.getByText("Bell Ringers").first()).toBeVisible();
      const empty = await find("group_id:g2");
      await api.delete(`/api/v1/customers/${empty.id}/memberships/${(await find("user_id:u4")).id}`);
      await page.goto(`/customers/${empty.id}?tab=members`);
      await expect(page.getByText(word("members.empty"), { exact: true })).toBeVisible();
      await visitor.look("empty");
      visitor.is_content();
      await server.stop();
    });
