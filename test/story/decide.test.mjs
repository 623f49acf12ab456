// Who is who, told from outside: five sources speak of one person and she becomes one customer; a shared phone joins no strangers; she is parted
// and joined again, and no trace is left but the history. On both databases.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Leftovers, Server, Tracker, fresh_folder, run, seeing } from "./onefold.mjs";
import { both_databases } from "./postgres.mjs";
import { said_of } from "./said.mjs";

const databases = both_databases();

const day = (number) => `2026-03-${String(number).padStart(2, "0")}T08:00:00Z`;

for (const name of databases.names)
  describe(`Who is who on ${name}`, { concurrency: 1 }, () => {
    const mine = new Leftovers();
    const folder = fresh_folder(mine), files = fresh_folder(mine), data = ["--data", folder];
    let server, api, web, last;
    before(async () => {
      server = await Server.start(folder, databases.words_of(name));
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

    /** Everything that the API says of everybody, without what counts changes. */
    const everything = async () => JSON.parse(JSON.stringify(await said_of(api)), (key, value) => (key === "version" ? undefined : value));
    const without_times = ({ customers, ...said }) => // when the rules joined two records is history too
      ({ ...said, customers: customers.map(({ lineage, ...customer }) => ({ ...customer, lineage: { ...lineage, links: lineage.links.map(({ at, ...link }) => link) } })) });
    const customer_without_links = ({ lineage: { links, ...lineage }, ...customer }) => ({ ...customer, lineage });
    const lin = ["anonymous_id:b-1", "user_id:u-1", "unionid:w-1", "openid@wx-shop:o-1", "phone:13912345678", "email:lin@example.com", "member_no@erp:K-7"];
    let lin_id, node_of;

    test("a visitor, a WeChat follower, a guest at the fair, a row of the CRM and a customer of the ERP become one", async () => {
      web = await tracker("web", "tracker");
      const wechat = await tracker("wechat", "api");
      await web.send("page", { anonymousId: "b-1", name: "Home", timestamp: day(1) });
      await web.send("identify", { anonymousId: "b-1", userId: "u-1", traits: { unionid: "w-1" }, timestamp: day(2) });
      await web.send("track", { userId: "u-1", event: "Order Completed", properties: { order_id: "o-lin", total: 30, currency: "CNY" }, timestamp: day(2) });
      const follower = { externalIds: [{ id: "o-1", type: "openid@wx-shop", collection: "users", encoding: "none" }] };
      last = await wechat.send("identify", { anonymousId: "follower-1", context: follower, traits: { unionid: "w-1", phone: "139 1234 5678", name: "小林" }, timestamp: day(3) });
      assert.equal((await find("phone:13912345678")).length, 1);
      await import_rows("fair", { identifiers: { mobile: "phone" }, fields: { name: "name" } }, "mobile,name", "＋86 (139) 1234-5678,Lin");
      await import_rows("erp", { identifiers: { no: "member_no", mail: "email" }, fields: { company: "company" } }, "no,mail,company", "K-7,lin@example.com,Works");
      assert.notEqual((await one("member_no@erp:K-7")).id, (await one("unionid:w-1")).id, "nothing ties the ERP's to the others yet");
      await import_rows("crm", { identifiers: { email: "email", phone: "phone" }, fields: { name: "name" } }, "email,phone,name", "LIN@Example.com,13912345678,Lin Mei");
      lin_id = (await one("user_id:u-1")).id;
      for (const identifier of lin) assert.equal((await one(identifier)).id, lin_id, identifier);
      const { nodes } = (await api.get(`/api/v1/customers/${lin_id}/lineage`)).body;
      assert.deepEqual([...new Set(nodes.map(({ source }) => source))].sort(), ["crm", "erp", "fair", "web", "wechat"]);
      node_of = (source) => nodes.find((node) => node.source === source).id;
      const { links } = (await api.get(`/api/v1/customers/${lin_id}/why?node_a=${node_of("web")}&node_b=${node_of("erp")}`)).body;
      assert.deepEqual(links.map(({ rule }) => rule), ["same_anonymous_id", "same_unionid", "same_phone", "same_email"]);
    });

    test("a phone that strangers share joins none of them: members of one hotel, a family, a switchboard", async () => {
      await import_rows("hotel", { identifiers: { no: "member_no", phone: "phone" } }, "no,phone", "1,02061234567", "2,02061234567", "3,02061234567");
      await import_rows("family", { identifiers: { card: "member_no", phone: "phone" }, fields: { name: "name" } }, "card,phone,name", "F-1,13712345678,Father", "F-2,13712345678,Mother");
      await import_rows("switchboard", { identifiers: { id: "user_id", phone: "phone" } }, "id,phone", ...Array.from({ length: 30 }, (_, i) => `s-${i},0571-8888 8888`));
      const asked = [...[1, 2, 3].map((no) => `member_no@hotel:${no}`), "member_no@family:F-1", "member_no@family:F-2", ...Array.from({ length: 30 }, (_, i) => `user_id:s-${i}`)];
      const ids = [];
      for (const identifier of asked) ids.push((await one(identifier)).id);
      assert.equal(new Set(ids).size, asked.length);
      assert.ok(!ids.includes(lin_id));
    });

    test("parted and joined again, she is who she was in all that is said of her; only the history knows", async () => {
      const before = await everything();
      const part = async (...sources) => {
        const parted = await api.post(`/api/v1/customers/${lin_id}/unmerge`, { nodes: sources.map(node_of), reason: "a try" });
        assert.equal(parted.status, 200, JSON.stringify(parted.body));
        const other = (await one("member_no@erp:K-7")).id;
        assert.notEqual(other, lin_id);
        assert.equal((await everything()).customers.length, before.customers.length + 1);
        return { other, decision: parted.body.decision };
      };
      const { other, decision } = await part("erp");
      assert.equal((await api.post(`/api/v1/identity_decisions/${decision}/undo`)).status, 200);
      assert.deepEqual(without_times(await everything()), without_times(before), "undone");

      const again = await part("erp");
      const merged = await api.post(`/api/v1/customers/${lin_id}/merge`, { other: again.other });
      assert.equal(merged.status, 200, JSON.stringify(merged.body));
      const now = await everything();
      const said_without_links = ({ customers, ...said }) => ({ ...said, customers: customers.map(customer_without_links) });
      assert.deepEqual(said_without_links(now), said_without_links(before), "merged by hand again");
      for (const [i, customer] of now.customers.entries())
        if (customer.id !== lin_id) assert.deepEqual(customer.lineage, before.customers[i].lineage);
      for (const id of new Set([other, again.other])) {
        const old = (await api.get(`/api/v1/customers/${id}`)).body;
        assert.deepEqual([old.state, old.merged_into], ["merged", lin_id]);
      }
      const { items } = (await api.get(`/api/v1/customers/${lin_id}/decisions`)).body;
      assert.deepEqual(items.map(({ kind, undone_at }) => [kind, Boolean(undone_at)]), [["merge", false], ["unmerge", false], ["unmerge", true]]);
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
