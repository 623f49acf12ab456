// Values that do not join, told from outside: a switchboard becomes shared by itself and a person's word outlives that; a type of the
// company's own joins a file and a website; a change of policy reaches what is stored, also when the program is killed in its middle.
// On both databases.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Leftovers, Server, Tracker, fresh_folder, run, seeing } from "./onefold.mjs";
import { both_databases } from "./postgres.mjs";

const databases = both_databases();

const switchboard = "02061230000";
const policy_path = "/api/v1/identity/policy";

for (const name of databases.names)
  describe(`Values that do not join, on ${name}`, { concurrency: 1 }, () => {
    const mine = new Leftovers();
    const folder = fresh_folder(mine), files = fresh_folder(mine), data = ["--data", folder];
    let server, api, admin, web, words;
    const begin = async () => {
      server = await Server.start(folder, words);
      const known = api?.headers, known_admin = admin?.headers;
      api = known ? Object.assign(server.api(), { headers: known }) : server.api({ token: (await run(["token", "create", "t", "--role", "editor", ...data])).last_word });
      admin = known_admin ? Object.assign(server.api(), { headers: known_admin }) : server.api({ token: (await run(["token", "create", "a", "--role", "admin", ...data])).last_word });
    };
    before(async () => {
      words = databases.words_of(name);
      await begin();
      mine.after(() => server.stop());
      web = new Tracker(server.api(), (await run(["source", "create", "web", "--kind", "tracker", ...data])).last_word);
    });
    after(() => mine.run());
    const import_rows = async (source, map, ...lines) => {
      const file = join(files, `${source}.csv`);
      writeFileSync(file, lines.join("\n") + "\n");
      writeFileSync(`${file}.json`, JSON.stringify(map));
      const done = await run(["import", file, "--as", "customer", "--source", source, "--map", `${file}.json`, ...data]);
      assert.equal(done.code, 0, done.stderr);
    };
    const contacts = (from, to) => import_rows("crm", { identifiers: { email: "email", phone: "phone" } }, "email,phone", ...Array.from({ length: to - from }, (_, i) => `c${from + i}@firm.example,${switchboard}`));
    const ask = async (path) => {
      const answer = await api.get(path);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return answer.body;
    };
    const value_of = async (written) => {
      const { items } = await ask(`/api/v1/identifiers?value=${encodeURIComponent(written)}`);
      assert.equal(items.length, 1);
      return items[0];
    };
    const holders = async (written) => (await ask(`/api/v1/customers?identifier=${encodeURIComponent(written)}&limit=1000`)).items.length;
    const say = (id, state, more = {}) => api.post(`/api/v1/identifiers/${id}/state`, { state, ...more });
    const put_policy = async (types) => {
      const { version } = await ask(policy_path);
      return admin.send("PUT", policy_path, { types, reason: "a test" }, { "if-match": `"${version}"` });
    };
    const swept = async () => {
      for (let tries = 0; (await ask(policy_path)).is_sweeping; ++tries) {
        assert.ok(tries < 500, "sweeping does not end");
        await new Promise((done) => setTimeout(done, 20));
      }
    };
    const compares = async () => {
      const done = await run(["rebuild", "customers", ...data]);
      assert.equal(done.code, 0, done.stdout + done.stderr);
    };

    test("the switchboard of 40 contacts is shared by itself, and a family's phone is not", async () => {
      await contacts(0, 40);
      const value = await value_of(switchboard);
      assert.deepEqual([value.state, value.cause, value.by, value.records, value.customers], ["shared", "frequency", "system", 40, 40]);
      assert.ok(value.since);
      assert.deepEqual((await ask("/api/v1/identifiers?state=shared&type=phone")).items.map(({ id }) => id), [value.id]);
      assert.deepEqual((await ask("/api/v1/identifiers?state=blocked")).items, []);
      await import_rows("family", { identifiers: { no: "user_id", phone: "phone" } }, "no,phone", ...[1, 2, 3, 4].map((no) => `f${no},13911112222`));
      assert.equal((await value_of("13911112222")).state, "open");
    });

    test("a person opens it, sees beforehand what would join, and is not overruled", async () => {
      const { id } = await value_of(switchboard);
      const preview = await say(id, "open", { preview: true });
      assert.deepEqual([preview.body.customers_before, preview.body.customers_after], [40, 1]);
      assert.equal(await holders(`phone:${switchboard}`), 40);
      assert.equal((await say(id, "open", { reason: "one buyer's desk" })).status, 200);
      assert.equal(await holders(`phone:${switchboard}`), 1);
      await contacts(40, 45);
      assert.equal(await holders(`phone:${switchboard}`), 1);
      const { value, holders: records } = await ask(`/api/v1/identifiers/${id}`);
      assert.deepEqual([value.state, value.cause, value.reason, records.length], ["open", "hand", "one buyer's desk", 45]);
      assert.equal((await say(id, "open")).body.error.code, "identity.same_state");
      await compares();
    });

    test("taken back, it is again as the rules have it; blocked by hand, a family is parted", async () => {
      const { id } = await value_of(switchboard);
      const back = await say(id, "automatic");
      assert.deepEqual([back.body.after, back.body.cause, back.body.customers_after], ["shared", "frequency", 45]);
      assert.equal((await say(id, "automatic")).status, 409);
      const family = await value_of("c1@firm.example");
      assert.equal((await say(family.id, "blocked", { reason: "a mistake" })).status, 200);
      assert.equal((await value_of("c1@firm.example")).cause, "hand");
      await compares();
    });

    test("a placeholder is blocked and says so; of an ID card nothing is shown", async () => {
      await import_rows("fair", { identifiers: { phone: "phone", card: "id_card" } }, "phone,card", "13800138000,11010519491231002X");
      const value = await value_of("13800138000");
      assert.deepEqual([value.state, value.cause], ["blocked", "placeholder"]);
      const { items } = await ask("/api/v1/customers?identifier=id_card:11010519491231002X");
      assert.equal(items.length, 1);
      assert.equal(items[0].identifiers.find(({ type }) => type === "id_card").value, "••••");
      assert.equal((await value_of("11010519491231002X")).value, "••••");
    });

    test("a type of the company's own joins a row of a file and a visitor of the website", async () => {
      await web.send("identify", { anonymousId: "b-0", traits: { dealer_no: "d-100" } }); // nobody knows yet what that is
      const dealer_no = { code: "dealer_no", label: { en: "Dealer number", "zh-CN": "经销商编号" }, strength: "strong", joins: "either", is_case_folded: true, pattern: "d-[0-9]+", pattern_message: { en: "As in D-100.", "zh-CN": "例如 D-100。" } };
      assert.equal((await api.send("PUT", policy_path, { types: [dealer_no] }, { "if-match": '"0"' })).status, 403);
      const put = await put_policy([dealer_no]);
      assert.equal(put.status, 200, JSON.stringify(put.body));
      assert.equal(put.body.version, 1);
      assert.equal((await admin.send("PUT", policy_path, { types: [] }, { "if-match": '"0"' })).status, 412);
      await import_rows("erp", { identifiers: { dealer: "dealer_no" }, fields: { name: "name" } }, "dealer,name", "D-100,Works");
      await web.send("identify", { anonymousId: "b-1", traits: { dealer_no: "d-100", city: "Leeds" } });
      const last = await web.send("track", { anonymousId: "b-2", event: "Opened", context: { externalIds: [{ type: "dealer_no", id: "D-100" }] } });
      const { items } = (await api.get("/api/v1/customers?identifier=dealer_no:D-100", seeing(last))).body;
      assert.equal(items.length, 1);
      assert.ok(!items[0].identifiers.some(({ value }) => value === "b-0"));
      assert.deepEqual([items[0].fields.name, items[0].fields.city], ["Works", "Leeds"]);
      assert.equal((await api.get("/api/v1/customers?identifier=dealer_no:X")).status, 400);
      await compares();
      const bad = await put_policy([{ ...dealer_no, pattern: "(" }]);
      assert.deepEqual([bad.status, bad.body.error.fields[0].path], [400, "/types/0/pattern"]);
      assert.deepEqual((await ask(`${policy_path}/versions`)).items.map(({ number }) => number), [1, 0]);
    });

    test("another limit reaches what is stored, also when the program is killed at once; the type is known after a start", async () => {
      await swept();
      assert.equal(await holders(`phone:${switchboard}`), 45);
      assert.equal((await put_policy([{ code: "phone", limits: { strong_beside: 0, records: 100 } }])).status, 200);
      await server.kill();
      await begin();
      await swept();
      assert.equal(await holders(`phone:${switchboard}`), 1);
      assert.equal((await ask("/api/v1/customers?identifier=dealer_no:D-100")).items.length, 1);
      await compares();
      assert.equal((await put_policy([{ code: "dealer_no", is_joining: false }])).status, 200);
      await swept();
      assert.equal((await ask("/api/v1/customers?identifier=dealer_no:D-100")).items.length, 3);
      await compares();
    });
  });
