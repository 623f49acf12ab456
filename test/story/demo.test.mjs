// The demo company, brought in by the real program: nobody in it is ever joined with somebody else, and how much of everybody comes together is told beside
// the error rates that it was made with. ONEFOLD_SEEDS="5 6 7" takes others than the two, ONEFOLD_CUSTOMERS more people.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { read_csv } from "./csv.mjs";
import { Server, fresh_folder, run, sleep } from "./onefold.mjs";
import { both_databases } from "./postgres.mjs";

const seeds = (process.env.ONEFOLD_SEEDS ?? "1 2").split(" ");
const customers = Number(process.env.ONEFOLD_CUSTOMERS ?? 900);
/** More goes wrong than as a rule, so that little is left to luck. */
const rates = { typos: 60, placeholders: 40, blanks: 150, "shared-phones": 250, "changed-numbers": 200, duplicates: 50, conflicts: 60 };
const rate_words = Object.entries(rates).flatMap(([name, rate]) => [`--${name}`, String(rate)]);

const succeed = async (...words) => {
  const done = await run(words);
  assert.equal(done.code, 0, `${words.join(" ")}: ${done.stdout}${done.stderr}`);
  return done;
};

async function in_turns(items, work) {
  const rest = [...items];
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (let item; (item = rest.pop()) !== undefined; ) await work(item);
  }));
}

async function until_visible(api) {
  for (let state; ; await sleep(50)) {
    state = (await api.get("/metrics")).body;
    const figure = (name) => Number(new RegExp(`^onefold_${name} (\\d+)`, "m").exec(state)[1]);
    if (figure("visible_position") >= figure("log_end_position")) return;
  }
}

/** "source\0key" of every record → the customer whose it is now. */
async function holders(api) {
  const holder = new Map();
  const hold = (source, key, customer) => customer && holder.set(`${source}\0${key}`, customer);
  for (const object of ["orders", "tickets"])
    for (const record of await api.all(`/api/v1/${object}?limit=1000`)) hold(record.source, record.number, record.customer);
  const people = await api.all("/api/v1/customers?limit=1000");
  await in_turns(people, async ({ id }) => {
    const { nodes } = (await api.get(`/api/v1/customers/${id}/lineage`)).body;
    for (const { source, subject_key } of nodes) {
      const [type, key] = subject_key.split(/:(.*)/s);
      if (["member_no@CRM", "user_id", "openid@公众号"].includes(type)) hold(source, key, id);
    }
    const events = (await api.all(`/api/v1/customers/${id}/timeline?limit=200`)).filter(({ position }) => position);
    for (const { position, source } of events) hold(source, (await api.get(`/api/v1/events/${position}`)).body.message_id, id);
  });
  return { holder, people };
}

const pairs = (count) => (count * (count - 1)) / 2;
const sum = (numbers) => [...numbers].reduce((total, number) => total + number, 0);

/** Over all pairs of records: of those that are one customer's, how many are one person's, and the other way round. */
function judge(truth, holder) {
  const together = new Map(), of_customer = new Map(), of_person = new Map(), wrong = [];
  const add = (counts, key) => counts.set(key, (counts.get(key) ?? 0) + 1);
  const person_of = new Map();
  for (const { source, record_key, person_key } of truth) {
    add(of_person, person_key);
    const customer = holder.get(`${source}\0${record_key}`);
    if (customer === undefined) continue;
    if ((person_of.get(customer) ?? person_key) !== person_key) wrong.push(`${source} ${record_key} of ${person_key} is customer ${customer}, who is ${person_of.get(customer)}`);
    person_of.set(customer, person_key);
    add(of_customer, customer), add(together, `${customer}\0${person_key}`);
  }
  const right = sum([...together.values()].map(pairs));
  const held = truth.filter(({ source, record_key }) => holder.has(`${source}\0${record_key}`)).length;
  return { precision: right / sum([...of_customer.values()].map(pairs)), recall: right / sum([...of_person.values()].map(pairs)), held: held / truth.length, wrong };
}

const databases = both_databases();

const words_of = (folder, seed) => ["demo", "--data", folder, "--customers", String(customers), "--seed", seed, "--until", "2026-06-30", ...rate_words];
const server_on = async (database, folder) => Server.start(folder, databases.words_of(database));

/** What stands in it at the end, however it came there. */
async function contents(api) {
  const count = async (object) => (await api.post("/api/v1/query", { object, select: [{ path: "id", aggregate: "count" }] })).body.rows[0][0];
  const sum_of = async (path) => (await api.post("/api/v1/query", { object: "customer", select: [{ path, aggregate: "sum" }] })).body.rows[0][0];
  const keys = [];
  for (const { id } of (await api.get("/api/v1/sources")).body.items) keys.push(...((await api.get(`/api/v1/sources/${id}/write_keys`)).body.items ?? []));
  const found = { open_keys: keys.filter(({ revoked_at }) => !revoked_at).length };
  for (const object of ["customer", "order", "ticket"]) found[object] = await count(object);
  for (const path of ["event_count", "total_spend"]) found[path] = String(await sum_of(path));
  return found;
}
const filled = new Map(); // by seed, on SQLite and without a kill

