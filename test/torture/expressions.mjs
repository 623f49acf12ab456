// S14: expressions by chance under address and undefined-behaviour sanitizers: trees that a program makes, and texts and JSON that libFuzzer makes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { run_fuzzer } from "./fuzz.mjs";

const law = "ProgramLaw.EveryTreeHasAValueOfItsTypeOrATypedError";

export async function compute_any(t, { trees, texts, tell }) {
  const { status, stdout, stderr } = spawnSync("build/asan/test/formula_test", [`--gtest_filter=${law}`], { encoding: "utf8", env: { ...process.env, ONEFOLD_LAW_CASES: String(trees) } });
  assert.equal(status, 0, `${stdout.slice(-2000)}${stderr.slice(-2000)}`);
  const [, , fitting, valued, slowest_us] = /of (\d+) trees (\d+) had types that fit, (\d+) a value; the slowest took (\d+) us/.exec(stdout).map(Number);
  assert.ok(slowest_us < 100_000, `one took ${slowest_us} us of the processor, twice its budget`);
  tell({ trees, "types fit and computed": fitting, "with a value": valued, "slowest, ms of the processor": slowest_us / 1000 });
  for (const reader of ["formula_text", "formula_expression"]) tell({ reader, runs: await run_fuzzer(t, `${reader}_fuzz`, [`-runs=${texts}`]), crashes: 0 });
}
