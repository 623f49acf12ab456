// What happens when things go wrong: the plug is pulled, a second server comes, files, keys and requests are broken.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { after, before, describe, test } from "node:test";
import { product_of, text_of } from "./csv.mjs";
import { Server, Tracker, counts_of, dice, fresh_folder, run, seeing, sleep } from "./onefold.mjs";
import { Postgres } from "./postgres.mjs";

const seed = Number(process.env.ONEFOLD_SEED ?? Date.now() % 1_000_000);
console.log(`seed ${seed} (set ONEFOLD_SEED to repeat)`);

const order_map = { identifiers: { member: "member_no" }, order: { number: "no", time: "at", lines: { sku: "sku", quantity: "n", price: "price" } } };

/** Sends batches one after the other until the server is gone; each is kept with what is known of it: "ok" was acknowledged, "unknown" was not. */
class Stream {
  constructor(name, random) {
    this.name = name;
    this.random = random;
    this.batches = [];
  }
  async run(tracker) {
    for (this.is_stopped = false; !this.is_stopped; ) {
      const size = 1 + Math.floor(this.random() * 40);
      const number = this.batches.length;
      const batch = { state: "unknown", messages: Array.from({ length: size }, (_, i) => ({
        type: "track", userId: `${this.name}-${i % 5}`, messageId: `${this.name}-${number}-${i}`, event: "Ticked", timestamp: "2026-01-01T00:00:00Z" })) };
      this.batches.push(batch);
      if (!(await this.deliver(tracker, batch))) return;
    }
  }
  /** What is told to come later is sent again, as every sender does; false where no answer came. */
  async deliver(tracker, batch) {
    for (;;) {
      const answer = await tracker.send("batch", { batch: batch.messages }).catch(() => null);
      if (!answer) return false;
      if (answer.status === 200) return (batch.state = "ok"), (this.last = answer), true;
      assert.ok([429, 503].includes(answer.status), `a batch was answered with ${answer.status}`);
      await sleep(100);
    }
  }
  /** The same messages once more, as a sender does that got no answer. */
  async retry(tracker) {
    for (const batch of this.batches) if (batch.state === "unknown") assert.ok(await this.deliver(tracker, batch));
  }
  /** Messages of one user in batches of these states. */
  count(user, ...states) {
    return this.batches.filter(({ state }) => states.includes(state)).flatMap(({ messages }) => messages).filter(({ userId }) => userId === user).length;
  }
  get users() {
    return [0, 1, 2, 3, 4].map((i) => `${this.name}-${i}`);
  }
}

const orders_a_file = 1500;

/** A file of orders of its own, and what must be known once it is in. */
function write_orders(file, round, random) {
  const orders = [], lines = ["no,at,member,sku,n,price"];
  for (let i = 0; i < orders_a_file; ++i) {
    const member = Math.floor(random() * 60);
    let total = 0n;
    for (let line = 1 + Math.floor(random() * 4); line > 0; --line) {
      const [quantity, price] = [`${Math.floor(random() * 9) - 1}`, (random() * 100).toFixed(3)];
      total += product_of(quantity, price);
      lines.push(`R${round}-${i},2026-02-03 04:05:00,M${member},sku,${quantity},${price}`);
    }
    orders.push({ member, total });
  }
  writeFileSync(file, lines.join("\n") + "\n");
  return { rows: lines.length - 1, orders };
}

