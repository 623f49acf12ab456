// A question about customers is kept under a name: saved, changed, opened again, shared, renamed, deleted and brought back; and the page of
// fields says where each is used.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { run, sleep } from "../story/onefold.mjs";
import { everywhere } from "./desk.mjs";
import { expect } from "./visitor.mjs";

const people = `member no,name,city\n${Array.from({ length: 9 }, (_, i) => `m${i + 1},Person ${String(i + 1).padStart(2, "0")},${i % 3 ? "Bern" : "Basel"}`).join("\n")}\n`;
const in_basel = 3, in_bern = 6;
const where = (city) => `/customers?${new URLSearchParams({ where: JSON.stringify(["all", ["city", "is", city]]), sort: "name" })}`;
const question = { condition: 'city = "Basel" AND COUNT(orders) >= 0', sort: "-name", columns: [{ field: "name" }, { field: "city" }] };

everywhere("A list is saved, and its fields know it", { name: "saved lists" }, async ({ folder, server, visitor, page, say, press, set_up }) => {
  const text = (key, values) => say("saved_list", key, values);
  const button = (name) => page.getByRole("button", { name, exact: true });
  const dialog = page.getByRole("dialog");
  const menu = page.getByRole("group", { name: text("menu"), exact: true });
  const heading = (name) => page.getByRole("heading", { name, exact: true, level: 1 });
  const rows = page.locator("[data-index]");
  const open_menu = async () => {
    await press(button(text("menu")));
    await expect(menu).toBeVisible();
  };
  const choose = async (name) => {
    await open_menu();
    await press(menu.getByRole("button", { name }));
    await expect(menu).toBeHidden();
  };
  const asked = () => new URL(page.url()).searchParams;

  await set_up();
  const api = server.api({ token: (await run(["token", "create", "t", "--data", folder])).last_word });
  const viewer = server.api({ token: (await run(["token", "create", "v", "--role", "viewer", "--data", folder])).last_word });
  const { id: upload } = (await api.post("/api/v1/uploads", { name: "people.csv", size: people.length })).body;
  await api.send("PUT", `/api/v1/uploads/${upload}/bytes/0`, Buffer.from(people), { "content-type": "application/octet-stream" });
  const { body: made } = await api.post("/api/v1/imports", { upload, as: "customer", source: "crm" });
  for (let state = "waiting"; state !== "finished"; await sleep(20)) {
    state = (await api.get(`/api/v1/imports/${made.id}`)).body.state;
    assert.ok(["waiting", "running", "finished"].includes(state), state);
  }

  // Saved as it stands.
  await page.goto(where("Bern"));
  await expect(rows).toHaveCount(in_bern);
  let let_go = null; // until the lists are there, there is nothing to press that they would push away
  await page.route(/\/api\/v1\/saved_lists\?/, async (route) => {
    await new Promise((done) => (let_go = done));
    await route.continue();
  });
  await press(button(text("menu")));
  await expect.poll(() => let_go).not.toBe(null);
  await expect(page.locator(".bone-row").filter({ visible: true }).first()).toBeVisible();
  await expect(menu).toHaveCount(0);
  await page.screenshot({ path: `build/test-results/pictures/saved-lists-${visitor.language}-${visitor.width}-waiting.png` });
  let_go();
  await expect(menu.getByText(text("none"), { exact: true })).toBeVisible();
  await page.unroute(/\/api\/v1\/saved_lists\?/);
  await visitor.look("no list yet");
  await press(menu.getByRole("button", { name: text("save_new"), exact: true }));
  await press(dialog.getByRole("button", { name: text("save"), exact: true }));
  await expect(dialog.getByText(text("name.needed"), { exact: true })).toBeVisible();
  await dialog.getByLabel(text("name"), { exact: true }).fill("Bernese");
  await visitor.look("name a list");
  await press(dialog.getByRole("button", { name: text("save"), exact: true }));
  await expect(heading("Bernese")).toBeVisible();
  await expect(rows).toHaveCount(in_bern);
  await expect.poll(() => asked().get("where")).toEqual(JSON.stringify(["all", ["city", "is", "Bern"]]));
  const id = asked().get("list");
  const saved = async () => (await api.get("/api/v1/field_uses")).body.items.find(({ code }) => code === "city").uses;
  assert.equal(await saved(), 2); // the list and the map of the import

  // The same name again is refused where it was typed.
  await choose(text("save_new"));
  await dialog.getByLabel(text("name"), { exact: true }).fill("Bernese");
  await visitor.refused(400, "/api/v1/saved_lists", () => press(dialog.getByRole("button", { name: text("save"), exact: true })));
  await expect(dialog.getByRole("alert")).toBeVisible();
  await visitor.look("a name that is taken");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();

  // What is changed is said, and kept when somebody asks for it.
  const changed = page.getByText(text("changed"), { exact: true });
  await expect(changed).toBeHidden();
  if (visitor.is_phone) await page.getByLabel(say("customer", "sort"), { exact: true }).selectOption("-total_spend");
  else await press(page.getByRole("columnheader", { name: say("customer", "column.total_spend") }).getByRole("button").first());
  await expect(changed).toBeVisible();
  await visitor.look("a changed list");
  await choose(text("save_changes"));
  await expect(changed).toBeHidden();
  await expect.poll(() => asked().get("sort")).toEqual("-total_spend");

  // All customers, and back by the menu; others' lists stand apart.
  const { id: shared } = (await api.post("/api/v1/saved_lists", { name: "Basel with orders", is_shared: true, question })).body;
  assert.equal((await viewer.post("/api/v1/saved_lists", { name: "Nobody's business", question: { ...question, sort: "city" } })).status, 201);
  await choose(text("all"));
  await expect(heading(say("customer", "title"))).toBeVisible();
  await expect(rows).toHaveCount(in_bern + in_basel);
  await expect.poll(() => asked().get("where")).toEqual(null);
  await open_menu();
  await expect(menu.getByRole("region", { name: text("shared"), exact: true })).toContainText("Basel with orders");
  await expect(menu).not.toContainText("Nobody's business");
  await visitor.look("choose a list");
  await press(menu.getByRole("button", { name: "Bernese" }));
  await expect(heading("Bernese")).toBeVisible();
  await expect(rows).toHaveCount(in_bern);
  await expect.poll(() => asked().get("sort")).toEqual("-total_spend");

  // A link that names the list alone; a formula that no builder writes.
  await page.goto(`/customers?list=${shared}`);
  await expect(heading("Basel with orders")).toBeVisible();
  await expect(rows).toHaveCount(in_basel);
  await expect.poll(() => asked().get("formula")).toEqual(question.condition);
  await expect(changed).toBeHidden();
  await visitor.look("a shared list");

  // A name that is searched for makes it another list, and is kept as a condition; a number that is looked up is none, and what may be either is a name.
  const found = page.getByLabel(say("customer", "search"), { exact: true });
  await found.fill("Person 01");
  await expect(rows).toHaveCount(1);
  await expect(changed).toBeVisible();
  await choose(text("save_new"));
  await dialog.getByLabel(text("name"), { exact: true }).fill("The first of Basel");
  await press(dialog.getByRole("button", { name: text("save"), exact: true }));
  await expect(heading("The first of Basel")).toBeVisible();
  await expect(found).toHaveValue("");
  await expect(rows).toHaveCount(1);
  await expect(page.locator(".list-sentence")).toContainText("Person 01");
  await expect(changed).toBeHidden();
  await found.fill("member_no:m2");
  await expect(rows).toHaveCount(0);
  await expect(changed).toBeHidden();
  await expect(page.locator(".page-header")).not.toContainText(say("customer", "count", { count: 1, shown: "1" })); // of those before
  await open_menu();
  await expect(menu.getByText(text("lookup"), { exact: true })).toBeVisible();
  await expect(menu.getByRole("button", { name: text("save_new"), exact: true })).toHaveCount(0);
  await visitor.look("a number looked up");
  await page.keyboard.press("Escape");
  await expect(menu).toBeHidden();
  await found.fill("m2");
  await expect(changed).toBeVisible();
  await expect(rows).toHaveCount(0);
  await open_menu();
  await expect(menu.getByRole("button", { name: text("save_new"), exact: true })).toBeVisible();
  await expect(menu.getByText(text("lookup"), { exact: true })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(menu).toBeHidden();
  await choose(text("delete"));

  // Renamed, shared, kept to oneself; deleted, and brought back.
  await page.goto(`/customers?list=${id}`);
  await expect(heading("Bernese")).toBeVisible();
  await choose(text("rename"));
  await dialog.getByLabel(text("name"), { exact: true }).fill("People of Bern");
  await press(dialog.getByRole("button", { name: text("save"), exact: true }));
  await expect(heading("People of Bern")).toBeVisible();
  await choose(text("share"));
  await expect.poll(async () => (await viewer.get(`/api/v1/saved_lists/${id}`)).status).toBe(200);
  await choose(text("unshare"));
  await expect.poll(async () => (await viewer.get(`/api/v1/saved_lists/${id}`)).status).toBe(404);
  await choose(text("delete"));
  await expect(heading(say("customer", "title"))).toBeVisible();
  const undo = button(text("undo"));
  await undo.hover({ trial: true }); // at rest
  const place = await undo.boundingBox();
  await expect(page.getByText(text("unshared.done"), { exact: true })).toBeHidden();
  expect(await undo.boundingBox()).toEqual(place); // what was said above it is gone, and it stays under the hand
  await press(undo);
  await expect(heading("People of Bern")).toBeVisible();
  await expect(rows).toHaveCount(in_bern);

  // Where the field is used: the list, the shared one, the map of the import; somebody's own counts and is not named.
  const use = (key, values) => say("field_use", key, values);
  await page.goto("/fields");
  await expect(heading(use("title"))).toBeVisible();
  await visitor.look("fields");
  await page.getByLabel(use("search"), { exact: true }).fill("城市");
  await expect(page.locator(".one-field")).toHaveCount(1);
  await press(button(use("uses", { count: 4 })));
  const places = page.getByRole("group", { name: use("uses_of", { name: visitor.language === "en" ? "City" : "城市" }), exact: true });
  for (const name of ["People of Bern", "Basel with orders"]) await expect(places.getByRole("link", { name, exact: true })).toBeVisible();
  await expect(places.getByText(use("hidden", { count: 1 }), { exact: true })).toBeVisible();
  await expect(places).not.toContainText("Nobody's business");
  await visitor.look("where a field is used");
  await press(places.getByRole("link", { name: "Basel with orders", exact: true }));
  await expect(heading("Basel with orders")).toBeVisible();
  await expect(rows).toHaveCount(in_basel);
  await page.goto("/fields?q=nothing+like+it");
  await expect(page.getByText(use("none"), { exact: true })).toBeVisible();
  await visitor.look("no such field");
  await press(button(use("clear")));
  await expect(page.locator(".one-field").nth(20)).toBeVisible();

  // A list that names what is not there says so, and shows nothing in its place.
  execFileSync("sqlite3", [join(folder, "main.db"), `PRAGMA busy_timeout = 5000; UPDATE saved_list SET question = replace(question, '#23', '#999') WHERE id = ${Number(id)}`]);
  await page.goto(`/customers?list=${id}`);
  await expect(page.getByText(text("broken.title"), { exact: true })).toBeVisible();
  await expect(rows).toHaveCount(0);
  await visitor.look("a list that cannot be read");
  await press(button(text("broken.act")));
  await expect(rows).toHaveCount(in_bern + in_basel);
});
