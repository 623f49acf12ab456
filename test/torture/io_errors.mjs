// R04: the Nth call of a kind fails, in each thread, as strace lets it; or writes half, as a preloaded library lets it. What is acknowledged stays; a failed sync
// ends the server at once.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Leftovers, fresh_folder, run, sleep } from "../story/onefold.mjs";
import { hits_in } from "./hits.mjs";
import { Rig, assert_kept, stored_in } from "./rig.mjs";

const calls = ["fdatasync", "pwrite64", "write", "fsync", "openat", "ftruncate", "fallocate", "rename", "unlink"];
const errors = ["EIO", "ENOSPC", "EDQUOT", "EINTR"];
const short_calls = ["pwrite64", "write"];
const syncs = ["fdatasync", "fsync"];
const made_often = ["fdatasync", "pwrite64"]; // every N is reached
const step = 40; // where a server goes on, one life sees the Nth, the (N + step)th, … call fail
const first_hit_within_ms = 3000, next_hit_within_ms = 400, life_ms = 4000;

/** Lets strace do something to calls of a running server, such as `error=EIO:when=7` in each thread. Resolves once it is attached. */
export async function attach(t, pid, call, what) {
  const told = join(fresh_folder(t), "strace");
  const child = spawn("strace", ["-f", "-y", "-ttt", "-p", String(pid), "-o", told, "-e", `trace=${call}`, "-e", `inject=${call}:${what}`], { stdio: ["ignore", "ignore", "pipe"] });
  t.after(() => child.kill("SIGKILL"));
  const ended = new Promise((done) => child.on("close", done));
  let said = "";
  await new Promise((done) => {
    child.stderr.on("data", (text) => (said += text).includes("attached") && done());
    ended.then(done);
  });
  assert.match(said, /attached/, said);
  return { hits: () => (existsSync(told) ? hits_in(readFileSync(told, "utf8")) : []), leave: () => leave(child, ended) };
}

/** strace may sit on a thread of a server that is dead, which then never ends for its parent either: it is killed when it does not go. */
async function leave(child, ended) {
  child.kill("SIGINT");
  const alarm = setTimeout(() => child.kill("SIGKILL"), 5000);
  await ended;
  clearTimeout(alarm);
}

function build_short(folder) {
  const library = join(folder, "short.so");
  execFileSync("cc", ["-shared", "-fPIC", "-O1", "-o", library, join(import.meta.dirname, "short_writes.c")]);
  return library;
}

/** Serves with the fault: resolves to {hits, leave}, whose hits are {thread, at_ms, path}. */
async function serve_with(t, rig, { call, error, first, library }) {
  if (error !== "short") {
    await rig.serve();
    await rig.repeat();
    return attach(t, rig.server.child.pid, call, `error=${error}:when=${first}+${step}`);
  }
  const told = join(fresh_folder(t), "short");
  rig.environment = { LD_PRELOAD: library, ONEFOLD_SHORT: `${call} ${first} ${step} ${told}` };
  await rig.serve();
  await rig.repeat();
  const hits = () => (existsSync(told) ? readFileSync(told, "utf8").trim().split("\n").map((thread) => ({ thread })) : []);
  return { hits, leave: async () => {} };
}

/** Which N of the bar were seen by these hits: of each thread the first is the `first`, and so on. */
function seen_by(hits, first) {
  const times = new Map();
  for (const { thread } of hits) times.set(thread, (times.get(thread) ?? 0) + 1);
  return new Set([...times.values()].flatMap((count) => Array.from({ length: count }, (_, i) => first + i * step)));
}

/** Files that acknowledgements depend on; all else in a folder is derived, and made again. */
const is_truth = (rig, path) =>
  path?.startsWith(rig.folder) && /^\/(log|audit)(\/[^/]*(?<!\.ids)\.(log|new))?$|^\/(main|keys)\.db/.test(path.slice(rig.folder.length));

