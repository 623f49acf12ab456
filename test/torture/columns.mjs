// R08: the columns' file is lost, damaged, or ends whoever replays its log: the server is ready at once and says so, and the same answers come back.
import assert from "node:assert/strict";
import { break_log, columns_of, end_of, figures, harms, settled } from "../story/columns.mjs";
import { dice } from "../story/onefold.mjs";
import { Rig, load } from "./rig.mjs";

const batch = 50, percentile = (times, share) => times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) * share)];

/** What they tell once they are sound: a broken block that nobody has read yet is found by a question, and all is made anew. */
async function told_by(api) {
  for (let tries = 0; ; ++tries) {
    await settled(api, await end_of(api));
    try {
      return await figures(api);
    } catch (error) {
      if (tries === 5) throw error;
    }
  }
}

export async function harm_columns(t, { harms: count, events, seed = 1, is_timed, tell }) {
  const random = dice(seed), rig = await Rig.start(t);
  let sent = 0;
  const told_after = async (more) => {
    await load("ingest", { port: rig.port, key: rig.key, batch, crowd: 2_000, first: sent, prefix: "h", connections: 4, seconds: 600, requests: more / batch });
    sent += more;
    await rig.see();
    return told_by(rig.api);
  };
  let before = await told_after(events);
  const kinds = [...Object.entries(harms), ["ends whoever replays its log", break_log]], ready = [], rates = [];
  for (let i = 0; i < count; ++i) {
    const [harm, work] = kinds[i % kinds.length];
    if (work === break_log) before = await told_after(4 * batch); // so that there is something to replay
    await (work === break_log ? rig.server.kill() : rig.server.stop());
    work(rig.folder, random);
    const begun = Date.now();
    ready.push(await rig.serve());
    const is_rebuilt = (await columns_of(rig.api)).state !== "following";
    await settled(rig.api, await end_of(rig.api));
    if (is_rebuilt) rates.push(sent / ((Date.now() - begun) / 1000));
    assert.deepEqual(await told_by(rig.api), before, `${harm}, the ${i}th`);
  }
  assert.ok(rates.length > 0, "nothing was rebuilt");
  if (is_timed) {
    assert.ok(percentile(ready, 1) <= 5_000, `ready after ${percentile(ready, 1)} ms`);
    assert.ok(percentile(rates, 0) >= 20_000, `rebuilt at ${percentile(rates, 0)} events/s`);
  }
  tell({ harms: count, events: sent, "kinds of events that tell the same": before.items.length, "ready, slowest ms": percentile(ready, 1),
    "said that they are rebuilt": rates.length, "rebuilt, slowest events a second": Math.round(percentile(rates, 0)) });
}
