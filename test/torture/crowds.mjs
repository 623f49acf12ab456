// R16, R17, R18: very many connections, slow ones, and more than can be done.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { Leftovers, Server, fresh_folder, sleep } from "../story/onefold.mjs";
import { attach } from "./io_errors.mjs";
import { Rig, assert_kept, load, stored_in } from "./rig.mjs";

const request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
const few_descriptors = 1_024;

/** One connection that asks once: resolves to the answer, or to what came of it before the end. */
function ask_raw(t, port) {
  const socket = connect(port, "127.0.0.1", () => socket.write(request));
  t.after(() => socket.destroy());
  let text = "";
  return new Promise((done) => {
    socket.setEncoding("latin1").on("data", (more) => (text += more).includes("\r\n\r\n") && done(text));
    socket.on("error", () => done(text)).on("close", () => done(text));
  });
}

/** With few descriptors: as many connections as may be are held and answered, one more is told so, and a place that is left is given to the next. */
async function ask_beyond_the_limit(t) {
  const folder = fresh_folder(t), leftovers = new Leftovers();
  const server = await Server.start(folder, [], {}, ["prlimit", `--nofile=${few_descriptors}:${few_descriptors}`]);
  t.after(() => server.kill());
  const port = Number(new URL(server.url).port);
  let held = 0, refused;
  for (; !refused && held < few_descriptors; ++held) {
    const answer = await ask_raw(leftovers, port);
    if (!answer.startsWith("HTTP/1.1 200")) refused = answer;
  }
  for (const words of [/^HTTP\/1\.1 503 /, /\r\nRetry-After: \d/i, /\r\nConnection: close/i]) assert.match(String(refused), words);
  assert.ok(held >= few_descriptors / 2, `${held} of ${few_descriptors}`);
  await leftovers.run();
  await sleep(200);
  assert.match(await ask_raw(t, port), /^HTTP\/1\.1 200/);
  assert.deepEqual(await server.stop(), { code: 0, signal: null });
  return held - 1;
}

/** `connections` for `seconds` beside 500 requests a second, then `at_most` for a moment. */
export async function hold_idle(t, { connections, seconds, at_most, is_timed, tell }) {
  const hold = async (count, so_long) => {
    const rig = await Rig.start(t);
    const told = await load("idle", { port: rig.port, server: rig.server.child.pid, connections: count, seconds: so_long });
    assert.deepEqual([told.code, told.open, told.answered_after, told.ended, told.errors_beside], [0, count, count, 0, 0], JSON.stringify(told));
    assert.ok(told.kib_each <= 40, `${told.kib_each} KiB each`);
    assert.deepEqual(await rig.server.stop(), { code: 0, signal: null });
    tell({ "idle connections": count, "held for s": so_long, "KiB each": told.kib_each, errors: told.errors_beside, "requests beside": told.beside, "p50 ms": told.p50_ms, "p99 ms": told.p99_ms });
    return told;
  };
  const told = await hold(connections, seconds);
  if (is_timed) {
    assert.ok(told.beside >= 0.98 * 500 * seconds, `${told.beside} requests beside in ${seconds} s`);
    assert.ok(told.p99_ms <= 50, `p99 ${told.p99_ms} ms`);
  }
  await hold(at_most, 5);
  tell({ "with 1,024 descriptors, held": await ask_beyond_the_limit(t), "one more gets": "503 with Retry-After" });
}

const cut_within_s = 15, p99_ms_max = 200;

export async function bear_slow(t, { connections, seconds, is_timed, tell }) {
  for (const kind of ["head", "body", "read", "sip", "range"]) {
    const rig = await Rig.start(t);
    const plain = JSON.stringify((await rig.api.get("/api/openapi.json")).body).length;
    const told = await load("slow", { port: rig.port, kind, connections, seconds });
    const complaint = JSON.stringify(told);
    assert.deepEqual([told.errors, told.answered], [0, told.asked], complaint);
    if (kind === "range") {
      assert.equal(told.offenders_answered, connections, complaint);
      assert.ok(told.largest_answer <= 1.5 * plain, `more than the whole: ${complaint}`);
    } else {
      assert.equal(told.cut, connections, `${kind}: not all are cut: ${complaint}`);
      if (is_timed) assert.ok(told.longest_s <= cut_within_s, `${kind}: cut after ${told.longest_s} s only: ${complaint}`);
    }
    if (is_timed) assert.ok(told.p99_ms <= p99_ms_max, `${kind}: normal requests p99 ${told.p99_ms} ms: ${complaint}`);
    assert.deepEqual(await rig.server.stop(), { code: 0, signal: null });
    tell({ [`slow ${kind}`]: connections, ...(kind === "range" ? { "answered once": told.offenders_answered, "the largest answer, bytes": told.largest_answer } : { "all cut within s": told.longest_s }),
      "normal requests beside": told.asked, unanswered: 0, "p99 ms": told.p99_ms });
  }
}

/** What `load` recorded of one run, as a history: the message ids of each request, and what became of it. */
function add_to(history, file, { prefix, batch }) {
  for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
    const [first, status] = line.split(" ").map(Number);
    const request = history.begin(Array.from({ length: batch }, (_, i) => `${prefix}-${first + i}`));
    if (status === 200) request.state = "ok";
    else if (status !== 0) request.state = "fail";
  }
}

