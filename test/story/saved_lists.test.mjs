// Saved lists and the index of where fields are used, on the real program: a kill loses neither, and a backup has both.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { Server, fresh_folder, run, sleep } from "./onefold.mjs";
import { Postgres } from "./postgres.mjs";

const question = (city) => ({ condition: `城市 = "${city}" AND SUM(orders.total) > 5`, kind: "person", sort: "-total_spend", columns: [{ field: "name", width: 200, is_frozen: true }, { field: "identifiers" }] });
const fields = { city: 23, orders: 71, total: 106, kind: 2, total_spend: 66, name: 10, identifier_types: 70 };

/** What anybody can see of lists and uses. */
async function seen_by(api) {
  const { items } = (await api.get("/api/v1/saved_lists")).body;
  const uses = {};
  for (const [code, id] of Object.entries(fields)) uses[code] = (await api.get(`/api/v1/fields/${id}/uses`)).body;
  return { items, uses };
}

function story(make_database) {
  test("a kill loses neither a list nor where its fields are used, and a backup has both", async (t) => {
    const folder = fresh_folder(t), place = fresh_folder(t);
    const database = await make_database();
    let server = await Server.start(folder, database ? ["--database", database] : []);
    t.after(() => server.kill());
    const token = async (name, ...more) => (await run(["token", "create", name, ...more, "--data", folder])).last_word;
    const tokens = [await token("a"), await token("v", "--role", "viewer")];
    const both = () => tokens.map((one) => server.api({ token: one }));
    let [api, viewer] = both();
    const save = async (who, name, city, is_shared = false) => {
      const { status, body } = await who.post("/api/v1/saved_lists", { name, is_shared, question: question(city) });
      assert.equal(status, 201, JSON.stringify(body));
      return body;
    };
    const mine = await save(api, "Mine", "Bern");
    await save(api, "Ours", "Basel", true);
    await save(viewer, "Theirs", "Chur");
    const gone = await save(api, "Gone", "Zug");
    assert.equal((await api.send("DELETE", `/api/v1/saved_lists/${gone.id}`)).status, 204);
    assert.equal(mine.question.condition, 'city = "Bern" AND SUM(orders.total) > 5');

    const before = await Promise.all([api, viewer].map(seen_by));
    assert.deepEqual(before.map(({ items }) => items.map(({ name }) => name)), [["Mine", "Ours"], ["Ours", "Theirs"]]);
    for (const code of Object.keys(fields)) {
      const [own, others] = before.map(({ uses }) => uses[code]);
      assert.deepEqual([own.items.map(({ name }) => name), own.hidden], [["Mine", "Ours"], 1], code);
      assert.deepEqual([others.items.map(({ name }) => name), others.hidden], [["Ours", "Theirs"], 1], code);
    }
    assert.deepEqual(before[0].uses.total_spend.items[0], { kind: "saved_list", name: "Mine", link: `/customers?list=${mine.id}`, parts: ["sort"] });

    await server.kill();
    server = await Server.start(folder);
    [api, viewer] = both();
    assert.deepEqual(await Promise.all([api, viewer].map(seen_by)), before);

    // What a list asks is answered: the condition's text is the one that lists take.
    assert.equal((await api.get(`/api/v1/customers?${new URLSearchParams({ condition: before[0].items[0].question.condition, sort: "-total_spend" })}`)).status, 200);

    const made = await run(["backup", join(place, "backup"), "--data", folder]);
    assert.equal(made.code, 0, made.stderr);
    const other = await make_database();
    const done = await run(["restore", join(place, "backup"), "--data", join(place, "restored"), ...(other ? ["--database", other] : [])]);
    assert.equal(done.code, 0, done.stderr);
    const second = await Server.start(join(place, "restored"));
    t.after(() => second.kill());
    assert.deepEqual(await Promise.all(tokens.map((one) => seen_by(second.api({ token: one })))), before);
    const back = await second.api({ token: tokens[0] }).post(`/api/v1/saved_lists/${gone.id}/restore`);
    assert.equal(back.body.name, "Gone");
    assert.equal((await second.api({ token: tokens[0] }).get("/api/v1/fields/23/uses")).body.items.length, 3);
  });

  test("rules and maps of imports are places, too", async (t) => {
    const folder = fresh_folder(t);
    const database = await make_database();
    const server = await Server.start(folder, database ? ["--database", database] : []);
    t.after(() => server.kill());
    const api = server.api({ token: (await run(["token", "create", "a", "--data", folder])).last_word });
    const csv = "email,town,no,at,n,price\nann@example.com,Bern,O1,2026-01-02,2,9.95\n";
    const { id: upload } = (await api.post("/api/v1/uploads", { name: "orders.csv", size: csv.length })).body;
    await api.send("PUT", `/api/v1/uploads/${upload}/bytes/0`, Buffer.from(csv), { "content-type": "application/octet-stream" });
    const map = { identifiers: { email: "email" }, fields: { town: "city" }, order: { number: "no", time: "at", lines: { quantity: "n", price: "price" } } };
    const begun = await api.post("/api/v1/imports", { upload, as: "order", source: "desk", map });
    assert.equal(begun.status, 201, JSON.stringify(begun.body));
    while ((await api.get(`/api/v1/imports/${begun.body.id}`)).body.state !== "finished") await sleep(20); // one that brought nothing is not remembered
    const rules = await api.get("/api/v1/survivorship");
    const ruled = await api.send("PUT", "/api/v1/survivorship", { fields: [{ field: "city", rule: "newest", sources: [], is_verified_first: false }] }, { "if-match": String(rules.body.version) });
    assert.ok(ruled.status < 300, JSON.stringify(ruled.body));
    const places = async (id) => (await api.get(`/api/v1/fields/${id}/uses`, { "accept-language": "zh-CN" })).body.items.map(({ kind, name, link }) => `${kind} ${name} ${link}`);
    const source = (await api.get("/api/v1/sources")).body.items.find(({ name }) => name === "desk").id;
    assert.deepEqual(await places(23), ["survivorship 最新的值 /survivorship", `import_map desk · 订单 /sources/${source}`]);
    assert.deepEqual(await places(101), [`import_map desk · 订单 /sources/${source}`]);
    assert.deepEqual(await places(136), [`import_map desk · 订单 /sources/${source}`]);
    assert.deepEqual(await places(27), []);
  });
}

describe("On SQLite", () => story(async () => null));
describe("On PostgreSQL", () => {
  let postgres;
  after(() => postgres?.stop());
  story(async () => {
    postgres ??= await Postgres.start();
    return postgres.make_database();
  });
});
