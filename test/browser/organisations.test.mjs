// An organisation's page: its members and what they did, a member added, ended and taken out by hand, own or with members; a person's employers.
// In both languages, on a desk's screen and on a phone's; once with nothing but the keyboard.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Tracker, fresh_folder, run, seeing } from "../story/onefold.mjs";
import { everywhere } from "./desk.mjs";
import { expect } from "./visitor.mjs";

const day = (number) => `2026-03-0${number}T08:00:00Z`;

async function fill(server, folder, files) {
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
  const file = join(files, "households.csv");
  writeFileSync(file, "family,no,name,as\nSmith,1,Dan Smith,parent\nSmith,2,Eve Smith,child\n");
  writeFileSync(`${file}.json`, JSON.stringify({ household: { fields: { family: "name" } }, person: { identifiers: { no: "member_no" }, fields: { name: "name" } }, membership: { role: "as" } }));
  const done = await run(["import", file, "--as", "customer", "--source", "club", "--map", `${file}.json`, "--data", folder]);
  assert.equal(done.code, 0, done.stderr);
  return { api, find };
}

everywhere("Organisations", { name: "organisations" }, async ({ t, folder, server, visitor, page, say, press, set_up }) => {
  const word = (key, values) => say("customer", key, values);
  const button = (key, place = page, values = {}) => place.getByRole("button", { name: word(key, values), exact: true });
  const dialog = page.getByRole("dialog");
  const { api, find } = await fill(server, folder, fresh_folder(t));
  const firm = await find("group_id:g1"), ben = await find("user_id:u2");
  const members = async () => (await api.get(`/api/v1/customers/${firm.id}/memberships?sort=name`)).body.items.map(({ name, role }) => [name, role ?? null]);

  await set_up();

  // With members, what they did is on its timeline, and whose it is stands there; alone it did nothing.
  await page.goto(`/customers/${firm.id}`);
  await expect(page.getByText(say("naming", "event_named.Order Completed"), { exact: true }).first()).toBeVisible();
  await expect(page.getByText(/Ben Ash/).first()).toBeVisible();
  await visitor.look("with members");
  await visitor.press(page.getByText(word("of.own"), { exact: true }));
  await expect(page.getByText(word("timeline.empty"), { exact: true })).toBeVisible();
  await expect(page).toHaveURL(/of=own/);

  // Its list of orders is its own alone, and says where those of members are.
  await page.goto(`/customers/${firm.id}?tab=orders`);
  await expect(page.getByText("o-1")).toHaveCount(0);
  await visitor.look("own orders");
  await press(button("own_only.act"));
  await expect(page).toHaveURL(/event=order/);
  await expect(page.locator(".timeline > li")).toHaveCount(1);
  await expect(page.locator(".timeline > li")).toContainText("o-1");

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

  // A household lists who lives there, in its own words; and a member's page names it.
  const dan = await find("member_no:1");
  await page.goto(`/customers/${dan.id}`);
  if (visitor.is_phone) await visitor.press(page.getByRole("tab", { name: word("record"), exact: true }));
  await expect(page.getByText(word("households"), { exact: true })).toBeVisible();
  await page.goto(`/customers/${dan.id}/print`);
  await expect(page.locator(".sheet").getByRole("heading", { name: word("households"), exact: true })).toBeVisible();
  await page.goto(`/customers/${dan.id}`);
  if (visitor.is_phone) await visitor.press(page.getByRole("tab", { name: word("record"), exact: true }));
  await press(page.locator(".membership", { hasText: "Smith" }));
  await expect(page).not.toHaveURL(new RegExp(`/customers/${dan.id}`));
  await press(page.getByRole("tab", { name: word("tab.members"), exact: true }));
  await expect(page.getByText("Eve Smith").first()).toBeVisible();
  await expect(page.getByText("child", { exact: true }).first()).toBeVisible();
  await visitor.look("household");
  await press(button("household.members.add"));
  await expect(page.getByLabel(word("household.members.add.find"), { exact: true }).first()).toBeVisible();
  await visitor.look("who lives here");
});
