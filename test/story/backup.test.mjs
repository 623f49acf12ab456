// Backups: made while events, imports and people come in, and restored into a folder that holds exactly what was there. That they are whole or none: test/torture/backups.mjs.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Leftovers, Server, Tracker, dice, fresh_folder, run, seeing, sleep } from "./onefold.mjs";
import { Postgres } from "./postgres.mjs";

const seed = Number(process.env.ONEFOLD_SEED ?? Date.now() % 1_000_000);
console.log(`seed ${seed} (set ONEFOLD_SEED to repeat)`);

const wanted = (answer, status) => (assert.equal(answer.status, status, JSON.stringify(answer.body)), answer.body);
const last_json = (command) => JSON.parse(command.last_line);
const files_below = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));

/** Sends batches one after the other, each with an event of a new source and of an old one, until it is told to stop; what it sent is kept. */
class Load {
  constructor(name, tracker) {
    this.batches = [];
    this.working = this.#work(name, tracker);
  }
  async #work(name, tracker) {
    for (let number = 0; !this.is_over; ++number) {
      const batch = Array.from({ length: 20 }, (_, i) => ({
        type: i % 10 ? "track" : "identify", userId: `${name}-${(number * 20 + i) % 300}`, messageId: `${name}-${number}-${i}`, event: "Ticked",
        timestamp: new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString(), traits: { name: `Person ${number % 50}`, phone: `1380000${String(1000 + (number % 300)).slice(-4)}` }, properties: { number, text: "x".repeat(200) },
      }));
      const answer = await tracker.send("batch", { batch });
      assert.equal(answer.status, 200);
      this.batches.push(batch);
      this.last = answer;
    }
  }
  async stop() {
    this.is_over = true;
    await this.working;
  }
}

/** Everything that anybody can see of the customers and records, so that two servers can be compared. */
async function all_of(api, answer) {
  const customers = await api.all("/api/v1/customers?limit=1000", answer && seeing(answer));
  const orders = await api.all("/api/v1/orders?limit=1000");
  const tickets = await api.all("/api/v1/tickets?limit=1000");
  const sources = wanted(await api.get("/api/v1/sources"), 200).items.map(({ id, name, kind, version }) => ({ id, name, kind, version }));
  return { customers: customers.map(({ version, ...rest }) => rest).sort((a, b) => a.id - b.id), orders, tickets, sources };
}

function assert_same(now, then) {
  for (const kind of Object.keys(then)) {
    assert.equal(now[kind].length, then[kind].length, kind);
    for (const [i, item] of then[kind].entries()) assert.deepEqual(now[kind][i], item);
  }
}

