// Files that are sent in chunks, looked at, tried out, imported, cut off and gone on with; and the rows that failed, corrected.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { read_csv } from "./csv.mjs";
import { Leftovers, Server, fresh_folder, run, sleep } from "./onefold.mjs";
import { Postgres } from "./postgres.mjs";

const chunk_bytes = 256 << 10;

/** Sends a file in chunks, beginning where the server says; its id. */
async function send(api, name, text, { until = Infinity, id } = {}) {
  const bytes = Buffer.from(text);
  id ??= (await api.post("/api/v1/uploads", { name, size: bytes.length })).body.id;
  let { received } = (await api.get(`/api/v1/uploads/${id}`)).body;
  while (received < Math.min(until, bytes.length)) {
    const { status, body } = await api.send("PUT", `/api/v1/uploads/${id}/bytes/${received}`, bytes.subarray(received, received + chunk_bytes), { "content-type": "application/octet-stream" });
    assert.equal(status, 200, JSON.stringify(body));
    received = body.received;
  }
  return id;
}

const is_over = ({ state }) => !["waiting", "running"].includes(state);
async function state_of(api, id) {
  const { status, body } = await api.get(`/api/v1/imports/${id}`);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}
async function ended(api, id) {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(20)) {
    const now = await state_of(api, id);
    if (is_over(now)) return now;
  }
  assert.fail(`import ${id} does not end`);
}
async function begin(api, body) {
  const answer = await api.post("/api/v1/imports", body);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body;
}
const bring_in = async (api, body) => ended(api, (await begin(api, body)).id);
const counts = (read, created, updated, unchanged, failed) => ({ read, created, updated, unchanged, failed });
const customers_in = async (api) => (await api.post("/api/v1/query", { object: "customer", select: [{ path: "id", aggregate: "count" }] })).body.rows[0][0];
const lines_of = (csv) => read_csv(csv).map(Object.values);
const person_map = { identifiers: { email: "email", phone: "phone" }, fields: { name: "name" } };

