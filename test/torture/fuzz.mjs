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

/** All of them, each for so long. */
export const fuzz_readers = (t, { seconds, tell }) => run_each(t, fuzzers(), { bounds: [`-max_total_time=${seconds}`], tell });

/** The readers of the doors (JSON, HTTP framing, tracking routes), each for so many runs, however long that takes. */
export async function fuzz_doors(t, { runs, tell }) {
  const doors = ["http_json_fuzz", "http_guard_fuzz", "http_gzip_fuzz", "http_target_fuzz", "tracking_message_fuzz", "tracking_pixel_fuzz"];
  await run_each(t, doors, { bounds: [`-runs=${runs}`], runs_at_least: runs, tell });
}

/** One a processor at a time, also where one has failed. */
async function run_each(t, names, { bounds, runs_at_least = 1, tell }) {
  assert.ok(fuzzers().length >= 19, `${fuzzers().length} fuzzers`);
  assert.deepEqual(names.filter((name) => !fuzzers().includes(name) || !existsSync(join(programs, name))), [], "fuzzers that are not built");
  const rest = [...names], failures = [];
  const take_turns = async () => {
    for (let name; (name = rest.shift()); ) {
      const begun = Date.now();
      const runs = await run_fuzzer(t, name, bounds).catch((error) => void failures.push(error.message));
      if (runs === undefined) continue;
      if (runs < runs_at_least) failures.push(`${name}: ${runs} runs instead of ${runs_at_least}`);
      tell({ reader: name.replace(/_fuzz$/, ""), runs, crashes: 0, seconds: Math.round((Date.now() - begun) / 1000) });
    }
  };
  await Promise.all(cpus().map(take_turns));
  assert.equal(failures.length, 0, failures.join("\n\n"));
}