/** Rounds of: serve, import and receive, pull the plug at a random moment, start again, finish what was begun, and count everything. */
async function pull_the_plug(t, { rounds, database }) {
  const random = dice(seed);
  const folder = fresh_folder(t), files = fresh_folder(t);
  const data = ["--data", folder];
  const map = join(files, "map.json");
  writeFileSync(map, JSON.stringify(order_map));
  let server = await Server.start(folder, database ? ["--database", database] : []);
  t.after(() => server.kill());
  const write_key = (await run(["source", "create", "web", "--kind", "tracker", ...data])).last_word;
  const token = (await run(["token", "create", "faults", ...data])).last_word;
  const import_file = (round) => run(["import", join(files, `${round}.csv`), "--as", "order", "--source", "shop", "--map", map, ...data]);
  const streams = [], written = [];
  let import_ms = 0, killed_imports = 0, killed_batches = 0;

  // The first file comes in undisturbed, to know how long that takes; then the plug is pulled at any moment of that time.
  for (let round = 0; round < rounds || killed_imports < rounds / 2; ++round) {
    assert.ok(round < 5 * rounds, "too few kills come during an import");
    written.push(write_orders(join(files, `${round}.csv`), round, random));
    const stream = new Stream(`s${round}`, random);
    streams.push(stream);
    const tracker = new Tracker(server.api(), write_key);
    const receiving = stream.run(tracker);
    const begun = Date.now();
    const importing = import_file(round);
    if (round === 0) await importing.then(() => (import_ms = Date.now() - begun));
    else await sleep(random() * import_ms);
    await server.kill();
    const [cut] = await Promise.all([importing, receiving]);
    if (cut.code !== 0) ++killed_imports;
    if (stream.batches.at(-1).state === "unknown") ++killed_batches;

    server = await Server.start(folder);
    const api = server.api({ token });
    const again = new Tracker(server.api(), write_key);
    // All that was acknowledged is there, and of what was not at most once what was sent.
    const seen = stream.last && (await again.send("batch", { batch: [] }));
    for (const user of stream.users) {
      const found = seen ? (await api.get(`/api/v1/customers?identifier=user_id:${user}`, seeing(seen))).body.items[0]?.computed.event_count ?? 0 : 0;
      const [least, most] = [stream.count(user, "ok"), stream.count(user, "ok", "unknown")];
      assert.ok(!seen || (found >= least && found <= most), `round ${round}, ${user}: ${found} events, ${least} acknowledged, ${most} sent`);
    }
    // The sender sends again what it got no answer for, and the file is imported again.
    await stream.retry(again);
    const done = await import_file(round);
    assert.equal(done.code, 0, done.stderr);
    const { read, created, updated, unchanged, failed } = counts_of(done);
    assert.deepEqual([read, created + updated + unchanged, updated, failed], [written[round].rows, orders_a_file, 0, 0], `round ${round}`);
    await assert_all_is_there(api, streams, written);
  }
  console.log(`  ${written.length} kills; ${killed_imports} cut an import, ${killed_batches} cut a batch off from its answer; ${streams.reduce((sum, { batches }) => sum + batches.length, 0)} batches in all`);
  assert.deepEqual(await server.stop(), { code: 0, signal: null });
}

async function assert_all_is_there(api, streams, written) {
  const orders = written.flatMap((file) => file.orders);
  const figures = await api.post("/api/v1/query", { object: "order", select: [{ path: "id", aggregate: "count" }, { path: "total", aggregate: "sum" }, { path: "line_count", aggregate: "sum" }] });
  assert.deepEqual(figures.body.rows[0].map(String), [orders.length, text_of(orders.reduce((sum, { total }) => sum + total, 0n)), written.reduce((sum, { rows }) => sum + rows, 0)].map(String));
  const customers = await api.all("/api/v1/customers?limit=1000", seeing(streams.at(-1).last));
  const of = new Map(customers.flatMap((customer) => customer.identifiers.map(({ type, value }) => [`${type}:${value}`, customer.computed])));
  assert.equal(of.size, customers.length);
  for (const stream of streams)
    for (const user of stream.users) assert.equal(of.get(`user_id:${user}`)?.event_count ?? 0, stream.count(user, "ok"), user);
  for (let member = 0; member < 60; ++member) {
    const own = orders.filter((order) => order.member === member);
    if (own.length === 0) continue;
    const { order_count, total_spend, event_count } = of.get(`member_no:M${member}`);
    assert.deepEqual([order_count, total_spend, event_count], [own.length, text_of(own.reduce((sum, { total }) => sum + total, 0n)), 0]);
  }
}

