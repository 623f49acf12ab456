// Companies and their people, told from outside: a file of both, the ERP, a tracker, and what a person says of it. On both databases.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Leftovers, Server, Tracker, counts_of, fresh_folder, run, seeing } from "./onefold.mjs";
import { both_databases } from "./postgres.mjs";

const databases = both_databases();

const code = "91330100799655058B";

for (const name of databases.names)
  describe(`Organisations on ${name}`, { concurrency: 1 }, () => {
    const mine = new Leftovers();
    const folder = fresh_folder(mine), files = fresh_folder(mine), data = ["--data", folder];
    let api;
    before(async () => {
      const server = await Server.start(folder, databases.words_of(name));
      mine.after(() => server.stop());
      api = server.api({ token: (await run(["token", "create", "t", "--role", "editor", ...data])).last_word });
      api.server = server;
    });
    after(() => mine.run());
    const import_rows = async (kind, source, map, ...lines) => {
      const file = join(files, `${source}-${kind}.csv`);
      writeFileSync(file, lines.join("\n") + "\n");
      writeFileSync(`${file}.json`, JSON.stringify(map));
      const done = await run(["import", file, "--as", kind, "--source", source, "--map", `${file}.json`, ...data]);
      assert.equal(done.code, 0, done.stderr + done.stdout);
      return counts_of(done);
    };
    const one = async (identifier, headers) => {
      const { items } = (await api.get(`/api/v1/customers?identifier=${encodeURIComponent(identifier)}`, headers)).body;
      assert.equal(items.length, 1, `${identifier}: ${items.length}`);
      return items[0];
    };
    const members = async (id, sort = "name") => (await api.get(`/api/v1/customers/${id}/memberships?sort=${sort}`)).body.items;
    const with_members = async (id) => (await api.get(`/api/v1/customers/${id}/with_members`)).body;
    const contacts = {
      organisation: { identifiers: { code: "credit_code", domain: "web_domain" }, fields: { company: "name", city: "city" } },
      person: { identifiers: { email: "email" }, fields: { name: "name", job: "title" } },
      membership: { role: "role", is_decision_maker: "boss", valid_from: "since", valid_to: "until" },
    };
    const rows = [
      "company,code,domain,city,name,email,job,role,boss,since,until",
      `Works Ltd.,${code},works.example,Leeds,Ann,ann@works.example,Head,buyer,yes,,`,
      `Works Ltd,${code},,,Ben,ben@works.example,Clerk,,no,2026-02-01,2026-03-01`,
      "Tea House,,gmail.com,York,Cem,cem@gmail.com,,,,,",
      "TEA HOUSE,,,,Dee,dee@gmail.com,,,,,",
      ",,,,Eve,eve@example.com,,,,,",
      "Paper Mill,,,Hull,,,,,,,",
    ];

    test("a row with a company and a contact makes both, two contacts one company; the same file again changes nothing", async () => {
      assert.deepEqual(await import_rows("customer", "crm", contacts, ...rows), { read: 6, created: 6, updated: 0, unchanged: 0, failed: 0 });
      assert.deepEqual(await import_rows("customer", "crm", contacts, ...rows), { read: 6, created: 0, updated: 0, unchanged: 6, failed: 0 });
      const called = async () => [(await one(`credit_code:${code}`)).fields.name, (await one("organisation_name@crm:Tea House")).fields.name];
      assert.deepEqual(await called(), ["Works Ltd", "TEA HOUSE"], "the last row stands");
      const { created, failed } = await import_rows("customer", "crm", contacts, ...rows, ""); // other bytes, the same rows
      assert.deepEqual([created, failed, await called()], [0, 0, ["Works Ltd", "TEA HOUSE"]]);
      const kinds = (await api.all("/api/v1/customers?limit=100")).map(({ kind }) => kind).sort();
      assert.deepEqual(kinds, ["organisation", "organisation", "organisation", "person", "person", "person", "person", "person"]);
      const works = await one(`credit_code:${code}`);
      assert.deepEqual([works.kind, works.fields.city], ["organisation", "Leeds"]);
      const seen = (await members(works.id)).map(({ name, role, title, is_decision_maker, is_dated, valid_to, source }) => [name, role ?? null, title ?? null, is_decision_maker, is_dated, valid_to ?? null, source]);
      assert.deepEqual(seen, [["Ann", "buyer", "Head", true, false, null, "crm"], ["Ben", null, "Clerk", false, true, "2026-03-01T00:00:00Z", "crm"]]);
      const tea = await one("organisation_name@crm:Tea House");
      assert.deepEqual((await members(tea.id)).map((member) => member.name), ["Cem", "Dee"], "everybody's mail domain is no company's");
    });

    test("the ERP's company joins by its credit code, and orders count for it with its members, each while they were", async () => {
      const works = await one(`credit_code:${code}`);
      await import_rows("customer", "erp", { organisation: { identifiers: { no: "member_no", code: "credit_code" }, fields: { name: "name", phone: "phone" } } }, "no,code,name,phone", `C-1,${code},Works Limited,02061234567`);
      assert.equal((await one("member_no@erp:C-1")).id, works.id);
      const order = { number: "no", time: "at", lines: { quantity: "n", price: "price" } };
      await import_rows("order", "erp", { organisation: { identifiers: { firm: "member_no" } }, order }, "firm,no,at,n,price", "C-1,O1,2026-02-10,1,100");
      await import_rows("order", "shop", { identifiers: { email: "email" }, order }, "email,no,at,n,price", "ann@works.example,O2,2026-01-05,1,20", "ben@works.example,O3,2026-02-15,1,3", "ben@works.example,O4,2026-04-15,1,4000");
      assert.deepEqual([(await one(`credit_code:${code}`)).computed.order_count, (await one(`credit_code:${code}`)).computed.total_spend], [1, "100"]);
      const all = await with_members(works.id);
      assert.deepEqual([all.member_count, all.computed.order_count, all.computed.total_spend], [2, 3, "123"], "Ben's of April are no longer of Works");
      const timeline = async (of) => (await api.get(`/api/v1/customers/${works.id}/timeline?of=${of}`)).body.items.map(({ name, member }) => [name, member?.name ?? null]);
      assert.deepEqual(await timeline("own"), [["O1", null]]);
      assert.deepEqual(await timeline("with_members"), [["O3", "Ben"], ["O1", null], ["O2", "Ann"]]);
      assert.deepEqual((await members(works.id, "-total_spend")).map((member) => member.name), ["Ben", "Ann"]);
    });

    test("tickets are the person's, events of a tracker the visitor's, and the company sees both", async () => {
      const works = await one(`credit_code:${code}`);
      const map = { organisation: { identifiers: { code: "credit_code" } }, person: { identifiers: { email: "email" } }, ticket: { number: "no", time: "at" } };
      await import_rows("ticket", "desk", map, "code,email,no,at", `${code},ann@works.example,T1,2026-01-06`);
      const web = new Tracker(api.server.api(), (await run(["source", "create", "web", "--kind", "tracker", ...data])).last_word);
      const last = await web.send("track", { userId: "u-1", event: "Opened", timestamp: "2026-02-01T08:00:00Z", context: { traits: { email: "ann@works.example" } } });
      await one("user_id:u-1", seeing(last));
      assert.deepEqual([(await one("email:ann@works.example")).computed.ticket_count, (await one(`credit_code:${code}`)).computed.ticket_count], [1, 0]);
      const { computed } = await with_members(works.id);
      assert.deepEqual([computed.ticket_count, computed.event_count, computed.order_count], [1, 1, 3]);
    });

    test("a person adds, ends and takes out members; sources do not take it back, and a rebuild finds no difference", async () => {
      const works = await one(`credit_code:${code}`), eve = await one("email:eve@example.com"), ann = await one("email:ann@works.example");
      const path = `/api/v1/customers/${works.id}/memberships`;
      const put = await api.send("PUT", `${path}/${eve.id}`, { role: "adviser", is_decision_maker: true });
      assert.deepEqual([put.status, put.body.role, put.body.source, put.body.is_by_hand], [200, "adviser", "manual", true]);
      assert.equal((await api.send("PUT", `${path}/${eve.id}`, { role: "adviser", valid_to: "2026-06-01T00:00:00Z" })).body.valid_to, "2026-06-01T00:00:00Z");
      assert.equal((await api.delete(`${path}/${ann.id}`)).status, 204);
      assert.equal((await api.delete(`${path}/${ann.id}`)).status, 404);
      assert.equal((await api.send("PUT", `/api/v1/customers/${eve.id}/memberships/${ann.id}`, {})).body.error.code, "customer.no_membership_between");
      await import_rows("customer", "crm", contacts, ...rows.slice(0, 1), rows[1].replace("buyer", "seller"));
      assert.deepEqual((await members(works.id)).map((member) => member.name), ["Ben", "Eve"]);
      const rebuilt = await run(["rebuild", "customers", ...data]);
      assert.equal(rebuilt.code, 0, rebuilt.stdout + rebuilt.stderr);
    });

    test("Maven-like deals are of the account, and a household has members", async () => {
      await import_rows("ticket", "deals", { organisation: { fields: { account: "name" } }, ticket: { number: "id", status: "stage" } }, "id,account,stage", "D1,Acme,Won", "D2,acme,Lost", "D3,Zoom,Won");
      assert.equal((await one("organisation_name@deals:Acme")).computed.ticket_count, 2);
      await import_rows("customer", "club", { household: { fields: { family: "name" } }, person: { identifiers: { no: "member_no" } }, membership: { role: "as" } }, "family,no,as", "Smith,1,parent", "Smith,2,child");
      const parent = await one("member_no@club:1");
      const [home] = await members(parent.id);
      assert.deepEqual([home.kind, home.name, home.role], ["household", "Smith", "parent"]);
      assert.equal((await members(home.customer)).length, 2);
    });
  });
