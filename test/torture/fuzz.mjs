// S01: libFuzzer on each reader of what comes from outside (src/*/*_fuzz.cc, built as build/fuzz/ROOM_NAME_fuzz), with address and undefined-behaviour sanitizers.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { fresh_folder } from "../story/onefold.mjs";

const programs = "build/fuzz";
const seeds = "fixtures/fuzz";

const found = join(programs, "found/");

/** Its runs. What grows is kept in build/fuzz/corpus; fixtures/fuzz holds the seeds. What breaks a reader stays in build/fuzz/found. */
export async function run_fuzzer(t, name, bounds) {
  const corpus = join(programs, "corpus", name), own = join(seeds, name);
  mkdirSync(corpus, { recursive: true });
  mkdirSync(found, { recursive: true });
  const start = fresh_folder(t);
  if (existsSync(own)) cpSync(own, start, { recursive: true });
  const words = [corpus, start, ...bounds, "-timeout=10", "-rss_limit_mb=2048", "-max_len=4096", `-artifact_prefix=${found}${name}-`, "-print_final_stats=1"];
  const { code = 0, stderr } = await promisify(execFile)(join(programs, name), words, { maxBuffer: 1 << 28 }).catch((error) => error);
  assert.equal(code, 0, `${name}: ${stderr.slice(-3000)}`);
  const runs = Number(/stat::number_of_executed_units:\s*(\d+)/.exec(stderr)?.[1]);
  assert.ok(runs > 0, `${name} did not run: ${stderr.slice(-3000)}`);
  return runs;
}

/** Those that have a source; what was built of one that is gone does not count. */
export function fuzzers() {
  const files = readdirSync("src", { recursive: true }).map((path) => path.split("/"));
  return files.filter(([, file]) => file?.endsWith("_fuzz.cc")).map(([room, file]) => `${room}_${file.replace(/\.cc$/, "")}`).sort();
}

/** The readers of the doors: JSON, HTTP framing, tracking routes. With ONEFOLD_FUZZ_RUNS they end after so many runs each, however long that takes. */
const doors = ["http_json_fuzz", "http_guard_fuzz", "http_gzip_fuzz", "http_target_fuzz", "tracking_message_fuzz", "tracking_pixel_fuzz"];
const asked_runs = Number(process.env.ONEFOLD_FUZZ_RUNS ?? 0);

/** All of them, one a processor at a time, also where one has failed. `ONEFOLD_FUZZ="http_json tracking_pixel"`: only these. */
export async function fuzz_readers(t, { seconds, tell }) {
  const only = process.env.ONEFOLD_FUZZ?.split(" ").map((name) => `${name}_fuzz`);
  assert.ok(fuzzers().length >= 19, `${fuzzers().length} fuzzers`);
  const names = fuzzers().filter((name) => !only || only.includes(name)), rest = [...names], failures = [];
  assert.equal(names.length, only?.length ?? names.length, `there are ${fuzzers().join(", ")}`);
  assert.deepEqual(names.filter((name) => !existsSync(join(programs, name))), [], "fuzzers that are not built");
  const take_turns = async () => {
    for (let name; (name = rest.shift()); ) {
      const is_counted = asked_runs > 0 && doors.includes(name), begun = Date.now();
      const runs = await run_fuzzer(t, name, [is_counted ? `-runs=${asked_runs}` : `-max_total_time=${seconds}`]).catch((error) => void failures.push(error.message));
      if (runs === undefined) continue;
      if (is_counted && runs < asked_runs) failures.push(`${name}: ${runs} runs instead of ${asked_runs}`);
      tell({ reader: name.replace(/_fuzz$/, ""), runs, crashes: 0, seconds: Math.round((Date.now() - begun) / 1000) });
    }
  };
  await Promise.all(cpus().map(take_turns));
  assert.equal(failures.length, 0, failures.join("\n\n"));
}
