// A server of the release build on a fresh folder, for one benchmark.
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const onefold = "build/onefold";
const execute = promisify(execFile);

async function free_port() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/**
 * Serves a fresh folder, on one core when `core` is given, hands {url, port, command, token, pid, ready_ms} to `work`, and cleans up. A `folder` that is
 * given is served as it is, and stays.
 */
export async function with_server({ core, folder: given }, work) {
  const folder = given ?? mkdtempSync(join(tmpdir(), "onefold-bench-"));
  const listen = `127.0.0.1:${await free_port()}`;
  const url = `http://${listen}`;
  const words = [onefold, "serve", "--data", folder, "--listen", listen];
  const [program, ...rest] = core === undefined ? words : ["taskset", "-c", String(core), ...words];
  const begun = Date.now();
  const server = spawn(program, rest, { stdio: ["ignore", "ignore", "inherit"] });
  const ended = new Promise((resolve) => server.on("exit", resolve));
  const command = async (...given) => (await execute(onefold, [...given, "--data", folder], { maxBuffer: 1 << 26 })).stdout.trim();
  try {
    await ready(url, server);
    const ready_ms = Date.now() - begun;
    const token = (await command("token", "create", "bench")).split(/\s+/).at(-1);
    return await work({ url, port: Number(new URL(url).port), command, token, pid: server.pid, ready_ms });
  } finally {
    server.kill("SIGTERM");
    await ended;
    if (!given) rmSync(folder, { recursive: true, force: true });
  }
}

async function ready(url, server) {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await new Promise((resolve) => setTimeout(resolve, 10))) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
  }
  throw new Error("the server did not become ready within 30 s");
}

/** What `build/test/load` tells of its work on that server. */
export async function load(mode, options) {
  const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return JSON.parse((await execute("build/test/load", [mode, ...words], { maxBuffer: 1 << 26 })).stdout);
}

export const tell = (figure) => console.log(JSON.stringify(figure));