async function live(t, rig, fault, name, n_max) {
  const trace = await serve_with(t, rig, fault);
  let is_over = false;
  const before = rig.history.requests.length, begun = Date.now();
  const sending = Array.from({ length: 2 }, (_, i) => rig.send(`${name}-${i}`, { is_over: () => is_over, size: 5, pause_ms: 1 }));
  for (let hits = [], hit_at = begun; !rig.server.is_over && Date.now() - begun < life_ms; await sleep(10)) {
    const now = trace.hits();
    if (now.length > hits.length) hit_at = Date.now();
    hits = now;
    if (Date.now() - hit_at > (hits.length === 0 ? first_hit_within_ms : next_hit_within_ms)) break;
    if (seen_by(hits, fault.first).has(fault.first + step * Math.floor((n_max - fault.first) / step))) break;
  }
  // A server that must end is given a second for it.
  const must_end_by = (hit) => syncs.includes(fault.call) && is_truth(rig, hit.path);
  const fatal = trace.hits().find(must_end_by);
  if (fatal) await Promise.race([rig.server.ended, sleep(1000)]);
  const ended_after_ms = fatal && Date.now() - fatal.at_ms, has_ended = rig.server.is_over;
  is_over = true;
  await Promise.all(sending);
  const hits = trace.hits();
  await trace.leave();
  const { code } = await rig.server.stop();
  const sent = rig.history.requests.slice(before);
  const statuses = [...new Set(sent.filter(({ state }) => state === "fail").map(({ status }) => status))];
  assert.deepEqual(statuses.filter((status) => ![429, 500, 503, 507].includes(status)), []);
  assert.ok(code === 0 || code === 74, `ended with ${code}: ${rig.server.told.stderr.slice(-500)}`);
  if (fatal) {
    assert.ok(has_ended && code === 74, `a failed sync of ${fatal.path} did not end the server within a second: ${code}`);
    assert.ok(ended_after_ms <= 1000, `ended ${ended_after_ms} ms after a failed sync`);
    const after = sent.filter(({ state, begun_ms }) => state === "ok" && begun_ms > fatal.at_ms + 5);
    assert.equal(after.length, 0, `${after.length} requests were acknowledged that began after a failed sync`);
  }
  return { hits, code, fatal: fatal ? 1 : 0, ended_after_ms };
}

/** One call with one error, for N = 1…n_max, as far as the call is made so often. */
async function sweep(call, error, n_max, library) {
  const t = new Leftovers();
  try {
    const rig = await Rig.start(t), seen = new Set();
    await rig.server.stop();
    const sums = { call, error, lives: 0, hits: 0, ended: 0, fatal: 0, slowest_ms: 0 };
    for (let first = 1, missed = 0; first <= n_max && missed < 2; ++first) {
      if (seen.has(first)) continue;
      const told = await live(t, rig, { call, error, first, library }, `${call}-${error}-${first}`, n_max).catch((problem) => {
        throw new Error(`${call} ${error} when=${first}: ${problem.message}`);
      });
      if (told.hits.length === 0) ++missed;
      for (const n of seen_by(told.hits, first)) if (n <= n_max) seen.add(n);
      ++sums.lives;
      sums.hits += told.hits.length;
      sums.ended += told.code === 74 ? 1 : 0;
      sums.fatal += told.fatal;
      sums.slowest_ms = Math.max(sums.slowest_ms, told.ended_after_ms ?? 0);
    }
    rig.environment = {};
    await rig.serve();
    await rig.repeat();
    await rig.assert_counted();
    assert.deepEqual(await rig.server.stop(), { code: 0, signal: null });
    assert_kept(rig.history, await stored_in(rig.folder));
    const verified = await run(["verify", "--data", rig.folder]);
    assert.equal(verified.code, 0, `${call} ${error}: ${verified.stdout}${verified.stderr}`);
    rmSync(rig.folder, { recursive: true });
    return { ...sums, seen: seen.size, acknowledged: rig.history.count("ok") };
  } finally {
    await t.run();
  }
}

export async function fail_calls(t, { n_max, only = calls, tell }) {
  const library = build_short(fresh_folder(t));
  const kinds = only.flatMap((call) => [...errors, ...(short_calls.includes(call) ? ["short"] : [])].map((error) => [call, error]));
  const rest = [...kinds], done = [], failures = [];
  const take_turns = async () => {
    for (let kind; (kind = rest.shift()); )
      await sweep(...kind, n_max, library).then((sums) => (done.push(sums), console.log(`R04  ${JSON.stringify(sums)}`)), (error) => void failures.push(error));
  };
  await Promise.all([take_turns(), take_turns()]);
  const sum = (of, name) => of.reduce((all, each) => all + each[name], 0);
  for (const call of only) {
    const of = done.filter((sums) => sums.call === call);
    tell({ call, "N reached, by error": of.map(({ error, seen }) => `${error} ${seen}`).join(", "), "calls failed": sum(of, "hits"), servers: sum(of, "lives"),
      "of them ended with 74": sum(of, "ended"), ...(syncs.includes(call) && { "after a failed sync of what is acknowledged": sum(of, "fatal"), "ended within, slowest ms": Math.max(0, ...of.map(({ slowest_ms }) => slowest_ms)) }) });
  }
  tell({ "events acknowledged": sum(done, "acknowledged"), "acknowledged and lost": 0, "stored twice": 0, "acknowledged after a failed sync": 0, damages: 0 });
  const passing = done.filter(({ call, error, ended }) => ["ENOSPC", "EDQUOT"].includes(error) && ["pwrite64", "fallocate"].includes(call) && ended > 0);
  assert.deepEqual(passing.map(({ call, error, ended }) => `${call} ${error} ${ended}`), [], "servers ended by a full disk or quota, which passes");
  assert.equal(failures.length, 0, failures.map(({ message }) => message).join("\n\n"));
  const short = done.filter(({ call, error, seen }) => made_often.includes(call) && error !== "short" && seen < n_max);
  assert.deepEqual(short.map(({ call, error, seen }) => `${call} ${error} ${seen}`), [], "calls that did not fail for every N");
}