function story(make_database) {
  const folder = fresh_folder({ after }), files = fresh_folder({ after }), backups = fresh_folder({ after });
  const data = ["--data", folder];
  const target = join(backups, "first");
  let server, api, tracker, token, cookie, backup;
  after(() => server?.stop());

  test("one is made while events, an import and new sources come in, and it is whole", async () => {
    const database = await make_database();
    server = await Server.start(folder, database ? ["--database", database] : []);
    const set_up = await server.api().post("/api/v1/setup", { token: server.setup_token, email: "ada@example.com", name: "Ada", password: "a long first password", locale: "en" });
    assert.ok(set_up.status < 300, JSON.stringify(set_up.body));
    cookie = set_up.headers["set-cookie"][0].split(";")[0];
    const write_key = (await run(["source", "create", "web", "--kind", "api", ...data])).last_word;
    token = (await run(["token", "create", "story", ...data])).last_word;
    api = server.api({ token });
    tracker = new Tracker(server.api(), write_key);
    assert.equal((await run(["demo-tea", "--files", files, "--customers", "150"])).code, 0);
    const import_demo = (name, kind) => run(["import", join(files, `${name}.csv`), "--as", kind, "--source", name, "--map", join(files, `${name}.map.json`), ...data]);
    const load = new Load("load", tracker);
    const importing = import_demo("orders", "order");
    const tickets = import_demo("tickets", "ticket");
    await sleep(1000);
    const making = run(["backup", target, ...data]);
    // Sources that are made meanwhile send at once: the log must not hold what the snapshot of the database does not know.
    let news = 0;
    let is_over = false;
    const done = making.then(() => (is_over = true));
    for (; !is_over; await Promise.race([done, sleep(20)]), ++news) {
      const key = (await api.post("/api/v1/sources", { name: `new ${news}`, kind: "api" })).body.write_key;
      assert.equal((await new Tracker(server.api(), key).send("track", { userId: `new-${news}`, event: "Came" })).status, 200);
    }
    const made = await making;
    assert.equal(made.code, 0, made.stderr);
    backup = last_json(made);
    assert.equal(backup.target, target);
    assert.ok(news > 0 && backup.events > 100 && backup.bytes > 10_000);
    for (const command of [await importing, await tickets]) assert.equal(command.code, 0, command.stderr);
    await load.stop();
    Object.assign(tracker, { load });

    const verified = await run(["backup", "--verify", target]);
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    const { is_whole, events, position, has_keys } = last_json(verified);
    assert.deepEqual([is_whole, events, position, has_keys], [true, backup.events, backup.position, true]);
    for (const file of files_below(target)) assert.equal(statSync(file).mode & 0o077, 0, `${file} is for its owner alone`);
    const listed = wanted(await api.get("/api/v1/backups"), 200);
    assert.deepEqual([listed.items[0].state, listed.items[0].target, listed.last_whole.id, listed.last_whole.position], ["whole", target, listed.items[0].id, backup.position]);
  });

  test("restored, the folder serves what was there, and takes the rest as if nothing had been", async (t) => {
    const restored = join(fresh_folder(t), "restored");
    const database = await make_database();
    const done = await run(["restore", target, "--data", restored, ...(database ? ["--database", database] : [])]);
    assert.equal(done.code, 0, done.stderr);
    assert.equal(last_json(done).events, backup.events);
    assert.deepEqual(readdirSync(join(restored, "..")), ["restored"], "nothing is left beside it");
    assert.equal((await run(["verify", "--data", restored])).code, 0);
    const second = await Server.start(restored);
    t.after(() => second.stop());
    const its_api = second.api({ token });
    assert.equal(wanted(await its_api.get("/api/v1/customers?limit=1"), 200).items.length, 1, "tokens of that time work");
    assert.equal((await second.api({ cookie }).get("/api/v1/session")).status, 401, "everybody signs in again");
    assert.ok((await second.api().post("/api/v1/session", { email: "ada@example.com", password: "a long first password" })).status < 300);
    assert.equal(existsSync(join(restored, "restored.json")), false);

    // What came after the backup is sent again, and so is everything before: both servers hold the same then.
    const again = new Tracker(second.api(), Buffer.from(tracker.headers.authorization.slice(6), "base64").toString().slice(0, -1));
    let last;
    for (const batch of tracker.load.batches) last = await again.send("batch", { batch });
    assert.equal(last.status, 200);
    const words = (name, kind) => ["import", join(files, `${name}.csv`), "--as", kind, "--source", name, "--map", join(files, `${name}.map.json`), "--data", restored];
    for (const [name, kind] of [["orders", "order"], ["tickets", "ticket"]]) {
      const imported = await run(words(name, kind));
      assert.equal(imported.code, 0, imported.stderr);
    }
    const of_load = ({ customers, orders, tickets }) => ({
      customers: customers.filter(({ identifiers }) => !identifiers.some(({ value }) => value.startsWith("new-"))).map(({ id, ...rest }) => ({ ...rest, identifiers: rest.identifiers.map(({ type, value }) => `${type}:${value}`).sort() }))
        .sort((a, b) => (a.identifiers[0] < b.identifiers[0] ? -1 : 1)).map(({ identifiers, computed }) => ({ identifiers, computed: { ...computed } })),
      orders: orders.map(({ number, total, line_count }) => `${number} ${total} ${line_count}`).sort(),
      tickets: tickets.map(({ number, subject }) => `${number} ${subject}`).sort(),
    });
    assert_same(of_load(await all_of(its_api, last)), of_load(await all_of(api, tracker.load.last)));
  });

  test("of a server at rest, it is restored without a difference", async (t) => {
    const quiet = join(backups, "quiet");
    assert.equal((await api.get("/api/v1/customers?limit=1", seeing(tracker.load.last))).status, 200);
    const before = await all_of(api);
    assert.equal((await run(["backup", quiet, ...data])).code, 0);
    const restored = join(fresh_folder(t), "restored");
    const database = await make_database();
    assert.equal((await run(["restore", quiet, "--data", restored, ...(database ? ["--database", database] : [])])).code, 0);
    const second = await Server.start(restored);
    t.after(() => second.stop());
    assert_same(await all_of(second.api({ token })), before);
    for (const { id, computed } of before.customers.slice(0, 20)) {
      const timeline = await second.api({ token }).all(`/api/v1/customers/${id}/timeline?limit=200`);
      assert.equal(timeline.length, computed.event_count + computed.order_count + computed.ticket_count);
    }
    const audit = readdirSync(join(restored, "audit")).filter((name) => name.endsWith(".log")).map((name) => readFileSync(join(restored, "audit", name), "latin1")).join("");
    assert.match(audit, /"verb":"backup\.restore"/);
    const wrong_place = await run(["restore", quiet, "--data", restored]);
    assert.notEqual(wrong_place.code, 0);
  });

  test("a person backs up into the folder of the settings, and only so many are kept", async () => {
    const kept = join(backups, "kept");
    const settings = wanted(await api.get("/api/v1/backup_settings"), 200);
    assert.equal((await api.post("/api/v1/backups", {})).body.error.code, "backup.no_folder");
    wanted(await api.patch("/api/v1/backup_settings", { folder: kept, hour: 4, keep_count: 2, is_scheduled: true }, { "if-match": String(settings.version) }), 200);
    const made = [];
    for (let i = 0; i < 3; ++i) {
      let one = wanted(await api.post("/api/v1/backups", {}), 201);
      while (one.state === "running") await sleep(30), (one = wanted(await api.get(`/api/v1/backups/${one.id}`), 200));
      assert.equal(one.state, "whole", one.error);
      made.push(one);
      await sleep(1001);
    }
    const names = readdirSync(kept).sort();
    assert.deepEqual(names, made.slice(1).map(({ target }) => target.slice(kept.length + 1)), "the oldest made room");
    assert.ok(wanted(await api.get(`/api/v1/backups/${made[0].id}`), 200).removed_at);
    for (const name of names) assert.equal((await run(["backup", "--verify", join(kept, name)])).code, 0);
    assert.deepEqual([existsSync(target), existsSync(join(backups, "quiet"))], [true, true], "what commands made stays");
  });
}

