// R22: kill -9 at the Nth write, sync or message while the tables of an earlier version become those of this one. What starts next finishes it, and loses nothing.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { figures_of, said_by, unpack } from "../story/left.mjs";
import { Server, fresh_folder, run } from "../story/onefold.mjs";
import { Postgres } from "../story/postgres.mjs";
import { missing_in, said_of } from "../story/said.mjs";

const newest = "0003_before_decisions", oldest = "0002_first_tables";
const calls_of = { SQLite: ["fdatasync", "pwrite64"], PostgreSQL: ["sendto"] };

/** A start that strace looks at; with `when`, it is killed at that call of its first thread. Resolves to how often that thread called. */
async function start_under_strace(t, folder, call, when) {
  const told = join(fresh_folder(t), "strace");
  const through = ["strace", "-f", "-q", "-o", told, "-e", `trace=${call},listen`, ...(when ? ["-e", `inject=${call}:signal=SIGKILL:when=${when}`] : [])];
  const server = await Server.start(folder, [], {}, through).catch((error) => error);
  if (server instanceof Error) {
    assert.match(server.message, /the server ended/);
    return { was_killed: true };
  }
  const { pid } = server.child; // strace; the server is its only child
  const first = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  process.kill(Number(first), "SIGTERM");
  await server.ended;
  const lines = readFileSync(told, "utf8").split("\n"); // the thread, and what it called
  const upgrading = lines.slice(0, lines.findLastIndex((line) => line.includes(" listen(")));
  return { was_killed: false, count: upgrading.filter((line) => line.startsWith(`${first} `) && line.includes(` ${call}(`)).length };
}

/** How many migrations stand in a killed folder's database, which is looked at elsewhere so that nothing is touched. */
function migrations_in(t, folder, sql) {
  if (!existsSync(join(folder, "main.db"))) return Number(sql("SELECT COUNT(*) FROM migration")[0]);
  const copy = fresh_folder(t);
  for (const name of ["main.db", "main.db-wal"].filter((name) => existsSync(join(folder, name)))) cpSync(join(folder, name), join(copy, name));
  return Number(spawnSync("sqlite3", [join(copy, "main.db"), "SELECT COUNT(*) FROM migration"], { encoding: "utf8" }).stdout);
}

async function assert_says(folder, name) {
  const server = await Server.start(folder);
  try {
    const { messages, ...then } = said_by(name);
    const api = server.api({ token: figures_of(name).token });
    assert.equal((await api.get("/api/v1/customers?limit=1", { "onefold-min-position": String(then.positions.log_end) })).status, 200);
    assert.deepEqual(missing_in(await said_of(api), then).slice(0, 5), []);
    assert.ok(messages.length > 0);
  } finally {
    assert.deepEqual(await server.stop(), { code: 0, signal: null });
  }
}

/** `tell` gets the figures, once for each database. */
export async function cut_off_upgrades(t, { kills, tell }) {
  const postgres = await Postgres.start();
  t.after(() => postgres.stop());
  for (const [database, ending] of [["SQLite", ""], ["PostgreSQL", "_postgres"]]) {
    const places = [];
    for (const fixture of [oldest, newest])
      for (const call of calls_of[database]) {
        const { folder, sql } = unpack(t, fixture + ending, postgres);
        const before = migrations_in(t, folder, sql);
        const { count, was_killed } = await start_under_strace(t, folder, call);
        assert.ok(!was_killed && migrations_in(t, folder, sql) > before, "nothing was there to be upgraded");
        for (let when = 1; when <= count; ++when) places.push({ fixture: fixture + ending, call, when, before, all: migrations_in(t, folder, sql) });
      }
    const sums = { "killed before the first migration": 0, "between two": 0, "after the last": 0 };
    const wanted = Math.min(kills, places.length);
    let killed = 0;
    for (let i = 0; i < wanted; ++i) {
      const { fixture, call, when, before, all } = places[Math.floor((i + 0.5) * places.length / wanted)];
      const { folder, sql } = unpack(t, fixture, postgres);
      const { was_killed } = await start_under_strace(t, folder, call, when);
      const done = migrations_in(t, folder, sql);
      if (was_killed) ++killed, ++sums[done === before ? "killed before the first migration" : done < all ? "between two" : "after the last"];
      await assert_says(folder, fixture).catch((error) => {
        throw new Error(`${fixture} killed at ${call} ${when}: ${error.message}`);
      });
      if (i % 10 === 0) {
        const { code, stdout, stderr } = await run(["rebuild", "customers", "--data", folder]);
        assert.equal(code, 0, stdout + stderr);
      }
    }
    assert.ok(sums["between two"] > 0, `no kill met the migrations: ${JSON.stringify(sums)}`);
    tell({ database, "places to be killed at": places.length, kills: killed, ...sums, "said something else afterwards": 0, "differences to what the log tells": 0 });
  }
}
