// A server on a folder of its own, senders whose requests are recorded, and what the log holds in the end.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { Server, Tracker, fresh_folder, program, run, sleep } from "../story/onefold.mjs";
import { History, complaints_about } from "./history.mjs";

const execute = promisify(execFile);
/** A tool of the build under test, or of the release where that has none. */
const built = (name) => [dirname(program), "build"].map((folder) => join(folder, "test", name)).find(existsSync) ?? name;

/** The program `load`, with what it tells. `code` is 1 where it found something wrong. */
export async function load(mode, options) {
  const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const { stdout, stderr, code } = await execute(built("load"), [mode, ...words], { maxBuffer: 1 << 26 }).then((done) => ({ ...done, code: 0 }), (error) => error);
  assert.ok(code === 0 || code === 1, `load ${mode}: ${stderr}`);
  return { code, complaints: stderr, ...JSON.parse(stdout) };
}

/** The message ids of the events that senders sent, in the event log of `folder`, which no server has open. */
export async function stored_in(folder) {
  assert.ok(existsSync(join(folder, "log")), `${folder} has no event log`);
  const { stdout } = await execute(built("diary"), [join(folder, "log")], { maxBuffer: 1 << 30 }).catch((error) => {
    throw new Error(`${folder}: ${error.stderr || error.message}`);
  });
  const frames = stdout.split("\n").filter(Boolean).map((line) => line.split(" "));
  const keys = frames.map(([, , source, id]) => `${source} ${id}`);
  assert.equal(new Set(keys).size, keys.length, "a message of one source is stored twice");
  return frames.filter(([, kind]) => kind === "0").map(([, , , id]) => id);
}

export function assert_kept(history, stored) {
  const complaints = complaints_about(history, stored);
  assert.deepEqual(complaints.slice(0, 5), [], `${complaints.length} complaints`);
}

export class Rig {
  history = new History();

  static async start(t, { folder = fresh_folder(t), words, environment } = {}) {
    const rig = new Rig();
    Object.assign(rig, { folder, words, environment });
    t.after(() => rig.server?.kill());
    await rig.serve();
    rig.key = (await run(["source", "create", "web", "--kind", "api", "--data", folder])).last_word;
    rig.token = (await run(["token", "create", "torture", "--data", folder])).last_word;
    return rig;
  }
  async serve() {
    const begun = Date.now();
    this.server = await Server.start(this.folder, this.words, this.environment);
    return Date.now() - begun;
  }
  get api() {
    return this.server.api({ token: this.token });
  }
  get port() {
    return Number(new URL(this.server.url).port);
  }

  /** Sends until `is_over()` or until no answer comes: batches of `size`, one after the other, each recorded. Resolves to the last answer. */
  async send(name, { is_over, size = 25, users = 5, user_of = (i) => `${name}-${i % users}`, pause_ms = 0, is_patient = false }) {
    const tracker = new Tracker(this.server.api(), this.key);
    let last;
    for (let number = 0; !is_over(); ++number) {
      const messages = Array.from({ length: size }, (_, i) => ({
        type: "track", userId: user_of(i), messageId: `${name}-${number}-${i}`, event: "Ticked", timestamp: "2026-01-01T00:00:00Z" }));
      const request = Object.assign(this.history.begin(messages.map(({ messageId }) => messageId)), { begun_ms: Date.now() });
      request.messages = messages;
      const answer = await tracker.send("batch", { batch: messages }).catch(() => null);
      request.took_ms = Date.now() - request.begun_ms;
      if (answer?.status === 200) (request.state = "ok"), (last = answer);
      else if (answer) (request.state = "fail"), (request.status = answer.status);
      if (!answer && !is_patient) break;
      if (pause_ms) await sleep(pause_ms);
    }
    return last;
  }

  /** Every request that got no answer once more, as a sender does. Resolves to the last answer. */
  async repeat() {
    const tracker = new Tracker(this.server.api(), this.key);
    let last;
    for (const request of this.history.requests.filter(({ state, messages }) => state === "unknown" && messages)) {
      last = await tracker.send("batch", { batch: request.messages });
      assert.equal(last.status, 200, JSON.stringify(last.body));
      request.state = "ok";
    }
    return last;
  }

  /** Waits until every stored event is in customers, and holds the counts of all of them against the history. */
  async assert_counted() {
    await this.see();
    const expected = new Map();
    for (const { messages } of this.history.requests.filter(({ state }) => state === "ok"))
      for (const { userId } of messages) expected.set(userId, (expected.get(userId) ?? 0) + 1);
    const wrong = [];
    for (const customer of await this.api.all("/api/v1/customers?limit=1000")) {
      const users = customer.identifiers.filter(({ type }) => type === "user_id").map(({ value }) => value);
      if (users.length === 0) continue;
      const count = users.reduce((sum, user) => sum + (expected.get(user) ?? 0), 0);
      if (customer.computed.event_count !== count) wrong.push([users.join(" "), customer.computed.event_count, count]);
      users.forEach((user) => expected.delete(user));
    }
    assert.deepEqual([wrong.slice(0, 5), [...expected.keys()].slice(0, 5)], [[], []], "events counted wrongly, and users that are missing");
  }

  async see(within_ms = 300_000) {
    const figure = (text, name) => Number(new RegExp(`^onefold_${name} (\\d+)`, "m").exec(text)?.[1]);
    for (const deadline = Date.now() + within_ms; ; await sleep(50)) {
      const { body } = await this.api.get("/metrics");
      if (figure(body, "visible_position") >= figure(body, "log_end_position")) return;
      assert.ok(Date.now() < deadline, `not visible within ${within_ms / 1000} s`);
    }
  }
}