describe("On the embedded database", () => story(async () => undefined));
describe("On PostgreSQL", () => {
  let postgres;
  before(async () => (postgres = await Postgres.start()));
  after(() => postgres.stop());
  story(async () => postgres.make_database());
});

/** A folder with some events and no server on it. */
async function filled(t, events = 3000) {
  const folder = fresh_folder(t);
  const server = await Server.start(folder);
  const write_key = (await run(["source", "create", "web", "--kind", "api", "--data", folder])).last_word;
  const token = (await run(["token", "create", "story", "--data", folder])).last_word;
  const tracker = new Tracker(server.api(), write_key);
  for (let from = 0; from < events; from += 100)
    wanted(await tracker.send("batch", { batch: Array.from({ length: 100 }, (_, i) => ({ type: "track", userId: `u-${(from + i) % 700}`, messageId: `m-${from + i}`, event: "Ticked", properties: { text: "y".repeat(500) } })) }), 200);
  return { folder, server, token, tracker, write_key, data: ["--data", folder] };
}

describe("A backup that cannot be", () => {
  let rig;
  const leftovers = new Leftovers();
  before(async () => (rig = await filled(leftovers, 500)));
  after(() => leftovers.run());

  const refused = async (words, code, en, zh) => {
    const [english, chinese] = [await run(words), await run([...words, "--lang", "zh-CN"])];
    assert.deepEqual([english.code, chinese.code], [code, code], english.stderr + english.stdout);
    assert.match(english.stderr + english.stdout, en);
    assert.match(chinese.stderr + chinese.stdout, zh);
  };

  test("says so in both languages: inside the data, not empty, not writable, no data, nothing there", async (t) => {
    const { folder, data } = rig, place = fresh_folder(t);
    writeFileSync(join(place, "mine"), "keep me");
    await refused(["backup", join(folder, "backups"), ...data], 2, /lies in the data folder/, /数据目录之内/);
    await refused(["backup", join(place, "..", folder.split("/").at(-1), "x"), ...data], 2, /lies in the data folder/, /数据目录之内/);
    await refused(["backup", place, ...data], 2, /not empty/, /不是空目录/);
    await refused(["backup", join(place, "mine", "deeper"), ...data], 2, /No backup can be written/, /无法在/);
    await refused(["backup", "/proc/onefold-backup", ...data], 2, /No backup can be written/, /无法在/);
    await refused(["backup", join(place, "b"), "--data", join(place, "nothing")], 2, /not a data folder/, /不是数据目录/);
    await refused(["backup", "--verify", place], 1, /There is no backup/, /没有备份/);
    await refused(["restore", place, "--data", join(place, "new")], 2, /There is no backup/, /没有备份/);
    await refused(["backup", ...data], 2, /Say where to/, /请指定目标/);
    assert.deepEqual(readdirSync(place), ["mine"], "nothing was left");
    assert.equal(existsSync(join(folder, "backups")), false);
  });

  test("on a full disk says so and leaves nothing; the server goes on", async (t) => {
    const disk = mkdtempSync(join(tmpdir(), "onefold-disk-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "onefold-story", disk]);
    t.after(() => (execFileSync("umount", ["-l", disk]), rmdirSync(disk)));
    await refused(["backup", join(disk, "b"), ...rig.data], 1, /disk of .* is full.*removed again/, /磁盘已满/);
    assert.deepEqual(readdirSync(disk), []);
    const { items } = wanted(await rig.server.api({ token: rig.token }).get("/api/v1/backups"), 200);
    assert.deepEqual([items[0].state, items[0].error_code], ["failed", "backup.full"]);
    assert.equal((await rig.tracker.send("track", { userId: "u", event: "Still here" })).status, 200);
  });

  test("is not asked for by who may not, nor anywhere by who is not on this host", async (t) => {
    const editor = (await run(["token", "create", "editor", "--role", "editor", ...rig.data])).last_word;
    for (const [method, path] of [["get", "/api/v1/backups"], ["get", "/api/v1/backup_settings"]])
      assert.equal((await rig.server.api({ token: editor })[method](path)).status, 403);
    assert.equal((await rig.server.api({ token: editor }).post("/api/v1/backups", {})).status, 403);
    const admin = rig.server.api({ token: rig.token });
    assert.equal((await admin.post("/api/v1/backups", { target: join(fresh_folder(t), "x") })).body.error.code, "backup.local_target");
    const settings = wanted(await admin.get("/api/v1/backup_settings"), 200);
    const edit = (body) => admin.patch("/api/v1/backup_settings", body, { "if-match": String(settings.version) });
    for (const [body, path] of [[{ folder: "here" }, "/folder"], [{ folder: join(rig.folder, "b") }, "/folder"], [{ folder: "/proc/b" }, "/folder"], [{ is_scheduled: true }, "/folder"], [{ hour: 24 }, "/hour"], [{ keep_count: 0 }, "/keep_count"]])
      assert.equal((await edit(body)).body.error.fields[0]?.path, path, JSON.stringify(body));
    assert.equal((await admin.patch("/api/v1/backup_settings", { hour: 5 }, { "if-match": "99" })).status, 412);
  });
});

describe("A restore", () => {
  test("takes nothing that lost or changed a byte, and leaves nothing then", async (t) => {
    const { folder, server, data } = await filled(t, 500);
    assert.equal((await server.stop()).code, 0);
    const place = fresh_folder(t), whole = join(place, "whole");
    assert.equal((await run(["backup", whole, ...data])).code, 0, "of a folder without a server");
    const random = dice(seed);
    for (const file of files_below(whole)) {
      const broken = join(place, "broken"), name = file.slice(whole.length + 1);
      for (const damage of ["flip", "cut", "gone"]) {
        cpSync(whole, broken, { recursive: true });
        const bytes = readFileSync(file);
        if (bytes.length === 0) continue;
        const at = Math.floor(random() * bytes.length);
        bytes[at] ^= 1 << Math.floor(random() * 8);
        if (damage === "gone") rmSync(join(broken, name));
        else writeFileSync(join(broken, name), damage === "flip" ? bytes : bytes.subarray(0, at));
        const verified = await run(["backup", "--verify", broken]);
        assert.equal(verified.code, 1, `${damage} of ${name} at ${at}: ${verified.stdout}`);
        if (name !== "manifest.json") assert.ok(verified.stdout.includes(name), `${name} is named: ${verified.stdout}`);
        const restored = await run(["restore", broken, "--data", join(place, "new")]);
        assert.notEqual(restored.code, 0);
        assert.deepEqual(readdirSync(place).sort(), ["broken", "whole"], "no new folder");
        rmSync(broken, { recursive: true });
      }
    }
    const mine = join(place, "mine");
    mkdirSync(mine);
    writeFileSync(join(mine, "a"), "a");
    const refused = await run(["restore", whole, "--data", mine, "--lang", "zh-CN"]);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /不是空目录/);
    assert.deepEqual(readdirSync(mine), ["a"]);
    rmSync(join(mine, "a"));
    assert.equal((await run(["restore", whole, "--data", mine])).code, 0, "an empty one is fine");
    assert.notEqual((await run(["restore", whole, "--data", folder])).code, 0, "one that is in use is not");
  });

  test("of a backup without keys needs the keys it was made with", async (t) => {
    const { folder, server, token, data } = await filled(t, 300);
    t.after(() => server.stop());
    const place = fresh_folder(t), bare = join(place, "bare");
    assert.equal((await run(["backup", bare, "--without-keys", ...data])).code, 0);
    assert.deepEqual(["keys.db", "master.key"].filter((name) => existsSync(join(bare, name))), []);
    const without = await run(["restore", bare, "--data", join(place, "new")]);
    assert.equal(without.code, 2);
    assert.match(without.stderr, /--keys/);
    const other = await filled(t, 100);
    t.after(() => other.server.stop());
    const wrong = await run(["restore", bare, "--data", join(place, "new"), "--keys", other.folder]);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /not those/);
    assert.equal((await run(["restore", bare, "--data", join(place, "new"), "--keys", folder])).code, 0);
    const second = await Server.start(join(place, "new"));
    t.after(() => second.stop());
    assert.equal((await second.api({ token }).get("/api/v1/customers?identifier=user_id:u-7")).body.items[0].identifiers[0].value, "u-7");
  });
});
