// A backup of a gigabyte while events come in: how long it takes, and what it costs those who send. Backups follow each other as long as the load lasts, so
// that its p99 is that of a server which always backs up. Server, load and backup share the machine's cores and its disk.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { load, tell, with_server } from "./server.mjs";

const execute = promisify(execFile);
const megabytes = Number(process.env.ONEFOLD_BENCH_BACKUP_MB ?? 1000);
const seconds = Number(process.env.ONEFOLD_BENCH_SECONDS ?? 20);
const rate = 100; // requests a second, of 50 events
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

async function positions(url) {
  const text = await (await fetch(`${url}/metrics`)).text();
  const figure = (name) => Number(new RegExp(`^onefold_${name} (\\d+)`, "m").exec(text)[1]);
  return { end: figure("log_end_position"), visible: figure("visible_position") };
}

const folder = mkdtempSync(join(tmpdir(), "onefold-bench-"));
const targets = mkdtempSync(join(tmpdir(), "onefold-bench-backups-"));
try {
  await with_server({ folder }, async ({ url, port, command }) => {
    const key = (await command("source", "create", "bench", "--kind", "api")).split(/\s+/).at(-1);
    for (let round = 0; (await positions(url)).end < megabytes * 1e6; ++round) await load("ingest", { port, key, batch: 50, connections: 16, seconds: 1, prefix: `f${round}` });
    for (let at = await positions(url); at.visible < at.end; at = await positions(url)) await sleep(100);
    const paced = (prefix) => load("ingest", { port, key, batch: 50, connections: 16, seconds, "requests-per-s": rate, prefix });

    const quiet = await paced("quiet");
    const made = [];
    let is_over = false;
    const backing_up = (async () => {
      for (let number = 0; !is_over; ++number) {
        const target = join(targets, String(number), "backup"); // alone in its folder: none is a second name of another's files
        made.push(JSON.parse((await command("backup", target)).split("\n").at(-1)));
        if (number > 0) rmSync(join(targets, String(number)), { recursive: true });
      }
    })();
    const busy = await paced("busy").finally(() => (is_over = true));
    await backing_up;

    const size = `${(made[0].bytes / 1e9).toFixed(2)} GB`;
    const slowest = Math.max(...made.map(({ bytes, took_ms }) => took_ms / 1000 / (bytes / 1e9)));
    const line = "onefold backup TARGET --data DIR";
    tell({ what: `backup of ${size} while ${rate * 50} events/s come in, the slowest of ${made.length}`, value: slowest, unit: "s/GB", limit: { at_most: 60 }, command: line });
    tell({ what: "p99 until the answer without a backup", value: quiet.p99_ms, unit: "ms", command: `load ingest --requests-per-s ${rate}` });
    tell({ what: "p99 until the answer while backups are made", value: busy.p99_ms, unit: "ms", command: `load ingest --requests-per-s ${rate}` });
    tell({ what: "the second as a multiple of the first", value: busy.p99_ms / quiet.p99_ms, unit: "times", limit: { at_most: 2 }, command: "test/bench/backup.bench.mjs" });

    const begun = Date.now();
    await execute("build/onefold", ["backup", "--verify", join(targets, "0", "backup")]);
    tell({ what: `verifying a backup of ${size}`, value: (Date.now() - begun) / 1000, unit: "s", command: "onefold backup --verify SOURCE" });
    const restoring = Date.now();
    await execute("build/onefold", ["restore", join(targets, "0", "backup"), "--data", join(targets, "restored")]);
    tell({ what: `restoring it, every byte proved`, value: (Date.now() - restoring) / 1000, unit: "s", limit: { at_most: 300 }, command: "onefold restore SOURCE --data DIR" });
  });
} finally {
  for (const path of [folder, targets]) rmSync(path, { recursive: true, force: true });
}