describe("When the plug is pulled", () => {
  test("at least twelve times during imports and batches, nothing acknowledged is lost and nothing is doubled, on SQLite", (t) => pull_the_plug(t, { rounds: 12 }));
  test("at least four times, on PostgreSQL too", async (t) => {
    const postgres = await Postgres.start();
    t.after(() => postgres.stop());
    await pull_the_plug(t, { rounds: 4, database: postgres.make_database() });
  });
});

describe("A folder that is in use", () => {
  test("is refused to a second server, which says so in the user's language", async (t) => {
    const folder = fresh_folder(t);
    const server = await Server.start(folder);
    t.after(() => server.kill());
    const second = ["serve", "--data", folder, "--listen", "127.0.0.1:0"];
    const english = await run(second);
    assert.deepEqual([english.code, english.stdout], [1, ""]);
    assert.match(english.stderr, /is in use by another Onefold process/);
    for (const chinese of [await run(second, { LANG: "zh_CN.UTF-8" }), await run([...second, "--lang", "zh-CN"]), await run(["--lang", "zh-CN", ...second])]) {
      assert.equal(chinese.code, 1);
      assert.match(chinese.stderr, /正被另一个归一进程使用/);
    }
    assert.deepEqual(await server.stop(), { code: 0, signal: null });
  });

  test("is free again after its server was killed", async (t) => {
    const folder = fresh_folder(t);
    await (await Server.start(folder)).kill();
    await (await Server.start(folder)).stop();
  });
});

describe("SIGTERM", () => {
  test("ends the server cleanly while requests run, and no acknowledged message is lost", async (t) => {
    const folder = fresh_folder(t);
    let server = await Server.start(folder);
    t.after(() => server.kill());
    const write_key = (await run(["source", "create", "web", "--kind", "tracker", "--data", folder])).last_word;
    const token = (await run(["token", "create", "faults", "--data", folder])).last_word;
    const random = dice(seed);
    const streams = [0, 1, 2, 3].map((i) => new Stream(`t${i}`, random));
    const receiving = streams.map((stream) => stream.run(new Tracker(server.api(), write_key)));
    await sleep(700);
    assert.deepEqual(await server.stop(), { code: 0, signal: null });
    streams.forEach((stream) => (stream.is_stopped = true));
    await Promise.all(receiving);
    server = await Server.start(folder);
    const api = server.api({ token });
    const tracker = new Tracker(server.api(), write_key);
    for (const stream of streams) {
      assert.ok(stream.batches.filter(({ state }) => state === "ok").length > 0);
      await stream.retry(tracker);
      for (const user of stream.users)
        assert.equal((await api.customer(`user_id:${user}`, seeing(stream.last))).computed.event_count, stream.count(user, "ok"), user);
    }
    assert.deepEqual(await server.stop(), { code: 0, signal: null });
  });

  test("stops an import, which goes on by itself at the next start", async (t) => {
    const folder = fresh_folder(t), files = fresh_folder(t);
    const server = await Server.start(folder);
    t.after(() => server.kill());
    const [file, map] = [join(files, "orders.csv"), join(files, "map.json")];
    const lines = Array.from({ length: 60_000 }, (_, i) => `N${i},2026-02-03,${i % 5000},sku,1,1`);
    writeFileSync(file, `no,at,member,sku,n,price\n${lines.join("\n")}\n`);
    writeFileSync(map, JSON.stringify(order_map));
    const words = ["import", file, "--as", "order", "--source", "shop", "--map", map, "--data", folder];
    const importing = run(words);
    await sleep(400);
    assert.deepEqual(await server.stop(), { code: 0, signal: null });
    assert.equal((await importing).code, 1);
    const again = await run(words); // with no server: the command opens the folder itself, where the first goes on before this one
    assert.equal(again.code, 0, again.stderr);
    assert.deepEqual(counts_of(again), { read: 60_000, created: 0, updated: 0, unchanged: 60_000, failed: 0 });
    const token = (await run(["token", "create", "t", "--data", folder])).last_word;
    const later = await Server.start(folder);
    t.after(() => later.kill());
    const imports = (await later.api({ token }).get("/api/v1/imports")).body.items;
    assert.deepEqual(imports.map(({ state }) => state), ["finished", "finished"]);
    assert.deepEqual(imports[1].counts, { read: 60_000, created: 60_000, updated: 0, unchanged: 0, failed: 0 });
    await later.stop();
  });
});

