// R09: the same messages again and again, in no order, from several senders that repeat what they got no answer for.
import assert from "node:assert/strict";
import { Rig, load, stored_in } from "./rig.mjs";

const users = 1000;

/** `planted`: so many messages are taken out of what must be there, as if they had been duplicates. */
export async function send_repeated(t, { events, planted = 0, tell }) {
  const rig = await Rig.start(t);
  const told = await load("repeat", { port: rig.port, key: rig.key, prefix: "d", events, users });
  assert.equal(told.code, 0, JSON.stringify(told));
  await rig.see(1_800_000);
  const customers = await rig.api.all("/api/v1/customers?limit=1000");
  const counted = customers.reduce((sum, { computed }) => sum + computed.event_count, 0);
  assert.deepEqual(await rig.server.stop(), { code: 0, signal: null });
  const stored = await stored_in(rig.folder);
  const expected = new Set(Array.from({ length: told.distinct - planted }, (_, i) => `d-${i}`));
  const foreign = stored.filter((id) => !expected.has(id));
  assert.deepEqual(foreign.slice(0, 3), [], `${foreign.length} messages are stored that were never sent`);
  assert.equal(new Set(stored).size, stored.length, "a message is stored twice");
  assert.equal(stored.length, expected.size, "messages are missing");
  assert.equal(counted, expected.size, "customers count another number of events");
  tell({ "events sent": events, distinct: told.distinct, stored: stored.length, "counted in customers": counted, requests: told.requests,
    "requests whose answer was thrown away and that were repeated": told.lost, seconds: told.seconds });
}
