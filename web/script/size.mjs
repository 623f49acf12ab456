// The shell's weight: what a browser must fetch before the first page appears; each page's own; and the trackers', which other sites and mini-programs carry.
// Fails above a limit.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url).pathname;
const assets = join(dist, "assets");
const limitKb = 300;
const pageLimitKb = 500;
const trackerLimitsKb = { "onefold.js": 8, "onefold-mini.js": 7 };

const weights = new Map();
const weightOf = (name) => {
  if (!weights.has(name)) weights.set(name, gzipSync(readFileSync(join(assets, name)), { level: 9 }).length);
  return weights.get(name);
};
const importsOf = (name) => [...readFileSync(join(assets, name), "utf8").matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)].map((match) => match[1]);

function closure(names) {
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    if (name.endsWith(".js")) importsOf(name).forEach(visit);
  };
  names.forEach(visit);
  return seen;
}
const sum = (names) => [...names].reduce((total, name) => total + weightOf(name), 0);
const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;

const html = readFileSync(join(dist, "index.html"), "utf8");
if (/<script(?![^>]*\bsrc=)[^>]*>/.test(html)) throw new Error("index.html has an inline script: the content security policy forbids it");
const named = [...html.matchAll(/assets\/([^"']+\.(?:js|css))/g)].map((match) => match[1]);
const shell = closure(named);
const shellBytes = sum(shell) + gzipSync(html).length;
console.log(`shell ${kb(shellBytes)} gzip in ${shell.size + 1} files (limit ${limitKb} KB)`);

let isOver = shellBytes > limitKb * 1024;
for (const page of readdirSync(assets).filter((name) => /Page-[\w-]+\.js$/.test(name)).toSorted()) {
  const css = readdirSync(assets).filter((name) => name.endsWith(".css") && name.startsWith(page.split("-")[0]));
  const bytes = sum(new Set([...shell, ...closure([page]), ...css]));
  if (bytes > pageLimitKb * 1024) isOver = true;
  console.log(`  ${page.replace(/-[\w-]+\.js$/, "").padEnd(16)} ${kb(bytes)} with the shell`);
}

for (const [name, trackerLimitKb] of Object.entries(trackerLimitsKb)) {
  const bytes = gzipSync(readFileSync(join(dist, name)), { level: 9 }).length;
  console.log(`${name} ${kb(bytes)} gzip (limit ${trackerLimitKb} KB)`);
  if (bytes > trackerLimitKb * 1024) isOver = true;
}
if (isOver) {
  console.error("too heavy");
  process.exit(1);
}
