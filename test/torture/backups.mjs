// R20: a backup is killed at random moments, under load and of a folder at rest. None verifies and is incomplete; one that verifies is restored and holds
// all that was acknowledged before it began, and customers that are what its log tells.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Tracker, dice, fresh_folder, program, run, sleep } from "../story/onefold.mjs";
import { Rig, stored_in } from "./rig.mjs";

const events_before = 20_000, senders = 3;

async function fill(rig) {
  const tracker = new Tracker(rig.server.api(), rig.key);
  for (let from = 0; from < events_before; from += 100) {
    const batch = Array.from({ length: 100 }, (_, i) => ({ type: "track", userId: `u-${(from + i) % 700}`, messageId: `first-${from + i}`, event: "Ticked", timestamp: "2026-01-01T00:00:00Z", properties: { text: "y".repeat(500) } }));
    const request = Object.assign(rig.history.begin(batch.map(({ messageId }) => messageId)), { messages: batch });
    assert.equal((await tracker.send("batch", { batch })).status, 200);
    request.state = "ok";
  }
}

/** Backs up a folder that no server has open; killed after `wait_ms`. Resolves once it is over. */
async function back_up_at_rest(folder, target, wait_ms) {
  const child = spawn(program, ["backup", target, "--data", folder], { stdio: "ignore" });
  const ended = new Promise((done) => child.on("close", done));
  await Promise.race([ended, sleep(wait_ms)]);
  child.kill("SIGKILL");
  await ended;
}

/** What verifies is restored, opened and counted. `acknowledged`: message ids that must be in it. */
async function assert_whole(t, target, { acknowledged, sent, database }) {
  const restored = join(fresh_folder(t), "restored");
  const done = await run(["restore", target, "--data", restored, ...(database ? ["--database", database] : [])]);
  assert.equal(done.code, 0, done.stderr);
  const verified = await run(["verify", "--data", restored]);
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);
  const stored = new Set(await stored_in(restored));
  const lost = acknowledged.filter((id) => !stored.has(id));
  assert.deepEqual([lost.slice(0, 5), [...stored].filter((id) => !sent.has(id)).slice(0, 5)], [[], []], "acknowledged before it began and lost, and never sent");
  const rebuilt = await run(["rebuild", "customers", "--data", restored]);
  assert.equal(rebuilt.code, 0, rebuilt.stdout + rebuilt.stderr);
  rmSync(restored, { recursive: true });
}

async function assert_cut(place, target) {
  const verified = await run(["backup", "--verify", target]);
  assert.match(verified.stderr, /never finished|There is no backup/);
  const there = readdirSync(place);
  assert.notEqual((await run(["restore", target, "--data", join(place, "restored")])).code, 0);
  assert.deepEqual(readdirSync(place), there, "a restore of what is not whole leaves nothing");
}

/** At least `kills`, and as many more as are needed until half of them cut a backup short. `postgres`: instead of SQLite. */
export async function cut_off_backups(t, { kills, seed = 1, postgres, tell }) {
  const random = dice(seed), place = fresh_folder(t);
  const database = () => postgres?.make_database();
  const url = database();
  const rig = await Rig.start(t, { words: url ? ["--database", url] : [] });
  await fill(rig);
  const sums = { "cut short": 0, "finished before the kill": 0 };
  const all = () => Object.values(sums).reduce((sum, count) => sum + count, 0);
  let took_ms = 0;
  for (let round = 0; all() < kills || sums["cut short"] < kills / 2; ++round) {
    assert.ok(round < 3 * kills, `too few kills cut a backup short: ${JSON.stringify(sums)}`);
    const target = join(place, `b${round}`), is_at_rest = round % 4 === 3;
    const acknowledged = rig.history.requests.filter(({ state }) => state === "ok").flatMap(({ ids }) => ids);
    if (is_at_rest) {
      assert.deepEqual(await rig.server.stop(), { code: 0, signal: null });
      await back_up_at_rest(rig.folder, target, random() * took_ms * 1.1);
    } else {
      const sending = Array.from({ length: senders }, (_, i) => rig.send(`r${round}-${i}`, { is_over: () => false, pause_ms: 2 }));
      const begun = Date.now();
      const making = run(["backup", target, "--data", rig.folder]);
      if (round === 0) await making.then(() => (took_ms = Date.now() - begun)); // the first comes to its end
      else await sleep(random() * took_ms * 1.1);
      await rig.server.kill();
      await Promise.all([making, ...sending]);
    }
    const is_whole = (await run(["backup", "--verify", target])).code === 0;
    ++sums[is_whole ? "finished before the kill" : "cut short"];
    const sent = new Set(rig.history.requests.flatMap(({ ids }) => ids));
    if (is_whole) await assert_whole(t, target, { acknowledged, sent, database: database() });
    else await assert_cut(place, target);
    assert.ok(round > 0 || is_whole);
    await rig.serve();
    await rig.repeat();
    const noted = (await rig.server.local_api().get("/api/v1/backups")).body.items.find((item) => item.target === target);
    if (noted) assert.deepEqual([noted.state, noted.error_code ?? null], is_whole ? ["whole", null] : ["failed", "backup.interrupted"]);
    if (!is_whole && round % 5 === 0 && existsSync(target)) {
      assert.equal((await run(["backup", target, "--data", rig.folder])).code, 0, "what was cut short makes room");
      assert.equal((await run(["backup", "--verify", target])).code, 0);
    }
    rmSync(target, { recursive: true, force: true });
  }
  assert.deepEqual(await rig.server.stop(), { code: 0, signal: null });
  tell({ database: postgres ? "PostgreSQL" : "SQLite", kills: all(), ...sums, "verified and incomplete": 0, "a backup takes, ms": took_ms, "events acknowledged": rig.history.count("ok") });
}
