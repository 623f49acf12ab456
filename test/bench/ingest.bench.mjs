// Durable events a second over HTTP with everything running (customers, timeline and columns follow), beside its two limits: writing and syncing the same
// bytes without a server, and a route that does nothing. Server and load share the machine's cores.
import { execFile } from "node:child_process";
import { closeSync, fdatasyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { load, tell, with_server } from "./server.mjs";

const execute = promisify(execFile);
const seconds = Number(process.env.ONEFOLD_BENCH_SECONDS ?? 8);
const frame_bytes = 650; // of one of these events in the log

/** User and system time of a process, in microseconds. */
function cpu_us(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** Events a second when each group of `events` is written and synced, one after the other. */
function bare_append(folder, events) {
  const bytes = Buffer.alloc(events * frame_bytes, 7);
  const file = openSync(join(folder, "bare"), "w");
  const begun = process.hrtime.bigint();
  let groups = 0;
  while (process.hrtime.bigint() - begun < 2_000_000_000n) {
    writeSync(file, bytes);
    fdatasyncSync(file);
    ++groups;
  }
  closeSync(file);
  return (groups * events) / (Number(process.hrtime.bigint() - begun) / 1e9);
}

async function null_handler(url) {
  const { stdout } = await execute("wrk", ["-t1", "-c64", `-d${seconds}s`, `${url}/healthz`]);
  return Number(/Requests\/sec:\s*([\d.]+)/.exec(stdout)[1]);
}

const folder = mkdtempSync(join(tmpdir(), "onefold-bench-"));
try {
  await with_server({ folder }, async ({ url, port, command, pid, ready_ms }) => {
    tell({ what: "start on an empty folder until ready", value: ready_ms, unit: "ms", limit: { at_most: 1000 }, command: "onefold serve" });
    const key = (await command("source", "create", "bench", "--kind", "api")).split(/\s+/).at(-1);
    for (const [name, batch, connections, limit] of [["batches of 50", 50, 32, { at_least: 100_000 }], ["single messages", 1, 128, { at_least: 15_000 }]]) {
      await load("ingest", { port, key, batch, connections, seconds: 1, prefix: `w${batch}` });
      const cpu = cpu_us(pid);
      const told = await load("ingest", { port, key, batch, connections, seconds, prefix: `b${batch}` });
      const command_line = `load ingest --batch ${batch} --connections ${connections} --seconds ${seconds}`;
      tell({ what: `durable events, ${name}, everything running`, value: told.events_per_s, unit: "events/s", limit, command: command_line });
      tell({ what: `${name}: p99 until the answer`, value: told.p99_ms, unit: "ms", limit: batch === 1 ? { at_most: 50 } : undefined, command: command_line });
      tell({ what: `${name}: the server's processor time an event, with all that follows meanwhile`, value: (cpu_us(pid) - cpu) / told.events, unit: "us", command: command_line });
      const bare = bare_append(folder, batch * connections);
      tell({ what: `${name}: the first limit, write and fdatasync of groups of ${batch * connections}`, value: bare, unit: "events/s", command: "test/bench/ingest.bench.mjs" });
    }
    tell({ what: "the second limit, a route that does nothing, 64 connections", value: await null_handler(url), unit: "requests/s", command: `wrk -t1 -c64 -d${seconds}s /healthz` });
  });
  // Of a server that has done nothing else: what it needs for a connection is not hidden by what it gives back of its work.
  await with_server({}, async ({ port, pid }) => {
    const idle = await load("idle", { port, connections: 10_000, seconds: 3, server: pid });
    tell({ what: "memory of each of 10,000 idle connections, on a server just started", value: idle.kib_each, unit: "KiB", limit: { at_most: 40 }, command: "load idle --connections 10000" });
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
