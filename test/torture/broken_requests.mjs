// S01: requests that are broken in every way that chance finds, to a server with sanitizers where one is built.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { Rig, load } from "./rig.mjs";

export async function send_broken(t, { requests, seed = 1, tell }) {
  const is_sanitized = /asan/.test(process.env.ONEFOLD ?? "");
  const rig = await Rig.start(t, { environment: { ASAN_OPTIONS: "detect_leaks=1:abort_on_error=1", UBSAN_OPTIONS: "halt_on_error=1:print_stacktrace=1" } });
  const told = await load("malformed", { port: rig.port, key: rig.key, requests, seed });
  assert.equal(rig.server.is_over, false, `the server ended: ${rig.server.told.stderr.slice(0, 3000)}`);
  assert.equal(told.code, 0, told.complaints.slice(0, 1000));
  assert.equal((await rig.api.get("/healthz")).status, 200);
  const ended = await rig.server.stop();
  assert.deepEqual(ended, { code: 0, signal: null }, rig.server.told.stderr.slice(0, 3000));
  tell({ "broken requests": requests, "server with sanitizers": is_sanitized, answered: told.answered, "hung up on": told.hung_up, "longer than a second": 0, "answered 500": 0, crashes: 0, seconds: told.seconds });
}
