// The demo company: how fast its files are written and in how much memory, and how long it takes until all of the one that `make run` opens is visible.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tell, with_server } from "./server.mjs";

const onefold = "build/onefold";
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const gigabytes = (folder) => readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0) / 1e9;

/** Writes the files; resolves to seconds and the most memory that it held. */
async function write(folder, customers) {
  const begun = performance.now();
  const child = spawn(onefold, ["demo", "--files", folder, "--customers", String(customers)], { stdio: ["ignore", "ignore", "inherit"] });
  let memory_mib = 0, code;
  const ended = new Promise((done) => child.on("exit", (status) => done((code = status ?? -1))));
  while (code === undefined) {
    try {
      memory_mib = Math.max(memory_mib, Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? 0) / 1024);
    } catch {} // it has ended
    await Promise.race([ended, sleep(100)]);
  }
  if (code !== 0) throw new Error(`demo --files ended with ${code}`);
  return { seconds: (performance.now() - begun) / 1000, memory_mib };
}

async function until_visible(url) {
  for (;;) {
    const text = await (await fetch(`${url}/metrics`)).text();
    const figure = (name) => Number(new RegExp(`^onefold_${name} (\\d+)`, "m").exec(text)[1]);
    if (figure("visible_position") >= figure("log_end_position")) return;
    await sleep(20);
  }
}

const files = mkdtempSync(join(tmpdir(), "onefold-bench-"));
try {
  const command = "onefold demo --files DIR --customers 1000000";
  const { seconds, memory_mib } = await write(files, 1_000_000);
  tell({ what: `the demo company's files for 1,000,000 customers (${gigabytes(files).toFixed(1)} GB)`, value: seconds, unit: "s", limit: { at_most: 120 }, command });
  tell({ what: "memory meanwhile, at most", value: memory_mib, unit: "MiB", limit: { at_most: 256 }, command });
} finally {
  rmSync(files, { recursive: true, force: true });
}
await with_server({}, async ({ url, command }) => {
  const begun = performance.now();
  await command("demo", "--customers", "20000");
  await until_visible(url);
  tell({ what: "the demo company of 20,000 customers, until all of it is visible", value: (performance.now() - begun) / 1000, unit: "s", limit: { at_most: 60 }, command: "onefold demo --data DIR" });
});