describe("Uploaded files", () => {
  const leftovers = new Leftovers();
  let folder, server, api;
  const api_of = async (role) => server.api({ token: (await run(["token", "create", role, "--role", role, "--data", folder])).last_word });
  before(async () => {
    folder = fresh_folder(leftovers);
    server = await Server.start(folder);
    leftovers.after(() => server.stop());
    api = await api_of("admin");
  });
  after(() => leftovers.run());

  test("belong to who began them, but for administrators", async () => {
    const [one, other] = [await api_of("editor"), server.api({ token: (await run(["token", "create", "second", "--role", "editor", "--data", folder])).last_word })];
    const text = "name,email\nAnn,ann@example.org\n";
    const id = await send(one, "own.csv", text);
    const refused = ({ status, body }) => assert.deepEqual([status, body.error?.code], [404, "upload.no_such_upload"], JSON.stringify(body));
    refused(await other.get(`/api/v1/uploads/${id}`));
    refused(await other.delete(`/api/v1/uploads/${id}`));
    refused(await other.send("PUT", `/api/v1/uploads/${id}/bytes/0`, Buffer.from("x"), { "content-type": "application/octet-stream" }));
    refused(await other.post("/api/v1/imports/preview", { upload: id }));
    refused(await other.post("/api/v1/imports", { upload: id, as: "customer", source: "own", map: { identifiers: { email: "email" } }, dry_run: true }));
    assert.equal((await api.post("/api/v1/imports/preview", { upload: id })).status, 200, "an administrator");
    assert.equal((await one.delete(`/api/v1/uploads/${id}`)).status, 204);
  });

  test("come in by chunks, go on after a kill of the server, and are imported from there", async () => {
    const text = `name,email\n${Array.from({ length: 30_000 }, (_, i) => `Person ${i},p${i}@chunks.example.com`).join("\n")}\n`;
    const id = await send(api, "C:\\lists\\people.csv", text, { until: 400_000 });
    const early = await api.post("/api/v1/imports/preview", { upload: id });
    assert.deepEqual([early.status, early.body.error.code], [409, "upload.not_whole"]);
    await server.kill();
    server = await Server.start(folder);
    api = server.api({ token: api.headers.authorization.split(" ")[1] });
    const { received, name } = (await api.get(`/api/v1/uploads/${id}`)).body;
    assert.deepEqual([received, name], [2 * chunk_bytes, "people.csv"], "all that was acknowledged");
    const wrong = await api.send("PUT", `/api/v1/uploads/${id}/bytes/0`, "again");
    assert.deepEqual([wrong.status, wrong.body.error.code], [409, "upload.other_offset"]);
    await send(api, "", text, { id });
    assert.deepEqual(readdirSync(join(folder, "uploads")), [id], "under its number, whatever it is called");
    const look = (await api.post("/api/v1/imports/preview", { upload: id })).body;
    assert.deepEqual([look.as, look.map], ["customer", { identifiers: { email: "email" }, fields: { name: "name" } }]);
    const done = await bring_in(api, { upload: id, as: look.as, source: "chunks", map: look.map });
    assert.deepEqual([done.state, done.file, done.upload, done.counts], ["finished", "people.csv", id, counts(30_000, 30_000, 0, 0, 0)]);
  });

  test("are for those who may edit, and paths of the host for commands of the host", async () => {
    const [viewer, editor] = [await api_of("viewer"), await api_of("editor")];
    assert.equal((await viewer.post("/api/v1/uploads", { name: "a.csv", size: 1 })).status, 403);
    const id = await send(editor, "a.csv", "email\na@editor.example.com\n");
    assert.equal((await viewer.get(`/api/v1/uploads/${id}`)).status, 403);
    const path = await api.post("/api/v1/imports/preview", { path: "/etc/passwd" });
    assert.deepEqual([path.status, path.body.error.code], [403, "import.path_is_local"]);
    const both = await server.local_api().post("/api/v1/imports/preview", { path: "/etc/passwd", upload: id });
    assert.deepEqual([both.status, both.body.error.code], [400, "import.not_one_file"]);
    const map = { identifiers: { email: "email" } };
    const opened = await editor.post("/api/v1/imports", { upload: id, as: "customer", source: "a new one", map });
    assert.deepEqual([opened.status, opened.body.error.code], [403, "import.may_not_open_source"]);
    assert.equal((await bring_in(editor, { upload: id, as: "customer", source: "chunks", map })).counts.created, 1);
    assert.equal((await editor.delete(`/api/v1/uploads/${id}`)).status, 204);
    assert.equal((await editor.get(`/api/v1/uploads/${id}`)).status, 404);
  });

  test("say no before a byte is sent where they are empty or too large, in both languages", async () => {
    for (const [size, status, code] of [[0, 400, "upload.empty"], [9 * 2 ** 30, 413, "upload.too_large"]]) {
      const english = await api.post("/api/v1/uploads", { name: "a.csv", size });
      const chinese = await api.post("/api/v1/uploads", { name: "a.csv", size }, { "accept-language": "zh-CN" });
      assert.deepEqual([english.status, english.body.error.code], [status, code]);
      assert.match(chinese.body.error.message, /\p{Script=Han}/u);
    }
    const id = (await api.post("/api/v1/uploads", { name: "a.csv", size: 8 << 20 })).body.id;
    const large = await api.send("PUT", `/api/v1/uploads/${id}/bytes/0`, Buffer.alloc((4 << 20) + 1));
    assert.equal(large.status, 413);
    assert.equal((await api.get(`/api/v1/uploads/${id}`)).body.received, 0);
  });

  test("give back every row that failed, with its reason, safe for spreadsheets, and take it again once it is corrected", async () => {
    const good = Array.from({ length: 500 }, (_, i) => `G${i},g${i}@failed.example.com,,`);
    const bad = Array.from({ length: 1600 }, (_, i) => `B${i},nonsense,12,"a, ""b"""`);
    bad[0] = `=HYPERLINK("x"),nonsense,+86 12,-5`;
    const upload = await send(api, "mixed.csv", `name,email,phone,remark\n${[...good, ...bad].join("\n")}\nragged,row\n`);
    const source = { as: "customer", source: "mixed", map: person_map };
    const done = await bring_in(api, { upload, ...source });
    assert.deepEqual([done.counts.failed, done.problems.filter(({ is_warning }) => !is_warning).length, done.failed_parts], [1601, 1000, 1]);
    const part = await api.get(`/api/v1/imports/${done.id}/failed_rows/1`);
    assert.match(part.headers["content-type"], /^text\/csv/);
    assert.match(part.headers["content-disposition"], /attachment; filename="failed-\d+-1\.csv"/);
    const rows = lines_of(part.body);
    assert.deepEqual([Object.keys(read_csv(part.body)[0]), rows.length], [["name", "email", "phone", "remark", "reason"], 1601]);
    assert.deepEqual(rows[0].slice(0, 4), [`'=HYPERLINK("x")`, "nonsense", "+86 12", "-5"], "a formula is a text, a number stays");
    assert.match(rows[0][4], /^Line 502, column “email”: .*no other identifier/);
    assert.deepEqual(rows[1].slice(0, 4), ["B1", "nonsense", "12", 'a, "b"']);
    assert.deepEqual([rows[1600].slice(0, 4), /2 fields/.test(rows[1600][4])], [["ragged", "row", "", ""], true]);
    const chinese = await api.get(`/api/v1/imports/${done.id}/failed_rows/1`, { "accept-language": "zh-CN" });
    assert.match(chinese.body, /第 502 行.*email.*没有其他可用的标识/);
    assert.equal((await api.get(`/api/v1/imports/${done.id}/failed_rows/2`)).status, 404);

    let number = 0;
    const corrected = part.body.replaceAll("nonsense", () => `c${number++}@failed.example.com`).replace("ragged,row", "ragged,r@failed.example.com");
    const again = await bring_in(api, { upload: await send(api, "mixed corrected.csv", corrected), ...source });
    assert.deepEqual(again.counts, counts(1601, 1601, 0, 0, 0));
    const first = await api.customer("email:c0@failed.example.com");
    assert.equal((await api.get(`/api/v1/customers/${first.id}`)).body.fields.name, '=HYPERLINK("x")', "as it was written at first");
  });

  test("of orders, every line of one that failed comes back, and of events the reason is no property", async () => {
    const order_map = { identifiers: { email: "email" }, order: { number: "no", time: "at", lines: { quantity: "n", price: "price" } } };
    const orders = await bring_in(api, { upload: await send(api, "o.csv", "email,no,at,n,price\no@x.example.com,O1,2026-01-02,1,1\no@x.example.com,O2,2026-01-02,1,1\no@x.example.com,O2,2026-01-02,many,1\n"), as: "order", source: "orders", map: order_map });
    assert.deepEqual(orders.counts, counts(3, 1, 0, 0, 2));
    const lines = lines_of((await api.get(`/api/v1/imports/${orders.id}/failed_rows/1`)).body);
    assert.deepEqual(lines.map((line) => line[3]), ["1", "many"]);
    const event_map = { identifiers: { email: "email" }, event: { name: "what", time: "at" } };
    const events = { as: "event", source: "visits", map: event_map };
    const cut = await bring_in(api, { upload: await send(api, "e.csv", "email,what,at,hall\no@x.example.com,Came,never,3\n"), ...events });
    const text = (await api.get(`/api/v1/imports/${cut.id}/failed_rows/1`)).body.replace("never", "2026-01-05");
    assert.equal((await bring_in(api, { upload: await send(api, "e2.csv", text), ...events })).counts.created, 1);
    const { id } = await api.customer("email:o@x.example.com");
    const event = (await api.get(`/api/v1/customers/${id}/timeline?kind=track`)).body.items[0];
    assert.deepEqual([event.name, event.properties], ["Came", { hall: "3" }]);
  });

  test("are tried out: what would be new, changed, the same, failed, and joined with whom, and nothing is changed", async () => {
    const first = "name,email,phone,city\nAnn,ann@dry.example.com,13911110001,Rome\nBen,ben@dry.example.com,13911110002,\n";
    const crm = { as: "customer", source: "dry crm", map: { ...person_map, fields: { name: "name", city: "city" } } };
    assert.equal((await bring_in(api, { upload: await send(api, "crm.csv", first), ...crm })).counts.created, 2);
    const second = "name,email,phone,city\nAnn,ann@dry.example.com,13911110001,Rome\nBen,ben@dry.example.com,13911110002,Oslo\nCid,cid@dry.example.com,13911110003,\nbad,,,\n";
    const before = [await customers_in(api), (await api.get("/api/v1/sources")).body.items.length, (await api.get("/api/v1/imports")).body.items.length];

    const same_source = await bring_in(api, { upload: await send(api, "crm2.csv", second), ...crm, dry_run: true });
    assert.deepEqual(same_source.counts, counts(4, 1, 1, 1, 1));
    assert.deepEqual([same_source.dry_run.joined, same_source.dry_run.joined_in_file], [0, 0]);

    const bridge = await bring_in(api, { upload: await send(api, "crm3.csv", "name,email,phone,city\nAnn,ann@dry.example.com,13911110002,Rome\n"), ...crm, dry_run: true });
    assert.deepEqual([bridge.counts, bridge.dry_run.merged], [counts(1, 0, 1, 0, 0), 1], "Ann with Ben's phone makes them one");
    assert.deepEqual(bridge.dry_run.examples.map(({ customer_name }) => customer_name), ["Ben"]);

    const fair = "name,email,phone\nAnn Lee,other@dry.example.com,13911110001\nDee,dee@dry.example.com,\nDee D,dee@dry.example.com,13911110009\n";
    const upload = await send(api, "fair.csv", fair);
    const fair_job = { upload, as: "customer", source: "dry fair", map: person_map };
    const look = await bring_in(api, { ...fair_job, dry_run: true });
    assert.deepEqual(look.counts, counts(3, 3, 0, 0, 0));
    assert.deepEqual([look.dry_run.joined, look.dry_run.joined_in_file], [1, 1]);
    const { id } = await api.customer("email:ann@dry.example.com");
    assert.deepEqual(look.dry_run.examples, [{ line: 2, name: "Ann Lee", customer: id, customer_name: "Ann", type: "phone", value: "+8613911110001" }]);
    assert.equal((await api.get(`/api/v1/imports/${look.id}/failed_rows/1`)).status, 404);
    assert.deepEqual([await customers_in(api), (await api.get("/api/v1/sources")).body.items.length, (await api.get("/api/v1/imports")).body.items.length], before, "nothing was changed");

    const really = await bring_in(api, fair_job);
    assert.deepEqual(really.counts, look.counts);
    assert.equal((await customers_in(api)) - before[0], 1, "one newcomer, as was said: the others are Ann and Dee");
  });

  test("of orders and tickets, the trial says what the import then does", async () => {
    const order_map = { identifiers: { email: "email" }, order: { number: "no", time: "at", lines: { quantity: "n", price: "price" } } };
    const row = (no, n) => `b@trial.example.com,${no},2026-01-02,${n},1.5`;
    const job = { as: "order", source: "trial shop", map: order_map };
    await bring_in(api, { upload: await send(api, "o1.csv", ["email,no,at,n,price", row("T1", 1), row("T2", 1), ""].join("\n")), ...job });
    const next = { upload: await send(api, "o2.csv", ["email,no,at,n,price", row("T1", 1), row("T2", 2), row("T3", 1), row("T4", "x"), ""].join("\n")), ...job };
    const look = await bring_in(api, { ...next, dry_run: true });
    assert.deepEqual(look.counts, counts(4, 1, 1, 1, 1));
    assert.deepEqual((await bring_in(api, next)).counts, look.counts);
    const tickets = { upload: await send(api, "t.csv", "email,no\nb@trial.example.com,1\nb@trial.example.com,2\n"), as: "ticket", source: "trial desk", map: { identifiers: { email: "email" }, ticket: { number: "no" } } };
    const trial = await bring_in(api, { ...tickets, dry_run: true });
    assert.deepEqual(trial.counts, counts(2, 2, 0, 0, 0));
    assert.deepEqual((await bring_in(api, tickets)).counts, trial.counts);
  });

  test("of events, the trial tells those that came before, in this file or an earlier one", async () => {
    const map = { identifiers: { email: "email" }, event: { name: "what", time: "at", message_id: "no" } };
    const row = (no) => `${no},b@trial.example.com,Fair Visited,2026-01-02`;
    const job = { as: "event", source: "trial fair", map };
    await bring_in(api, { upload: await send(api, "e1.csv", ["no,email,what,at", row(1), row(2), ""].join("\n")), ...job });
    const next = { upload: await send(api, "e2.csv", ["no,email,what,at", row(2), row(3), row(4), row(4), ""].join("\n")), ...job };
    const look = await bring_in(api, { ...next, dry_run: true });
    assert.deepEqual(look.counts, counts(4, 2, 0, 2, 0));
    assert.deepEqual((await bring_in(api, next)).counts, look.counts);
    assert.deepEqual((await bring_in(api, { ...next, dry_run: true })).counts, counts(4, 0, 0, 4, 0));
  });

  test("whose import is cancelled keep what was taken until then; one that waits never begins", async () => {
    const lines = (word) => `name,email\n${Array.from({ length: 150_000 }, (_, i) => `Person ${i},${word}${i}@cancel.example.com`).join("\n")}\n`;
    const job = { as: "customer", source: "cancel", map: { identifiers: { email: "email" }, fields: { name: "name" } } };
    const running = await begin(api, { upload: await send(api, "one.csv", lines("a")), ...job });
    const waiting = await begin(api, { upload: await send(api, "two.csv", "name,email\nZ,z@cancel.example.com\n"), ...job });
    assert.equal((await api.post(`/api/v1/imports/${waiting.id}/cancel`)).body.state, "cancelled");
    for (let now; !(now?.counts.read > 0); await sleep(5)) {
      now = await state_of(api, running.id);
      assert.equal(is_over(now), false, "it was over before it could be cancelled");
    }
    await api.post(`/api/v1/imports/${running.id}/cancel`);
    const { state, counts: left, error } = await ended(api, running.id);
    assert.deepEqual([state, left.read < 150_000, left.created > 0], ["cancelled", true, true]);
    assert.match(error, /stays/);
    assert.equal((await ended(api, waiting.id)).counts.read, 0);
    assert.equal((await api.post(`/api/v1/imports/${running.id}/cancel`)).body.state, "cancelled", "twice is once");
  });
});

