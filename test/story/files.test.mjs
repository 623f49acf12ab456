// Files of other kinds than CSV in UTF-8: looked at, imported, and broken on purpose.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Leftovers, Server, counts_of, fresh_folder, run, sleep } from "./onefold.mjs";
import { workbook } from "./files.mjs";

// "姓名,手机号,城市" and two people, as Excel in China saves it.
const gbk = Buffer.from("d0d5c3fb2ccad6bbfabac52cb3c7cad00acdf5b7bc2c31333736313233343530372cc9cfbaa30ac0eec4c82c31333930303133393030302cb1b1bea90a", "hex");

/** The process that reads a file for the server `parent`. */
function reader_of(parent) {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name)))
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      const [, ppid] = /PPid:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
      if (words[1] === "read-file" && Number(ppid) === parent) return Number(pid);
    } catch {
      // it ended meanwhile
    }
  return undefined;
}

describe("Files", () => {
  const leftovers = new Leftovers();
  let server, local, folder, files;
  before(async () => {
    folder = fresh_folder(leftovers), files = fresh_folder(leftovers);
    server = await Server.start(folder);
    leftovers.after(() => server.stop());
    local = server.local_api();
  });
  after(() => leftovers.run());

  const write = (name, content) => {
    const path = join(files, name);
    writeFileSync(path, content);
    return path;
  };
  const bring_in = (path, ...words) => run(["import", path, "--source", "files", ...words, "--data", folder]);
  const preview = async (body) => (await local.post("/api/v1/imports/preview", body)).body;

  test("a CSV in GBK is understood and comes in", async () => {
    const path = write("客户.csv", gbk);
    const look = await preview({ path });
    assert.deepEqual([look.format, look.encoding, look.as], ["csv", "GB18030", "customer"]);
    assert.deepEqual(look.columns.map(({ name, kind }) => [name, kind]).slice(0, 2), [["姓名", "name"], ["手机号", "phone"]]);
    assert.deepEqual(look.map, { identifiers: { 手机号: "phone" }, fields: { 姓名: "name", 城市: "city" } });
    const done = await bring_in(path, "--as", "customer");
    assert.deepEqual([done.code, counts_of(done).created], [0, 2], done.stdout + done.stderr);
    const customer = await local.customer("phone:13761234507");
    const { body } = await local.get(`/api/v1/customers/${customer.id}`);
    assert.deepEqual([body.fields.name, body.fields.city], ["王芳", "上海"]);
  });

  test("a workbook's sheets are told and chosen", async () => {
    const orders = [["订单号", "下单时间", "手机号", "数量", "单价"], ["X1", { day: 40513 }, 13800138000, 2, 9.95], ["X2", { day: 40514 }, 13900139000, "1,000", "￥1.5"]];
    const path = write("book.xlsx", workbook({ 说明: [["导出说明"]], 订单: orders }));
    const look = await preview({ path, sheet: "订单" });
    assert.deepEqual(look.sheets.map(({ name }) => name), ["说明", "订单"]);
    assert.deepEqual([look.as, look.rows[0].cells], ["order", ["X1", "2010-12-01", "13800138000", "2", "9.95"]]);
    assert.equal(look.map.order.number, "订单号");
    const done = await bring_in(path, "--as", "order", "--sheet", "订单");
    assert.deepEqual([done.code, counts_of(done).created], [0, 2], done.stdout + done.stderr);
    const again = await bring_in(path, "--as", "order", "--sheet", "2");
    assert.deepEqual([again.code, counts_of(again).unchanged], [0, 2], "the same file changes nothing");
    const wrong = await bring_in(path, "--as", "order", "--sheet", "Sheet9");
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /说明, 订单/);
  });

  test("bad cells are told with their place and reason, in both languages", async () => {
    const path = write("bad.csv", "姓名,手机号,生日\n王芳,13800138000,1990-01-02\n李娜,12,1990-13-02\n张伟,13700137000,无\n赵敏,13600136000,1991/2/3\n");
    const { bad_cells } = await preview({ path });
    assert.deepEqual(bad_cells.map(({ line, column, value, code }) => [line, column, value, code]), [[3, "手机号", "12", "import.bad_phone"], [3, "生日", "1990-13-02", "import.bad_date"]]);
    const chinese = (await local.send("POST", "/api/v1/imports/preview", { path }, { "accept-language": "zh-CN" })).body.bad_cells;
    assert.notEqual(chinese[0].message, bad_cells[0].message);
  });

  test("JSON lines and contacts come in", async () => {
    const lines = write("people.jsonl", '{"name":"Ann","email":"ann@example.com"}\n{"email":"bob@example.com","name":"Bob"}\n');
    assert.equal(counts_of(await bring_in(lines, "--as", "customer")).created, 2);
    const cards = write("people.vcf", "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Cid\r\nEMAIL:cid@example.com\r\nEND:VCARD\r\n");
    const done = await bring_in(cards, "--as", "customer");
    assert.equal(counts_of(done).created, 1, done.stdout + done.stderr);
  });

  test("day and month that could change places fail their row until the map says", async () => {
    const path = write("dates.csv", "ticketno,email,createdat\nT1,ann@example.com,1/2/2026\n");
    const done = await bring_in(path, "--as", "ticket");
    assert.deepEqual([done.code, counts_of(done).failed], [1, 1]);
    assert.match(done.stdout, /day_first/);
    const map = write("map.json", JSON.stringify({ identifiers: { email: "email" }, ticket: { number: "ticketno", time: "createdat" }, formats: { createdat: "day_first" } }));
    assert.deepEqual(counts_of(await bring_in(path, "--as", "ticket", "--map", map)).created, 1);
  });

  test("what is no table says what to do", async () => {
    const { body, status } = await local.post("/api/v1/imports/preview", { path: write("old.xls", Buffer.from("d0cf11e0a1b11ae1", "hex")) });
    assert.deepEqual([status, body.error.code], [400, "sheet.old_workbook"]);
    assert.match(body.error.message, /\.xlsx/);
  });

  test("the reading process is killed in the middle of a file, and the server answers", async () => {
    const rows = Array.from({ length: 400_000 }, (_, i) => `person ${i},p${i}@example.com`);
    const path = write("many.csv", `name,email\n${rows.join("\n")}\n`);
    const { body } = await local.post("/api/v1/imports", { path, as: "customer", source: "files" });
    const state = async () => (await local.get(`/api/v1/imports/${body.id}`)).body;
    let reader, is_killed = false;
    for (const deadline = Date.now() + 30_000; !is_killed && Date.now() < deadline; await sleep(5)) {
      reader = reader_of(server.child.pid);
      if (reader && (await state()).counts.read > 0) process.kill(reader, "SIGKILL"), (is_killed = true);
    }
    assert.ok(is_killed, "no process that reads was found");
    let now = await state();
    for (const deadline = Date.now() + 60_000; ["waiting", "running"].includes(now.state) && Date.now() < deadline; await sleep(50)) now = await state();
    assert.equal(now.state, "failed");
    assert.match(now.error, /process that read the file was ended/);
    assert.ok(now.counts.read > 0 && now.counts.read < rows.length, `${now.counts.read} rows`);
    assert.equal((await server.api().get("/healthz")).status, 200);
    assert.equal(counts_of(await bring_in(write("after.csv", "name,email\nEve,eve@example.com\n"), "--as", "customer")).created, 1);
  });
});
