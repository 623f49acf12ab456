// Values that do not join: a person sees them, looks what would become of the customers, corrects one, takes it back; and adds a type
// of the company's own. In both languages, on a desk's screen and on a phone's; and once with nothing but the keyboard.
import assert from "node:assert/strict";
import { Tracker, run, seeing } from "../story/onefold.mjs";
import { everywhere } from "./desk.mjs";
import { expect } from "./visitor.mjs";

const switchboard = "+862061230000";

async function fill(server, folder) {
  const key = (await run(["source", "create", "web", "--kind", "tracker", "--data", folder])).last_word;
  const tracker = new Tracker(server.api(), key);
  const api = server.api({ token: (await run(["token", "create", "t", "--role", "editor", "--data", folder])).last_word });
  await tracker.send("identify", { userId: "g1", traits: { name: "Guest", phone: "13800138000" } });
  let last;
  for (let i = 0; i < 12; ++i) last = await tracker.send("identify", { userId: `u${i}`, traits: { name: `Buyer ${i}`, phone: switchboard } });
  const holders = async () => (await api.get(`/api/v1/customers?identifier=phone:${encodeURIComponent(switchboard)}`, seeing(last))).body.items.length;
  return { api, holders };
}

everywhere("Values that do not join", { name: "values", data_words: ["经销商编号"] }, async ({ folder, server, visitor, page, say, language, press, set_up }) => {
  const button = (key, place = page) => place.getByRole("button", { name: say("identity", key), exact: true });
  const dialog = page.getByRole("dialog");

  await set_up();

  // Nothing yet.
  await page.goto("/values");
  await expect(page.getByText(say("identity", "empty"), { exact: true })).toBeVisible();
  await visitor.look("empty");

  // A placeholder and a switchboard show up by themselves, with their reasons.
  const { holders } = await fill(server, folder);
  assert.equal(await holders(), 12);
  await page.reload();
  await expect(page.getByText(switchboard, { exact: true })).toBeVisible();
  await expect(page.getByText(say("identity", "why.frequency"), { exact: true })).toBeVisible();
  await expect(page.getByText(say("identity", "why.placeholder"), { exact: true })).toBeVisible();
  await visitor.look("list");
  await press(button("state.shared"));
  await expect(page.getByText("+8613800138000", { exact: true })).toHaveCount(0);
  await press(button("state.all"));
  await page.getByRole("searchbox").fill("13800138000");
  await expect(page.getByText(switchboard, { exact: true })).toHaveCount(0);
  await page.getByRole("searchbox").fill("");
  await expect(page.getByText(switchboard, { exact: true })).toBeVisible();

  // What would become of the customers, before it is done.
  const correct = page.getByRole("button", { name: `${say("identity", "correct")} ${switchboard}`, exact: true });
  await press(correct);
  await expect(dialog.getByText("Buyer 0", { exact: true })).toBeVisible();
  await dialog.getByRole("radio", { name: new RegExp(`^${say("identity", "wish.open")} `) }).check();
  await expect(dialog.getByText(say("identity", "becomes.same"), { exact: true })).toBeVisible(); // twelve accounts stay twelve
  await dialog.getByRole("radio", { name: new RegExp(`^${say("identity", "wish.blocked")} `) }).check();
  await dialog.getByLabel(say("identity", "reason"), { exact: true }).fill("a hotel");
  await visitor.look("correct");
  await press(button("save", dialog));
  await expect(page.getByText(say("identity", "done"), { exact: true })).toBeVisible();
  await expect(page.getByText(say("identity", "why.hand", { who: "Ada" }), { exact: true })).toBeVisible();
  await expect(page.getByText("a hotel", { exact: true })).toBeVisible();
  await visitor.look("corrected");
  await press(button("undo", page.locator(".toasts")));
  await expect(page.getByText(say("identity", "undone"), { exact: true })).toBeVisible();
  await expect(page.getByText(say("identity", "why.frequency"), { exact: true })).toBeVisible();

  // A type of the company's own.
  await press(page.getByRole("link", { name: say("identity", "types"), exact: true }));
  await expect(page.getByText("web_domain", { exact: true })).toBeVisible();
  await visitor.look("types");
  await press(button("types.add"));
  await dialog.getByLabel(say("identity", "code"), { exact: true }).fill("dealer_no");
  await dialog.getByLabel(say("identity", "label.en"), { exact: true }).fill("Dealer number");
  await dialog.getByLabel(say("identity", "label.zh"), { exact: true }).fill("经销商编号");
  await dialog.getByLabel(say("identity", "pattern"), { exact: true }).fill("(");
  await visitor.look("add a type");
  await visitor.refused(400, "/api/v1/identity/policy", () => press(button("save", dialog)));
  await expect(dialog.getByText(/RE2/).last()).toBeVisible();
  await dialog.getByLabel(say("identity", "pattern"), { exact: true }).fill("D-[0-9]+");
  await press(button("save", dialog));
  await expect(page.getByText(say("identity", "types.saved"), { exact: true })).toBeVisible();
  await expect(page.getByText(language === "en" ? "Dealer number" : "经销商编号", { exact: true })).toBeVisible();
  await visitor.look("added");
});
