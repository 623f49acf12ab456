// R01 and R25 of decisions: the plug is pulled while people merge, unmerge and undo, and events come in. What was acknowledged stands, and what got
// no answer stands whole or not at all; golden records, figures, change rows and the ledger agree.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { Tracker, dice, run, sleep } from "../story/onefold.mjs";
import { Rig, assert_kept, stored_in } from "./rig.mjs";

const people_of_a_decider = 7;
const deciders = 3;

/** What a customer is, without what events change and without its id. */
const content_of = ({ fields, identifiers, nodes }) =>
  JSON.stringify([Object.entries(fields).filter(([, value]) => value !== null).sort(), identifiers.map(({ type, value }) => `${type}:${value}`).sort(), [...nodes].sort()]);
const contents_of = (parts) => JSON.stringify(parts.map(content_of).sort());

/**
 * What is wrong with what a decider finds after a restart. `known`: decision → whether it was undone, as far as acknowledged; `pending`: the decision
 * that got no answer, {kind, decision, before, after}. Pure.
 */
export function complaints_about_decisions({ parts, known, pending }, seen) {
  const complaints = [];
  const is_there = pending !== null && contents_of(seen.parts) === contents_of(pending.after);
  if (!is_there && contents_of(seen.parts) !== contents_of(parts)) complaints.push(`customers are ${pending ? `neither as before nor as after the ${pending.kind}` : "not as was acknowledged"}`);
  for (const [id, is_undone] of known) {
    const may_be_undone = is_undone || (is_there && pending.kind === "undo" && pending.decision === id);
    if (!seen.decisions.has(id)) complaints.push(`decision ${id} was acknowledged and is lost`);
    else if (seen.decisions.get(id) !== may_be_undone) complaints.push(`decision ${id} is ${seen.decisions.get(id) ? "undone" : "standing"}, which customers do not show`);
  }
  const news = [...seen.decisions.keys()].filter((id) => !known.has(id));
  const expected = is_there && pending.kind !== "undo" ? 1 : 0;
  if (news.length !== expected) complaints.push(`${news.length} decisions beyond the acknowledged ones, and customers show ${expected}`);
  return complaints;
}

/** Decides about people of its own, one thing after the other, and knows what must have come of it. */
class Decider {
  known = new Map();
  standing = []; // what may be undone, the newest last
  pending = null;
  made = 0;

  constructor(name, random) {
    Object.assign(this, { name, random, users: Array.from({ length: people_of_a_decider }, (_, i) => `${name}-${i}`) });
  }
  pick = (items) => items[Math.floor(this.random() * items.length)];

  async begin(api) {
    this.parts = await this.#look(api);
    this.nodes = new Set(this.parts.flatMap(({ nodes }) => nodes));
    assert.equal(this.parts.length, people_of_a_decider);
  }

  async #look(api) {
    const customers = new Map();
    for (const user of this.users) {
      const customer = await api.customer(`user_id:${user}`);
      customers.set(customer.id, customer);
    }
    return Promise.all([...customers.values()].map(async ({ id, fields, identifiers }) => {
      const { nodes } = (await api.get(`/api/v1/customers/${id}/lineage`)).body;
      return { customer: id, fields, identifiers, nodes: nodes.map((node) => node.id).filter((node) => !this.nodes || this.nodes.has(node)) };
    }));
  }

  /** Decides until no answer comes. */
  async run(api) {
    for (;;) {
      const what = this.#choose();
      try {
        if (what.path) await this.#decide(api, what);
        else await this.#undo(api);
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
        return;
      }
    }
  }

  #choose() {
    const wide = this.parts.filter(({ nodes }) => nodes.length > 1);
    const chance = this.random();
    if (this.standing.length > 0 && chance < 0.3) return { kind: "undo" };
    if (wide.length === 0 || (this.parts.length > 1 && chance < 0.7)) {
      const one = this.pick(this.parts), other = this.pick(this.parts.filter((part) => part !== one));
      const body = { other: other.customer, ...(this.random() < 0.5 && { values: { name: `Chosen ${this.name} ${this.made}` } }) };
      return { kind: "merge", of: [one, other], path: `/api/v1/customers/${one.customer}/merge`, body };
    }
    const one = this.pick(wide), count = 1 + Math.floor(this.random() * (one.nodes.length - 1));
    const nodes = [...one.nodes].sort(() => this.random() - 0.5).slice(0, count);
    return { kind: "unmerge", of: [one], path: `/api/v1/customers/${one.customer}/unmerge`, body: { nodes, reason: "several people" } };
  }

  async #decide(api, { kind, of, path, body }) {
    const shown = await api.post(path, { ...body, preview: true });
    assert.equal(shown.status, 200, `preview of ${kind}: ${JSON.stringify(shown.body)}`);
    const others = this.parts.filter((part) => !of.includes(part));
    this.pending = { kind, before: this.parts, after: [...others, ...shown.body.parts] };
    const done = await api.post(path, body);
    assert.equal(done.status, 200, `${kind}: ${JSON.stringify(done.body)}`);
    const parts = [...others, ...done.body.parts];
    assert.equal(contents_of(parts), contents_of(this.pending.after), `a ${kind} did something else than its preview`);
    this.#settle(done.body.decision, parts);
  }

  async #undo(api) {
    const { decision, before } = this.standing.at(-1);
    this.pending = { kind: "undo", decision, before: this.parts, after: before };
    const done = await api.post(`/api/v1/identity_decisions/${decision}/undo`);
    assert.equal(done.status, 200, `undo: ${JSON.stringify(done.body)}`);
    this.#settle(decision, before);
  }

  #settle(decision, parts) {
    if (this.pending.kind === "undo") (this.known.set(decision, true), this.standing.pop());
    else (this.known.set(decision, false), this.standing.push({ decision, before: this.pending.before }));
    Object.assign(this, { parts, pending: null, made: this.made + 1 });
  }

  /** After a restart: holds what is there against what is known, and goes on from it. Resolves to whether the decision that got no answer stands, if there was one. */
  async look_again(api) {
    const seen = { parts: await this.#look(api), decisions: new Map() };
    for (const { customer } of seen.parts)
      for (const { id, undone_at } of await api.all(`/api/v1/customers/${customer}/decisions?limit=200`)) seen.decisions.set(id, undone_at !== null);
    assert.deepEqual(complaints_about_decisions(this, seen), [], `${this.name}: ${JSON.stringify(this.pending?.kind)}`);
    if (!this.pending) return undefined;
    const stands = contents_of(seen.parts) === contents_of(this.pending.after);
    if (stands) this.#settle(this.pending.decision ?? [...seen.decisions.keys()].find((id) => !this.known.has(id)), seen.parts);
    Object.assign(this, { parts: seen.parts, pending: null });
    return stands;
  }
}

