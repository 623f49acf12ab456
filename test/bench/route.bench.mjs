// One route of the contract over HTTP, the server on one core and the load on another.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { tell, with_server } from "./server.mjs";

const execute = promisify(execFile);
const seconds = 5;

await with_server({ core: 0 }, async ({ url, token }) => {
  const load = async (path) => {
    const { stdout } = await execute("taskset", ["-c", "1", "wrk", "-t1", "-c64", `-d${seconds}s`, "-H", `Authorization: Bearer ${token}`, url + path]);
    if (/Non-2xx/.test(stdout)) throw new Error(stdout);
    return Number(/Requests\/sec:\s*([\d.]+)/.exec(stdout)[1]);
  };
  for (const [path, limit] of [["/healthz", { at_least: 30_000 }], ["/api/v1/company", { at_least: 30_000 }]]) {
    await load(path);
    tell({ what: `GET ${path}, 64 connections, server on one core`, value: await load(path), unit: "requests/s", limit, command: `wrk -t1 -c64 -d${seconds}s ${path}` });
  }
});
