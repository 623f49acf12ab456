// R07: one bit rots. Every flipped byte of the event log, of the audit log and of a backup is found.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dice, fresh_folder, program, run, sleep } from "../story/onefold.mjs";
import { Rig } from "./rig.mjs";

const tokens = 60; // each leaves a line in the audit log

/** What makes a file of `folder` part of its kind, and which command proves that kind. */
const kinds = {
  "the event log": { is_of: (path) => /^log\/.*\.log$/.test(path), proof: ({ folder }) => ["verify", "--data", folder] },
  "the audit log": { is_of: (path) => /^audit\/.*\.log$/.test(path), proof: ({ folder }) => ["verify", "--data", folder] },
  "a backup": { is_of: () => true, proof: ({ folder }) => ["backup", "--verify", folder] },
};

/** Whether the command finds something wrong. */
function is_found(words) {
  const { status, stderr } = spawnSync(program, words, { stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
  assert.ok(status === 0 || status === 1, `${words.join(" ")} ended with ${status}: ${stderr.slice(-500)}`);
  return status === 1;
}

/** Flips a bit of a byte of the files, one after the other and each by itself. Resolves to those that were not found. */
function flip_in(folder, kind, flips, random) {
  const { is_of, proof } = kinds[kind], words = proof({ folder });
  const files = readdirSync(folder, { recursive: true }).filter((path) => is_of(path) && statSync(join(folder, path)).isFile() && statSync(join(folder, path)).size > 0);
  assert.ok(files.length > 0, `no files of ${kind}`);
  assert.equal(is_found(words), false, `there is a complaint about ${kind}, which is sound`);
  const missed = [];
  for (let i = 0; i < flips; ++i) {
    const path = files[Math.floor(random() * files.length)], sound = readFileSync(join(folder, path));
    const at = Math.floor(random() * sound.length), bytes = Buffer.from(sound);
    bytes[at] ^= 1 << Math.floor(random() * 8);
    writeFileSync(join(folder, path), bytes);
    if (!is_found(words)) missed.push(`${path}:${at}`);
    writeFileSync(join(folder, path), sound);
  }
  assert.equal(is_found(words), false, `what was put back is taken for damaged: ${kind}`);
  return { missed, files: files.length };
}

export async function flip_bytes(t, { flips, seed = 1, tell }) {
  const random = dice(seed);
  const rig = await Rig.start(t);
  let is_over = false;
  const sending = rig.send("flip", { is_over: () => is_over });
  for (let i = 0; i < tokens; ++i) assert.equal((await run(["token", "create", `t${i}`, "--data", rig.folder])).code, 0);
  await sleep(500);
  is_over = true;
  await sending;
  await rig.see();
  const backup = join(fresh_folder(t), "backup");
  assert.equal((await run(["backup", backup, "--data", rig.folder])).code, 0);
  assert.deepEqual(await rig.server.stop(), { code: 0, signal: null });
  for (const kind of Object.keys(kinds)) {
    const { missed, files } = flip_in(kind === "a backup" ? backup : rig.folder, kind, flips, random);
    tell({ [`flips in ${kind}`]: flips, files, found: flips - missed.length, by: `onefold ${kinds[kind].proof({ folder: "…" }).slice(0, 2).join(" ").replace(" --data", "")}` });
    assert.deepEqual(missed, [], `${missed.length} flips in ${kind} were not found`);
  }
  assert.equal((await run(["token", "create", "after", "--data", rig.folder])).code, 0);
}
