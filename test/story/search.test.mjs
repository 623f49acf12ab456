// What people remember of a customer finds them: a moment after it was said, after merges and their undoing, after a kill, and after the index is lost.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Server, Tracker, fresh_folder, run, sleep } from "./onefold.mjs";

const found_within_ms = 20_000;

test("search follows customers through their life, a kill and the loss of its index", { timeout: 180_000 }, async (t) => {
  const folder = fresh_folder(t);
  let server = await Server.start(folder);
  t.after(() => server.kill());
  const key = (await run(["source", "create", "web", "--kind", "tracker", "--data", folder])).last_word;
  const token = (await run(["token", "create", "t", "--role", "editor", "--data", folder])).last_word;
  const viewer = (await run(["token", "create", "v", "--role", "viewer", "--data", folder])).last_word;
  let api, tracker;
  const connect = () => ([api, tracker] = [server.api({ token }), new Tracker(server.api(), key)]);
  connect();
  const say = (userId, traits) => tracker.send("identify", { userId, traits });
  const search = async (q, more = "") => {
    const { status, body } = await api.get(`/api/v1/search?q=${encodeURIComponent(q)}${more}`);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  };
  const names = async (q) => (await search(q)).items.map(({ customer, match }) => `${customer.fields.name} ${match}`);
  const until = async (q, expected) => {
    const begun = Date.now();
    let seen = await names(q);
    for (; JSON.stringify(seen) !== JSON.stringify(expected) && Date.now() - begun < found_within_ms; seen = await names(q)) await sleep(20);
    assert.deepEqual(seen, expected, q);
    return Date.now() - begun;
  };

  await say("u1", { name: "王小明", phone: "13907554321" });
  const first = await until("wxm", ["王小明 words"]);
  await say("u2", { name: "Katherine Meyer", email: "kate@nova.example.com" });
  const second = await until("meyer", ["Katherine Meyer words"]);
  t.diagnostic(`found ${first} and ${second} ms after the answer`);
  for (const text of ["wangxiaom", "小明", "4321"]) await until(text, ["王小明 words"]);
  for (const text of ["13907554321", "user_id:u1"]) await until(text, ["王小明 identifier"]);
  await until("Kathrine Meier", ["Katherine Meyer similar"]);
  await until("王晓明", ["王小明 similar"]);

  const { items: [hit], count, is_complete } = await search("小明");
  assert.deepEqual([hit.marks, count, is_complete], [[{ field: "name", identifier: null, from: 1, to: 3 }], 1, true]);
  assert.deepEqual((await search("meyer", "&kind=organisation")).items, []);
  assert.equal((await api.get(`/api/v1/search?q=${"x".repeat(101)}`)).body.error.code, "search.too_long");
  assert.equal((await server.api().get("/api/v1/search?q=meyer")).status, 401);
  assert.equal((await server.api({ token: viewer }).post("/api/v1/search_index/rebuild", {})).status, 403);

  // No number and no address stands in the index.
  const bytes = readdirSync(join(folder, "search")).map((name) => readFileSync(join(folder, "search", name)).toString("latin1")).join("");
  assert.match(bytes, /meyer/);
  for (const secret of ["13907554321", "kate@nova"]) assert.ok(!bytes.includes(secret), secret);

  // Changed, merged, taken apart again.
  await say("u2", { name: "Katherine Stone" });
  await until("stone", ["Katherine Stone words"]);
  await until("meyer", []);
  await say("u3", { name: "Kate Stone" });
  await until("kate", ["Kate Stone words"]);
  const [one, other] = await Promise.all(["user_id:u2", "user_id:u3"].map(async (identifier) => (await api.customer(identifier)).id));
  const merged = await api.post(`/api/v1/customers/${one}/merge`, { other });
  assert.ok(merged.status < 300, JSON.stringify(merged.body));
  for (const begun = Date.now(); (await names("stone")).length !== 1 && Date.now() - begun < found_within_ms; ) await sleep(20);
  assert.equal((await names("stone")).length, 1);
  const undone = await api.post(`/api/v1/identity_decisions/${merged.body.decision}/undo`, {});
  assert.ok(undone.status < 300, JSON.stringify(undone.body));
  for (const begun = Date.now(); (await names("stone")).length !== 2 && Date.now() - begun < found_within_ms; ) await sleep(20);
  assert.deepEqual((await names("stone")).toSorted(), ["Kate Stone words", "Katherine Stone words"]);

  // Pulled the plug; lost the index; broke it.
  await say("u4", { name: "Ivo Novak" });
  await server.kill();
  for (const harm of [() => undefined, () => rmSync(join(folder, "search"), { recursive: true }), () => writeFileSync(join(folder, "search", "search.sqlite"), Buffer.alloc(50_000, 7))]) {
    harm();
    server = await Server.start(folder);
    connect();
    await until("novak", ["Ivo Novak words"]);
    await until("wxm", ["王小明 words"]);
    await server.stop();
  }

  // Made anew while nothing runs, and by a running server.
  for (const is_running of [false, true]) {
    if (is_running) server = await Server.start(folder);
    const { code, last_line, stderr } = await run(["rebuild", "search", "--data", folder]);
    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(last_line).customers, 4);
  }
  connect();
  await until("novak", ["Ivo Novak words"]);
  const status = (await api.get("/api/v1/search_index")).body;
  assert.deepEqual([status.state, status.customers, status.percent, status.trouble], ["following", 4, 100, null]);
  assert.match((await api.get("/metrics")).body, /^onefold_search_customers 4$/m);
  await server.stop();
});
