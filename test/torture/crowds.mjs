// R16, R17, R18: very many connections, slow ones, and more than can be done.
import assert from "node:assert/strict";
import { sleep } from "../story/onefold.mjs";
import { Rig, load } from "./rig.mjs";

export async function hold_idle(t, { connections, seconds, tell }) {
  const rig = await Rig.start(t);
  const told = await load("idle", { port: rig.port, server: rig.server.child.pid, connections, seconds });
  assert.deepEqual([told.code, told.open, told.answered_after, told.ended], [0, connections, connections, 0], JSON.stringify(told));
  assert.ok(told.kib_each <= 40, `${told.kib_each} KiB each`);
  assert.deepEqual(await rig.server.stop(), { code: 0, signal: null });
  tell({ "idle connections": connections, "KiB each": told.kib_each, errors: told.errors_beside, "requests beside": told.beside, "p50 ms": told.p50_ms, "p99 ms": told.p99_ms });
}

export async function bear_slow(t, { connections, seconds, tell }) {
  for (const kind of ["head", "body", "read"]) {
    const rig = await Rig.start(t);
    const told = await load("slow", { port: rig.port, kind, connections, seconds });
    assert.deepEqual([told.errors, told.answered], [0, told.asked], JSON.stringify(told));
    assert.equal(told.cut, connections, `${kind}: not all are cut: ${JSON.stringify(told)}`);
    await rig.server.stop();
    tell({ [`slow ${kind}`]: connections, "all cut within s": told.longest_s, "normal requests beside": told.asked, unanswered: 0, "p99 ms": told.p99_ms });
  }
}

export async function overload(t, { seconds, tell }) {
  const rig = await Rig.start(t);
  const ingest = (options) => load("ingest", { port: rig.port, key: rig.key, batch: 50, ...options });
  await ingest({ prefix: "warm", connections: 32, seconds: 2 });
  const peak = await ingest({ prefix: "peak", connections: 32, seconds });
  const rate = Math.round(peak.requests_per_s * 3);
  const over = await ingest({ prefix: "over", connections: 4000, seconds, "requests-per-s": rate });
  await sleep(1000);
  const after = await ingest({ prefix: "after", connections: 32, seconds: 3 });
  const refused = Object.entries(over.statuses).filter(([status]) => status !== "200");
  assert.ok(refused.every(([status]) => ["429", "503"].includes(status)), JSON.stringify(over));
  assert.deepEqual([over.without_retry_after, over.cut], [0, 0], JSON.stringify(over));
  assert.equal(rig.server.is_over, false);
  await rig.server.stop();
  tell({ "peak, events a second": peak.events_per_s, "asked for, requests a second": rate, "under overload, events a second": over.events_per_s,
    goodput: Number((over.events_per_s / peak.events_per_s).toFixed(2)), "requests sent": over.requests, "refused with Retry-After": over.requests - over.ok, "refused within, p99 ms": over.refused_p99_ms,
    "answered within, p99 ms": over.p99_ms, "a second later, events a second": after.events_per_s });
}
