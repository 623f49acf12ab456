// The golden record told from outside: sources contradict each other, it is seen, a person decides and takes it back; rules change and
// everybody is folded anew, also across a kill -9; what people said survives restart, merge and rebuild. On both databases.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Leftovers, Server, Tracker, counts_of, fresh_folder, run, seeing, sleep } from "./onefold.mjs";
import { both_databases } from "./postgres.mjs";

const crowd = 3000;
const databases = both_databases();

const day = (number) => `2026-03-${String(number).padStart(2, "0")}T08:00:00Z`;

for (const name of databases.names)
  describe(`The golden record on ${name}`, { concurrency: 1 }, () => {
    const mine = new Leftovers();
    const folder = fresh_folder(mine), data = ["--data", folder];
    let server, api, web, crm, last, ann;
    const open = async (words = []) => {
      server = await Server.start(folder, words);
      api = server.api({ token: (await run(["token", "create", `t ${Math.random()}`, "--role", "admin", ...data])).last_word });
    };
    before(async () => {
      await open(databases.words_of(name));
      mine.after(() => server.stop());
    });
    after(() => mine.run());
    const tracker = async (source) => new Tracker(server.api(), (await run(["source", "create", source, "--kind", "api", ...data])).last_word);
    const get = async (path) => {
      for (let tries = 1; ; ++tries) {
        const { status, body } = await api.get(path, last && seeing(last));
        if (status === 503 && tries < 10) continue; // each waits 5 s for what was written
        assert.equal(status, 200, JSON.stringify(body));
        return body;
      }
    };
    const city = async (id = ann) => (await get(`/api/v1/customers/${id}`)).fields.city;
    const say = async (body, id = ann) => {
      const { version } = await get(`/api/v1/customers/${id}`);
      return api.send("PATCH", `/api/v1/customers/${id}`, body, { "if-match": String(version) });
    };
    const said = async (body, id) => {
      const answer = await say(body, id);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return answer.body;
    };
    const conflicts = async (query = "") => (await get(`/api/v1/quality/conflicts${query}`)).items;
    const set_rules = async (...fields) => {
      const { version } = await get("/api/v1/survivorship");
      const answer = await api.send("PUT", "/api/v1/survivorship", { fields }, { "if-match": String(version) });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
    };
    const refolded = async () => {
      for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(100)) if (!(await get("/api/v1/survivorship")).refold.is_running) return;
      assert.fail("it is never folded anew");
    };

    test("two sources that are trusted alike contradict each other, and that is seen", async () => {
      [web, crm] = [await tracker("web"), await tracker("crm")];
      await web.send("identify", { userId: "u-1", traits: { email: "ann@example.com", name: "Ann", city: "Shanghai" }, timestamp: day(2) });
      last = await crm.send("identify", { anonymousId: "c-1", traits: { email: "ann@example.com", name: "ＡＮＮ", city: "Beijing" }, timestamp: day(1) });
      ann = (await get("/api/v1/customers?identifier=email:ann@example.com")).items[0].id;
      assert.equal(await city(), "Shanghai");
      const [conflict, ...others] = await conflicts();
      assert.deepEqual([conflict.field, conflict.customer, conflict.claims.map(({ value, source }) => `${value} ${source}`), others], ["city", ann, ["Shanghai web", "Beijing crm"], []]);
    });

    test("a person chooses; that holds against news, a restart and a rebuild, and is told", async () => {
      await said({ fields: { city: "Beijing" } });
      assert.deepEqual(await conflicts(), []);
      last = await web.send("identify", { userId: "u-1", traits: { city: "Nanjing" }, timestamp: day(9) });
      assert.equal(await city(), "Beijing");
      await server.kill();
      await open();
      [web, crm] = [await tracker("web2"), await tracker("crm2")];
      assert.equal(await city(), "Beijing");
      const origin = (await get(`/api/v1/customers/${ann}/provenance`)).items.find(({ field }) => field === "city");
      assert.deepEqual([origin.rule, origin.source, origin.others.map(({ value }) => value).sort()], ["manual", "manual", ["Nanjing"]]);
      assert.match(origin.by, /^token:/);
      assert.ok(origin.why.en && origin.why["zh-CN"]);
      const rebuilt = await run(["rebuild", "customers", ...data]);
      assert.equal(rebuilt.code, 0, rebuilt.stdout + rebuilt.stderr);
    });

    test("what was seen too long ago is refused, and one wish counts once", async () => {
      const { version } = await get(`/api/v1/customers/${ann}`);
      const send = (headers) => api.send("PATCH", `/api/v1/customers/${ann}`, { fields: { title: "CEO" } }, headers);
      assert.deepEqual([(await send({ "if-match": String(version - 1) })).body.error.code, (await send({})).status], ["customer.version_changed", 428]);
      const key = { "if-match": String(version), "idempotency-key": "title once" };
      const [first, again] = [await send(key), await send(key)];
      assert.deepEqual([first.status, again.status, again.headers["idempotent-replay"], again.body.version], [200, 200, "true", first.body.version]);
      for (const [language, words] of [["en", "11"], ["zh-CN", "手机"]]) {
        const wrong = await api.send("PATCH", `/api/v1/customers/${ann}`, { fields: { phone: "12" } }, { "if-match": String(first.body.version), "accept-language": language });
        assert.deepEqual([wrong.status, wrong.body.error.fields[0].path], [400, "/fields/phone"], words);
      }
    });

    test("hidden is not automatic, and both can be taken back", async () => {
      await said({ fields: { city: null } });
      assert.equal(await city(), undefined);
      await said({ automatic: ["city"] });
      assert.equal(await city(), "Nanjing");
      const kinds = (await get(`/api/v1/customers/${ann}/fields/city/history`)).items.map(({ kind }) => kind);
      assert.deepEqual(kinds.slice(0, 3), ["automatic", "hidden", "typed"]);
    });

    test("other rules are shown before, and then fold everybody, also across a kill -9", async () => {
      for (let begin = 0; begin < crowd; begin += 500) {
        const batch = Array.from({ length: 500 }, (_, i) => ({ type: "identify", userId: `p${begin + i}`, traits: { email: `p${begin + i}@example.com`, city: `A${begin + i}` }, timestamp: day(5) }));
        await web.send("batch", { batch });
        last = await crm.send("batch", { batch: batch.map((one) => ({ ...one, traits: { ...one.traits, city: `B${one.userId.slice(1)}` }, timestamp: day(4) })) });
      }
      const newest = (await get(`/api/v1/customers?identifier=email:p${crowd - 1}@example.com`)).items[0].id;
      assert.equal(await city(newest), `A${crowd - 1}`);
      const counts = (await get("/api/v1/quality/conflicts/counts")).items;
      assert.equal(counts.find(({ field }) => field === "city").open, crowd + 1);
      const rule = { field: "city", rule: "oldest" };
      const preview = await api.post("/api/v1/survivorship/preview", { fields: [rule] });
      assert.ok(preview.body.changed > preview.body.sampled / 2, JSON.stringify(preview.body).slice(0, 300));
      await refolded();
      await set_rules(rule);
      await server.kill();
      await open();
      await refolded();
      assert.equal(await city(newest), `B${crowd - 1}`);
      assert.equal(await city(), "Beijing");
    });

    test("a source that is trusted more wins also what it said before", async () => {
      await set_rules();
      await refolded();
      const source = (await get("/api/v1/sources")).items.find((one) => one.name === "crm2");
      assert.equal((await api.send("PATCH", `/api/v1/sources/${source.id}`, { trust: 90 }, { "if-match": String(source.version) })).status, 200);
      await refolded();
      const one = (await get("/api/v1/customers?identifier=email:p7@example.com")).items[0].id;
      assert.equal(await city(one), "B7");
      assert.equal((await conflicts("?field=city&limit=1000")).length, 1, "only that of the two sources of the beginning");
    });

    test("a conflict that is left comes back when something new is said", async () => {
      const [conflict] = await conflicts("?field=city");
      const attend = (what, version) => api.send("POST", `/api/v1/quality/conflicts/${conflict.id}/${what}`, undefined, { "if-match": String(version) });
      const left = await attend("leave", conflict.version);
      assert.deepEqual([left.status, await conflicts("?field=city")], [200, []]);
      assert.equal((await conflicts("?state=left")).length, 1);
      assert.equal((await attend("leave", conflict.version)).status, 412);
      web = await tracker("web3");
      last = await web.send("identify", { anonymousId: "b-9", traits: { email: "ann@example.com", city: "Harbin" }, timestamp: day(8) });
      assert.equal((await conflicts("?field=city")).length, 1);
    });

    test("a column of a file says which phones were checked; the same file twice changes nothing", async () => {
      const file = join(fresh_folder(mine), "desk.csv");
      const brought_in = async (...lines) => {
        writeFileSync(file, ["no,phone,phone_verified", ...lines, ""].join("\n"));
        writeFileSync(`${file}.json`, JSON.stringify({ identifiers: { no: "member_no", phone: "phone" } }));
        const done = await run(["import", file, "--as", "customer", "--source", "desk", "--map", `${file}.json`, ...data]);
        assert.equal(done.code, 0, done.stderr);
        return counts_of(done);
      };
      const is_verified = async (no) => (await get(`/api/v1/customers?identifier=member_no@desk:${no}`)).items[0].identifiers.find(({ type }) => type === "phone").is_verified;
      await brought_in("1,13912345671,yes", "2,13912345672,no");
      assert.deepEqual([await is_verified(1), await is_verified(2)], [true, false]);
      assert.equal((await brought_in("1,13912345671,yes", "2,13912345672,no")).unchanged, 2);
      await brought_in("1,13912345671,yes", "2,13912345672,是");
      assert.deepEqual([await is_verified(1), await is_verified(2)], [true, true]);
    });

    test("what people typed, hid and confirmed is the same when all is made again from the log", async () => {
      await said({ fields: { title: "Chief", city: null }, verified: ["name"] });
      await said({ fields: { note: "typed" } });
      await said({ automatic: ["note"], verified: ["title"] });
      const rebuilt = await run(["rebuild", "customers", ...data]);
      assert.equal(rebuilt.code, 0, rebuilt.stdout + rebuilt.stderr);
    });
  });