/** Imports one file of each kind with a kill -9 in the middle of each, and says how many rows were read again. */
async function cut_off(t, database) {
  const folder = fresh_folder(t);
  let server = await Server.start(folder, database ? ["--database", database] : []);
  t.after(() => server.kill());
  const token = (await run(["token", "create", "cut", "--data", folder])).last_word;
  const rows = database ? 30_000 : 60_000;
  const bad = (i) => i % 1000 === 999;
  const kinds = {
    customer: { map: { identifiers: { email: "email" }, fields: { name: "name" } }, header: "name,email", row: (i) => `Person ${i},${bad(i) ? "" : `k${i}@cut.example.com`}` },
    event: { map: { identifiers: { email: "email" }, event: { name: "what", time: "at" } }, header: "email,what,at", row: (i) => `k${i % 500}@cut.example.com,Came,${bad(i) ? "never" : `2026-01-${10 + (i % 7)}`}` },
    order: { map: { identifiers: { email: "email" }, order: { number: "no", time: "at", lines: { quantity: "n", price: "price" } } }, header: "email,no,at,n,price", row: (i) => `k${i % 500}@cut.example.com,N${i},2026-01-02,${bad(i) ? "x" : 1},2` },
    ticket: { map: { identifiers: { email: "email" }, ticket: { number: "no", time: "at" } }, header: "email,no,at", row: (i) => `k${i % 500}@cut.example.com,N${i},${bad(i) ? "never" : "2026-01-02"}` },
  };
  for (const [as, { map, header, row }] of Object.entries(kinds)) {
    let api = server.api({ token });
    const upload = await send(api, `${as}.csv`, `${header}\n${Array.from({ length: rows }, (_, i) => row(i)).join("\n")}\n`);
    const { id } = await begin(api, { upload, as, source: `cut ${as}`, map });
    let seen;
    do {
      await sleep(2);
      seen = await state_of(api, id);
    } while (!is_over(seen) && seen.counts.created < rows / 4);
    assert.equal(is_over(seen), false, `${as}: it was over before the kill`);
    await server.kill();
    server = await Server.start(folder);
    api = server.api({ token });
    const done = await ended(api, id);
    const failed = rows / 1000;
    assert.deepEqual([done.state, done.counts], ["finished", counts(rows, rows - failed, 0, 0, failed)], `${as}: as if it had not been cut off`);
    const csv = (await api.get(`/api/v1/imports/${id}/failed_rows/1`)).body;
    assert.equal(csv.trim().split("\n").length, failed + 1, `${as}: every row that failed once`);
    assert.ok(done.resumed_at_row > 0, `${as}: it went on, and did not begin anew`);
    const again = Math.max(0, seen.counts.read - done.resumed_at_row);
    console.log(`  ${as}: cut off after ${seen.counts.read} of ${rows} rows, gone on behind ${done.resumed_at_row}: about ${again} read again`);
    assert.ok(again <= 6_000, `${as}: ${again} rows were read again`);
    const repeated = await bring_in(api, { upload, as, source: `cut ${as}`, map });
    assert.deepEqual(repeated.counts, counts(rows, 0, 0, rows - failed, failed), `${as}: nothing is missing and nothing is twice`);
  }
}

