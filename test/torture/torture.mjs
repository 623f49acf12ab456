// script/torture: runs the deep parts that are named (all unless named) and writes their figures to docs/torture.md, where other parts' stay.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { Postgres } from "../story/postgres.mjs";
import { cut_off_backups } from "./backups.mjs";
import { send_broken } from "./broken_requests.mjs";
import { harm_columns } from "./columns.mjs";
import { bear_a_slow_disk, bear_slow, hold_idle, overload } from "./crowds.mjs";
import { cut_off_deciding } from "./decisions.mjs";
import { flip_bytes } from "./flips.mjs";
import { compute_any } from "./expressions.mjs";
import { fill_the_disk } from "./full_disk.mjs";
import { fail_calls } from "./io_errors.mjs";
import { fuzz_doors, fuzz_readers } from "./fuzz.mjs";
import { cut_off_at_random } from "./kills.mjs";
import { send_repeated } from "./repeated.mjs";
import { stop_under_load } from "./stops.mjs";
import { cut_off_upgrades } from "./upgrades.mjs";

const page = "docs/torture.md";
const sanitized = "build/asan/onefold";

const parts = {
  R01: { bar: "kill -9 at random times during ingest, imports, merges, unmerges and undos: nothing acknowledged is lost, nothing stored twice, no decision stands in part; at least 1,000 events a second, ready again within 5 s at p99", run: async (t, is_quick, tell) => {
    await cut_off_at_random(t, { kills: is_quick ? 10 : 200, is_timed: !is_quick, tell });
    await cut_off_deciding(t, { kills: is_quick ? 10 : 200, tell });
  } },
  R04: { bar: "the Nth system call fails (N = 1…200, as far as it is made so often), with EIO, ENOSPC, EDQUOT, EINTR or a short write: no false acknowledgement, no damage, 74 within 1 s of a failed sync, a clean start", run: (t, is_quick, tell) => fail_calls(t, { n_max: is_quick ? 3 : 200, tell }) },
  R05: { bar: "a full disk: 507 or 503 within 1 s, reads serve, nothing is lost, writes resume within 10 s", run: (t, is_quick, tell) => fill_the_disk(t, { rounds: is_quick ? 2 : 20, is_timed: !is_quick, tell }) },
  R07: { bar: "single bits rot in the event log, in the audit log, in a backup: all are found", run: (t, is_quick, tell) => flip_bytes(t, { flips: is_quick ? 25 : 500, tell }) },
  R08: { bar: "the columns' file is lost, damaged or cannot be replayed: ready within 5 s, rebuilt at 20,000 events a second, the same answers", run: (t, is_quick, tell) => harm_columns(t, { harms: is_quick ? 8 : 50, events: is_quick ? 50_000 : 200_000, is_timed: !is_quick, tell }) },
  R09: { bar: "10 % duplicates, shuffled, 5 senders that repeat: exactly the distinct set is stored and counted", run: (t, is_quick, tell) => send_repeated(t, { events: is_quick ? 100_000 : 1_000_000, tell }) },
  R16: { bar: "10,000 keep-alive connections for 10 minutes, 500 requests a second over them: at most 40 KiB each, no error, answered within 50 ms at p99; 18,000 still answer; beyond the limit 503", run: (t, is_quick, tell) =>
    hold_idle(t, { connections: is_quick ? 2_000 : 10_000, seconds: is_quick ? 5 : 600, at_most: is_quick ? 3_000 : 18_000, is_timed: !is_quick, tell }) },
  R17: { bar: "4,000 slow clients: cut within 15 s, while normal ones are all served within 200 ms at p99; thousands of ranges cost no more than the whole", run: (t, is_quick, tell) =>
    bear_slow(t, { connections: is_quick ? 500 : 4_000, seconds: 30, is_timed: !is_quick, tell }) },
  R18: { bar: "three times of what can be done: goodput at least 0.8 of the peak, the rest refused with Retry-After within 100 ms, none waits for more than 2 s, recovered a second later; a slow disk likewise", run: async (t, is_quick, tell) => {
    await overload(t, { seconds: is_quick ? 5 : 20, is_timed: !is_quick, tell });
    await bear_a_slow_disk(t, { seconds: is_quick ? 5 : 20, is_timed: !is_quick, tell });
  } },
  R20: { bar: "a backup that is killed never verifies unless it is whole: restored, it holds all that was acknowledged before it began", run: (t, is_quick, tell) => cut_off_backups(t, { kills: is_quick ? 20 : 60, tell }) },
  R22: { bar: "a data folder of an earlier version, killed while its tables are upgraded, says what it said", run: (t, is_quick, tell) => cut_off_upgrades(t, { kills: is_quick ? 6 : 100, tell }) },
  R23: { bar: "SIGTERM under load: no answer cut, nothing acknowledged lost, stopped within 10 s", run: (t, is_quick, tell) => stop_under_load(t, { stops: is_quick ? 3 : 50, tell }) },
  R25: { bar: "on PostgreSQL: kill -9 during ingest and imports (R01), decisions (R01) and backups (R20); upgrades (R22) are in their own row", run: async (t, is_quick, tell) => {
    const postgres = await Postgres.start();
    t.after(() => postgres.stop());
    await cut_off_at_random(t, { kills: is_quick ? 3 : 20, postgres, tell });
    await cut_off_deciding(t, { kills: is_quick ? 5 : 100, postgres, tell });
    await cut_off_backups(t, { kills: is_quick ? 4 : 20, postgres, tell });
  } },
  fuzz: { bar: "S01: any bytes at each reader of what comes from outside: no crash, no undefined behaviour, none takes 10 s", run: (t, is_quick, tell) => fuzz_readers(t, { seconds: is_quick ? 10 : 60, tell }) },
  doors: { bar: "S01: ten million inputs at each reader of the doors, JSON, HTTP framing and tracking routes: no crash, no undefined behaviour, none takes 10 s", run: (t, is_quick, tell) => fuzz_doors(t, { runs: is_quick ? 100_000 : 10_000_000, tell }) },
  S14: { bar: "any expression, under sanitizers: a value or a typed error, none beyond its budget", run: (t, is_quick, tell) => compute_any(t, { trees: is_quick ? 20_000 : 4_000_000, texts: is_quick ? 5_000 : 1_000_000, tell }) },
  S01: { bar: "broken requests over sockets: no crash, none hangs for a second", program: sanitized, run: (t, is_quick, tell) => send_broken(t, { requests: is_quick ? 5_000 : 1_000_000, tell }) },
};

