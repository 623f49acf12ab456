// `onefold rebuild customers`: what is derived of customers is what the log and the files tell; a planted difference is found.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Server, Tracker, dice, fresh_folder, run, seeing, sleep } from "./onefold.mjs";
import { Postgres } from "./postgres.mjs";

const seed = Number(process.env.ONEFOLD_SEED ?? Date.now() % 1_000_000);
console.log(`seed ${seed} (set ONEFOLD_SEED to repeat)`);
const path = "/api/v1/rebuilds/customers";

const succeed = async (...words) => {
  const done = await run(words);
  assert.equal(done.code, 0, `${words.join(" ")}: ${done.stdout}${done.stderr}`);
  return done;
};

/** A generated company out of files, and visitors who sign in, share browsers, buy, send back and belong to companies. */
async function busy_house(t, words = []) {
  const folder = fresh_folder(t), files = fresh_folder(t), random = dice(seed), data = ["--data", folder];
  const server = await Server.start(folder, words);
  t.after(() => server.kill());
  await succeed("demo-tea", "--files", files, "--customers", "40", "--seed", "7");
  for (const [name, kind, source] of [["customers", "customer", "crm"], ["orders", "order", "shop"], ["tickets", "ticket", "desk"], ["events", "event", "old site"]])
    await succeed("import", join(files, `${name}.csv`), "--as", kind, "--source", source, "--map", join(files, `${name}.map.json`), ...data);
  const write_key = (await succeed("source", "create", "web", "--kind", "tracker", ...data)).last_word;
  const token = (await succeed("token", "create", "rebuild", ...data)).last_word;
  const tracker = new Tracker(server.api(), write_key), api = server.api({ token });
  const pick = (most) => Math.floor(random() * most);
  let sent = 0, completed = 0, last;
  const send = async (count) => {
    const batch = Array.from({ length: count }, () => {
      const who = { userId: `u-${pick(12)}`, ...(pick(2) && { anonymousId: `b-${pick(8)}` }), messageId: `m-${sent++}`, timestamp: new Date(Date.UTC(2026, 0, 1 + pick(60), pick(24), pick(60))).toISOString() };
      const kind = pick(6);
      if (kind === 1) ++completed; // each of nine orders is there, whatever chance says
      return [
        { type: "identify", ...who, traits: { name: `Name ${pick(9)}`, ...(pick(3) === 0 && { email: `e${pick(6)}@example.com` }) } },
        { type: "track", ...who, event: "Order Completed", properties: { order_id: `O-${completed % 9}`, total: pick(100), currency: "CNY" } },
        { type: "track", ...who, event: "Order Refunded", properties: { order_id: `O-${pick(9)}`, total: 1 } },
        { type: "group", ...who, groupId: `g-${pick(3)}`, traits: { name: "Acme", role: "buyer" } },
        { type: "alias", userId: who.userId, previousId: `b-${pick(8)}`, messageId: who.messageId, timestamp: who.timestamp },
        { type: "page", anonymousId: `b-${pick(8)}`, name: "Home", messageId: who.messageId, timestamp: who.timestamp },
      ][kind];
    });
    do {
      if (last?.status === 429) await sleep(1000 * Number(last.headers["retry-after"] ?? 1));
      last = await tracker.send("batch", { batch });
    } while (last.status === 429); // more than a source may send in a second
    assert.equal(last.status, 200);
  };
  for (let i = 0; i < 6; ++i) await send(50);
  await api.get("/api/v1/customers", seeing(last));
  return { folder, data, server, token, api, send };
}

const rebuild = async (data, ...more) => {
  const done = await run(["rebuild", "customers", ...data, ...more]);
  return { ...done, outcome: done.code === 2 ? null : JSON.parse(done.last_line) };
};

async function expect_equal(data) {
  const { code, stdout, stderr, outcome } = await rebuild(data);
  assert.equal(code, 0, stdout + stderr);
  assert.equal(outcome.differences, 0);
  return outcome;
}

