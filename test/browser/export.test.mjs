// What a list shows is taken along as a file: as CSV and as a workbook, narrowed as the list is, cancelled, refused.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { read_csv } from "../story/csv.mjs";
import { run, sleep } from "../story/onefold.mjs";
import { everywhere } from "./desk.mjs";
import { expect } from "./visitor.mjs";

const count = 300;
const people = `member no,name,city\n${Array.from({ length: count }, (_, i) => `m${i + 1},${i === 0 ? "=1+1" : `Person ${i + 1}`},${i % 3 ? "Bern" : "Basel"}`).join("\n")}\n`;
const tickets = `member no,ticket no,created at,subject\n${Array.from({ length: 60_000 }, (_, i) => `m3,T${i + 1},2026-03-01,Subject ${i}`).join("\n")}\n`; // so that a file of them takes a while
const orders = "member no,order no,order date,sku,quantity,price\nm2,O1,2026-03-01,tea,1,9.50\nm2,O1,2026-03-01,cup,2,3\n";

everywhere("A list is exported", { name: "export" }, async ({ folder, server, visitor, page, say, press, set_up, is_keyboard }) => {
  const text = (key, values) => say("extract", key, values);
  const button = (key) => page.getByRole("button", { name: text(key), exact: true });
  const dialog = page.getByRole("dialog");
  await set_up();
  const api = server.api({ token: (await run(["token", "create", "t", "--data", folder])).last_word });
  const other = server.api({ token: (await run(["token", "create", "t2", "--data", folder])).last_word });
  for (const [as, csv] of [["customer", people], ["order", orders], ["ticket", tickets]]) {
    const { id: upload } = (await api.post("/api/v1/uploads", { name: `${as}.csv`, size: csv.length })).body;
    await api.send("PUT", `/api/v1/uploads/${upload}/bytes/0`, Buffer.from(csv), { "content-type": "application/octet-stream" });
    const { body } = await api.post("/api/v1/imports", { upload, as, source: "crm" });
    for (let state = "waiting"; state !== "finished"; await sleep(20)) {
      state = (await api.get(`/api/v1/imports/${body.id}`)).body.state;
      assert.ok(["waiting", "running", "finished"].includes(state), state);
    }
  }
  const take = async () => {
    const fetching = page.waitForEvent("download");
    await press(dialog.getByRole("button", { name: text("begin"), exact: true }));
    const download = await fetching;
    await expect(dialog.getByRole("link", { name: text("fetch"), exact: true })).toBeVisible();
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };

  await page.goto("/customers");
  await expect(page.locator("[data-index]").first()).toBeVisible();
  await press(button("export"));
  await expect(dialog.getByText(text("text"), { exact: true })).toBeVisible();
  await visitor.look("choose a format");
  const csv = await take();
  assert.match(csv.name, /\.csv$/);
  const rows = read_csv(csv.bytes.toString());
  assert.equal(rows.length, count);
  assert.ok(rows.some((row) => Object.values(row).includes("'=1+1")));
  await visitor.look("the file is ready");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  if (is_keyboard) await expect(button("export")).toBeFocused();

  // As the list is narrowed.
  await page.goto("/customers?q=Person+29&sort=name");
  await expect(page.locator("[data-index]")).toHaveCount(11);
  await press(button("export"));
  await expect(() => dialog.getByRole("radio", { name: text("xlsx") }).check()).toPass(); // the dialog may still be on its way in
  const book = await take();
  assert.match(book.name, /\.xlsx$/);
  assert.equal(book.bytes.subarray(0, 2).toString(), "PK");
  const last = async () => {
    const asked = visitor.requests.filter(({ path }) => /\/extracts\/\d+$/.test(path)).at(-1).path;
    return page.evaluate((path) => fetch(path).then((answer) => answer.json()), asked);
  };
  assert.equal((await last()).rows, 11);
  await page.keyboard.press("Escape");

  // How far it is.
  const is_one = (url) => /\/extracts\/\d+$/.test(url.pathname);
  await page.route(is_one, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), state: "running", records: 120, records_total: count } });
  });
  await press(button("export"));
  await press(dialog.getByRole("button", { name: text("begin"), exact: true }));
  await expect(dialog.getByRole("progressbar")).toBeVisible();
  await expect(dialog.getByText(text("of", { done: "120", total: "300" }), { exact: true })).toBeVisible();
  await page.screenshot({ path: `build/test-results/pictures/export-${visitor.language}-${visitor.width}-on-its-way.png` });
  await page.unroute(is_one);
  await expect(dialog.getByRole("link", { name: text("fetch"), exact: true })).toBeVisible();
  await page.keyboard.press("Escape");

  // Cancelled while it waits for others.
  await press(button("export"));
  await expect(dialog.getByRole("button", { name: text("begin"), exact: true })).toBeVisible();
  for (const caller of [api, other])
    for (let i = 0; i < 3; i++) assert.equal((await caller.post("/api/v1/extracts", { object: "ticket", format: "xlsx" })).status, 201);
  await press(dialog.getByRole("button", { name: text("begin"), exact: true }));
  await expect(dialog.getByText(text("waiting"), { exact: true })).toBeVisible();
  await press(dialog.getByRole("button", { name: text("cancel"), exact: true }));
  await expect(dialog.getByText(text("cancelled"), { exact: true })).toBeVisible();
  assert.equal((await last()).state, "cancelled");
  await visitor.look("cancelled");
  await page.keyboard.press("Escape");

  // Closed, it goes on, and is found again among one's own.
  const close = dialog.locator(".ant-modal-footer").getByRole("button", { name: text("close"), exact: true });
  const named = (state) => page.locator("tr, .card").filter({ has: page.getByText(text(`state.${state}`), { exact: true }) });
  await page.route(is_one, async (route) => { // told as unfinished until somebody looks at the list
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), state: "waiting" } }).catch(() => undefined);
  });
  await press(button("export"));
  await press(dialog.getByRole("button", { name: text("begin"), exact: true }));
  await expect(dialog.getByText(text("closing"), { exact: true })).toBeVisible();
  await visitor.look("can be closed");
  await press(close);
  await expect(dialog).toBeHidden();
  await page.unroute(is_one);
  assert.equal(visitor.requests.filter(({ path }) => path.endsWith("/cancel")).length, 1, "closing cancels nothing");
  const word = page.locator(".toast").filter({ hasText: text("ready", { file: "" }).trim() });
  await expect(word).toBeVisible();
  const told = page.waitForEvent("download");
  await press(word.getByRole("button", { name: text("fetch"), exact: true }));
  assert.match((await told).suggestedFilename(), /\.csv$/);
  await press(button("export"));
  await press(dialog.getByRole("link", { name: text("list"), exact: true }));
  await expect(page.getByRole("heading", { name: text("list"), exact: true })).toBeVisible();
  await expect(named("finished")).toHaveCount(4);
  await expect(named("cancelled")).toHaveCount(1);
  await visitor.look("my exports");
  const newest = named("finished").first();
  const [fetched] = await Promise.all([page.waitForEvent("download"), press(newest.getByRole("link"))]);
  assert.equal(read_csv(readFileSync(await fetched.path(), "utf8")).length, 11);
  await press(newest.getByRole("button"));
  await expect(named("finished")).toHaveCount(3);
  await page.reload();
  await expect(named("finished")).toHaveCount(3);

  // As the list tells one that is on its way, and cancels it.
  await page.route("**/api/v1/extracts", async (route) => {
    const response = await route.fetch();
    const { items, next } = await response.json();
    await route.fulfill({ response, json: { next, items: [{ ...items[0], state: "running", records: 120, records_total: count, finished_at: null, kept_until: null }, ...items.slice(1)] } }).catch(() => undefined);
  });
  await page.reload();
  await expect(named("running").getByRole("progressbar")).toBeVisible();
  await visitor.look("my exports on their way");
  const [asked] = await Promise.all([page.waitForRequest(/\/extracts\/\d+\/cancel$/), press(named("running").getByRole("button"))]);
  assert.equal(asked.method(), "POST");
  await page.unroute("**/api/v1/extracts");
  await visitor.settled();

  // The orders of one customer, by line.
  const { id } = await api.customer("member_no@crm:m2");
  await page.goto(`/customers/${id}?tab=orders`);
  await press(button("export"));
  const lines = read_csv((await take()).bytes.toString());
  assert.deepEqual(lines.map((line) => Object.values(line).includes("O1")), [true, true]);
  await page.keyboard.press("Escape");
  await visitor.look("orders of one customer");

  // A refusal is told where it was asked.
  await page.route("**/api/v1/extracts", (route) => route.fulfill({ status: 429, json: { error: { code: "extract.too_many", message: text("waiting"), fields: [] } } }));
  await press(button("export"));
  await visitor.refused(429, "/api/v1/extracts", async () => {
    await press(dialog.getByRole("button", { name: text("begin"), exact: true }));
    await expect(dialog.getByRole("alert").filter({ hasText: text("waiting") })).toBeVisible();
  });
});
