// Data folders that earlier versions left (fixtures/, made by script/fixture) open in this one, say what they said, and go on.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { figures_of, names_of_left, said_by, unpack } from "./left.mjs";
import { Server, Tracker, run, seeing, sleep } from "./onefold.mjs";
import { Postgres } from "./postgres.mjs";
import { missing_in, said_of } from "./said.mjs";

let postgres;
before(async () => (postgres = await Postgres.start()));
after(() => postgres.stop());

async function served(t, folder) {
  const server = await Server.start(folder);
  t.after(() => server.kill());
  return server;
}
async function until_visible(api) {
  const end = /^onefold_log_end_position (\d+)/m.exec((await api.get("/metrics")).body)[1];
  assert.equal((await api.get("/api/v1/customers?limit=1", { "onefold-min-position": end })).status, 200);
}
const rebuild = async (folder) => {
  const { code, stdout, stderr } = await run(["rebuild", "customers", "--data", folder]);
  assert.equal(code, 0, stdout + stderr);
  assert.equal(JSON.parse(stdout.trim().split("\n").at(-1)).differences, 0);
};

/** Every customer with all of its timeline. */
async function assert_counts(api, left) {
  const customers = await api.all("/api/v1/customers?limit=1000");
  assert.equal(customers.length, left.customers);
  assert.equal(customers.reduce((sum, { computed }) => sum + computed.event_count, 0), left.events);
  assert.equal((await api.all("/api/v1/orders?limit=1000")).length, left.orders);
  for (const customer of customers) {
    const timeline = await api.all(`/api/v1/customers/${customer.id}/timeline?limit=200`);
    const { event_count, order_count, ticket_count } = customer.computed;
    assert.equal(timeline.length, event_count + order_count + ticket_count, `the timeline of customer ${customer.id}`);
    assert.equal((await api.get(`/api/v1/customers/${customer.id}/lineage`)).status, 200);
  }
}

/** What was sent to the earlier version is known; what is new is counted once. */
async function assert_goes_on(server, left, said) {
  const tracker = new Tracker(server.api(), left.write_key), api = server.api({ token: left.token });
  let last;
  for (let at = 0; at < said.messages.length; at += 100) last = await tracker.send("batch", { batch: said.messages.slice(at, at + 100) });
  const users = [...new Set(said.messages.map(({ userId }) => userId).filter(Boolean))].sort();
  const count_of = async (user) => (await api.customer(`user_id:${user}`, seeing(last))).computed.event_count;
  const counts = await Promise.all(users.map(count_of));
  last = await tracker.send("batch", { batch: users.map((userId) => ({ type: "track", userId, messageId: `new ${userId}`, event: "Came back" })) });
  assert.equal(last.status, 200);
  for (const [i, user] of users.entries()) assert.ok((await count_of(user)) > counts[i], user);
  await sleep(2500); // until what is written behind is written
  assert.equal((await api.all("/api/v1/customers?limit=1000")).reduce((sum, { computed }) => sum + computed.event_count, 0), left.events + users.length);
}

describe("A data folder of an earlier version", () => {
  test("there are several, on both databases", () => assert.ok(names_of_left.length > 1 && names_of_left.some((name) => figures_of(name).database === "PostgreSQL")));
  for (const name of names_of_left)
    test(`${name} opens, says what it said, and goes on`, async (t) => {
      const left = figures_of(name), said = said_by(name);
      const { folder } = unpack(t, name, postgres);
      let server = await served(t, folder);
      const api = server.api({ token: left.token });
      await until_visible(api);
      if (said) {
        const { messages, ...then } = said;
        const now = await said_of(api);
        assert.deepEqual(missing_in(now, then).slice(0, 10), []);
        await rebuild(folder);
        await assert_goes_on(server, left, said);
        await rebuild(folder);
      } else await assert_counts(api, left);
      assert.deepEqual(await server.stop(), { code: 0, signal: null });
      server = await served(t, folder);
      assert.deepEqual(await server.stop(), { code: 0, signal: null });
    });

  for (const name of names_of_left.slice(-2))
    test(`${name} made by a newer version is refused in both languages, and nothing changes`, async (t) => {
      const { folder, sql } = unpack(t, name, postgres), left = figures_of(name);
      const server = await served(t, folder);
      assert.deepEqual(await server.stop(), { code: 0, signal: null });
      sql("INSERT INTO migration(room, number, name, checksum, at) VALUES ('customer', 9999, '9999_to_come', 'x', 0)");
      const tables = sql("SELECT COUNT(*) FROM migration");
      for (const [language, says] of [["en", /written by a newer version of Onefold \(migration customer\/9999\)\. Nothing was changed/], ["zh-CN", /由更新版本的 Onefold 写入（迁移 customer\/9999）。未做任何更改/]])
        for (const words of [["serve", "--listen", "127.0.0.1:0"], ["rebuild", "customers"], ["token", "create", "x"]]) {
          const refused = await run([...words, "--data", folder, "--lang", language]);
          assert.notEqual(refused.code, 0, words.join(" "));
          assert.match(refused.stderr, says);
        }
      assert.deepEqual(sql("SELECT COUNT(*) FROM migration"), tables);
      sql("DELETE FROM migration WHERE number = 9999");
      await assert_counts((await served(t, folder)).api({ token: left.token }), left);
    });
});