describe("Broken input", () => {
  const folder = fresh_folder({ after }), files = fresh_folder({ after });
  const data = ["--data", folder];
  let server, api, write_key;
  before(async () => {
    server = await Server.start(folder);
    write_key = (await run(["source", "create", "web", "--kind", "tracker", ...data])).last_word;
    api = server.api({ token: (await run(["token", "create", "faults", ...data])).last_word });
  });
  after(() => server?.stop());

  const file_of = (name, content) => {
    const file = join(files, name);
    writeFileSync(file, content);
    return file;
  };
  const good_file = () => file_of("good.csv", "no,at,member,sku,n,price\nA1,2026-01-02,7,cup,1,2.5\n");
  const import_with = (file, map, { kind = "order", environment } = {}) =>
    run(["import", file, "--as", kind, "--source", "shop", ...(map === undefined ? [] : ["--map", file_of("map.json", typeof map === "string" ? map : JSON.stringify(map))]), ...data], environment);
  const nothing_came_in = async () => assert.deepEqual((await api.get("/api/v1/orders")).body.items, []);

  test("a wrong file is refused by name", async () => {
    for (const [file, says] of [
      [join(files, "missing.csv"), /missing\.csv/], [files, new RegExp(files)], [file_of("empty.csv", ""), /empty/],
      [file_of("binary.csv", Buffer.from([0x00, 0x01, 0x02, 0x80, 0x0a, 0x81, 0x0a])), /NUL byte/], [file_of("cut.csv.gz", gzipSync("no,at\n1,2\n".repeat(99)).subarray(0, 20)), /gzip/],
    ]) {
      const done = await import_with(file, order_map);
      assert.equal(done.code, 2, `${file}: ${done.stdout}${done.stderr}`);
      assert.match(done.stderr, says);
    }
    await nothing_came_in();
  });

  test("each mistake in a map is named by its place, all at once", async () => {
    const { order, identifiers } = order_map;
    for (const [map, ...places] of [
      [{ identifiers, order, ordr: {} }, "/ordr"],
      [{ identifiers: { member: "memberno" }, order }, "/identifiers/member"],
      [{ identifiers: { Member: "member_no" }, order }, "/identifiers/Member"],
      [{ identifiers: { member: 7 }, order }, "/identifiers/member"],
      [{ identifiers: [], order }, "/identifiers"],
      [{ identifiers, fields: { sku: "colour" }, order }, "/fields/sku"],
      [{ identifiers, fields: { sku: "name", at: "name" }, order }, "/fields/at"],
      [{ identifiers }, "/order"],
      [{ identifiers, order: { number: "no" } }, "/order/time"],
      [{ identifiers, order: { ...order, total: "price" } }, "/order/total"],
      [{ identifiers, order: { ...order, time: "when", lines: { quantity: "n" } } }, "/order/time", "/order/lines/price"],
      [[], "/"],
    ]) {
      const done = await import_with(good_file(), map);
      assert.equal(done.code, 2, JSON.stringify(map));
      const named = done.stderr.trim().split("\n").slice(1).map((line) => /^ {2}(\S+): \S/.exec(line)?.[1]);
      assert.deepEqual(named, places, done.stderr);
    }
    const bad_json = await import_with(good_file(), '{"identifiers": {},\n "order": {,}}');
    assert.equal(bad_json.code, 2);
    assert.match(bad_json.stderr, /map\.json: Line 2, column/);
    assert.equal((await import_with(good_file(), order_map, { kind: "ticket" })).code, 2);
    assert.equal((await import_with(good_file(), undefined)).code, 2, "orders cannot be guessed");
    await nothing_came_in();
  });

  test("bad rows are counted and listed with line and column, the others come in", async () => {
    const rows = ["no,at,member,sku,n,price", "B1,2026-01-02,7,cup,1,2.5", "B2,yesterday,7,cup,1,2.5", "B3,2026-01-02,7,cup,one,2.5", "B4,2026-01-02,7,cup,1", ",2026-01-02,7,cup,1,1", "B5,2026-01-03,7,cup,2,2.5", 'B6,2026-01-03,7,"cup,2,2.5'];
    const done = await import_with(file_of("rows.csv", rows.join("\n") + "\n"), order_map);
    assert.equal(done.code, 1);
    assert.deepEqual(counts_of(done), { read: 7, created: 2, updated: 0, unchanged: 0, failed: 5 });
    for (const place of ["line 3, at", "line 4, n", "line 5", "line 6, no", "line 8"]) assert.match(done.stdout, new RegExp(`^error: ${place}: \\S`, "m"));
    const chinese = await import_with(join(files, "rows.csv"), order_map, { environment: { LANG: "zh_CN.UTF-8" } });
    assert.match(chinese.stdout, /[\u4e00-\u9fff]/);
    const listed = (await api.get("/api/v1/imports")).body.items[1]; // the newest is the Chinese one
    const latest = (await api.get(`/api/v1/imports/${listed.id}`)).body;
    assert.deepEqual([latest.state, latest.counts.failed, latest.problems.filter(({ is_warning }) => !is_warning).map(({ line }) => line)], ["finished", 5, [3, 4, 5, 6, 8]]);
    const [order] = (await api.get("/api/v1/orders?sort=number")).body.items;
    assert.deepEqual([order.number, order.total], ["B1", "2.5"]);
  });

  test("a wrong key, wrong JSON, too much, and a wrong method are each told apart", async () => {
    const tracker = new Tracker(server.api(), write_key);
    const refused = async (answer, status, code, place) => {
      const { status: got, body, headers } = await answer;
      assert.deepEqual([got, body.error.code], [status, code], JSON.stringify(body));
      assert.ok(body.error.message.length > 10);
      if (place) assert.match(`${body.error.message} ${body.error.fields.map(({ path, message }) => `${path} ${message}`).join(" ")}`, place);
      return headers;
    };
    await refused(new Tracker(server.api(), "nobody").send("track", { userId: "x", event: "y" }), 401, "tracking.unknown_write_key");
    await refused(server.api({ token: "nobody" }).get("/api/v1/customers"), 401, "access.bad_token");
    await refused(tracker.send("track", '{"userId": "x",\n "event": }'), 400, "http.bad_json", /Line 2, column 11/);
    await refused(api.post("/api/v1/query", '{"object": "order"'), 400, "http.bad_json", /Line 1, column/);
    await refused(api.post("/api/v1/query", '{"object":"order","object":"ticket"}'), 400, "http.duplicate_key", /object/);
    await refused(tracker.send("batch", '{"batch":[],"sentAt":"x","sentAt":"y"}'), 400, "http.duplicate_key", /sentAt/);
    const kept = await tracker.send("track", '{"userId":"x","userId":"y","event":"e"}');
    assert.deepEqual([kept.status, kept.headers["onefold-refused"]], [200, "1"]);
    await refused(tracker.send("batch", { batch: [], filler: "x".repeat(600 << 10) }), 400, "tracking.too_large");
    await refused(tracker.send("batch", { batch: [], filler: "x".repeat(2 << 20) }), 413, "http.too_large");
    await refused(api.post("/api/v1/query", { object: "x".repeat(2 << 20) }), 413, "http.too_large");
    assert.equal((await refused(api.delete("/api/v1/customers"), 405, "http.method_not_allowed")).allow, "GET, HEAD");
    await refused(api.get("/api/v1/nothing"), 404, "http.no_such_path");
    await refused(api.send("POST", "/api/v1/query", "a=b", { "content-type": "application/x-www-form-urlencoded" }), 415, "http.not_json");
    const chinese = await server.api().get("/api/v1/customers", { "accept-language": "zh-CN,zh;q=0.9" });
    assert.match(chinese.body.error.message, /[\u4e00-\u9fff]/);
  });

  test("bytes that are no request at all are answered and end the connection", async () => {
    const { hostname, port } = new URL(server.url);
    for (const bytes of ["nonsense\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "POST /v1/track HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"]) {
      const answer = await new Promise((done, failed) => {
        let text = "";
        const socket = connect(Number(port), hostname, () => socket.write(bytes));
        socket.on("data", (part) => (text += part)).on("end", () => (socket.end(), done(text))).on("error", failed);
      });
      assert.match(answer, /^HTTP\/1\.1 400 /);
    }
    assert.equal((await api.get("/healthz")).status, 200);
  });

  test("commands used wrongly end with 2 and say what is wrong", async () => {
    for (const words of [
      [], ["fly"], ["serve"], ["serve", "--data"], ["serve", ...data, "--listen", "8080"], ["serve", ...data, "--listen", "127.0.0.1:99999"], ["serve", ...data, "--speed", "9"],
      ["import", ...data], ["import", good_file(), ...data], ["import", good_file(), "--as", "cake", "--source", "s", ...data],
      ["source", "create", "x", ...data], ["source", "create", "x", "--kind", "cake", ...data], ["source", "create", "y", "--kind", "api", "--zone", "Mars/Base", ...data],
      ["source", "create", "y", "--kind", "api", "--currency", "XX", ...data], ["token", "create", "x", "--role", "king", ...data],
      ["user", "create", "x@example.com", "--role", "admin", ...data], ["user", "create", "x@example.com", "--role", "admin", "--password-file", join(files, "none"), ...data],
      ["user", "create", "x@example.com", "--role", "admin", "--password-file", file_of("short", "abc"), ...data], ["demo", "--files", files, "--customers", "0"], ["demo"], ["demo", "--files", files, "--typos", "1001"], ["--lang", "fr", "token", "create", "x", ...data],
    ]) {
      const done = await run(words);
      assert.deepEqual([done.code, done.stderr.trim() !== ""], [2, true], `onefold ${words.join(" ")}: ${done.code} ${done.stdout} ${done.stderr}`);
    }
    const chinese = await run(["source", "create", "y", "--kind", "api", "--zone", "Mars/Base", ...data], { LC_ALL: "zh_CN.UTF-8" });
    assert.match(chinese.stderr, /[\u4e00-\u9fff]/);
  });

  test("a certificate that is none, a port that is taken, and a folder that cannot be, are told", async () => {
    const taken = new URL(server.url).host;
    for (const [words, says] of [
      [["serve", "--data", fresh_folder({ after }), "--listen", taken], new RegExp(taken.split(":")[1])],
      [["serve", "--data", fresh_folder({ after }), "--listen", "127.0.0.1:0", "--certificate", good_file(), "--key", good_file()], /certificate|key/],
      [["serve", "--data", join(good_file(), "below"), "--listen", "127.0.0.1:0"], /good\.csv/],
      [["serve", "--data", fresh_folder({ after }), "--listen", "127.0.0.1:0", "--database", "mysql://nowhere"], /postgres:\/\//],
      [["serve", "--data", fresh_folder({ after }), "--listen", "127.0.0.1:0", "--database", "postgres:///x?host=/nowhere"], /PostgreSQL|database/],
    ]) {
      const done = await run(words);
      assert.ok(done.code === 1 || done.code === 2, words.join(" "));
      assert.match(done.stderr, says);
    }
  });

  test("and after all that the server is as well as before", async () => {
    assert.deepEqual((await api.get("/readyz")).body, { status: "ready", degraded: [] });
    assert.equal(readFileSync(join(files, "good.csv"), "utf8").length > 0, true);
    assert.equal((await import_with(good_file(), order_map)).code, 0);
  });
});
