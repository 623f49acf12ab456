// R01: the plug is pulled at random moments while events come in and a file is imported.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { dice, fresh_folder, run, sleep } from "../story/onefold.mjs";
import { Rig, assert_kept, stored_in } from "./rig.mjs";

const senders = 6;
const orders_a_file = 1000;
const map = { identifiers: { member: "member_no" }, order: { number: "no", time: "at", lines: { sku: "sku", quantity: "n", price: "price" } } };

function write_orders(folder, round) {
  const file = join(folder, `${round}.csv`);
  const lines = Array.from({ length: orders_a_file }, (_, i) => `R${round}-${i},2026-02-03 04:05:00,M${i % 50},sku,1,2.50`);
  writeFileSync(file, `no,at,member,sku,n,price\n${lines.join("\n")}\n`);
  return file;
}

/** A library that lets a server believe that its event log was written. */
function build_liar(folder) {
  const library = join(folder, "liar.so");
  execFileSync("cc", ["-shared", "-fPIC", "-O1", "-o", library, join(import.meta.dirname, "liar.c"), "-ldl"]);
  return library;
}

/** `tell` gets the figures. Throws where something acknowledged is lost, stored twice or counted wrongly. */
export async function cut_off_at_random(t, { kills, seed = 1, is_lied_to = false, is_timed, postgres, tell }) {
  const random = dice(seed);
  const files = fresh_folder(t);
  const rig = await Rig.start(t, { words: postgres ? ["--database", postgres.make_database()] : [], environment: is_lied_to ? { LD_PRELOAD: build_liar(files) } : {} });
  writeFileSync(join(files, "map.json"), JSON.stringify(map));
  const import_file = (round) =>
    run(["import", join(files, `${round}.csv`), "--as", "order", "--source", "shop", "--map", join(files, "map.json"), "--data", rig.folder]);
  const starts = [];
  let sending_ms = 0, cut_imports = 0, unanswered = 0;

  for (let round = 0; round < kills; ++round) {
    write_orders(files, round);
    const begun = Date.now();
    const sending = Array.from({ length: senders }, (_, i) => rig.send(`r${round}-${i}`, { is_over: () => false }));
    const wait_ms = 50 + random() * 600;
    await sleep(wait_ms * random());
    const importing = import_file(round);
    await sleep(Math.max(0, begun + wait_ms - Date.now()));
    await rig.server.kill();
    sending_ms += Date.now() - begun;
    const [cut] = await Promise.all([importing, ...sending]);
    if (cut.code !== 0) ++cut_imports;
    unanswered += rig.history.requests.filter(({ state }) => state === "unknown").length;
    starts.push(await rig.serve());
    await rig.repeat();
    const done = await import_file(round);
    assert.equal(done.code, 0, done.stderr);
  }
  assert.deepEqual(await rig.server.stop(), { code: 0, signal: null });
  assert_kept(rig.history, await stored_in(rig.folder));
  await rig.serve();
  await rig.assert_counted();
  const orders = await rig.api.post("/api/v1/query", { object: "order", select: [{ path: "id", aggregate: "count" }] });
  assert.equal(Number(orders.body.rows[0][0]), kills * orders_a_file);
  assert.deepEqual(await rig.server.stop(), { code: 0, signal: null });
  starts.sort((a, b) => a - b);
  const acknowledged = rig.history.count("ok"), a_second = Math.round(acknowledged / (sending_ms / 1000)), ready_ms = starts[Math.floor(starts.length * 0.99)];
  tell({ ...(postgres && { database: "PostgreSQL" }), kills, "imports cut": cut_imports, "requests cut off from their answer": unanswered, "events acknowledged": acknowledged, lost: 0, "stored twice": 0,
    "events a second while sending": a_second, "ready again, p99 ms": ready_ms });
  if (!is_timed) return;
  assert.ok(a_second >= 1000, `${a_second} events a second`);
  assert.ok(ready_ms <= 5000, `ready again after ${ready_ms} ms`);
}
