// The event log of the real program: durable before the answer, checked by `onefold verify`, read on where it is damaged.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Server, Tracker, dice, fresh_folder, run, seeing, sleep } from "./onefold.mjs";

const seed = Number(process.env.ONEFOLD_SEED ?? Date.now() % 1_000_000);
console.log(`seed ${seed} (set ONEFOLD_SEED to repeat)`);
const flips = Number(process.env.ONEFOLD_FLIPS ?? 40);

const message = (name, extra = {}) => ({ type: "track", userId: "u-1", messageId: name, event: "Ticked", ...extra });

async function served(t, folder = fresh_folder(t), through = []) {
  const data = ["--data", folder];
  const server = await Server.start(folder, [], {}, through);
  t.after(() => server.kill());
  const write_key = (await run(["source", "create", `shop-${Math.random()}`, "--kind", "api", ...data])).last_word;
  const token = (await run(["token", "create", "log", ...data])).last_word;
  return { folder, data, server, write_key, token, tracker: new Tracker(server.api(), write_key), api: server.api({ token }) };
}

const segments_of = (folder, log = "log") => readdirSync(join(folder, log)).filter((name) => name.endsWith(".log")).map((name) => join(folder, log, name));

function flip(file, offset) {
  const bytes = readFileSync(file);
  bytes[offset] ^= 0x10;
  writeFileSync(file, bytes);
}

