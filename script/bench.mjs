// Runs test/bench/*.bench.mjs (figures of the whole program, each beside its limit) and build/*_bench (Google Benchmark, figures of single
// rooms), and writes docs/benchmarks.md. With names (million, identity_bench), measures only these anew; the others stay as they are written.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";

const pages = "docs/benchmarks.md";
const introduction = [
  "# What was measured",
  "",
  "Written by `make bench` (script/bench.mjs); not edited by hand. Each figure stands beside its limit and the command that made it. One run on a shared",
  "machine: less than 1.5× between two runs is noise. `make bench BENCH=million` measures that one anew; each says at which commit it was measured.",
  "What was done to break it, and how it bore it: docs/torture.md.",
];

const run = (program, ...rest) => execFileSync(program, rest, { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"] });

const readable = (value) => (value >= 1000 ? Math.round(value).toLocaleString("en-US") : String(Number(value.toPrecision(3))));

/** A limit as text, and by how much it is kept: over 1 is better than asked. */
function against(limit, value) {
  if (!limit) return ["", ""];
  const is_floor = limit.at_least !== undefined;
  const bound = is_floor ? limit.at_least : limit.at_most;
  return [`${is_floor ? "≥" : "<"} ${readable(bound)}`, `${readable(is_floor ? value / bound : bound / value)}×`];
}

function whole_program(file) {
  const rows = run("node", join("test/bench", file)).trim().split("\n").filter(Boolean).map((line) => {
    const { what, value, unit, limit, command } = JSON.parse(line);
    const [bound, ratio] = against(limit, value);
    return `| ${what} | ${readable(value)} ${unit} | ${bound ? `${bound} ${unit}` : ""} | ${ratio} | \`${command}\` |`;
  });
  return ["| what | measured | limit | kept by | command |", "|---|---|---|---|---|", ...rows];
}

/** Whether a room's benchmarks are written with Google Benchmark. */
function is_google(name) {
  const folder = join("src", name);
  const sources = readdirSync(folder).filter((file) => file.endsWith("_bench.cc"));
  return sources.some((file) => /^BENCHMARK/m.test(readFileSync(join(folder, file), "utf8")));
}

/** A room's figures: Google Benchmark's as a table, another program's page as it prints it. */
function room(program) {
  const path = join("build", program);
  if (!is_google(program.replace(/_bench$/, ""))) return ["```", ...run(path).trimEnd().split("\n"), "```"];
  const { benchmarks } = JSON.parse(run(path, "--benchmark_format=json"));
  const rows = benchmarks.map(({ name, real_time, time_unit, items_per_second, bytes_per_second, label }) => {
    const speed = items_per_second ? readable(items_per_second) : bytes_per_second ? `${readable(bytes_per_second / 1e6)} MB` : "";
    return `| ${name} | ${readable(real_time)} ${time_unit} | ${speed} | ${label ?? ""} |`;
  });
  return ["| what | one takes | a second | |", "|---|---|---|---|", ...rows];
}

const version = () => run("git", "rev-parse", "--short", "HEAD").trim() + (run("git", "status", "--porcelain", "--", "src", "cmake").trim() ? " with changes" : "");
const cpu = /^model name\s*:\s*(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1] ?? "unknown";
const machine = `${cpus().length} × ${cpu}, ${Math.round(totalmem() / 2 ** 30)} GiB`;

/** What the page says of each benchmark now, by its name. */
function written() {
  const page = existsSync(pages) ? readFileSync(pages, "utf8") : "";
  return new Map(page.split(/^## /m).slice(1).map((text) => [text.slice(0, text.indexOf("\n")), text.slice(text.indexOf("\n")).trim()]));
}

const benchmarks = new Map([
  ...readdirSync("test/bench").filter((name) => name.endsWith(".bench.mjs")).sort().map((name) => [name.replace(".bench.mjs", ""), () => whole_program(name)]),
  ...readdirSync("build").filter((name) => name.endsWith("_bench")).sort().map((name) => [name, () => room(name)]),
]);
const asked = process.argv.slice(2).map((name) => (!benchmarks.has(name) && benchmarks.has(`${name}_bench`) ? `${name}_bench` : name)); // formula: formula_bench
const unknown = asked.filter((name) => !benchmarks.has(name));
if (unknown.length > 0) {
  console.error(`bench: no ${unknown.join(", ")}; there are ${[...benchmarks.keys()].join(", ")}`);
  process.exit(1);
}
const known = written();
const sections = [];
for (const [name, measure] of benchmarks) {
  if (asked.length > 0 && !asked.includes(name)) {
    if (known.has(name)) sections.push(`## ${name}`, "", known.get(name), "");
    continue;
  }
  console.error(`bench: ${name}`);
  sections.push(`## ${name}`, "", `Commit ${version()}, ${new Date().toISOString().slice(0, 10)}; ${machine}.`, "", ...measure(), "");
}
writeFileSync(pages, [...introduction, "", ...sections].join("\n"));
console.error(`bench: wrote ${pages}`);
