// R23: SIGTERM while requests run: each that was begun is answered whole, and what was answered is kept.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { sleep } from "../story/onefold.mjs";
import { Rig, assert_kept, stored_in } from "./rig.mjs";

/** One connection that sends a batch after the other until the server closes it. Counts answers that end before their end. */
function send_raw(rig, name, counts) {
  return new Promise((done) => {
    const socket = connect(rig.port, "127.0.0.1");
    let number = 0, request, text = "";
    const next = () => {
      const ids = Array.from({ length: 20 }, (_, i) => `${name}-${number}-${i}`);
      ++number;
      request = rig.history.begin(ids);
      request.messages = ids.map((messageId, i) => ({ type: "track", userId: `${name}-${i % 5}`, messageId, event: "Ticked" }));
      const body = JSON.stringify({ writeKey: rig.key, batch: request.messages });
      socket.write(`POST /v1/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    };
    socket.on("connect", next);
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      const end = text.indexOf("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
      if (end < 0 || text.length < end + 4 + length) return;
      request.state = text.startsWith("HTTP/1.1 200") ? "ok" : "fail";
      ++counts.answers;
      const is_last = /connection: close/i.test(text);
      text = "";
      request = undefined;
      if (!is_last) next();
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      if (text !== "") ++counts.cut;
      if (request) ++counts.unanswered;
      done();
    });
  });
}

export async function stop_under_load(t, { stops, tell }) {
  const rig = await Rig.start(t);
  const counts = { answers: 0, cut: 0, unanswered: 0 };
  let longest_ms = 0;
  for (let round = 0; round < stops; ++round) {
    const sending = Array.from({ length: 12 }, (_, i) => send_raw(rig, `s${round}-${i}`, counts));
    await sleep(300 + 37 * round % 400);
    const begun = Date.now();
    assert.deepEqual(await rig.server.stop(), { code: 0, signal: null });
    longest_ms = Math.max(longest_ms, Date.now() - begun);
    await Promise.all(sending);
    assert.equal(counts.cut, 0, "answers ended before their end");
    await rig.serve();
    await rig.repeat();
  }
  assert.ok(longest_ms <= 10_000, `a stop took ${longest_ms} ms`);
  await rig.assert_counted();
  assert.deepEqual(await rig.server.stop(), { code: 0, signal: null });
  assert_kept(rig.history, await stored_in(rig.folder));
  tell({ stops, answers: counts.answers, "answers cut": counts.cut, "requests that came too late to be read": counts.unanswered, "acknowledged and lost": 0, "longest stop, ms": longest_ms });
}