const connections_max = 12_000, taken_or_refused = ["200", "429"];
const turned_away_of = (metrics) => ["http_requests_refused_by_load", "log_busy"].reduce((sum, name) => sum + Number(new RegExp(`^onefold_${name}_total (\\d+)`, "m").exec(metrics)[1]), 0);

/** The disk takes longer for each group than may be waited for: what comes then is refused at once and not kept, and all is well once the disk is. */
export async function bear_a_slow_disk(t, { seconds, sync_ms = 1500, is_timed, tell }) {
  const rig = await Rig.start(t);
  const records = fresh_folder(t);
  const ingest = async (prefix, options) => {
    const record = join(records, prefix);
    const told = await load("ingest", { port: rig.port, key: rig.key, batch: 10, prefix, record, connections: 8, ...options });
    add_to(rig.history, record, { prefix, batch: 10 });
    return told;
  };
  const before = await ingest("before", { seconds: 1 });
  const trace = await attach(t, rig.server.child.pid, "fdatasync", `delay_enter=${sync_ms * 1000}`);
  const during = await ingest("during", { seconds, "requests-per-s": 100, "connections-max": 1000 });
  await trace.leave();
  const after = await ingest("after", { seconds: 1 });
  const { body } = await rig.api.get("/metrics");
  assert.deepEqual(await rig.server.stop(), { code: 0, signal: null });
  assert_kept(rig.history, await stored_in(rig.folder));
  const complaint = JSON.stringify({ before, during, after });
  assert.deepEqual([before.ok, after.ok], [before.requests, after.requests], complaint);
  assert.deepEqual([Object.keys(during.statuses).filter((status) => !taken_or_refused.includes(status)), during.without_retry_after, during.cut, during.unsent], [[], 0, 0, 0], complaint);
  const refused = during.requests - during.ok;
  assert.ok(refused > 0, `nothing was refused: ${complaint}`);
  assert.equal(turned_away_of(body), refused, "the server counts refusals otherwise than its clients");
  if (is_timed) assert.ok(during.refused_p99_ms <= 100, `refused within ${during.refused_p99_ms} ms: ${complaint}`);
  tell({ "a sync takes, ms": sync_ms, "requests at their time": during.requests, taken: during.ok, "refused with Retry-After": refused, "refused within, median ms": during.refused_p50_ms,
    "p99 ms": during.refused_p99_ms, "events acknowledged": rig.history.count("ok"), lost: 0, "refused and stored": 0 });
}

/** The peak first; then `times` as much, each request at its time whether or not answers come; then as much as before. */
export async function overload(t, { seconds, times = 3, batch = 50, is_timed, tell }) {
  const rig = await Rig.start(t);
  const records = fresh_folder(t);
  let refused_in_all = 0;
  const ingest = async (prefix, options) => {
    const record = join(records, prefix);
    const told = await load("ingest", { port: rig.port, key: rig.key, batch, prefix, connections: 32, record, ...options });
    add_to(rig.history, record, { prefix, batch });
    refused_in_all += told.requests - told.ok - told.cut;
    return told;
  };
  await ingest("warm", { seconds: 2 });
  const peak = await ingest("peak", { seconds });
  const rate = Math.round(peak.requests_per_s * times);
  const over = await ingest("over", { seconds, "requests-per-s": rate, "connections-max": connections_max });
  await sleep(1000);
  const after = await ingest("after", { seconds: 3 });
  const { body } = await rig.api.get("/metrics");
  assert.equal(rig.server.is_over, false);
  assert.deepEqual(await rig.server.stop(), { code: 0, signal: null });
  assert_kept(rig.history, await stored_in(rig.folder));

  const goodput = over.events_per_s / peak.events_per_s, recovered = after.events_per_s / peak.events_per_s;
  const refused = over.requests - over.ok - over.cut;
  tell({ "peak, events a second": peak.events_per_s, "asked for, requests a second": rate, "under overload, events a second": over.events_per_s, goodput: round(goodput),
    "requests sent at their time": over.requests, "not sent": over.unsent, connections: over.connections, "refused with Retry-After": refused, "refused within, median ms": over.refused_p50_ms, "p99 ms": over.refused_p99_ms,
    "taken within, median ms": over.p50_ms, "taken, p99 ms": over.p99_ms, "a second later, of the peak": round(recovered), "refused then": after.requests - after.ok,
    "events acknowledged": rig.history.count("ok"), lost: 0, "refused and stored": 0 });
  const complaint = JSON.stringify({ peak, over, after });
  assert.deepEqual([over.without_retry_after, over.cut, over.unsent], [0, 0, 0], complaint);
  assert.deepEqual(Object.keys(over.statuses).filter((status) => !taken_or_refused.includes(status)), [], complaint);
  assert.ok(refused > 0, `nothing was refused: ${complaint}`);
  assert.equal(turned_away_of(body), refused_in_all, "the server counts refusals otherwise than its clients");
  assert.equal(after.ok, after.requests, `not recovered: ${complaint}`);
  if (!is_timed) return;
  assert.ok(goodput >= 0.8, `goodput ${goodput}: ${complaint}`);
  assert.ok(over.p99_ms <= 2000, `taken within ${over.p99_ms} ms: ${complaint}`);
  assert.ok(over.refused_p99_ms <= 100, `refused within ${over.refused_p99_ms} ms: ${complaint}`);
  assert.ok(recovered >= 0.8, `not recovered: ${complaint}`);
}

const round = (number) => Number(number.toFixed(2));