/** Of each message of a trace in turn: its write to the log, then a sync of the log that ended, then an answer. Which were answered, and which of them unsynced. */
function answers_of(trace) {
  const syncing = new Set(); // threads that wait for a sync of the log
  const answered = [], unsynced = [];
  let waiting = null, is_synced = false;
  for (const line of trace.split("\n")) {
    const mark = /pwrite64\(\d+<[^>]*\/log\/[^>]*>/.test(line) && /message-\d{4}/.exec(line)?.[0];
    if (mark) [waiting, is_synced] = [mark, false];
    const thread = line.split(" ", 1)[0];
    if (/ fdatasync\(\d+<[^>]*\/log\/[^>]*\.log>/.test(line)) syncing.add(thread);
    if (/ fdatasync\(|fdatasync resumed>/.test(line) && / = 0$/.test(line) && syncing.delete(thread) && waiting) is_synced = true;
    if (/HTTP\/1\.1 200/.test(line) && waiting) {
      answered.push(waiting);
      if (!is_synced) unsynced.push(waiting);
      waiting = null;
    }
  }
  return { answered, unsynced };
}

describe("The event log", () => {
  test("is written and synced before the answer goes out", async (t) => {
    const trace = join(fresh_folder(t), "trace");
    const { server, tracker } = await served(t, undefined, ["strace", "-D", "-f", "-y", "-s", "4096", "-e", "trace=pwrite64,fdatasync,write,writev,sendmsg,sendto", "-e", "signal=none", "-o", trace]);
    const marks = Array.from({ length: 30 }, (_, i) => `message-${1000 + i}`);
    for (const mark of marks) assert.equal((await tracker.send("track", message(mark))).status, 200);
    assert.equal((await server.stop()).code, 0);
    const told = readFileSync(trace, "utf8");
    assert.deepEqual(answers_of(told), { answered: marks, unsynced: [] });
    const without_syncs = told.replace(/^.*fdatasync.*\n/gm, ""); // the same, had the server not synced
    assert.deepEqual(answers_of(without_syncs), { answered: marks, unsynced: marks });
  });

  test("is verified while a server writes to it and when it stands still, and every flipped byte is named", async (t) => {
    const random = dice(seed);
    const { folder, data, server, tracker } = await served(t);
    let is_over = false, sent = 0;
    const sending = (async () => {
      while (!is_over) {
        const batch = Array.from({ length: 20 }, () => message(`m-${sent++}`, { properties: { text: "x".repeat(Math.floor(random() * 500)) } }));
        assert.equal((await tracker.send("batch", { batch })).status, 200);
      }
    })();
    for (let i = 0; i < 8; ++i) {
      const checked = await run(["verify", ...data]);
      assert.equal(checked.code, 0, checked.stdout + checked.stderr);
    }
    is_over = true;
    await sending;
    await server.stop();
    const whole = await run(["verify", ...data]);
    assert.equal(whole.code, 0, whole.stdout);
    assert.match(whole.stdout, new RegExp(`event log: ${sent} frames, 0 of them redacted; 0 damages`));
    const files = [...segments_of(folder), ...segments_of(folder, "audit"), join(folder, "log", "hwm")];
    for (let i = 0; i < flips; ++i) {
      const file = files[Math.floor(random() * files.length)];
      const offset = Math.floor(random() * readFileSync(file).length);
      flip(file, offset);
      const damaged = await run(["verify", ...data]);
      assert.equal(damaged.code, 1, `${file} ${offset}`);
      assert.ok(damaged.stdout.includes(`damage: ${file} at byte `), damaged.stdout);
      flip(file, offset);
    }
    const runs = readdirSync(join(folder, "timeline")).map((name) => join(folder, "timeline", name));
    assert.match(whole.stdout, new RegExp(`timeline: ${sent} entries in its files; 0 damages`));
    assert.ok(runs.some((file) => file.endsWith(".run")) && runs.some((file) => file.endsWith("manifest")));
    for (const file of runs) {
      const offset = Math.floor(random() * readFileSync(file).length);
      flip(file, offset);
      const damaged = await run(["verify", ...data]);
      assert.equal(damaged.code, 1, `${file} ${offset}`);
      assert.ok(damaged.stdout.includes(`damage: ${file} is damaged`), damaged.stdout);
      assert.match(damaged.stdout, /timeline: \d+ entries in its files; 1 damages; nothing is lost: what is damaged is made again from the event log when it is met/);
      assert.match((await run(["verify", ...data, "--lang", "zh-CN"])).stdout, /时间线：文件中 \d+ 条；损坏 1 处；数据不会丢失：读到损坏处时将由事件日志重建/);
      flip(file, offset);
    }
    flip(runs.find((file) => file.endsWith(".run")), 100);
    const again = await Server.start(folder);
    const reader = again.local_api(), { id } = await reader.customer("user_id:u-1");
    const shown = async () => (await reader.get(`/api/v1/customers/${id}/timeline?limit=200`)).body;
    for (const deadline = Date.now() + 20_000; (await shown()).items.length < Math.min(sent, 200); await sleep(50)) assert.ok(Date.now() < deadline);
    await again.stop();
    const mended = await run(["verify", ...data]);
    assert.equal(mended.code, 0, mended.stdout);
    assert.match(mended.stdout, new RegExp(`timeline: ${sent} entries in its files; 0 damages`));
    assert.match((await run(["verify", ...data, "--lang", "zh-CN"])).stdout, /事件日志：\d+ 帧，其中 0 帧已抹除；损坏 0 处/);
    assert.equal((await run(["verify"])).code, 2);
    assert.equal((await run(["verify", "--data", join(folder, "nowhere")])).code, 2);
  });

  test("is read up to a damage, takes nothing new, says so everywhere, and goes on once it is mended", async (t) => {
    const first = await served(t);
    const { folder, data, write_key, token } = first;
    for (let i = 0; i < 20; ++i) await first.tracker.send("track", message(`m-${i}`, { userId: `u-${i}` }));
    const last = await first.tracker.send("identify", { type: "identify", userId: "u-3", messageId: "i", traits: { email: "lin@example.com" } });
    await first.api.get("/api/v1/customers", seeing(last));
    await first.server.stop();
    const [file] = segments_of(folder);
    const offset = Math.floor(readFileSync(file).length / 2);
    flip(file, offset);
    const damaged = readFileSync(file);

    const server = await Server.start(folder);
    t.after(() => server.kill());
    const tracker = new Tracker(server.api(), write_key), api = server.api({ token });
    const refused = await tracker.send("track", message("new"));
    assert.equal(refused.status, 503);
    assert.equal(refused.body.error.code, "event_log.recovery_needed");
    assert.ok(refused.headers["retry-after"]);
    const told = Object.fromEntries(refused.body.error.fields.map(({ path, message }) => [path, message]));
    assert.equal(told["/file"], file);
    assert.ok(Number(told["/offset"]) <= offset && Number(told["/offset"]) > 0);
    assert.ok(told["/cause"]);
    const in_chinese = await tracker.api.post("/v1/track", message("new"), { ...tracker.headers, "accept-language": "zh-CN" });
    assert.match(in_chinese.body.error.message, /事件日志已损坏.*请停止服务/);

    const ready = await api.get("/readyz");
    assert.deepEqual([ready.status, ready.body], [200, { status: "ready", degraded: ["event_log.recovery_needed"] }]);
    assert.match((await api.get("/metrics")).body, /^onefold_log_recovery_needed 1$/m);
    const state = (await api.get("/api/v1/state")).body;
    assert.deepEqual([state.is_taking_events, state.problems.map(({ code }) => code)], [false, ["event_log.recovery_needed"]]);
    assert.equal((await server.api().get("/api/v1/state")).status, 401);
    // Who is a customer is read as before, and nothing stands.
    assert.equal((await api.all("/api/v1/customers")).length, 20);
    assert.equal((await api.customer("user_id:u-3")).identifiers.length, 2);
    assert.match((await api.get("/metrics")).body, /^onefold_intake_stands 0$/m);
    const csv = join(fresh_folder(t), "c.csv");
    writeFileSync(csv, "email,name\na@example.com,A\n");
    const imported = await run(["import", csv, "--as", "customer", "--source", "crm", ...data]);
    assert.equal(imported.code, 1);
    assert.match(imported.stderr + imported.stdout, /event log is damaged/);
    assert.equal((await run(["verify", ...data])).code, 1);
    assert.equal((await server.stop()).code, 0);
    assert.ok(readFileSync(file).equals(damaged), "a damaged file is left as it is");

    flip(file, offset); // from the backup
    const mended = await Server.start(folder);
    t.after(() => mended.kill());
    assert.deepEqual((await mended.api({ token }).get("/api/v1/state")).body, { is_taking_events: true, problems: [] });
    assert.equal((await new Tracker(mended.api(), write_key).send("track", message("new"))).status, 200);
    await mended.stop();
    assert.match((await run(["verify", ...data])).stdout, /event log: 22 frames/);
  });
});

test("strace is there", () => assert.match(execFileSync("strace", ["-V"], { encoding: "utf8" }), /strace -- version/));
