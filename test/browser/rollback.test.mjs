// An import is taken back on its page: looked at first, then done, cancelled and ended; what stays is listed and fetched.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { read_csv } from "../story/csv.mjs";
import { run, sleep } from "../story/onefold.mjs";
import { everywhere } from "./desk.mjs";
import { expect } from "./visitor.mjs";

const people = (count, city) => `no,name,city\n${Array.from({ length: count }, (_, i) => `${i + 1},Person ${i + 1},${city}`).join("\n")}\n`;
const map = { identifiers: { no: "member_no" }, fields: { name: "name", city: "city" } };
const orders = `no,order,at,sku,n,price\n${[1, 2, 3].map((i) => `${i},O${i},2026-03-0${i},tea,1,9.50`).join("\n")}\n`;
const order_map = { identifiers: { no: "member_no" }, order: { number: "order", time: "at", lines: { sku: "sku", quantity: "n", price: "price" } } };

everywhere("An import is rolled back", { name: "rollback" }, async ({ folder, server, visitor, page, say, press, set_up, is_keyboard }) => {
  const text = (key, values) => say("rollback", key, values);
  const button = (key) => page.getByRole("button", { name: text(key), exact: true });
  const dialog = page.getByRole("dialog");
  const panel = page.getByRole("region", { name: text("of"), exact: true });
  const counts = (kind) => dialog.getByRole("table", { name: text("counts"), exact: true }).getByRole("row", { name: text(`brought.${kind}`) }).getByRole("cell").allTextContents();

  await set_up();
  const api = server.api({ token: (await run(["token", "create", "t", "--data", folder])).last_word });
  const bring_in = async (name, csv, body) => {
    const bytes = Buffer.from(csv);
    const { id: upload } = (await api.post("/api/v1/uploads", { name, size: bytes.length })).body;
    await api.send("PUT", `/api/v1/uploads/${upload}/bytes/0`, bytes, { "content-type": "application/octet-stream" });
    const begun = await api.post("/api/v1/imports", { upload, ...body });
    assert.equal(begun.status, 201, JSON.stringify(begun.body));
    for (;;) {
      const { body: one } = await api.get(`/api/v1/imports/${begun.body.id}`);
      if (one.state === "finished") return one;
      assert.ok(["waiting", "running"].includes(one.state), JSON.stringify(one));
      await sleep(20);
    }
  };
  const edit = async (no, name) => {
    const { id, version } = await api.customer(`member_no@crm:${no}`);
    assert.equal((await api.send("PATCH", `/api/v1/customers/${id}`, { fields: { name } }, { "if-match": `"${version}"` })).status, 200);
    return id;
  };
  const customers = async () => (await api.post("/api/v1/query/count", { object: "customer" })).body.count;
  await bring_in("first.csv", people(20, "Bern"), { as: "customer", source: "crm", map });
  const second = await bring_in("second.csv", people(30, "Basel"), { as: "customer", source: "crm", map });
  const bought = await bring_in("orders.csv", orders, { as: "order", source: "crm", map: order_map });
  const kept = await edit(25, "Kept");

  // Looked at, and nothing done.
  await page.goto(`/imports/${second.id}`);
  await press(button("act"));
  await expect(dialog.getByRole("heading", { name: text("records.stays") })).toBeVisible();
  assert.deepEqual(await counts("customers"), ["9", "17", "4"]);
  await expect(dialog.getByRole("link", { name: "Kept", exact: true })).toHaveAttribute("href", `/customers/${kept}`);
  await expect(dialog.getByText(text("reason.edited"), { exact: true })).toBeVisible();
  await expect(dialog.getByText(text("reason.said_again"), { exact: true }).first()).toBeVisible();
  await visitor.look("what would happen");
  const more = dialog.getByRole("button", { name: text("more"), exact: true }).first();
  await press(more);
  await expect(dialog.getByRole("link", { name: "Person 30", exact: true })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  if (is_keyboard) await expect(button("act")).toBeFocused();
  assert.equal(await customers(), 30);

  // The orders first: then their customers are no longer used.
  await page.goto(`/imports/${bought.id}`);
  await press(button("act"));
  await expect(dialog.getByRole("link", { name: "O2", exact: true })).toHaveAttribute("href", /\/customers\/\d+\?tab=orders$/);
  assert.deepEqual(await counts("orders"), ["3", "0", "0"]);
  await press(button("confirm"));
  await expect(panel.getByText(text("finished"), { exact: true })).toBeVisible();
  await expect(button("act")).toHaveCount(0);
  assert.equal((await api.get("/api/v1/orders")).body.items.length, 0);

  await page.goto(`/imports/${second.id}`);
  await press(button("act"));
  await expect(dialog.getByRole("heading", { name: text("records.stays") })).toBeVisible();
  assert.deepEqual(await counts("customers"), ["9", "20", "1"]);
  await press(button("confirm"));
  await expect(dialog).toBeHidden();
  await expect(panel).toBeFocused();
  await expect(panel.getByText(text("finished.but", { count: 1 }), { exact: true })).toBeVisible();
  await expect(panel.getByRole("link", { name: "Kept", exact: true })).toBeVisible();
  assert.equal(await customers(), 21);
  await visitor.look("rolled back");
  const fetching = page.waitForEvent("download");
  await press(panel.getByRole("link", { name: text("left.fetch"), exact: true }));
  assert.deepEqual(Object.values(read_csv(readFileSync(await (await fetching).path(), "utf8"))[0]).slice(1, 3), ["Kept", kept]);

  // Where all that it brought was changed since, there is nothing to do.
  const third = await bring_in("third.csv", "no,name,city\n77,Ann,Chur\n", { as: "customer", source: "crm", map });
  await edit(77, "Anna");
  await page.goto(`/imports/${third.id}`);
  await press(button("act"));
  await expect(dialog.getByText(text("nothing"), { exact: true })).toBeVisible();
  await expect(button("confirm")).toBeDisabled();
  await visitor.look("nothing to roll back");
  await press(dialog.getByRole("button", { name: text("back"), exact: true }));

  // A long one is cancelled, and ended later.
  const long = await bring_in("long.csv", people(15_000, "Chur"), { as: "customer", source: "other", map });
  await page.goto(`/imports/${long.id}`);
  await press(button("act"));
  await expect(button("confirm")).toBeEnabled({ timeout: 30_000 });
  await press(button("confirm"));
  await press(button("cancel"));
  await expect(button("rest")).toBeVisible();
  assert.ok((await customers()) > 22);
  await visitor.look("cut off");
  await page.goto("/imports");
  await expect(page.getByText(say("import", "standing.partly"), { exact: true }).filter({ visible: true })).toHaveCount(1);
  await expect(page.getByText(say("import", "standing.done"), { exact: true }).filter({ visible: true })).toHaveCount(2);
  await visitor.look("list of imports");
  await page.goto(`/imports/${long.id}`);
  await press(button("rest"));
  await expect(dialog.getByText(text("rest.text"), { exact: true })).toBeVisible();
  await press(button("confirm"));
  await expect(panel.getByText(text("finished"), { exact: true })).toBeVisible({ timeout: 60_000 });
  assert.equal(await customers(), 22);

  // An import that cannot be taken back says why.
  const refusal = { error: { code: "import.not_reversible", message: text("nothing"), fields: [] } };
  const is_look = (url) => url.pathname === `/api/v1/imports/${third.id}/rollback`;
  await page.route(is_look, (route) => route.fulfill({ status: 409, json: refusal }));
  await page.goto(`/imports/${third.id}`);
  await visitor.refused(409, `/api/v1/imports/${third.id}/rollback`, async () => {
    await press(button("act"));
    await expect(dialog.getByRole("alert").filter({ hasText: refusal.error.message })).toBeVisible();
  });
  await expect(button("confirm")).toBeDisabled();
  await page.unroute(is_look);

  // Viewers may read only.
  await page.route("**/api/v1/session", async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    await route.fulfill({ response, json: { ...body, user: { ...body.user, role: "viewer" } } });
  });
  await page.goto(`/imports/${third.id}`);
  await expect(page.getByRole("heading", { name: "third.csv", exact: true })).toBeVisible();
  await expect(button("act")).toHaveCount(0);
});
