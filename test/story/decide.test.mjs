// Who is who, told from outside: five sources speak of one person and she becomes one customer; a shared phone joins nobody; a person
// parts and joins, and no trace is left but the history. On both databases.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Leftovers, Server, Tracker, fresh_folder, run, seeing } from "./onefold.mjs";
import { Postgres } from "./postgres.mjs";

const leftovers = new Leftovers();
let postgres;
before(async () => {
  postgres = await Postgres.start();
  leftovers.after(() => postgres.stop());
});
after(() => leftovers.run());

const day = (number) => `2026-03-${String(number).padStart(2, "0")}T08:00:00Z`;

for (const name of ["SQLite", "PostgreSQL"])
  describe(`Who is who on ${name}`, { concurrency: 1 }, () => {
    const mine = new Leftovers();
    const folder = fresh_folder(mine), files = fresh_folder(mine), data = ["--data", folder];
    let server, api, web, last;
    before(async () => {
      server = await Server.start(folder, name === "PostgreSQL" ? ["--database", await postgres.make_database()] : []);
      mine.after(() => server.stop());
      api = server.api({ token: (await run(["token", "create", "t", "--role", "editor", ...data])).last_word });
    });
    after(() => mine.run());
    const tracker = async (source, kind) => new Tracker(server.api(), (await run(["source", "create", source, "--kind", kind, ...data])).last_word);
    const import_rows = async (source, map, ...lines) => {
      const file = join(files, `${source}.csv`);
      writeFileSync(file, lines.join("\n") + "\n");
      writeFileSync(`${file}.json`, JSON.stringify(map));
      const done = await run(["import", file, "--as", "customer", "--source", source, "--map", `${file}.json`, ...data]);
      assert.equal(done.code, 0, done.stderr);
    };
    const find = async (identifier) => (await api.get(`/api/v1/customers?identifier=${encodeURIComponent(identifier)}`, seeing(last))).body.items;
    const one = async (identifier) => {
      const found = await find(identifier);
      assert.equal(found.length, 1, `${identifier}: ${found.length}`);
      return found[0];
    };
    /** All that is said of a customer, without what counts changes. */
    const picture = async (id) => {
      const { version, ...whole } = (await api.get(`/api/v1/customers/${id}`)).body;
      const parts = await Promise.all(["timeline?limit=200", "lineage", "memberships"].map(async (part) => (await api.get(`/api/v1/customers/${id}/${part}`)).body));
      const orders = (await api.get(`/api/v1/orders?customer=${id}`)).body.items;
      return JSON.stringify([whole, ...parts, orders]);
    };

    test("a visitor, a follower, a guest at the fair, a row of the CRM and one of the ERP become one", async () => {
      web = await tracker("web", "tracker");
      const wechat = await tracker("wechat", "api"), fair = await tracker("fair", "api");
      await web.send("page", { anonymousId: "b-1", name: "Home", timestamp: day(1) });
      await web.send("identify", { anonymousId: "b-1", userId: "u-1", traits: { email: "lin@example.com" }, timestamp: day(2) });
      await wechat.send("identify", { anonymousId: "follower-1", traits: { unionid: "w-1", phone: "139 1234 5678" }, timestamp: day(3) });
      last = await fair.send("identify", { anonymousId: "guest-7", traits: { name: "Lin", phone: "+86 (139) 1234-5678" }, timestamp: day(4) });
      await import_rows("crm", { identifiers: { email: "email", phone: "phone" }, fields: { name: "name" } }, "email,phone,name", "LIN@example.com,13912345678,Lin Mei");
      await import_rows("erp", { identifiers: { no: "member_no", phone: "phone" }, fields: { company: "company" } }, "no,phone,company", "K-7,13912345678,Works");
      const customer = await one("user_id:u-1");
      for (const identifier of ["anonymous_id:b-1", "unionid:w-1", "phone:13912345678", "member_no@erp:K-7", "email:lin@example.com"]) assert.equal((await one(identifier)).id, customer.id, identifier);
      const { nodes } = (await api.get(`/api/v1/customers/${customer.id}/lineage`)).body;
      assert.deepEqual([...new Set(nodes.map(({ source }) => source))].sort(), ["crm", "erp", "fair", "web", "wechat"]);
      const of = (source) => nodes.find((node) => node.source === source).id;
      const { links } = (await api.get(`/api/v1/customers/${customer.id}/why?node_a=${of("web")}&node_b=${of("erp")}`)).body;
      assert.deepEqual(links.at(-1).rule, "same_phone");
      assert.ok(links.length <= 3);
    });

    test("a phone that several members share joins none of them", async () => {
      await import_rows("hotel", { identifiers: { no: "member_no", phone: "phone" } }, "no,phone", "1,02061234567", "2,02061234567", "3,02061234567");
      const ids = [];
      for (const no of [1, 2, 3]) ids.push((await one(`member_no@hotel:${no}`)).id);
      assert.equal(new Set(ids).size, 3);
    });

    test("merged by hand and parted again, nothing is left but the history; what came in between is on its side", async () => {
      for (const [user, city] of [["left", "Leeds"], ["right", "York"]]) {
        await web.send("identify", { userId: user, traits: { name: user, city }, timestamp: day(5) });
        last = await web.send("track", { userId: user, event: "Order Completed", properties: { order_id: `o-${user}`, total: 10, currency: "CNY" }, timestamp: day(6) });
      }
      const left = (await one("user_id:left")).id, right = (await one("user_id:right")).id;
      const before = [await picture(left), await picture(right)];
      const merge = (values) => api.post(`/api/v1/customers/${right}/merge`, { other: left, ...(values && { values }) });

      const first = await merge({ city: "Leeds" });
      assert.equal(first.status, 200, JSON.stringify(first.body));
      const both = (await api.get(`/api/v1/customers/${left}`)).body;
      assert.deepEqual([both.fields.city, both.computed.order_count, both.computed.total_spend, both.provenance.city.source], ["Leeds", 2, "20", "manual"]);
      const old = await api.get(`/api/v1/customers/${right}`);
      assert.deepEqual([old.status, old.body.state, old.body.merged_into], [200, "merged", left]);
      assert.equal((await api.get(`/api/v1/orders?customer=${left}`)).body.items.length, 2);
      assert.equal((await api.post(`/api/v1/identity_decisions/${first.body.decision}/undo`)).status, 200);
      assert.deepEqual([await picture(left), await picture(right)], before);

      assert.equal((await merge()).status, 200);
      last = await web.send("track", { userId: "right", event: "Between", timestamp: day(7) });
      assert.equal((await one("user_id:right")).id, left);
      const { nodes } = (await api.get(`/api/v1/customers/${left}/lineage`)).body;
      const parted = await api.post(`/api/v1/customers/${left}/unmerge`, { nodes: nodes.filter(({ subject_key }) => subject_key.endsWith("right")).map(({ id }) => id), reason: "two people" });
      assert.equal(parted.status, 200, JSON.stringify(parted.body));
      assert.equal(await picture(left), before[0]);
      assert.equal((await one("user_id:right")).id, right);
      assert.deepEqual((await api.get(`/api/v1/customers/${right}/timeline`)).body.items[0].name, "Between");

      const { items } = (await api.get(`/api/v1/customers/${left}/decisions`)).body;
      assert.deepEqual(items.map(({ kind }) => kind), ["unmerge", "merge", "merge"]);
      assert.ok(items[2].undone_at && items[0].may_undo && !items[1].may_undo);
      assert.match(items[0].by, /^token:\d+$/);
    });

    test("a restart forgets nothing of it, and an equal value joins them no more", async () => {
      last = await web.send("identify", { userId: "left", traits: { unionid: "both" }, timestamp: day(8) });
      last = await web.send("identify", { userId: "right", traits: { unionid: "both" }, timestamp: day(8) });
      const [left, right] = [(await one("user_id:left")).id, (await one("user_id:right")).id];
      assert.notEqual(left, right);
      await server.kill();
      server = await Server.start(folder);
      api = server.api({ token: (await run(["token", "create", "later", "--role", "editor", ...data])).last_word });
      web = new Tracker(server.api(), (await run(["source", "rotate", "web", ...data])).last_word);
      last = await web.send("track", { userId: "right", event: "After", timestamp: day(9) });
      assert.equal((await one("user_id:right")).id, right);
      assert.equal((await one("user_id:left")).id, left);
    });

    test("a person and an organisation are refused, in both languages", async () => {
      last = await web.send("group", { userId: "left", groupId: "firm", traits: { name: "Firm" }, timestamp: day(9) });
      const firm = (await one("group_id:firm")).id, left = (await one("user_id:left")).id;
      for (const [language, words] of [["en", "never the same customer"], ["zh-CN", "不能合并"]]) {
        const refused = await api.post(`/api/v1/customers/${left}/merge`, { other: firm }, { "accept-language": language });
        assert.equal(refused.status, 409);
        assert.equal(refused.body.error.code, "identity.kinds_differ");
        assert.ok(refused.body.error.message.includes(words), refused.body.error.message);
      }
    });
  });
