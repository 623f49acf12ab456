// A file from the hand to the customers: dropped or chosen, sent over a bad line, understood, corrected, tried out, imported, its failed rows mended.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { workbook } from "../story/files.mjs";
import { run } from "../story/onefold.mjs";
import { everywhere } from "./desk.mjs";
import { expect } from "./visitor.mjs";

const data_words = ["客户名单.csv", "客户名单", "统一社会信用代码", "下单时间", "手机号", "订单号", "中文姓名", "姓名", "城市", "数量", "单价", "说明", "订单", "展会", "王芳", "李娜", "上海", "无", "万"];
const gbk = { header: Buffer.from("d0d5c3fb2ccad6bbfabac52cb3c7cad00a", "hex"), names: ["cdf5b7bc", "c0eec4c8"].map((hex) => Buffer.from(hex, "hex")), city: Buffer.from("c9cfbaa3", "hex") };
const is_bad = (i) => i % 1000 === 7;

/** "姓名,手机号,城市" and so many people, as Excel in China saves it; every thousandth has no phone number. */
function people(count) {
  const rows = Array.from({ length: count }, (_, i) => [gbk.names[i % 2], Buffer.from(`,${is_bad(i) ? "12" : `137${String(10_000_000 + i * 7)}`},`), gbk.city, Buffer.from("\n")]);
  return Buffer.concat([gbk.header, ...rows.flat()]);
}