for (const [database, seed] of [...seeds.map((seed) => ["SQLite", seed]), ["PostgreSQL", seeds[0]]])
  describe(`the demo company of seed ${seed} on ${database}`, () => {
    test("no two people are one customer, and most of what is one person's comes together", async (t) => {
      const folder = fresh_folder(t), server = await server_on(database, folder), data = ["--data", folder];
      t.after(() => server.kill());
      const words = words_of(folder, seed);
      await succeed(...words);
      const api = server.api({ token: (await succeed("token", "create", "demo", ...data)).last_word });
      await until_visible(api);
      const imports = (await api.get("/api/v1/imports")).body.items;
      assert.deepEqual(imports.map(({ state, counts }) => [state, counts.failed]), imports.map(() => ["finished", 0]));
      const problems = (await Promise.all(imports.map(({ id }) => api.get(`/api/v1/imports/${id}`)))).flatMap(({ body }) => body.problems);
      assert.deepEqual(problems.filter(({ code }) => code.startsWith("identity.")), [], "every identifier can be read");
      const truth = read_csv(readFileSync(join(folder, "sample/truth.csv"), "utf8"));
      const { holder, people } = await holders(api);
      const { precision, recall, held, wrong } = judge(truth, holder);
      console.log(`seed ${seed} on ${database}: ${customers} people, ${truth.length} records, ${people.length} customers; precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)}, records of somebody ${held.toFixed(4)}; of 1,000: ${Object.entries(rates).map(([name, rate]) => `${name} ${rate}`).join(", ")}`);
      assert.deepEqual(wrong, []);
      assert.equal(precision, 1);
      assert.ok(recall > 0.7, `recall ${recall}`);
      assert.ok(held > 0.97, `only ${held} of all records are somebody's`);
      for (const path of ["/api/v1/reviews", "/api/v1/quality/conflicts", "/api/v1/identifiers?state=blocked"])
        assert.ok((await api.get(path)).body.items.length > 0, `${path} has something to show`);
      const site = (await api.get("/api/v1/sources")).body.items.find(({ name }) => name === "官网");
      const keys = (await api.get(`/api/v1/sources/${site.id}/write_keys`)).body.items;
      assert.ok(keys.length > 0 && keys.every(({ revoked_at }) => revoked_at), "nobody is left with a key that nobody knows");
      const there = { ...(await contents(api)), precision, recall };
      if (database === "SQLite") filled.set(seed, there);
      assert.deepEqual(there, filled.get(seed), "on either database the same");
      // The same again changes nothing, and something else is not mixed into it.
      await succeed(...words);
      await until_visible(api);
      assert.equal((await api.all("/api/v1/customers?limit=1000")).length, people.length);
      const other = await run([...words.slice(0, 4), String(customers - 1)]);
      assert.equal(other.code, 2);
      assert.match(other.stderr, /There are customers already/);
    });
  });

/** Asks until `is_there` says so of how far it is. */
async function until_loaded(api, is_there) {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(5)) {
    const answer = await api.get("/api/v1/sample").catch(() => null);
    if (answer?.status === 200 && is_there(answer.body)) return answer.body;
  }
  assert.fail("the demo company does not come in");
}

for (const database of ["SQLite", "PostgreSQL"])
  test(`the demo company on ${database} goes on after kills in its middle, and is whole`, { timeout: 300_000 }, async (t) => {
    const folder = fresh_folder(t), words = words_of(folder, seeds[0]);
    let server = await server_on(database, folder);
    t.after(() => server.kill());
    const { last_word: token } = await succeed("token", "create", "demo", "--data", folder);
    const moments = [({ messages }) => messages > 0, ({ percent }) => percent > 50];
    for (const is_there of moments) {
      const filling = run(words);
      const seen = await until_loaded(server.api({ token }), is_there);
      assert.equal(seen.state, "running", JSON.stringify(seen));
      await server.kill();
      assert.notEqual((await filling).code, 0, "the command says that it was cut off");
      server = await Server.start(folder);
    }
    const api = server.api({ token });
    await succeed(...words);
    await until_visible(api);
    const { precision, recall, ...whole } = filled.get(seeds[0]);
    assert.deepEqual(await contents(api), whole);
    const states = (await api.get("/api/v1/imports")).body.items.map(({ state }) => state);
    assert.deepEqual(states, states.map(() => "finished"));
  });