describe("Customers, made a second time", () => {
  test("are equal, with a server on the folder and without; a planted difference is named", async (t) => {
    const { folder, data, server, token } = await busy_house(t);
    const { compared, events } = await expect_equal(data);
    assert.ok(events >= 300 && compared.node > 50 && compared.claim > 100 && compared.customer >= 40 && compared.activity === compared.customer && compared.membership > 3 && compared.order === 9, JSON.stringify(compared));
    await server.stop();
    assert.deepEqual((await expect_equal(data)).compared, compared);

    const sql = (text) => execFileSync("sqlite3", [join(folder, "main.db"), text], { encoding: "utf8" }).trim();
    const [customer, name] = sql("SELECT n.subject_key, c.name FROM customer c JOIN node n ON n.customer_id = c.id WHERE c.state = 'active' AND c.name IS NOT NULL AND n.subject_key LIKE 'user_id:%' LIMIT 1").split("|");
    assert.ok(name);
    sql(`UPDATE customer SET name = 'Planted' WHERE id = (SELECT customer_id FROM node WHERE subject_key = '${customer}')`);
    const found = await rebuild(data);
    assert.equal(found.code, 1, found.stderr);
    assert.equal(found.outcome.differences, 1);
    assert.match(found.stdout, new RegExp(`^different: customer .*: name is "Planted", by the log "${name}"$`, "m"));
    assert.match((await rebuild(data, "--lang", "zh-CN")).stdout, new RegExp(`^不一致：customer .*：name 现为 "Planted"，按事件日志应为 "${name}"$`, "m"));
    sql(`UPDATE customer SET name = '${name}' WHERE name = 'Planted'`);

    sql("UPDATE customer_activity SET event_count = event_count + 1 WHERE customer_id = (SELECT MIN(customer_id) FROM customer_activity WHERE event_count > 0)");
    sql("UPDATE record_order SET total = total + 1000000 WHERE number = 'O-3'");
    const two = await rebuild(data);
    assert.equal(two.code, 1);
    assert.match(two.stdout, /^different: activity .*: event_count is "\d+", by the log "\d+"$/m);
    assert.match(two.stdout, /^different: order web O-3: total is "\d+", by the log "\d+"$/m);

    const again = await Server.start(folder);
    t.after(() => again.kill());
    const answer = await again.api({ token }).post(path);
    assert.deepEqual([answer.status, answer.body.is_running], [200, true]);
    for (const deadline = Date.now() + 60_000; ; await sleep(50)) {
      const { is_running, last_rebuilt } = (await again.api({ token }).get(path)).body;
      assert.ok(Date.now() < deadline);
      if (is_running) continue;
      assert.equal(last_rebuilt.differences, 2);
      assert.deepEqual(last_rebuilt.first_differences.map(({ what, field }) => [what, field]), [["activity", "event_count"], ["order", "total"]]);
      break;
    }
    const viewer = again.api({ token: (await succeed("token", "create", "v", "--role", "viewer", ...data)).last_word });
    assert.deepEqual([(await viewer.get(path)).status, (await viewer.post(path)).status], [403, 403]);
  });

  test("are compared at one position while events come in, and after kill -9", async (t) => {
    const { folder, data, server, send } = await busy_house(t);
    let is_over = false;
    const sending = (async () => {
      while (!is_over) await send(20);
    })();
    for (let i = 0; i < 3; ++i) await expect_equal(data);
    is_over = true;
    await sending;
    for (let i = 0; i < 4; ++i) await send(50);
    await server.kill();
    const events = (await expect_equal(data)).events;
    assert.ok(events > 300);
    assert.equal((await run(["rebuild", "customers", "--data", join(folder, "onefold.lock")])).code, 2);
  });

  test("are the same out of PostgreSQL", async (t) => {
    const postgres = await Postgres.start();
    t.after(() => postgres.stop());
    const { data } = await busy_house(t, ["--database", postgres.make_database()]);
    await expect_equal(data);
  });

  test("cannot be compared where the log does not tell all", async (t) => {
    const { folder, data, server } = await busy_house(t);
    await server.stop();
    const file = readdirSync(join(folder, "log")).filter((name) => name.endsWith(".log")).map((name) => join(folder, "log", name))[0];
    const bytes = readFileSync(file);
    bytes[Math.floor(bytes.indexOf("Order Completed") + 3)] ^= 0x10;
    writeFileSync(file, bytes);
    const { code, stderr } = await rebuild(data);
    assert.equal(code, 2);
    assert.match(stderr, /The event log does not tell all .* nothing was changed\./);
  });
});
