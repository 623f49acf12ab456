// R04: the Nth call of a kind fails, in each thread, as strace lets it. What is acknowledged stays; a failed sync ends the server.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fresh_folder, sleep } from "../story/onefold.mjs";
import { Rig, assert_kept, stored_in } from "./rig.mjs";

const faults = [
  ["fdatasync", "EIO"], ["fsync", "EIO"], ["pwrite64", "EIO"], ["pwrite64", "ENOSPC"], ["pwrite64", "EINTR"], ["write", "EIO"], ["ftruncate", "EIO"],
  ["fallocate", "ENOSPC"], ["openat", "EIO"], ["openat", "EMFILE"], ["rename", "EIO"], ["unlink", "EIO"],
];

/** Lets strace do something to calls of a running server, such as `error=EIO:when=7` in each thread. Resolves once it is attached. */
export async function attach(t, pid, call, what) {
  const told = join(fresh_folder(t), "strace");
  const child = spawn("strace", ["-f", "-p", String(pid), "-o", told, "-e", `trace=${call}`, "-e", `inject=${call}:${what}`], { stdio: ["ignore", "ignore", "pipe"] });
  t.after(() => child.kill("SIGKILL"));
  const ended = new Promise((done) => child.on("close", done));
  let said = "";
  await new Promise((done) => {
    child.stderr.on("data", (text) => (said += text).includes("attached") && done());
    ended.then(done);
  });
  assert.match(said, /attached/, said);
  return { hits: () => (existsSync(told) ? (readFileSync(told, "utf8").match(/\(INJECTED\)/g) ?? []).length : 0), leave: () => leave(child, ended) };
}

/** strace may sit on a thread of a server that is dead, which then never ends for its parent either: it is killed when it does not go. */
async function leave(child, ended) {
  child.kill("SIGINT");
  const alarm = setTimeout(() => child.kill("SIGKILL"), 5000);
  await ended;
  clearTimeout(alarm);
}

async function fail_once(t, rig, fault, name) {
  const trace = await attach(t, rig.server.child.pid, fault.call, `error=${fault.error}:when=${fault.when}`);
  let is_over = false;
  const before = rig.history.requests.length;
  const sending = Array.from({ length: 2 }, (_, i) => rig.send(`${name}-${i}`, { is_over: () => is_over, size: 5, pause_ms: 1 }));
  for (const deadline = Date.now() + 2500; Date.now() < deadline && !rig.server.is_over && trace.hits() === 0; ) await sleep(20);
  const hit_at = rig.history.requests.length;
  if (trace.hits() > 0) await Promise.race([rig.server.ended, sleep(1000)]);
  is_over = true;
  await Promise.all(sending);
  const hits = trace.hits();
  await trace.leave();
  const { code } = await rig.server.stop();
  const refused = rig.history.requests.slice(before).filter(({ state }) => state === "fail");
  assert.ok(refused.every(({ status }) => [429, 500, 503, 507].includes(status)), JSON.stringify(refused.map(({ status }) => status)));
  assert.ok(code === 0 || code === 74, `ended with ${code}: ${rig.server.told.stderr.slice(-500)}`);
  if (fault.call === "fdatasync" && hits > 0) assert.equal(code, 74, "a failed sync did not end the server");
  return { hits, code, after: rig.history.requests.length - hit_at };
}

export async function fail_calls(t, { calls, seed_step = 7, tell }) {
  const rig = await Rig.start(t);
  const sums = { runs: 0, "calls failed": 0, "servers ended with 74": 0, "servers that went on": 0 };
  for (let run = 0; run < calls; ++run) {
    const [call, error] = faults[run % faults.length];
    const when = 1 + (Math.floor(run / faults.length) * seed_step) % 200;
    const told = await fail_once(t, rig, { call, error, when }, `e${run}`).catch((problem) => {
      throw new Error(`${call} ${error} when=${when}: ${problem.message}`);
    });
    ++sums.runs;
    sums["calls failed"] += told.hits;
    ++sums[told.code === 74 ? "servers ended with 74" : "servers that went on"];
    await rig.serve();
    await rig.repeat();
  }
  await rig.assert_counted();
  assert.deepEqual(await rig.server.stop(), { code: 0, signal: null });
  assert_kept(rig.history, await stored_in(rig.folder));
  assert.ok(sums["calls failed"] > calls / 4, "too few calls failed to say anything");
  tell({ ...sums, "events acknowledged": rig.history.count("ok"), "acknowledged and lost": 0, "stored twice": 0 });
}
