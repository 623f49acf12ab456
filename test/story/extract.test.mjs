// Lists as files: exported, fetched by whoever asked, and imported again without news; on both databases.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { read_csv } from "./csv.mjs";
import { Leftovers, Server, fresh_folder, run, sleep } from "./onefold.mjs";
import { both_databases } from "./postgres.mjs";

const naughty = [
  "=1+1", "+SUM(A1:A9)", "-2+3 cmd", "@SUM(1)", "'=x", "''=y", "'-1 a", "'plain", '"quoted"', 'a,b;c "d"', "two\nlines", "=HYPERLINK(\"http://example.com\",\"x\")", "<script>alert(1)</script>",
  "'; DROP TABLE customer; --", "Ω≈ç√∫˜µ", "田中さん", "ﷺ مرحبا", "👩‍👩‍👧‍👦 family", "ＦＵＬＬ", "zero\u200bwidth", "00123", "1E+02", "1/2", "2026-01-02", "TRUE", "_x0041_", "\\N", "%s%n", "&amp;", "total", "合计", "Line 5: x", "第 5 行：x",
];
const quoted = (cell) => `"${String(cell).replaceAll('"', '""')}"`;
const csv_of = (rows) => `${rows.map((row) => row.map(quoted).join(",")).join("\n")}\n`;
const people = csv_of([["会员号", "姓名", "手机号", "邮箱", "城市", "备注"], ...naughty.map((name, i) => [`m${i + 1}`, name, `1370000${1000 + i}`, `p${i}@example.com`, i % 2 ? "上海" : "Bern", naughty[(i + 7) % naughty.length]])]);
const orders = csv_of([["会员号", "订单号", "下单时间", "状态", "币种", "货号", "商品", "数量", "单价"], ...naughty.flatMap((name, i) => [1, 2].map((line) => [`m${i + 1}`, `O${i + 1}`, `2026-03-${String((i % 28) + 1).padStart(2, "0")} 08:0${i % 10}:30`, i % 2 ? "paid" : "=paid", "CNY", `sku${line}`, name, line, i % 3 ? "9.95" : "-0.10"]))]);
const tickets = csv_of([["会员号", "工单号", "创建时间", "主题", "工单状态", "评分"], ...naughty.map((name, i) => [`m${i + 1}`, `T${i + 1}`, `2026-04-01 10:00:0${i % 10}`, name, "open", (i % 5) + 1])]);

const databases = both_databases();