everywhere("A file is imported", { name: "imports", data_words }, async ({ folder, server, visitor, page, say, press, set_up, language }) => {
  const text = (key, values) => say("import", key, values);
  const shown = (words) => expect(page.getByText(words, { exact: true }).filter({ visible: true }).first()).toBeVisible();
  const choose_file = (name, buffer) => page.locator("input[type=file]").setInputFiles({ name, mimeType: "application/octet-stream", buffer });
  const count = visitor.is_phone ? 3_000 : 80_000;
  const failed = count / 1000;
  const format = new Intl.NumberFormat(language);
  const source = page.getByRole("combobox", { name: text("source"), exact: true });
  const begin = async () => {
    await page.goto("/imports/new");
    await shown(text("pick"));
  };
  const choose_source = async () => {
    await source.fill("展会");
    await page.keyboard.press("Tab");
    await expect(page).toHaveURL(/source=/); // the file is looked at once more, as this source's
    await visitor.settled();
  };
  const option = (name) => page.locator(".ant-select-dropdown:visible .ant-select-item-option", { hasText: name }).first();

  await set_up();
  const api = server.api({ token: (await run(["token", "create", "t", "--data", folder])).last_word });
  await page.goto("/imports");
  await press(page.getByRole("button", { name: text("new.title"), exact: true }));
  await shown(text("pick"));
  await visitor.look("pick a file");

  // Understood: an encoding, a kind of each column, a place for each.
  await choose_file("客户名单.csv", people(count));
  await expect(page.getByRole("heading", { name: text("columns"), exact: true })).toBeVisible({ timeout: 30_000 });
  await shown("GB18030");
  await shown(text("kind.phone"));
  await visitor.look("what the file is");
  const place = page.getByLabel(text("goes_to_of", { column: "城市" }), { exact: true });
  await place.focus();
  await page.keyboard.press("Backspace");
  await page.keyboard.type(language === "en" ? "Address" : "地址");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.locator(".goes", { has: place }).locator(".ant-select-selection-item")).toHaveText([language === "en" ? "Address" : "地址"]);
  await expect(page.getByText(text("rows.bad", { count: 1 }))).toBeVisible();

  // Tried out: nothing is there afterwards.
  await source.fill("展会");
  await press(page.getByRole("button", { name: text("trial.begin"), exact: true }));
  await expect(page.getByRole("heading", { name: text("trial.result", { rows: format.format(count) }), exact: true })).toBeVisible({ timeout: 60_000 });
  await shown(format.format(count - failed));
  await page.locator(".outlook").scrollIntoViewIfNeeded();
  await visitor.look("what would happen");
  assert.equal((await api.get("/api/v1/customers?limit=1")).body.items.length, 0);

  // Imported, and cancelled by nobody.
  await press(page.getByRole("button", { name: text("start.begin"), exact: true }));
  await expect(page).toHaveURL(/\/imports\/\d+$/);
  if (!visitor.is_phone) {
    await expect(page.getByRole("button", { name: text("cancel_import"), exact: true })).toBeVisible();
    await visitor.look("on its way");
  }
  await expect(page.getByText(text("finished.but", { count: failed }), { exact: true })).toBeVisible({ timeout: 60_000 });
  await shown("手机号"); // which column is to blame
  await visitor.look("done");
  const [first] = (await api.get("/api/v1/imports")).body.items;
  assert.deepEqual([first.counts.created, first.counts.failed, first.source], [count - failed, failed, "展会"]);
  const customer = (await api.get(`/api/v1/customers/${(await api.customer("phone:13710000000")).id}`)).body;
  assert.deepEqual([customer.fields.name, customer.fields.address, customer.fields.city], ["王芳", "上海", undefined], "as it was corrected");

  // What failed is fetched, mended and imported again: the columns are remembered.
  const fetching = page.waitForEvent("download");
  await press(page.getByRole("link", { name: text("failed_rows.fetch"), exact: true }));
  const csv = readFileSync(await (await fetching).path(), "utf8");
  assert.match(csv, /^\ufeff姓名,手机号,城市,reason\r\n/);
  let next = 0;
  const mended = csv.replaceAll(",12,", () => `,139${20_000_000 + next++},`);
  assert.equal(next, failed);
  await press(page.getByRole("link", { name: text("failed_rows.again"), exact: true }));
  await choose_file("mended.csv", Buffer.from(mended));
  await shown(text("columns.remembered"));
  await expect(source).toHaveValue("展会");
  await press(page.getByRole("button", { name: text("start.begin"), exact: true }));
  await expect(page.getByText(text("finished"), { exact: true })).toBeVisible({ timeout: 30_000 });
  assert.equal((await api.get("/api/v1/imports")).body.items[0].counts.created, failed);

  // A workbook with two sheets: the other one is chosen.
  await begin();
  const orders = [["订单号", "下单时间", "手机号", "数量", "单价"], ["X1", { day: 40513 }, 13710000000, 2, 9.95], ["X2", { day: 40514 }, 13710000007, 1, "abc"]];
  await choose_file("book.xlsx", workbook({ 说明: [["姓名", "手机号"], ["王芳", "13710000000"], { hidden: ["李娜", "13710000007"] }], 订单: orders }));
  await expect(page.getByRole("heading", { name: text("columns"), exact: true })).toBeVisible();
  await expect(page.locator(".reading-notes li")).toHaveCount(1); // a hidden row
  await visitor.look("a hidden row");
  const sheet = page.getByLabel(text("reading.sheet"), { exact: true });
  await sheet.focus();
  await page.keyboard.press("ArrowDown");
  await option("订单").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel(text("goes_to_of", { column: "订单号" }), { exact: true })).toBeVisible();
  await shown(text("as.order"));
  await shown("2010-12-01");
  await visitor.look("another sheet");
  await choose_source();
  await press(page.getByRole("button", { name: text("start.begin"), exact: true }));
  await expect(page.getByText(text("finished.but", { count: 1 }), { exact: true })).toBeVisible({ timeout: 30_000 });

  // A date that may be read in two ways is asked for once; a word for nothing is nothing, and 1.2万 a number.
  await begin();
  await choose_file("dates.csv", Buffer.from("订单号,下单时间,手机号,数量,单价,城市\nD1,03/04/2026,13710000000,1,1.2万,无\nD2,05/06/2026,13710000007,2,¥1,-\n"));
  const written = page.getByLabel(text("written_of", { column: "下单时间" }), { exact: true });
  await written.scrollIntoViewIfNeeded();
  await expect(page.getByText(text("written.ask"), { exact: true })).toBeVisible();
  await visitor.look("a date to be asked for");
  await written.focus();
  await page.keyboard.press("ArrowDown");
  await option(text("written.day_first")).waitFor();
  await page.keyboard.press("Enter");
  await shown(text("columns.corrected"));
  await choose_source(); // which remembers a map: what was answered stays
  await shown(text("columns.corrected"));
  await press(page.getByRole("button", { name: text("start.begin"), exact: true }));
  await expect(page.getByText(text("finished"), { exact: true })).toBeVisible({ timeout: 30_000 });
  const dated = (await api.get("/api/v1/orders?limit=50")).body.items.find(({ number }) => number === "D1");
  assert.match(dated.time, /^2026-04-0[23]T/);
  assert.equal(Number(dated.total), 12_000);

  // A bad line: the upload waits, and goes on by itself.
  await begin();
  const is_chunk = (url) => /\/uploads\/\d+\/bytes\//.test(url.pathname);
  await page.route(is_chunk, async (route) => {
    await new Promise((done) => setTimeout(done, 400));
    await route.continue().catch(() => undefined);
  });
  await choose_file("large.csv", Buffer.from(`name,email\n${"Somebody,somebody@example.com\n".repeat(100_000)}`));
  await expect(page.getByRole("progressbar")).toBeVisible();
  await visitor.without_connection(async () => {
    await shown(text("sending.waiting"));
    await visitor.look("no connection");
  });
  await expect(page.getByRole("heading", { name: text("columns"), exact: true })).toBeVisible({ timeout: 40_000 });
  await page.unroute(is_chunk);

  // What is no table says what to do.
  await begin();
  await visitor.refused(400, "/api/v1/imports/preview", async () => {
    await choose_file("old.xls", Buffer.from("d0cf11e0a1b11ae1", "hex"));
    await expect(page.getByRole("alert").filter({ hasText: ".xlsx" })).toBeVisible();
  });
  await visitor.look("no table");
  await press(page.getByRole("button", { name: text("new.other_file"), exact: true }).last());
  await shown(text("pick"));
});
