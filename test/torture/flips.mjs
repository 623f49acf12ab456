// R07: one bit rots. Every flipped byte of the event log is found.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { dice, fresh_folder, program, run, sleep } from "../story/onefold.mjs";
import { Rig } from "./rig.mjs";

const has_command = (name) => execFileSync(program, ["--help"], { encoding: "utf8" }).includes(`\n  ${name} `);

/** Whether something is found in the folder: by `onefold verify` where the program has it. */
function is_found(folder) {
  const words = has_command("verify") ? [program, "verify", "--data", folder] : [join(dirname(program), "test/diary"), join(folder, "log")];
  const { status } = spawnSync(words[0], words.slice(1), { stdio: "ignore" });
  assert.ok(status === 0 || status === 1, `${words.join(" ")} ended with ${status}`);
  return status === 1;
}

export async function flip_bytes(t, { flips, seed = 1, tell }) {
  const random = dice(seed);
  const rig = await Rig.start(t);
  let is_over = false;
  const sending = rig.send("flip", { is_over: () => is_over });
  await sleep(1500);
  is_over = true;
  await sending;
  await rig.see();
  assert.deepEqual(await rig.server.stop(), { code: 0, signal: null });
  assert.equal(is_found(rig.folder), false, "the sound log has a complaint");
  const spare = join(fresh_folder(t), "log");
  cpSync(join(rig.folder, "log"), spare, { recursive: true });
  const names = readdirSync(spare).filter((name) => name.endsWith(".log"));
  const missed = [];
  for (let i = 0; i < flips; ++i) {
    const name = names[Math.floor(random() * names.length)];
    const bytes = readFileSync(join(spare, name));
    const at = Math.floor(random() * bytes.length);
    bytes[at] ^= 1 << Math.floor(random() * 8);
    writeFileSync(join(rig.folder, "log", name), bytes);
    if (!is_found(rig.folder)) missed.push(`${name}:${at}`);
    rmSync(join(rig.folder, "log"), { recursive: true });
    cpSync(spare, join(rig.folder, "log"), { recursive: true });
  }
  assert.deepEqual(missed, [], `${missed.length} flips were not found`);
  assert.equal((await run(["token", "create", "after", "--data", rig.folder])).code, 0);
  tell({ flips, found: flips, "by": has_command("verify") ? "onefold verify" : "the event log's own verify" });
}