for (const name of databases.names)
  describe(`An export, on ${name}`, () => {
    const own = new Leftovers();
    let folder, server, api;
    const token_of = async (role, title = role) => (await run(["token", "create", title, "--role", role, "--data", folder])).last_word;
    before(async () => {
      folder = fresh_folder(own);
      server = await Server.start(folder, databases.words_of(name));
      own.after(() => server.stop());
      api = server.api({ token: await token_of("admin") });
      for (const [as, text] of [["customer", people], ["order", orders], ["ticket", tickets]]) {
        const one = await bring_in(`${as}.csv`, Buffer.from(text), as);
        assert.deepEqual([one.state, one.counts.created, one.counts.failed], ["finished", naughty.length, 0], JSON.stringify(one));
      }
    });
    after(() => own.run());

    async function until_over(path, caller = api) {
      for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(20)) {
        const { status, body } = await caller.get(path);
        assert.equal(status, 200, JSON.stringify(body));
        if (!["waiting", "running"].includes(body.state)) return body;
      }
      assert.fail(`${path} does not end`);
    }
    async function bring_in(file, bytes, as) {
      const { id } = (await api.post("/api/v1/uploads", { name: file, size: bytes.length })).body;
      for (let at = 0; at < bytes.length; at += 1 << 20)
        assert.equal((await api.send("PUT", `/api/v1/uploads/${id}/bytes/${at}`, bytes.subarray(at, at + (1 << 20)), { "content-type": "application/octet-stream" })).status, 200);
      const begun = await api.post("/api/v1/imports", { upload: id, source: "crm", as });
      assert.equal(begun.status, 201, JSON.stringify(begun.body));
      return until_over(`/api/v1/imports/${begun.body.id}`);
    }
    async function take_out(wish, { caller = api, language = "en" } = {}) {
      const begun = await caller.post("/api/v1/extracts", { format: "csv", ...wish }, { "accept-language": language });
      assert.equal(begun.status, 201, JSON.stringify(begun.body));
      const one = await until_over(`/api/v1/extracts/${begun.body.id}`, caller);
      assert.equal(one.state, "finished", JSON.stringify(one));
      return one;
    }
    async function fetched({ id }, caller = api, headers = {}) {
      const answer = await fetch(`${server.url}/api/v1/extracts/${id}/file`, { headers: { ...caller.headers, ...headers } });
      return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
    }
    const rows_of = async (one) => read_csv((await fetched(one)).bytes.toString());

    for (const format of ["csv", "xlsx"])
      for (const language of ["en", "zh-CN"])
        for (const object of ["customer", "order", "ticket"])
          test(`of ${object}s as ${format} in ${language} comes back in unchanged`, async () => {
            const one = await take_out({ object, format }, { language });
            assert.equal(one.rows, object === "order" ? 2 * naughty.length : naughty.length);
            const { bytes, headers } = await fetched(one);
            assert.equal(bytes.length, one.bytes);
            assert.match(headers.get("content-disposition"), new RegExp(`\\.${format}"`));
            const again = await bring_in(`again.${format}`, bytes, object);
            const { created, updated, unchanged, failed } = again.counts;
            assert.deepEqual({ created, updated, unchanged, failed }, { created: 0, updated: 0, unchanged: naughty.length, failed: 0 }, JSON.stringify(again));
            assert.equal(again.warnings, 0, JSON.stringify(again.problems));
          });

    test("tells every value, none of them as a formula", async () => {
      const one = await take_out({ object: "customer", columns: ["name", "identifiers", "note"], sort: "first_seen_at" });
      const { bytes } = await fetched(one);
      assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
      const rows = await rows_of(one);
      assert.deepEqual(Object.keys(rows[0])[0], "Onefold ID");
      for (const cell of rows.flatMap((row) => Object.values(row))) assert.ok(!/^[=@\t\r]|^[+-].*[A-Za-z]/.test(cell), cell);
      const restored = rows.map(({ Name }) => (/^'+[=+\-@]/.test(Name) ? Name.slice(1) : Name));
      assert.deepEqual(restored.toSorted(), naughty.toSorted());
      assert.ok(rows.every((row) => row["member_no@crm"].startsWith("m")));
    });

    test("is of the list as it is narrowed, sorted and laid out", async () => {
      const filter = { op: "=", args: [{ field: "city" }, { value: "上海" }] };
      const rows = await rows_of(await take_out({ object: "customer", columns: ["city", "name"], filter, sort: "-name" }));
      const listed = await api.all(`/api/v1/customers?sort=-name&limit=200&filter=${encodeURIComponent(JSON.stringify(filter))}`);
      assert.deepEqual(rows.map((row) => row["Onefold ID"]), listed.map(({ id }) => id));
      assert.deepEqual(Object.keys(rows[0]), ["Onefold ID", "City", "Name"]);
      const some = await rows_of(await take_out({ object: "customer", columns: ["name"], ids: [listed[1].id] }));
      assert.deepEqual(some.map((row) => row["Onefold ID"]), [listed[1].id]);
      assert.equal((await take_out({ object: "order", condition: 'currency = "USD"' })).rows, 0);
    });

    test("that cannot be made says so at once, in both languages", async () => {
      const refused = async (wish, code, pattern) => {
        const answer = await api.post("/api/v1/extracts", { format: "csv", ...wish }, { "accept-language": "zh-CN" });
        assert.deepEqual([answer.status, answer.body.error.code], [400, code], JSON.stringify(answer.body));
        assert.match(answer.body.error.message, pattern);
      };
      await refused({ object: "secret" }, "extract.unknown_object", /导出/);
      await refused({ object: "customer", columns: ["nonsense"] }, "extract.unknown_field", /列/);
      await refused({ object: "customer", columns: ["name", "city", "name"] }, "extract.repeated_column", /重复/);
      await refused({ object: "customer", sort: "nonsense" }, "query.unknown_field", /./);
      await refused({ object: "customer", filter: { op: "=", args: [] } }, "formula.invalid", /./);
    });

    test("belongs to who asked for it, and is read in parts", async () => {
      const viewer = server.api({ token: await token_of("viewer") });
      const other = server.api({ token: await token_of("editor", "other") });
      const one = await take_out({ object: "ticket" }, { caller: viewer });
      const whole = await fetched(one, viewer);
      assert.equal(whole.status, 200);
      assert.equal(whole.headers.get("accept-ranges"), "bytes");
      for (const path of ["", "/file"]) assert.equal((await other.get(`/api/v1/extracts/${one.id}${path}`)).body.error.code, "extract.no_such_extract");
      assert.equal((await fetched(one)).status, 200, "an administrator");
      const part = await fetched(one, viewer, { range: "bytes=10-29" });
      assert.deepEqual([part.status, part.headers.get("content-range"), part.bytes.equals(whole.bytes.subarray(10, 30))], [206, `bytes 10-29/${one.bytes}`, true]);
      assert.equal((await fetched(one, viewer, { range: `bytes=${one.bytes}-` })).status, 416);
    });

    test("is cancelled while it waits and while it runs, has three places, and is begun anew after a kill", async () => {
      const many = 10_000;
      const crowd = csv_of([["会员号", "姓名", "备注"], ...Array.from({ length: many }, (_, i) => [`c${i}`, `crowd ${i}`, "x".repeat(200)])]);
      assert.equal((await bring_in("crowd.csv", Buffer.from(crowd), "customer")).counts.created, many);
      const wish = { object: "customer", format: "xlsx" };
      const begun = [];
      for (let i = 0; i < 3; i++) begun.push((await api.post("/api/v1/extracts", wish)).body);
      const fourth = await api.post("/api/v1/extracts", wish, { "accept-language": "zh-CN" });
      assert.deepEqual([fourth.status, fourth.body.error.code], [429, "extract.too_many"]);
      assert.match(fourth.body.error.message, /3 个导出/);
      for (const { id } of [begun[2], begun[0]]) {
        const cancelled = await api.post(`/api/v1/extracts/${id}/cancel`);
        assert.deepEqual([cancelled.status, cancelled.body.state], [200, "cancelled"], JSON.stringify(cancelled.body));
        assert.equal((await api.get(`/api/v1/extracts/${id}`)).body.state, "cancelled");
        assert.equal((await api.get(`/api/v1/extracts/${id}/file`)).body.error.code, "extract.not_finished");
      }
      await server.kill();
      server = await Server.start(folder);
      api = server.api({ token: api.headers.authorization.split(" ")[1] });
      const one = await until_over(`/api/v1/extracts/${begun[1].id}`);
      assert.deepEqual([one.state, one.rows], ["finished", many + naughty.length], JSON.stringify(one));
      assert.equal((await fetched(one)).bytes.length, one.bytes);
      for (const { id } of [begun[0], begun[2]]) assert.equal((await api.get(`/api/v1/extracts/${id}`)).body.state, "cancelled");
    });

    test("is told to the audit with how much it was, and outlives a restart", async () => {
      const one = await take_out({ object: "ticket" });
      const before_kill = (await fetched(one)).bytes;
      const audit = () => readdirSync(join(folder, "audit")).filter((file) => file.endsWith(".log")).map((file) => readFileSync(join(folder, "audit", file), "latin1")).join("");
      const told = new RegExp(`"extract\\.write"[^\\n]*${one.id}: ${naughty.length} rows of ticket as csv for token:`);
      for (const deadline = Date.now() + 10_000; !told.test(audit()) && Date.now() < deadline; ) await sleep(50);
      assert.match(audit(), told);
      assert.match(audit(), /"extract\.fetch"/);
      await server.kill();
      server = await Server.start(folder);
      api = server.api({ token: api.headers.authorization.split(" ")[1] });
      assert.ok((await fetched(one)).bytes.equals(before_kill));
    });
  });
