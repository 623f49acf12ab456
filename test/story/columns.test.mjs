// The columns for analysis are derived: whatever happens to their file, the server serves, and the same rows come back.
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { break_log, end_of, figures, harms, live, settled } from "./columns.mjs";
import { Server, Tracker, dice, fresh_folder, run, sleep } from "./onefold.mjs";

const seed = Number(process.env.ONEFOLD_SEED ?? Date.now() % 1_000_000);
console.log(`seed ${seed} (set ONEFOLD_SEED to repeat)`);

const names = ["Product Viewed", "Cart Changed", "Order Completed", "Page Left", "Searched"];

/** `count` events of several shapes; every value follows from its number. */
const messages = (begin, count) =>
  Array.from({ length: count }, (_, i) => begin + i).map((n) => ({
    type: "track", event: names[n % names.length], userId: `u${n % 17}`, messageId: `m${n}`, timestamp: new Date(Date.UTC(2026, 0, 1 + (n % 20), n % 24)).toISOString(),
    properties: { n, amount: n / 8, sku: `A${n % 13}`, is_new: n % 3 === 0, at: new Date(Date.UTC(2025, 0, 1, 0, 0, n)).toISOString(), tags: [n % 4], deep: { of: `${n % 5}` }, ...(n % 10 === 0 && { amount: `${n}` }) },
  }));

async function send(tracker, begin, count) {
  for (let at = begin; at < begin + count; at += 500) {
    const answer = await tracker.send("batch", { batch: messages(at, Math.min(500, begin + count - at)) });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
  }
}

async function begun(t) {
  const folder = fresh_folder(t);
  const server = await Server.start(folder);
  t.after(() => server.kill());
  const write_key = (await run(["source", "create", "shop", "--kind", "api", "--data", folder])).last_word;
  const token = (await run(["token", "create", "check", "--data", folder])).last_word;
  return { folder, server, token, write_key };
}

describe("The columns", () => {
  test("tell every event once, with its properties and their types", async (t) => {
    const { server, token, write_key } = await begun(t);
    const api = server.api({ token });
    assert.deepEqual((await api.get("/api/v1/event_types")).body, { items: [], next: null, left_out_count: 0 });
    await send(new Tracker(server.api(), write_key), 0, 1000);
    await settled(api, await end_of(api));
    const { items, details } = await figures(api);
    assert.deepEqual(items.map(({ name, event_count }) => [name, event_count]).sort(), names.map((name) => [name, 200]).sort());
    assert.deepEqual(details.map(({ customer_count }) => customer_count), names.map(() => 17));
    const changed = details.find(({ name }) => name === "Cart Changed").properties;
    assert.deepEqual(changed.find(({ path }) => path === "amount").types.map(({ type, count }) => [type, count]), [["number", 200]]);
    const viewed = details.find(({ name }) => name === "Product Viewed").properties;
    assert.deepEqual(viewed.find(({ path }) => path === "amount").types.map(({ type, count }) => [type, count]).sort(), [["number", 100], ["text", 100]]);
    assert.deepEqual(Object.fromEntries(viewed.map(({ path, types }) => [path, types.map(({ type }) => type).sort().join()])), { n: "number", amount: "number,text", sku: "text", is_new: "flag", at: "time", tags: "json", "deep/of": "text" });
  });

  test("are for those who may read, and rebuilt by those who administer", async (t) => {
    const { folder, server } = await begun(t);
    assert.equal((await server.api().get("/api/v1/event_types")).status, 401);
    const viewer = server.api({ token: (await run(["token", "create", "v", "--role", "viewer", "--data", folder])).last_word });
    assert.equal((await viewer.get("/api/v1/event_types")).status, 200);
    assert.equal((await viewer.post("/api/v1/columns/rebuild", {})).status, 403);
    assert.equal((await viewer.get("/api/v1/event_types/7")).status, 404);
    assert.equal((await viewer.get("/api/v1/event_types?after=x")).status, 400);
  });

  // The plug is pulled in the middle of the stream; what counts is exact afterwards.
  test("hold each event exactly once after kill -9 at any moment", async (t) => {
    const random = dice(seed);
    let { folder, server, token, write_key } = await begun(t);
    let sent = 0;
    for (let round = 0; round < 6; ++round) {
      const tracker = new Tracker(server.api(), write_key);
      for (let i = 0; i < 4; ++i) await send(tracker, sent, 250), (sent += 250);
      await sleep(random() * 700);
      await server.kill();
      server = await Server.start(folder);
      t.after(() => server.kill());
    }
    const api = server.api({ token });
    await settled(api, await end_of(api));
    const { items } = await figures(api);
    assert.deepEqual(items.map(({ event_count }) => event_count), names.map(() => sent / names.length));
    const command = await run(["rebuild", "columns", "--data", folder]);
    assert.equal(command.code, 0, command.stdout + command.stderr);
    const { events, days, differences, is_compared } = JSON.parse(command.last_line);
    assert.deepEqual({ events, days, differences, is_compared }, { events: sent, days: 20, differences: 0, is_compared: true });
  });

  test("are put aside and made again when their file is gone, cut, flipped or ends its reader, while the server serves", async (t) => {
    const random = dice(seed + 1);
    let { folder, server, token, write_key } = await begun(t);
    await send(new Tracker(server.api(), write_key), 0, 6000);
    let api = server.api({ token });
    await settled(api, await end_of(api));
    const before = await figures(api);
    for (const [harm, work] of Object.entries(harms)) {
      await server.stop();
      assert.ok(existsSync(live(folder)), "a clean stop leaves the file");
      work(folder, random);
      server = await Server.start(folder); // ready, whatever became of the columns
      t.after(() => server.kill());
      api = server.api({ token });
      await settled(api, await end_of(api));
      // A broken block that nobody has read yet is found by the first question.
      await figures(api).catch(() => null);
      await settled(api, await end_of(api));
      assert.deepEqual(await figures(api), before, harm);
    }
    assert.ok(readdirSync(join(folder, "columns")).filter((name) => /quarantine-[^.]*(\.\d+)?Z$/.test(name)).length <= 2, "only a few files are kept aside");
  });

  test("survive a log that ends whoever replays it", async (t) => {
    let { folder, server, token, write_key } = await begun(t);
    await send(new Tracker(server.api(), write_key), 0, 900);
    let api = server.api({ token });
    await settled(api, await end_of(api));
    const before = await figures(api);
    await server.kill(); // leaves a log to replay
    break_log(folder);
    server = await Server.start(folder);
    t.after(() => server.kill());
    api = server.api({ token });
    await settled(api, await end_of(api));
    assert.deepEqual(await figures(api), before);
    assert.equal(Number(/onefold_columns_quarantined_total (\d+)/.exec((await api.get("/metrics")).body)[1]), 1);
  });

  test("are rebuilt by a command, with a server on the folder and without", async (t) => {
    const { folder, server, write_key } = await begun(t);
    await send(new Tracker(server.api(), write_key), 0, 400);
    await settled(server.local_api(), await end_of(server.api()));
    const outcome_of = async () => {
      const { code, last_line } = await run(["rebuild", "columns", "--data", folder]);
      const { events, days, differences, is_compared } = JSON.parse(last_line);
      return { code, events, days, differences, is_compared };
    };
    const expected = { code: 0, events: 400, days: 20, differences: 0, is_compared: true };
    assert.deepEqual(await outcome_of(), expected);
    await server.stop();
    assert.deepEqual(await outcome_of(), expected);
    assert.equal((await run(["rebuild", "nothing", "--data", folder])).code, 2);
  });
});
