// R05: the disk runs full while events come in, and has space again.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmdirSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sleep } from "../story/onefold.mjs";
import { Rig, assert_kept, stored_in } from "./rig.mjs";

const disk_mib = 384;

/** Writes `file` until the disk takes no more byte. */
function fill(file) {
  const descriptor = openSync(file, "w");
  for (let size = 1 << 20; size > 0; size = size >> 1)
    try {
      for (;;) if (writeSync(descriptor, Buffer.alloc(size, 1)) < size) break;
    } catch (error) {
      assert.equal(error.code, "ENOSPC");
    }
  closeSync(descriptor);
}

/** Needs the right to mount: the disk is a memory file system of a fixed size. */
export async function fill_the_disk(t, { rounds, is_timed, tell }) {
  const disk = mkdtempSync(join(tmpdir(), "onefold-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${disk_mib}m`, "onefold-torture", disk]);
  t.after(() => {
    execFileSync("umount", ["-l", disk]);
    rmdirSync(disk);
  });
  const rig = await Rig.start(t, { folder: join(disk, "data") });
  let refused = 0, slowest_ms = 0, refused_ms = 0, resumed_ms = 0, is_over = false;
  const sending = Array.from({ length: 4 }, (_, i) => rig.send(`f${i}`, { is_over: () => is_over, pause_ms: 2, is_patient: true }));
  for (let round = 0; round < rounds; ++round) {
    await sleep(500);
    const filler = join(disk, "filler");
    fill(filler);
    const seen = rig.history.requests.length;
    const top_up = setInterval(() => fill(join(disk, "filler2")), 200); // what the server gives back is taken at once
    await sleep(1500);
    for (const path of ["/healthz", "/api/v1/customers?limit=1", "/api/v1/sources", "/metrics"]) {
      const begun = Date.now();
      assert.equal((await rig.api.get(path)).status, 200, `${path} while the disk is full`);
      slowest_ms = Math.max(slowest_ms, Date.now() - begun);
    }
    clearInterval(top_up);
    const refusals = rig.history.requests.slice(seen).filter(({ state }) => state === "fail");
    assert.ok(refusals.length > 0, "no write was refused while the disk was full");
    assert.deepEqual([...new Set(refusals.map(({ status }) => status))].filter((status) => ![429, 503, 507].includes(status)), []);
    refused += refusals.length;
    for (const { took_ms } of refusals) refused_ms = Math.max(refused_ms, took_ms);
    for (const file of [filler, join(disk, "filler2")]) unlinkSync(file);
    const freed = Date.now(), before = rig.history.count("ok");
    while (rig.history.count("ok") === before) {
      assert.ok(Date.now() - freed < 10_000, "writes did not resume within 10 s");
      await sleep(10);
    }
    resumed_ms = Math.max(resumed_ms, Date.now() - freed);
  }
  is_over = true;
  await Promise.all(sending);
  assert.equal(rig.server.is_over, false);
  await rig.repeat();
  await rig.assert_counted();
  assert.deepEqual(await rig.server.stop(), { code: 0, signal: null });
  assert_kept(rig.history, await stored_in(rig.folder));
  if (is_timed) {
    assert.ok(refused_ms <= 1000, `a write was refused after ${refused_ms} ms`);
    assert.ok(slowest_ms <= 1000, `a read took ${slowest_ms} ms`);
    assert.ok(resumed_ms <= 10_000, `writes resumed after ${resumed_ms} ms`);
  }
  tell({ "times full": rounds, "requests refused with 507 or 503": refused, "slowest refusal, ms": refused_ms, "events acknowledged": rig.history.count("ok"), lost: 0,
    "slowest read while full, ms": slowest_ms, "writes again, ms after there was space": resumed_ms });
}
