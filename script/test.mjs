// Runs every kind of test over what script/build made, shows their output, and ends with `N passed, N failed`.
// A step is counted by its own report where it writes one; a step without a report counts as one test.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const results = join(process.cwd(), "build", "test-results");
const report = (name) => join(results, name);
const web = JSON.parse(readFileSync("web/package.json", "utf8"));

const one = { passed: 1, failed: 0, skipped: 0 };
const number_in = (text, pattern) => Number(pattern.exec(text)?.[1] ?? 0);

/** Counts of a TAP report of Node's test runner. */
function count_tap(file) {
  const text = readFileSync(file, "utf8");
  const count = (word) => number_in(text, new RegExp(`^# ${word} (\\d+)$`, "m"));
  return { passed: count("pass"), failed: count("fail") + count("cancelled"), skipped: count("skipped") + count("todo") };
}

function count_vitest(file) {
  const found = JSON.parse(readFileSync(file, "utf8"));
  return { passed: found.numPassedTests, failed: found.numFailedTests, skipped: found.numPendingTests + found.numTodoTests };
}

function count_playwright(file) {
  const { stats } = JSON.parse(readFileSync(file, "utf8"));
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
}

/** ctest says which programs failed, GoogleTest's own reports say how many tests each of them held. */
function count_ctest(file) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const [, attributes] of readFileSync(file, "utf8").matchAll(/<testcase ([^>]*)>/g)) {
    const name = /\bname="([^"]*)"/.exec(attributes)[1];
    const is_failed = !/\bstatus="(run|disabled)"/.test(attributes);
    const counted = (count_gtest(report(join("gtest", `${name}_test.xml`))) ?? count_gtest(report(join("gtest", `${name}.xml`)))) ?? (is_failed ? { passed: 0, failed: 0, skipped: 0 } : one);
    sum.passed += counted.passed;
    sum.failed += is_failed ? Math.max(counted.failed, 1) : counted.failed;
    sum.skipped += counted.skipped;
  }
  return sum;
}

function count_gtest(file) {
  if (!existsSync(file)) return null;
  const text = readFileSync(file, "utf8");
  const head = /<testsuites [^>]*>/.exec(text)?.[0] ?? "";
  const count = (word) => number_in(head, new RegExp(`\\b${word}="(\\d+)"`));
  const skipped = (text.match(/<skipped\b/g) ?? []).length;
  const failed = count("failures") + count("errors");
  // Disabled tests of a suite called Child or …Child are run by others, in a process of their own.
  const children = [...text.matchAll(/<testsuite name="\w*Child"[^>]*\bdisabled="(\d+)"/g)].reduce((sum, [, number]) => sum + Number(number), 0);
  return { passed: count("tests") - failed - count("disabled") - skipped, failed, skipped: skipped + count("disabled") - children };
}

/** A step of Node's test runner over `folder`/*.test.mjs. */
function node_tests(name, folder) {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".test.mjs")).map((file) => join(folder, file)) : [];
  if (files.length === 0) return [];
  const reporters = ["--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=tap", `--test-reporter-destination=${report(`${name}.tap`)}`];
  return [{ name, command: ["node", "--test", ...reporters, ...files], count: count_tap, file: report(`${name}.tap`) }];
}

/** A step that is a script of web/package.json, when it has one of that name. */
function web_script(name, options = {}) {
  return web.scripts[name] ? [{ name, command: ["npm", "run", "--silent", name, "--", ...(options.arguments ?? [])], folder: "web", ...options }] : [];
}

const steps = [
  ...node_tests("house", "test/house"),
  ...web_script("lint"),
  ...web_script("typecheck"),
  ...web_script("size"),
  ...web_script("test", { arguments: ["--reporter=default", "--reporter=json", `--outputFile.json=${report("vitest.json")}`], count: count_vitest, file: report("vitest.json") }),
  {
    name: "rooms",
    command: ["ctest", "--test-dir", "build", "-j2", "--output-on-failure", "--timeout", "900", "--no-tests=error", "--output-junit", report("ctest.xml")],
    environment: { GTEST_OUTPUT: `xml:${report("gtest")}/` },
    count: count_ctest,
    file: report("ctest.xml"),
  },
  ...node_tests("story", "test/story"),
  ...node_tests("torture", "test/torture"),
  ...node_tests("browser", "test/browser"),
  ...web_script("browser", {
    arguments: ["--reporter=list,json"],
    environment: { PLAYWRIGHT_JSON_OUTPUT_NAME: report("browser.json") },
    count: count_playwright,
    file: report("browser.json"),
  }),
];

function run(step) {
  console.log(`\n=== ${step.name}: ${step.command.join(" ")}`);
  const [program, ...rest] = step.command;
  const begun = Date.now();
  const { status } = spawnSync(program, rest, { stdio: ["ignore", "inherit", "inherit"], cwd: step.folder ?? ".", env: { ...process.env, ...step.environment } });
  const counted = step.file && existsSync(step.file) ? step.count(step.file) : status === 0 ? { ...one } : { passed: 0, failed: 1, skipped: 0 };
  if (status !== 0 && counted.failed === 0) counted.failed = 1;
  return { name: step.name, seconds: (Date.now() - begun) / 1000, ...counted };
}

rmSync(results, { recursive: true, force: true });
mkdirSync(report("gtest"), { recursive: true });
const rows = steps.map(run);
const total = (key) => rows.reduce((sum, row) => sum + row[key], 0);

console.log("");
for (const row of rows) {
  const cells = [`${row.passed} passed`, `${row.failed} failed`, ...(row.skipped ? [`${row.skipped} skipped`] : [])];
  console.log(`${row.failed ? "FAILED " : "ok     "}${row.name.padEnd(10)} ${row.seconds.toFixed(1).padStart(6)} s   ${cells.join(", ")}`);
}
console.log(`\n${total("passed")} passed, ${total("failed")} failed${total("skipped") ? `, ${total("skipped")} skipped` : ""}`);
process.exitCode = total("failed") === 0 ? 0 : 1;