/** Stands in for a test: what `after` is given is done in the end, the last first. */
class Leftovers {
  #works = [];
  after = (work) => this.#works.unshift(work);
  async run() {
    for (const work of this.#works.splice(0)) await work();
  }
}

async function run_part(name, is_quick) {
  const { run } = parts[name];
  const figures = [], begun = Date.now(), leftovers = new Leftovers();
  let failure = "";
  try {
    await run(leftovers, is_quick, (told) => (figures.push(told), console.log(`${name}  ${JSON.stringify(told)}`)));
  } catch (error) {
    failure = error.message;
    console.log(`${name}  FAILED: ${failure.slice(0, 3000)}`);
  } finally {
    await leftovers.run();
  }
  return { name, figures, failure, seconds: Math.round((Date.now() - begun) / 1000) };
}

/** The rows of the page that is there, by part. */
function rows_of(file) {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  return new Map([...text.matchAll(/^\| ([RS]\d\d|fuzz|doors) \|.*$/gm)].map(([row, name]) => [name, row]));
}

function row_of({ name, figures, failure, seconds }, is_quick) {
  const words = figures.map((told) => Object.entries(told).map(([what, value]) => `${what}: ${typeof value === "number" ? value.toLocaleString("en-US") : value}`).join("; ")).join("<br>");
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  const outcome = failure ? `**failed**: ${failure.split("\n")[0].slice(0, 200)}` : "held";
  return `| ${name} | ${parts[name].bar} | ${outcome} | ${words} | \`script/torture ${name}${is_quick ? " --quick" : ""}\`, ${new Date().toISOString().slice(0, 10)}, ${commit}, ${seconds} s |`;
}

const words = process.argv.slice(2);
const is_quick = words.includes("--quick");
const named = words.filter((word) => !word.startsWith("--"));
const unknown = named.filter((name) => !parts[name]);
if (unknown.length > 0) {
  console.error(`no part ${unknown.join(", ")}; there are ${Object.keys(parts).join(", ")}`);
  process.exit(2);
}
const results = [];
for (const name of named.length > 0 ? named : Object.keys(parts)) {
  const { program } = parts[name];
  if (program && process.env.ONEFOLD !== program && existsSync(program)) {
    // The program under test is chosen when a process begins.
    const { status } = spawnSync(process.execPath, [import.meta.filename, name, ...(is_quick ? ["--quick"] : [])], { stdio: "inherit", env: { ...process.env, ONEFOLD: program } });
    results.push({ failure: status === 0 ? "" : "failed" });
    continue;
  }
  const result = await run_part(name, is_quick);
  results.push(result);
  const rows = rows_of(page).set(name, row_of(result, is_quick));
  writeFileSync(page, [
    "# What the torture showed", "",
    "Written by `make torture` (script/torture); not edited by hand. A part that was not run keeps its row. What is quick runs in `make test` as well (test/torture).", "",
    `${cpus().length} × ${/^model name\s*:\s*(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1] ?? "unknown"}.`, "",
    "| bar | what must hold | outcome | figures | command, day, commit, duration |", "|---|---|---|---|---|",
    ...[...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row), "",
  ].join("\n"));
}
process.exitCode = results.some(({ failure }) => failure) ? 1 : 0;
