// An import is rolled back: by whom, what is told before and after, killed in the middle, and held against the log.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { read_csv } from "./csv.mjs";
import { Leftovers, Server, fresh_folder, run, sleep } from "./onefold.mjs";

const is_over = ({ state }) => !["waiting", "running"].includes(state);

describe("A roll-back", () => {
  const leftovers = new Leftovers();
  let folder, server, api;
  const api_of = async (role) => server.api({ token: (await run(["token", "create", role, "--role", role, "--data", folder])).last_word });
  before(async () => {
    folder = fresh_folder(leftovers);
    server = await Server.start(folder);
    leftovers.after(() => server.stop());
    api = await api_of("admin");
  });
  after(() => leftovers.run());

  async function send(name, text) {
    const bytes = Buffer.from(text), chunk = 4 << 20;
    const { id } = (await api.post("/api/v1/uploads", { name, size: bytes.length })).body;
    for (let at = 0; at < bytes.length; at += chunk)
      assert.equal((await api.send("PUT", `/api/v1/uploads/${id}/bytes/${at}`, bytes.subarray(at, at + chunk), { "content-type": "application/octet-stream" })).status, 200);
    return id;
  }
  async function until_over(path) {
    for (const deadline = Date.now() + 180_000; Date.now() < deadline; await sleep(20)) {
      const { status, body } = await api.get(path);
      assert.equal(status, 200, JSON.stringify(body));
      if (is_over(body)) return body;
    }
    assert.fail(`${path} does not end`);
  }
  async function bring_in(text, body) {
    const begun = await api.post("/api/v1/imports", { upload: await send("people.csv", text), source: "crm", ...body });
    assert.equal(begun.status, 201, JSON.stringify(begun.body));
    return until_over(`/api/v1/imports/${begun.body.id}`);
  }
  const path_of = ({ id }) => `/api/v1/imports/${id}/rollback`;
  async function roll_back(one, body = {}) {
    const begun = await api.post(path_of(one), body);
    assert.equal(begun.status, 200, JSON.stringify(begun.body));
    return until_over(path_of(one));
  }
  const customers_in = async () => (await api.post("/api/v1/query", { object: "customer", select: [{ path: "id", aggregate: "count" }] })).body.rows[0][0];
  const map = { identifiers: { no: "member_no", phone: "phone" }, fields: { name: "name", city: "city" } };
  const people = (count, city) => `no,phone,name,city\n${Array.from({ length: count }, (_, i) => `${i + 1},${String(13700000000 + i)},Person ${i},${city}`).join("\n")}\n`;
  async function log_tells_the_same() {
    assert.ok([200, 202, 204].includes((await api.post("/api/v1/rebuilds/customers")).status));
    for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(50)) {
      const { body } = await api.get("/api/v1/rebuilds/customers");
      if (!body.is_running) return assert.equal(body.last_rebuilt.differences, 0, JSON.stringify(body.last_rebuilt));
    }
    assert.fail("the rebuild does not end");
  }

  test("is told beforehand, takes back what the import made and changed, and leaves what was edited since", async () => {
    await bring_in(people(20, "Bern"), { as: "customer", map });
    const second = await bring_in(people(30, "Basel"), { as: "customer", map });
    assert.deepEqual([second.counts.created, second.counts.updated], [10, 20]);
    const kept = await api.customer("member_no@crm:25");
    const edited = await api.send("PATCH", `/api/v1/customers/${kept.id}`, { fields: { name: "Kept" } }, { "if-match": `"${kept.version}"` });
    assert.equal(edited.status, 200, JSON.stringify(edited.body));
    const nobody = await api.get(path_of(second));
    assert.deepEqual([nobody.status, nobody.body.error.code], [404, "import.no_rollback"]);
    const fates = { goes: 9, returns: 20, stays: 1 };
    const preview = await roll_back(second, { preview: true });
    assert.deepEqual([preview.state, preview.is_preview, preview.customers], ["previewed", true, fates]);
    assert.equal(await customers_in(), 30, "a preview changes nothing");
    const of_fate = async (fate) => (await api.get(`${path_of(second)}/records?fate=${fate}&limit=200`)).body.items.map(({ kind, name, reason }) => [kind, name, reason]);
    assert.deepEqual(await of_fate("goes"), [21, 22, 23, 24, 26, 27, 28, 29, 30].map((no) => ["customer", `Person ${no - 1}`, ""]));
    assert.equal((await of_fate("returns")).length, 20);
    assert.deepEqual(await of_fate("stays"), [["customer", "Kept", "edited"]]);
    const seen_as = async () => [(await api.get(`/api/v1/imports/${second.id}`)).body, (await api.get("/api/v1/imports")).body.items.find(({ id }) => id === second.id)].map(({ rollback }) => rollback?.state ?? null);
    assert.deepEqual(await seen_as(), [null, null], "a look is no roll-back");
    const viewer = await api_of("viewer");
    assert.equal((await viewer.post(path_of(second), {})).status, 403);
    const gone = await api.customer("member_no@crm:30");
    const done = await roll_back(second);
    assert.deepEqual([done.state, done.is_preview, done.customers, done.customers_gone], ["finished", false, fates, 9]);
    assert.deepEqual(await seen_as(), ["finished", "finished"]);
    assert.deepEqual(await of_fate("goes"), [], "what went is no longer listed");
    assert.deepEqual((await roll_back(second)).finished_at, done.finished_at, "two are one");
    assert.equal(await customers_in(), 21);
    assert.equal((await api.get(`/api/v1/customers/${(await api.customer("member_no@crm:3")).id}`)).body.fields.city, "Bern");
    assert.equal((await api.get(`/api/v1/customers/${gone.id}`)).body.state, "withdrawn");
    const left = (await api.get(`${path_of(second)}/records`)).body.items;
    assert.deepEqual(left.map(({ kind, name, reason, customer }) => [kind, name, reason, customer]), [["customer", "Kept", "edited", kept.id]]);
    const csv = await api.get(`${path_of(second)}/left/1`, { "accept-language": "zh-CN" });
    assert.match(csv.headers["content-disposition"], /attachment; filename="left-\d+-1\.csv"/);
    assert.deepEqual(Object.values(read_csv(csv.body)[0]), ["客户", "Kept", kept.id, "之后有人编辑、合并、备注或确认过"]);
    await log_tells_the_same();
    assert.match((await run(["verify", "--data", folder])).stdout, /29 of them redacted; 0 damages/);
  });

  test("goes on where it was after a kill -9 in its middle", async () => {
    const before = await customers_in();
    const first = await bring_in(people(20_000, "Chur").replace("no,", "nr,"), { as: "customer", map: { ...map, identifiers: { nr: "member_no" } } });
    assert.equal(first.state, "finished");
    assert.equal((await api.post(path_of(first), {})).status, 200);
    let seen;
    for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(5)) {
      seen = (await api.get(path_of(first))).body;
      if (seen.done > 1000 || is_over(seen)) break;
    }
    assert.ok(!is_over(seen) && seen.done < seen.total, `killed in the middle: ${seen.done} of ${seen.total}`);
    await server.kill();
    server = await Server.start(folder);
    api = server.api({ token: api.headers.authorization.split(" ")[1] });
    const running = await api.post("/api/v1/imports", { upload: await send("x.csv", people(1, "Bern")), source: "crm", as: "customer", map });
    const done = await until_over(path_of(first));
    assert.equal(done.state, "finished", JSON.stringify(done));
    assert.equal(done.customers.stays, 0, JSON.stringify(done));
    await until_over(`/api/v1/imports/${running.body.id}`);
    assert.equal(await customers_in(), before);
    await log_tells_the_same();
    const again = await bring_in(people(20_000, "Chur").replace("no,", "nr,"), { as: "customer", map: { ...map, identifiers: { nr: "member_no" } } });
    assert.equal(again.counts.failed, 0);
    assert.ok(again.counts.created >= 19_000, JSON.stringify(again.counts));
  });

  test("can be cancelled, and ended later", async () => {
    const one = await bring_in(`no,name\n${Array.from({ length: 10_000 }, (_, i) => `c${i + 1},C`).join("\n")}\n`, { as: "customer", source: "other", map: { identifiers: { no: "member_no" }, fields: { name: "name" } } });
    const before = await customers_in();
    await api.post(path_of(one), {});
    for (let seen = { state: "waiting" }; !(seen.done > 0) && !is_over(seen); await sleep(2)) seen = (await api.get(path_of(one))).body;
    await api.post(`${path_of(one)}/cancel`);
    const cut = await until_over(path_of(one));
    assert.equal(cut.state, "cancelled", JSON.stringify(cut));
    const left = await customers_in();
    assert.ok(left < before && left > before - 10_000, `${before} → ${left}`);
    await log_tells_the_same();
    assert.equal((await roll_back(one)).state, "finished");
    assert.equal(await customers_in(), before - 10_000);
    await log_tells_the_same();
  });

  test("of events leaves none of them in what a timeline's filters count", async () => {
    const event_map = { identifiers: { no: "member_no" }, event: { name: "what", time: "when" } };
    const events = (what, count) => `no,what,when\n${Array.from({ length: count }, (_, i) => `e1,${what},2026-05-0${(i % 9) + 1} 10:00:0${i % 10}`).join("\n")}\n`;
    const of = { as: "event", source: "visits", map: event_map };
    assert.equal((await bring_in(events("Called", 4), of)).counts.created, 4);
    const wrong = await bring_in(events("Called", 7).replaceAll("2026-05", "2026-06"), of);
    const other = await bring_in(events("Visited", 5), of);
    assert.deepEqual([wrong.counts.created, other.counts.created], [7, 5]);
    const { id } = await api.customer("member_no@visits:e1");
    const counted = async () => {
      const { body } = await api.get(`/api/v1/customers/${id}/timeline/facets`);
      const shown = await api.all(`/api/v1/customers/${id}/timeline?limit=200`);
      const tally = (key) => shown.reduce((counts, one) => ({ ...counts, [one[key]]: (counts[one[key]] ?? 0) + 1 }), {});
      const told = (counts, key) => Object.fromEntries(counts.map((one) => [one[key], one.count]));
      assert.deepEqual([told(body.kinds, "kind"), told(body.names, "name"), told(body.sources, "source")], [tally("kind"), tally("name"), tally("source")]);
      return told(body.names, "name");
    };
    assert.deepEqual(await counted(), { Called: 11, Visited: 5 });
    assert.equal((await roll_back(wrong)).state, "finished");
    assert.deepEqual(await counted(), { Called: 4, Visited: 5 });
    await server.kill();
    server = await Server.start(folder);
    api = server.api({ token: api.headers.authorization.split(" ")[1] });
    assert.deepEqual(await counted(), { Called: 4, Visited: 5 });
    assert.equal((await roll_back(other)).state, "finished");
    await server.stop(); // which writes runs of what is in memory
    server = await Server.start(folder);
    api = server.api({ token: api.headers.authorization.split(" ")[1] });
    assert.deepEqual(await counted(), { Called: 4 });
  });

  test("of an import that still runs is refused in both languages", async () => {
    const begun = (await api.post("/api/v1/imports", { upload: await send("long.csv", people(60_000, "Olten")), source: "third", as: "customer", map })).body;
    const refused = await api.post(path_of(begun), {});
    assert.deepEqual([refused.status, refused.body.error.code], [409, "import.still_running"]);
    assert.match((await api.post(path_of(begun), {}, { "accept-language": "zh-CN" })).body.error.message, /仍在进行/);
    await api.post(`/api/v1/imports/${begun.id}/cancel`);
    const cut = await until_over(`/api/v1/imports/${begun.id}`);
    assert.equal(cut.state, "cancelled");
    assert.equal((await roll_back(cut)).state, "finished", "what a cancelled one brought");
    assert.equal((await api.get("/api/v1/customers?identifier=member_no@third:1")).body.items.length, 0);
  });
});