/** One row for each decision and one for each undo, and of every customer the newest says what is so. `sql`: text → lines of a|b|c. */
function assert_change_rows(sql, made) {
  const wrong = sql(`SELECT d.id FROM identity_decision d WHERE (SELECT COUNT(*) FROM change c WHERE c.object_id = 6 AND c.record_id = d.id AND c.op = 'create') <> 1
    OR (SELECT COUNT(*) FROM change c WHERE c.object_id = 6 AND c.record_id = d.id AND c.op = 'update') <> (CASE WHEN d.undone_at IS NULL THEN 0 ELSE 1 END)`);
  assert.deepEqual(wrong, [], "decisions whose change rows are not as the ledger says");
  assert.ok(Number(sql("SELECT COUNT(*) FROM identity_decision")[0]) >= made);
  const states = new Map(sql("SELECT id, state, COALESCE(merged_into, 0) FROM customer").map((line) => line.split("|")).map(([id, ...state]) => [id, state.join("|")]));
  const told = new Map();
  for (const line of sql("SELECT record_id, after FROM change WHERE object_id = 1 AND after LIKE '%\"3\":%' ORDER BY seq")) {
    const [id, ...after] = line.split("|");
    const { 3: state, merged_into } = JSON.parse(after.join("|"));
    told.set(id, `${state}|${merged_into ?? 0}`);
  }
  assert.ok(told.size > 0, "no change row tells of a customer");
  for (const [id, state] of told) assert.equal(state, states.get(id), `customer ${id}: its newest change row against what is so`);
}

/** `postgres`: instead of SQLite, a server of the test's. `tell` gets the figures. */
export async function cut_off_deciding(t, { kills, seed = 1, postgres, tell }) {
  const random = dice(seed);
  const url = postgres?.make_database();
  const rig = await Rig.start(t, { words: url ? ["--database", url] : [] });
  const people = Array.from({ length: deciders }, (_, i) => new Decider(`d${i}`, dice(seed + i)));
  const names = people.flatMap(({ users }) => users).map((userId) => ({ type: "identify", userId, messageId: `name-${userId}`, traits: { name: `Person ${userId}` }, timestamp: "2026-01-01T00:00:00Z" }));
  const request = Object.assign(rig.history.begin(names.map(({ messageId }) => messageId)), { messages: names, state: "ok" });
  assert.equal((await new Tracker(rig.server.api(), rig.key).send("batch", { batch: names })).status, 200, JSON.stringify(request.ids[0]));
  await rig.see();
  for (const one of people) await one.begin(rig.api);

  const rebuild = async () => {
    const { code, stdout, stderr } = await run(["rebuild", "customers", "--data", rig.folder]);
    assert.equal(code, 0, stdout + stderr);
  };
  const cut = { stood: 0, "left nothing": 0 };
  for (let round = 0; round < kills; ++round) {
    const sending = people.map(({ name, users }) => rig.send(`r${round}-${name}`, { is_over: () => false, user_of: (i) => users[i % users.length], pause_ms: 5 }));
    const deciding = people.map((one) => one.run(rig.api));
    await sleep(20 + random() * 300);
    await rig.server.kill();
    await Promise.all([...deciding, ...sending]);
    await rig.serve();
    await rig.repeat();
    for (const one of people) {
      const stands = await one.look_again(rig.api);
      if (stands !== undefined) ++cut[stands ? "stood" : "left nothing"];
    }
    if (round % 25 === 24) await rig.see(), await rebuild();
  }
  await rig.assert_counted();
  await rebuild();
  assert.deepEqual(await rig.server.stop(), { code: 0, signal: null });
  assert_kept(rig.history, await stored_in(rig.folder));
  const made = people.reduce((sum, { known }) => sum + known.size, 0);
  const ask = (text) => (postgres ? postgres.ask(/\/\/\/(\w+)/.exec(url)[1], text.replaceAll("\n", " ")) : execFileSync("sqlite3", [join(rig.folder, "main.db"), text], { encoding: "utf8", maxBuffer: 1 << 28 }).trim());
  assert_change_rows((text) => ask(text).split("\n").filter(Boolean), made);
  const undone = people.reduce((sum, { known }) => sum + [...known.values()].filter(Boolean).length, 0);
  tell({ database: postgres ? "PostgreSQL" : "SQLite", kills, "merges and unmerges": made, "undone": undone, "acknowledged and lost": 0, "decisions cut off from their answer that stood whole": cut.stood, "that left nothing": cut["left nothing"],
    "that stood in part": 0, "events acknowledged beside": rig.history.count("ok"), "differences to what the log tells": 0 });
}