describe("An import that is killed goes on where it was", () => {
  test("on SQLite", (t) => cut_off(t));
  test("on PostgreSQL", async (t) => {
    const postgres = await Postgres.start();
    t.after(() => postgres.stop());
    await cut_off(t, postgres.make_database());
  });
});

describe("A file that an import was reading when its server was killed", () => {
  test("and that is another afterwards, ends the import with a word", async (t) => {
    const { writeFileSync } = await import("node:fs");
    const folder = fresh_folder(t), files = fresh_folder(t);
    let server = await Server.start(folder);
    t.after(() => server.kill());
    const path = join(files, "people.csv");
    const write = (word) => writeFileSync(path, `name,email\n${Array.from({ length: 100_000 }, (_, i) => `Person ${i},${word}${i}@cut.example.com`).join("\n")}\n`);
    write("a");
    const { id } = await begin(server.local_api(), { path, as: "customer", source: "cut", map: { identifiers: { email: "email" }, fields: { name: "name" } } });
    while ((await state_of(server.local_api(), id)).counts.created === 0) await sleep(2);
    await server.kill();
    write("b");
    server = await Server.start(folder);
    const { state, error } = await ended(server.local_api(), id);
    assert.equal(state, "failed");
    assert.match(error, /was changed/);
  });
});
