// A million customers of the made-up crowd (src/demo/crowd.h), with everything running: how fast they come in, how fast what they do becomes visible beside
// ingest at a steady rate, how long it takes, how much memory it holds, and how fast a timeline is answered. ONEFOLD_BENCH_EVENTS says how many events,
// ONEFOLD_BENCH_FOLDER a folder to fill once and keep: with it, the steady rates and what follows can be measured again.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load, tell, with_server } from "./server.mjs";

const customers = 1_000_000, batch = 50;
const events = Number(process.env.ONEFOLD_BENCH_EVENTS ?? 20_000_000);
const program = "node test/bench/million.bench.mjs";
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const readable = (number) => number.toLocaleString("en-US");
const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const resident_mib = (pid) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;

async function positions(url) {
  const text = await (await fetch(`${url}/metrics`)).text();
  const figure = (name) => Number(new RegExp(`^onefold_${name} (\\d+)`, "m").exec(text)[1]);
  return { end: figure("log_end_position"), visible: figure("visible_position"), columns: figure("columns_position") };
}

async function until_visible(url) {
  for (let now; (now = await positions(url)).visible < now.end; await sleep(20));
}

/** Also what follows behind customers has caught up: the steady rates are those of a server in use. */
async function until_settled(url) {
  for (let now; (now = await positions(url)).visible < now.end || now.columns < now.end; await sleep(200));
}

/** Looks at the server until `work` is done: how long an event that is durable waits until it is visible, and how much of the log becomes visible. */
async function watch(url, work) {
  const waiting = [], lags = [];
  let is_over = false;
  const first = await positions(url);
  let last = first;
  const watching = (async () => {
    while (!is_over) {
      last = await positions(url);
      const now = Date.now();
      waiting.push({ end: last.end, now });
      while (waiting.length > 0 && waiting[0].end <= last.visible) lags.push(now - waiting.shift().now);
      await sleep(20);
    }
  })();
  const told = await work;
  is_over = true;
  await watching;
  lags.push(...waiting.map(({ now }) => Date.now() - now)); // at least
  lags.sort((a, b) => a - b);
  const event_bytes = (last.end - first.end) / told.events;
  return { told, p50: percentile(lags, 0.5), p99: percentile(lags, 0.99), visible_per_s: (last.visible - first.visible) / event_bytes / told.seconds };
}

async function timelines(url, token) {
  const get = async (path) => {
    const answer = await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const ids = [];
  for (let i = 0; ids.length < 2200; ++i) { // spread over the crowd, as its numbers are scattered
    const page = await get(`/customers?limit=1&identifier=${encodeURIComponent(`user_id:u-${(i * 104_729) % customers}`)}`);
    ids.push(...page.items.map(({ id }) => id));
  }
  const times = [];
  for (const id of ids) {
    const begun = performance.now();
    await get(`/customers/${id}/timeline?limit=50`);
    times.push(performance.now() - begun);
  }
  return times.slice(200).sort((a, b) => a - b);
}

const kept = process.env.ONEFOLD_BENCH_FOLDER, folder = kept ?? mkdtempSync(join(tmpdir(), "onefold-bench-")), sent_file = join(folder, "sent.json");
try {
  await with_server({ folder }, async ({ url, port, command, token, pid }) => {
    const is_filled = existsSync(sent_file), sent = is_filled ? JSON.parse(readFileSync(sent_file, "utf8")) : {};
    const key = sent.key ?? (await command("source", "create", "crowd", "--kind", "api")).split(/\s+/).at(-1);
    let first = sent.first ?? 0, taken = sent.events ?? events;
    const send = (options) => load("ingest", { port, key, batch, crowd: customers, first, prefix: "c", ...options });
    const take = async (count) => {
      const begun = performance.now();
      for (const end = first + count; first < end; first += 500_000) // not faster than it is followed, so that memory is what a server in use holds
        await send({ connections: 8, seconds: 600, requests: Math.min(500_000, end - first) / batch }), await until_visible(url);
      return count / ((performance.now() - begun) / 1000);
    };
    if (!is_filled) {
      tell({ what: `${readable(customers)} new customers, over HTTP until visible`, value: await take(customers), unit: "customers/s", command: program });
      tell({ what: `the next ${readable(events - customers)} events of these customers, over HTTP until visible`, value: await take(events - customers), unit: "events/s", command: program });
    }
    await until_settled(url);
    for (const [rate, seconds] of [[10_000, 10], [30_000, 30], [40_000, 30], [50_000, 30]]) {
      const { told, p50, p99, visible_per_s } = await watch(url, send({ connections: 16, seconds, "requests-per-s": rate / batch }));
      if (told.events === 0) throw new Error(`nothing was taken at ${rate} events/s: ${JSON.stringify(told)}`);
      first += rate * seconds * 2;
      writeFileSync(sent_file, JSON.stringify({ key, first, events: (taken += told.events) }));
      const words = `load ingest --crowd ${customers} --requests-per-s ${rate / batch}`;
      tell({ what: `ingest at ${readable(rate)} events/s: taken`, value: told.events_per_s, unit: "events/s", command: words });
      tell({ what: `ingest at ${readable(rate)} events/s: made visible meanwhile`, value: visible_per_s, unit: "events/s", limit: rate > 40_000 ? { at_least: 40_000 } : undefined, command: words });
      tell({ what: `ingest at ${readable(rate)} events/s: durable until visible, median`, value: p50, unit: "ms", command: words });
      tell({ what: `ingest at ${readable(rate)} events/s: durable until visible, p99`, value: p99, unit: "ms", limit: rate <= 40_000 ? { at_most: 1000 } : undefined, command: words });
      await until_settled(url);
    }
    const times = await timelines(url, token);
    tell({ what: `the newest 50 events of a customer, over HTTP with what was said (${readable(times.length)} customers), median`, value: percentile(times, 0.5), unit: "ms", command: program });
    tell({ what: "the newest 50 events of a customer, p99", value: percentile(times, 0.99), unit: "ms", limit: { at_most: 10 }, command: program });
    tell({ what: `memory at ${readable(customers)} customers and ${readable(taken)} events`, value: resident_mib(pid), unit: "MiB", limit: { at_most: 2048 }, command: "VmRSS" });
  });
  await with_server({ folder }, async ({ ready_ms, pid, url }) => {
    tell({ what: "start on that folder until ready", value: ready_ms, unit: "ms", limit: { at_most: 10_000 }, command: "onefold serve" });
    await until_visible(url);
    tell({ what: "memory after the start", value: resident_mib(pid), unit: "MiB", command: "VmRSS" });
  });
} finally {
  if (!kept) rmSync(folder, { recursive: true, force: true });
}
