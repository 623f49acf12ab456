// Holds the running server to its own description, /api/openapi.json: every operation, every parameter, every field of every body.
// An operation without its example below fails, so a new one cannot be forgotten.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Leftovers, Server, Tracker, fresh_folder, run, seeing } from "./onefold.mjs";

let counter = 0;
const unique = (word) => `${word} ${++counter}`;

/** How each operation is called rightly; what its permission does not say already. */
const examples = {
  "arrivals.get": {}, "columns.get": {}, "columns.rebuild": {}, "customer_rebuild.get": {}, "customer_rebuild.create": {},
  "event_type.get": {}, "event_type.list": {},
  "search.find": { query: { q: "an", kind: "person", limit: 5 }, bad_queries: { q: ["x".repeat(101)], kind: ["robot"], limit: ["0", "51"] } }, "search_index.get": {}, "search_index.rebuild": {},
  "state.get": {},
  "backup.list": {}, "backup.get": {}, "backup.create": { as: "local", body: (house) => ({ target: join(house.files, unique("backup")), has_keys: true }), ready: no_backup_runs },
  "backup_settings.get": {},
  "backup_settings.update": {
    body: (house) => ({ is_scheduled: true, folder: join(house.files, "backups"), hour: 4, keep_count: 3, has_keys: true }),
    version_of: (house) => house.admin.get("/api/v1/backup_settings"),
  },
  "company.get": {}, "company.update": { body: () => ({ name: unique("Company"), event_retention_days: 365 }), version_of: (house) => house.admin.get("/api/v1/company") },
  "customer.list": { bad_queries: { identifier: ["nonsense", "phone", "cake:7"], filter: ["{", "[]", '{"op":"like","args":[]}', '{"op":"=","args":[{"field":"colour"},{"value":1}]}'], condition: ["city =", "LEN(colour) > 1", "COUNT(orders)"], sort: ["colour"], after: ["nonsense"], limit: ["0", "1001"] } },
  "customer.get": {}, "customer.lineage": {}, "customer.timeline": { bad_queries: { after: ["nonsense"], kind: ["dream"], source: ["nowhere"], from: ["today"], to: ["tomorrow"], of: ["everybody"] }, query: { of: "with_members" } },
  "customer.update": { body: () => ({ fields: { city: unique("City"), note: null }, automatic: ["title"], verified: ["name"], unverified: [], verified_identifiers: [], unverified_identifiers: [] }), version_of: (house) => house.admin.get(`/api/v1/customers/${house.ids.customers}`) },
  "customer.provenance": {}, "customer.field_history": { path: () => "/api/v1/customers/{id}/fields/city/history" },
  "survivorship.get": {}, "survivorship.update": { body: () => ({ fields: [{ field: "district", rule: "sources", sources: ["desk", "web"], is_verified_first: true }] }), version_of: (house) => house.admin.get("/api/v1/survivorship") },
  "survivorship.preview": { body: () => ({ fields: [{ field: "city", rule: "newest", sources: [], is_verified_first: false }] }) },
  "conflict.list": { bad_queries: { after: ["nonsense"], limit: ["0", "1001"], state: ["lost"] } }, "conflict.count": {},
  "conflict.leave": { version_of: conflict_version }, "conflict.reopen": { version_of: conflict_version },
  "customer.timeline_facets": { bad_queries: { of: ["everybody"] } }, "customer.interests": {}, "customer.with_members": {},
  "customer.memberships": { bad_queries: { after: ["nonsense"], limit: ["0", "201"], sort: ["shoes"] } },
  "membership.put": { path: (house, id) => `/api/v1/customers/${id ?? house.ids.customers}/memberships/${house.firms[0]}`, body: () => ({ role: "buyer", title: "Head", is_decision_maker: true, valid_from: "2026-01-01T00:00:00Z", valid_to: "2026-02-01T00:00:00Z" }) },
  "membership.delete": { path: (house, id) => `/api/v1/customers/${id ?? house.ids.customers}/memberships/${house.firms.pop()}` }, // each ends once
  "customer.merge": { body: (house) => ({ other: house.other, values: { name: "Ann" }, preview: true }) },
  "customer.unmerge": { body: (house) => ({ nodes: [house.nodes[0]], reason: "two people", preview: true }) },
  "customer.why": { query: {}, bad_queries: { node_a: ["nonsense"], node_b: ["nonsense"] } }, // between nodes that furnish finds
  "customer.decisions": { bad_queries: { after: ["nonsense"], limit: ["0", "201"] } }, "identity_decision.undo": {},
  "event.get": {},
  "note.list": { bad_queries: { after: ["nonsense"], limit: ["0", "201"] } }, "note.create": { body: () => ({ text: unique("note"), is_pinned: true }) },
  "note.update": { body: () => ({ text: unique("note"), is_pinned: false }), version_of: async (house) => ({ body: (await house.admin.get(`/api/v1/customers/${house.ids.customers}/notes?limit=200`)).body.items.find(({ id }) => id === house.ids.notes) }) },
  "note.delete": { path: (house, id) => `/api/v1/notes/${id ?? house.doomed_notes.pop()}` }, "note.restore": {}, "note.versions": {}, // each is deleted once
  "review.list": { bad_queries: { after: ["nonsense", "1", "1-x"], limit: ["0", "1001"], state: ["merged"] } }, "review.progress": {}, "review.get": {},
  "review.merge": { path: (house, id) => `/api/v1/reviews/${id ?? house.pairs[0]}/merge`, body: () => ({ values: { name: "Twin" } }), version_of: (house) => open_pair(house, house.pairs[0]) },
  "review.keep_apart": { path: (house, id) => `/api/v1/reviews/${id ?? house.pairs[1]}/keep_apart`, body: () => ({ reason: "two people" }), version_of: (house) => open_pair(house, house.pairs[1]) },
  "review.later": { body: () => ({ until: "2099-01-01T00:00:00Z" }), version_of: (house) => open_pair(house, house.ids.reviews) }, "review.reopen": { version_of: (house) => open_pair(house, house.ids.reviews) },
  "formula_function.list": {},
  "saved_list.list": { bad_queries: { after: ["nonsense"], limit: ["0", "1001"] } }, "saved_list.get": {}, "saved_list.create": { body: () => ({ name: unique("list"), is_shared: false, question: question() }) },
  "saved_list.update": { body: () => ({ name: unique("list"), is_shared: false, question: question() }), version_of: (house) => house.callers.viewer.get(`/api/v1/saved_lists/${house.ids.saved_lists}`) },
  "saved_list.delete": { path: (house, id) => `/api/v1/saved_lists/${id ?? house.doomed_lists.pop()}` }, "saved_list.restore": {}, // each is deleted once
  "field_use.list": {}, "field_use.get": {},
  "field.list": { query: { object: "customer" }, bad_queries: { object: ["spaceship"] } },
  "health.get": {}, "ready.get": {}, "metrics.get": {}, "openapi.get": {},
  "identifier.list": { bad_queries: { state: ["lost"], type: ["cake"], after: ["nonsense"], limit: ["0", "201"] } },
  "identifier.get": { bad_queries: { after: ["nonsense"], limit: ["0", "201"] } },
  "identifier.set_state": { body: () => ({ state: "shared", reason: "the office", preview: true }) },
  "identity_policy.get": {}, "identity_policy.versions": { bad_queries: { before: ["-1"], limit: ["0", "201"] } },
  "identity_policy.update": {
    body: () => ({
      types: [{ code: "dealer_no", label: { en: "Dealer number", "zh-CN": "经销商编号" }, is_joining: true, strength: "strong", joins: "either", is_scoped: false, kept: "value", written: "text",
        is_case_folded: true, pattern: "d-[0-9]+", pattern_message: { en: "As in D-100.", "zh-CN": "例如 D-100。" }, length_min: 3, length_max: 12, limits: { strong_beside: 0, records: 200 } }],
      reason: "dealers",
    }),
    version_of: (house) => house.admin.get("/api/v1/identity/policy"),
  },
  "import.create": { body: (house) => ({ upload: house.whole_upload, as: "customer", source: "desk", map: { identifiers: { email: "email" } } }) },
  "import.preview": { body: (house) => ({ upload: house.whole_upload, source: "desk" }) },
  "import.get": {}, "import.list": {}, "import.cancel": { body: () => ({}) },
  "import.roll_back": { path: (house, id) => `/api/v1/imports/${id ?? house.broken_import}/rollback`, body: () => ({ preview: true }) },
  "import.rollback": { path: (house, id) => `/api/v1/imports/${id ?? house.broken_import}/rollback` },
  "import.rollback_cancel": { path: (house, id) => `/api/v1/imports/${id ?? house.broken_import}/rollback/cancel`, body: () => ({}) },
  "import.rollback_records": { path: (house, id) => `/api/v1/imports/${id ?? house.broken_import}/rollback/records`, bad_queries: { after: ["nonsense"], limit: ["0", "201"], fate: ["nonsense"] } },
  "import.rollback_left_csv": { path: (house, id) => `/api/v1/imports/${id ?? house.broken_import}/rollback/left/1` },
  "import.failed_rows": { path: (house, id) => `/api/v1/imports/${id ?? house.broken_import}/failed_rows/1` },
  "fetch.get": { path: fetch_path() }, "fetch.look": { path: fetch_path("/look"), body: () => ({}) },
  "fetch.update": {
    path: fetch_path(),
    body: (house) => ({ place: "folder", folder: join(house.folder, "inbox", "desk"), pattern: "*.csv", every_minutes: 60, daily_at: "03:30", steady_s: 30, size_mb_max: 100, is_on: false,
      url: "https://example.com/a.csv", ca_certificates: "", host: "sftp.example.com", port: 22, login: "me", password: "p", private_key: "", passphrase: "" }),
    version_of: (house) => house.admin.get(fetch_path()(house)),
  },
  "fetch.trust_host_key": { path: fetch_path("/trust"), body: () => ({ host_key: `SHA256:${"A".repeat(43)}` }) },
  "fetched_file.list": { path: (house, id) => `/api/v1/sources/${id ?? house.desk}/fetched_files`, bad_queries: { after: ["nonsense", "0"], limit: ["0", "201"] } },
  "extract.create": { body: () => ({ object: "customer", format: "csv" }) }, "extract.get": {}, "extract.list": {}, "extract.cancel": { body: () => ({}) },
  "extract.delete": { path: (house, id) => `/api/v1/extracts/${id ?? house.doomed_extract}` },
  "extract.fetch": { path: (house, id) => `/api/v1/extracts/${id ?? house.ids.extracts}/file` },
  "upload.create": { body: () => ({ name: "people.csv", size: 10 }) }, "upload.get": {},
  "upload.append": { path: (house, id) => `/api/v1/uploads/${id ?? house.ids.uploads}/bytes/0`, body: () => "email\na@b" },
  "upload.delete": { path: (house, id) => `/api/v1/uploads/${id ?? house.doomed_upload}` },
  "order.get": {}, "order.list": { bad_queries: { filter: ["{"], sort: ["colour"], after: ["nonsense"], limit: ["0", "1001"] } },
  "ticket.get": {}, "ticket.list": { bad_queries: { filter: ["{"], sort: ["colour"], after: ["nonsense"], limit: ["0", "1001"] } },
  "query.count": { body: () => ({ object: "customer", filter: { op: "and", args: [{ op: "in", args: [{ field: "sources" }, { value: "1" }] }, { op: "<", args: [{ field: "last_seen_at" }, { op: "ago", args: [{ value: 3 }, { value: "week" }] }] }] } }) },
  "customer.growth": { query: { days: "7" }, bad_queries: { days: ["0", "367", "many"] } }, "sample.create": { body: () => ({ customers: 20, seed: 3, until: "2026-06-30", rates: { typos: 5 } }), needs_fresh_folder: true }, "sample.get": {},
  "query.run": {
    body: () => ({ object: "order", select: [{ path: "source" }, { path: "total", aggregate: "sum" }], filter: { op: ">", args: [{ field: "total" }, { value: "0" }] },
      group: ["source"], sort: [{ path: "source", direction: "ascending" }], limit: 10 }),
  },
  "session.create": { body: (house) => ({ email: house.person.email, password: house.person.password }) },
  "session.get": { as: "person" }, "session.delete": { as: "person", comes_last: true },
  "session.update_user": { as: "person", body: () => ({ name: unique("Ada") }), version_of: async (house) => ({ body: (await house.callers.person.get("/api/v1/session")).body.user }) },
  "setup.get": {}, "setup.create": { body: (house) => ({ ...house.person, token: house.server.setup_token }), needs_fresh_folder: true },
  "source.create": { body: () => ({ name: unique("source"), kind: "api", zone: "Asia/Shanghai", currency: "CNY", region: "CN" }) },
  "source.get": {}, "source.list": {},
  "source.update": {
    body: () => ({ zone: "Asia/Shanghai", currency: "CNY", region: "CN", trust: 60, consent: "none", allowed_origins: [], is_active: true, order_scope: "shop" }),
    version_of: (house) => house.admin.get(`/api/v1/sources/${house.ids.sources}`),
  },
  "write_key.list": {}, "write_key.create": { body: () => ({}) }, "write_key.revoke": {},
  "traffic.list": {}, "traffic.get": {}, "traffic.watch": { is_endless: true },
  "message_problem.list": { bad_queries: { after: ["nonsense"], limit: ["0", "201"] } },
  "message.list": { bad_queries: { limit: ["0", "201"], fate: ["lost"] } },
  "stream.get": { is_endless: true },
  "token.create": { body: () => ({ name: unique("token"), role: "viewer" }) }, "token.list": {}, "token.revoke": {},
  "user.create": { body: () => ({ email: `${unique("user").replace(" ", "")}@example.com`, role: "viewer", password: "a password of its own", name: "U", locale: "en" }) },
  "user.list": {}, "user.update": { body: () => ({ name: unique("Ben"), role: "viewer", is_active: true, locale: "zh-CN" }), version_of: async (house) => ({ body: (await house.admin.get("/api/v1/users")).body.items.find(({ id }) => id === house.ids.users) }) },
  "tracking.track": { keeps_key_twice: true, body: () => ({ ...message(), event: "Opened", properties: {} }) }, "tracking.identify": { keeps_key_twice: true, body: () => ({ ...message(), traits: { name: "X" } }) },
  "tracking.page": { keeps_key_twice: true, body: () => ({ ...message(), name: "Home", properties: {} }) }, "tracking.screen": { keeps_key_twice: true, body: () => ({ ...message(), name: "Home", properties: {} }) },
  "tracking.group": { keeps_key_twice: true, body: () => ({ ...message(), groupId: "g1", traits: {} }) }, "tracking.alias": { keeps_key_twice: true, body: () => ({ ...message(), previousId: "u0" }) },
  "tracking.batch": { body: () => ({ batch: [{ type: "track", ...message(), event: "Opened" }] }) },
  "tracking.merge": { keeps_key_twice: true, body: () => ({ mergeProperties: [{ type: "email", value: "a@example.com" }, { type: "email", value: "b@example.com" }] }) },
  "tracking.snowplow": { body: (house) => ({ schema: "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4", data: [{ e: "pv", uid: "u1", eid: unique("m"), aid: house.write_key }] }), names_key: true },
  "tracking.pixel": { path: () => "/v1/pixel/track", names_key: true }, "tracking.snowplow_pixel": { names_key: true },
  "tracking.settings": { path: (house) => `/v1/projects/${house.write_key}/settings`, names_key: true }, "tracking.measure": { body: () => ({ series: [] }) },
  "refused_message.list": { bad_queries: { after: ["nonsense"], limit: ["0", "1001"], state: ["lost"] } }, "refused_message.reasons": {},
  "refused_message.replay": { body: () => ({ message: { ...message(), type: "track", event: "Opened" } }) }, "refused_message.discard": {},
  "refused_message.replay_all": { body: () => ({ code: "tracking.missing", path: "/event" }) }, "refused_message.discard_all": { body: () => ({ code: "tracking.nobody", path: "" }) },
};
/** Of the source of files. */
function fetch_path(rest = "") {
  return (house, id) => `/api/v1/sources/${id ?? house.desk}/fetch${rest}`;
}
/** The pair, to be decided: what was decided of it is undone. */
async function open_pair(house, id) {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await new Promise((done) => setTimeout(done, 50))) {
    const pair = await house.admin.get(`/api/v1/reviews/${id}`);
    if (["open", "later"].includes(pair.body.state)) return pair;
    await house.admin.post(`/api/v1/identity_decisions/${pair.body.decision}/undo`);
  }
  assert.fail(`pair ${id} is not open`);
}
async function conflict_version(house) {
  const listed = await Promise.all(["open", "left"].map((state) => house.admin.get(`/api/v1/quality/conflicts?state=${state}`)));
  return { body: listed.flatMap(({ body }) => body.items).find(({ id }) => id === house.ids.quality) };
}
async function no_backup_runs(house) {
  while ((await house.admin.get("/api/v1/backups")).body.items.some(({ state }) => state === "running")) await new Promise((done) => setTimeout(done, 20));
}
const question = () => ({ condition: 'city = "Bern"', kind: "person", sort: "-total_spend", columns: [{ field: "name", width: 200, is_frozen: true }, { field: "identifiers" }] });
const is_tracking = ({ name }) => name.startsWith("tracking."); // senders add parameters of their own, so these take any
const message = () => ({ userId: "u1", messageId: unique("m"), timestamp: "2026-01-01T00:00:00Z", context: {} });

// ---- a house with one of everything ----

async function open_house(t) {
  const folder = fresh_folder(t), files = fresh_folder(t);
  const server = await Server.start(folder);
  t.after(() => server.stop());
  return { folder, files, server, anyone: server.api(), local: server.local_api(), person: { email: "ada@example.com", name: "Ada", password: "a long first password" } };
}

async function furnish(house) {
  const command = async (...words) => {
    const done = await run([...words, "--data", house.folder]);
    assert.equal(done.code, 0, done.stderr);
    return done.last_word;
  };
  const set_up = await house.anyone.post("/api/v1/setup", { ...house.person, token: house.server.setup_token });
  const cookie = set_up.headers["set-cookie"][0].split(";")[0];
  house.callers = { person: house.server.api({ cookie }), local: house.local, anyone: house.anyone };
  for (const role of ["viewer", "editor", "admin"]) house.callers[role] = house.server.api({ token: await command("token", "create", role, "--role", role) });
  house.admin = house.callers.admin;
  house.write_key = await command("source", "create", "web", "--kind", "tracker");
  house.callers.tracker = Object.assign(house.server.api(), { headers: new Tracker(null, house.write_key).headers });

  const import_lines = async (kind, map, ...lines) => {
    house.file = join(house.files, `${kind}.csv`);
    writeFileSync(house.file, lines.join("\n") + "\n");
    writeFileSync(`${house.file}.json`, JSON.stringify(map));
    await command("import", house.file, "--as", kind, "--source", "desk", "--map", `${house.file}.json`);
  };
  const identifiers = { email: "email" };
  await import_lines("order", { identifiers, order: { number: "no", time: "at", lines: { quantity: "n", price: "price" } } }, "email,no,at,n,price", "ann@example.com,O1,2026-01-02,2,9.95");
  await import_lines("ticket", { identifiers, ticket: { number: "no", time: "at", rating: "rating" } }, "email,no,at,rating", "ann@example.com,T1,2026-01-03,5");
  await import_lines("customer", { identifiers, fields: { name: "name" } }, "email,name", "ann@example.com,Ann");
  const last = await house.callers.tracker.post("/v1/track", { userId: "u1", event: "Opened", context: { traits: { email: "ann@example.com" } } });
  const first_of = async (list) => (await house.admin.get(`/api/v1/${list}`, seeing(last))).body.items[0].id;
  house.ids = { users: (await house.admin.post("/api/v1/users", examples["user.create"].body())).body.id, tokens: (await house.admin.post("/api/v1/tokens", { name: "to revoke" })).body.id };
  const upload = async (text) => {
    const { id } = (await house.callers.editor.post("/api/v1/uploads", { name: "people.csv", size: Buffer.byteLength(text) })).body;
    await house.callers.editor.send("PUT", `/api/v1/uploads/${id}/bytes/0`, text);
    return id;
  };
  [house.whole_upload, house.doomed_upload] = [await upload("email,name\nann@example.com,Ann\n"), await upload("email\n")];
  house.ids.uploads = (await house.callers.editor.post("/api/v1/uploads", { name: "people.csv", size: 10 })).body.id;
  house.broken_import = (await house.admin.post("/api/v1/imports", { upload: await upload("email\nnonsense\n"), as: "customer", source: "desk", map: { identifiers: { email: "email" } } })).body.id;
  while (["waiting", "running"].includes((await house.admin.get(`/api/v1/imports/${house.broken_import}`)).body.state)) await new Promise((done) => setTimeout(done, 20));
  await house.admin.post(`/api/v1/imports/${house.broken_import}/rollback`, {});
  while (["waiting", "running"].includes((await house.admin.get(`/api/v1/imports/${house.broken_import}/rollback`)).body.state)) await new Promise((done) => setTimeout(done, 20));
  for (let i = 0; i < 2; i++) {
    house.doomed_extract = house.ids.extracts;
    house.ids.extracts = (await house.callers.viewer.post("/api/v1/extracts", { object: "customer", format: "csv" })).body.id;
    while (["waiting", "running"].includes((await house.admin.get(`/api/v1/extracts/${house.ids.extracts}`)).body.state)) await new Promise((done) => setTimeout(done, 20));
  }
  house.ids.backups = (await house.local.post("/api/v1/backups", examples["backup.create"].body(house))).body.id;
  for (const list of ["customers", "orders", "tickets", "sources", "imports"]) house.ids[list] = await first_of(list);
  await house.admin.send("PUT", "/api/v1/identity/policy", { types: [] }, { "if-match": '"0"' }); // what is shipped has no version of its own
  house.ids.identifiers = (await house.admin.get("/api/v1/identifiers?value=ann@example.com")).body.items[0].id;
  const sellers = [await command("source", "create", "crm", "--kind", "api"), await command("source", "create", "erp", "--kind", "api")]; // of equal trust, whatever is set of others
  let disputed;
  for (const [key, city] of [[sellers[0], "Shanghai"], [sellers[1], "Beijing"]]) // one after the other: the last position is behind both
    disputed = await new Tracker(house.server.api(), key).send("identify", { userId: "disputed", traits: { email: "disputed@example.com", city }, timestamp: "2026-01-01T00:00:00Z" });
  house.ids.quality = (await house.admin.get("/api/v1/quality/conflicts", seeing(disputed))).body.items[0].id;
  house.desk = (await house.admin.get("/api/v1/sources")).body.items.find(({ name }) => name === "desk").id;
  await house.admin.patch(fetch_path()(house), { folder: join(house.folder, "inbox", "desk") }, { "if-match": '"1"' });
  house.nodes = (await house.admin.get(`/api/v1/customers/${house.ids.customers}/lineage`)).body.nodes.map(({ id }) => id);
  Object.assign(examples["customer.why"].query, { node_a: house.nodes[0], node_b: house.nodes[1] });
  const people = Array.from({ length: 20 }, (_, i) => ({ type: "identify", userId: `person ${i}`, timestamp: "2026-01-01T00:00:00Z" }));
  const met = await house.callers.tracker.post("/v1/batch", { batch: people });
  const person = async ({ userId }) => (await house.admin.get(`/api/v1/customers?identifier=${encodeURIComponent(`user_id:${userId}`)}`, seeing(met))).body.items[0].id;
  house.other = await person(people[0]);
  const write_note = async () => (await house.admin.post(`/api/v1/customers/${house.ids.customers}/notes`, { text: unique("note") })).body.id;
  house.ids.notes = await write_note();
  house.doomed_notes = await Promise.all(Array.from({ length: 20 }, write_note));
  const save_list = async () => (await house.callers.viewer.post("/api/v1/saved_lists", examples["saved_list.create"].body())).body.id;
  house.ids.saved_lists = await save_list();
  house.doomed_lists = await Promise.all(Array.from({ length: 20 }, save_list));
  house.ids.fields = "23"; // city
  house.ids.events = (await house.admin.get(`/api/v1/customers/${house.ids.customers}/timeline?kind=track`, seeing(last))).body.items[0].position;
  const groups = Array.from({ length: 20 }, (_, i) => ({ type: "group", userId: "u1", groupId: `firm-${i}`, timestamp: "2026-01-01T00:00:00Z" }));
  const grouped = await house.callers.tracker.post("/v1/batch", { batch: groups });
  house.firms = [];
  for (const { groupId } of groups) house.firms.push((await house.admin.get(`/api/v1/customers?identifier=${encodeURIComponent(`group_id:${groupId}`)}`, seeing(grouped))).body.items[0].id);
  const twins = Array.from({ length: 6 }, (_, i) => ({ type: "identify", userId: `twin ${i}`, traits: { email: `twin${i >> 1}@example.com` }, timestamp: "2026-01-01T00:00:00Z" }));
  await house.callers.tracker.post("/v1/batch", { batch: twins });
  for (const deadline = Date.now() + 20_000; (house.pairs?.length ?? 0) < 3 && Date.now() < deadline; await new Promise((done) => setTimeout(done, 100)))
    house.pairs = (await house.admin.get("/api/v1/reviews")).body.items.map(({ id }) => id);
  house.ids.reviews = house.pairs.pop();
  const decided = [];
  for (const one of people.slice(1)) decided.push((await house.admin.post(`/api/v1/customers/${house.other}/merge`, { other: await person(one) })).body.decision);
  Object.defineProperty(house.ids, "identity_decisions", { get: () => decided.pop() }); // each is undone once
  for (const deadline = Date.now() + 20_000; !house.ids.event_types && Date.now() < deadline; await new Promise((done) => setTimeout(done, 50)))
    house.ids.event_types = (await house.admin.get("/api/v1/event_types")).body.items?.[0]?.id; // the columns follow the log
  const source = (await house.admin.get("/api/v1/sources")).body.items.find(({ name }) => name === "web").id;
  house.ids.write_keys = (await house.admin.post(`/api/v1/sources/${source}/write_keys`)).body.id;
  await house.callers.tracker.post("/v1/batch", { batch: Array.from({ length: 100 }, () => ({ type: "track", userId: "u1" })) });
  const refused = (await house.admin.get(`/api/v1/sources/${source}/refused_messages?limit=100`)).body.items.map(({ id }) => id);
  Object.defineProperty(house.ids, "refused_messages", { get: () => refused.pop() }); // each is replayed or discarded once
}

// ---- calls ----

const least_caller = { open: "anyone", read: "viewer", edit: "editor", administer: "admin", local: "local", write_key: "tracker" };
const rank = ["anyone", "viewer", "editor", "admin"];

/** Every answer passes here, so every error is held to the one shape. */
function checked(answer, what) {
  ++cases;
  assert.ok(answer.status < 500, `${what}: ${answer.status} ${JSON.stringify(answer.body)}`);
  if (answer.status < 400) return answer;
  assert.match(answer.headers["content-type"], /^application\/json/, what);
  assert.deepEqual(Object.keys(answer.body), ["error"], what);
  const { code, message, fields, ...rest } = answer.body.error;
  assert.deepEqual(rest, {}, what);
  assert.match(code, /^[a-z_]+\.[a-z_]+$/, what);
  assert.ok(typeof message === "string" && message.length > 0, what);
  assert.ok(Array.isArray(fields), what);
  for (const field of fields) {
    assert.deepEqual(Object.keys(field).sort(), ["code", "message", "path"], what);
    assert.ok(Object.values(field).every((part) => typeof part === "string"), what);
    assert.match(field.code, /^[a-z_]+\.[a-z_]+$/, what);
    assert.ok(field.message.length > 0, what);
    assert.match(field.path, /^(\/.*)?$/s, `${what}: ${field.path} is no JSON pointer`);
  }
  return answer;
}
let cases = 0;

class Operation {
  constructor(path, method, described) {
    Object.assign(this, { path, method: method.toUpperCase(), described, name: described.operationId, example: examples[described.operationId] });
    this.permission = described["x-permission"];
    this.parameters = described.parameters ?? [];
    this.body_schema = described.requestBody?.content["application/json"]?.schema;
    this.success = Object.keys(described.responses).find((status) => status !== "default");
  }
  takes_header(name) {
    return this.parameters.some((parameter) => parameter.in === "header" && parameter.name === name);
  }
  in_query() {
    return this.parameters.filter((parameter) => parameter.in === "query");
  }
  caller(house) {
    return house.callers[this.example.as ?? least_caller[this.permission]];
  }
  /** One call; right in all that `changes` does not name. */
  async call(house, { caller = this.caller(house), id, query = {}, body = this.example.body?.(house), headers = {} } = {}) {
    const path = (this.example.path?.(house, id) ?? this.path).replace("{id}", id ?? house.ids?.[this.path.split("/")[3]]);
    const given = new URLSearchParams({ ...this.example.query, ...query }).toString();
    await this.example.ready?.(house);
    const sent = { ...headers };
    if (this.takes_header("If-Match") && !("if-match" in sent)) sent["if-match"] = String((await this.example.version_of(house)).body.version);
    if (sent["if-match"] === null) delete sent["if-match"];
    return checked(await caller.send(this.method, path + (given && `?${given}`), body, sent), `${this.name} ${JSON.stringify({ id, query, body, headers })}`.slice(0, 600));
  }
  /** A call that must be refused with 400, naming what stands at `pointer`. */
  async refuse(house, changes, pointer) {
    const { status, body } = await this.call(house, changes);
    const what = `${this.name} ${JSON.stringify(changes).slice(0, 300)}: ${status} ${JSON.stringify(body)}`;
    assert.equal(status, 400, what);
    assert.ok(body.error.fields.some(({ path }) => path === pointer || path.startsWith(`${pointer}/`)), `${what} does not name ${pointer}`);
  }
}

// ---- what a schema refuses, and what it takes ----

let components;
function plain(schema) {
  if (schema.$ref) return plain(components[schema.$ref.split("/").at(-1)]);
  if (!schema.anyOf) return schema;
  const inner = plain(schema.anyOf.find(({ type }) => type !== "null"));
  return { ...inner, type: [...[inner.type].flat(), "null"], ...(inner.enum && { enum: [...inner.enum, null] }) };
}

/** Values that a schema does not take. */
function lies_about(described) {
  const schema = plain(described);
  const types = [schema.type ?? []].flat();
  if (types.length === 0 && !schema.enum) return [];
  const takes = (type) => types.includes(type) || (type === "integer" && types.includes("number")) || (schema.enum && type === "string");
  const values = { string: "nonsense", integer: 7, number: 7.5, boolean: true, object: {}, array: [], null: null };
  const lies = Object.keys(values).filter((type) => !takes(type)).map((type) => values[type]);
  if (types.includes("array") && schema.minItems) lies.push([]);
  if (takes("string") && (schema.enum || schema.pattern || schema.format === "date-time")) lies.push("nonsense", "");
  if (takes("string") && schema.maxLength <= 1000) lies.push("x".repeat(schema.maxLength + 1));
  if (takes("integer") && schema.minimum !== undefined) lies.push(schema.minimum - 1);
  if (takes("integer") && schema.maximum !== undefined) lies.push(schema.maximum + 1);
  return lies;
}

/** Every place of a body that its schema describes: [pointer, schema, body with another value there, body without it]. */
function* places_of(described, body, pointer = "", rebuild = (value) => value) {
  const schema = plain(described);
  if (schema.items && Array.isArray(body))
    for (const [i, item] of body.entries()) {
      const rebuild_item = (value) => rebuild(body.with(i, value));
      yield { pointer: `${pointer}/${i}`, schema: schema.items, with: rebuild_item };
      yield* places_of(schema.items, item, `${pointer}/${i}`, rebuild_item);
    }
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    const rebuild_member = (value) => rebuild({ ...body, [name]: value });
    const without = () => rebuild(Object.fromEntries(Object.entries(body).filter(([key]) => key !== name)));
    yield { pointer: `${pointer}/${name}`, schema: member, with: rebuild_member, without: schema.required?.includes(name) ? without : undefined };
    if (body[name] !== undefined) yield* places_of(member, body[name], `${pointer}/${name}`, rebuild_member);
  }
  if (schema.additionalProperties === false) yield { pointer: `${pointer}/surprise`, is_unknown: true, with: (value) => rebuild({ ...body, surprise: value }) };
}

/** What is wrong with an answer by its schema; empty where nothing is. */
function complaints(described, value, at = "") {
  const schema = plain(described);
  const type_of = value === null ? "null" : Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : typeof value;
  const types = [schema.type ?? []].flat();
  if (types.length && !types.includes(type_of) && !(type_of === "integer" && types.includes("number"))) return [`${at || "/"} is ${type_of}, not ${types}`];
  if (schema.enum && !schema.enum.includes(value)) return [`${at} is none of ${schema.enum}`];
  if (schema.pattern && typeof value === "string" && !new RegExp(schema.pattern).test(value)) return [`${at} is not like ${schema.pattern}`];
  if (schema.format === "date-time" && typeof value === "string" && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value)) return [`${at} is no time: ${value}`];
  if (type_of === "array") return value.flatMap((item, i) => (schema.items ? complaints(schema.items, item, `${at}/${i}`) : []));
  if (type_of !== "object") return [];
  const missing = (schema.required ?? []).filter((name) => !(name in value)).map((name) => `${at}/${name} is missing`);
  const members = Object.entries(value).flatMap(([name, member]) => {
    const inner = schema.properties?.[name] ?? (schema.additionalProperties === false ? undefined : schema.additionalProperties ?? true);
    if (inner === undefined) return [`${at}/${name} is not described`];
    return typeof inner === "object" ? complaints(inner, member, `${at}/${name}`) : [];
  });
  return [...missing, ...members];
}

// ---- the tests ----

/** What OpenAPI describes must be known before the tests are, so one server is asked first. */
async function describe_operations() {
  const leftovers = new Leftovers();
  const house = await open_house(leftovers);
  const { body } = await house.anyone.get("/api/openapi.json");
  await leftovers.run();
  components = body.components.schemas;
  return Object.entries(body.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, described]) => new Operation(path, method, described)));
}

const operations = await describe_operations();
const exercised = operations.filter(({ example }) => example).sort((a, b) => Boolean(a.example.comes_last) - Boolean(b.example.comes_last));

test("every operation has its example here, and every example its operation", () => {
  assert.deepEqual(operations.map(({ name }) => name).sort(), Object.keys(examples).sort());
});

describe("Every operation", () => {
  const leftovers = new Leftovers();
  let house;
  before(async () => {
    house = await open_house(leftovers);
    await furnish(house);
  });
  after(async () => {
    await leftovers.run();
    console.log(`${operations.length} operations, ${cases} cases`);
  });
  const each = (title, chosen, work) =>
    describe(title, () => {
      for (const operation of chosen) test(`${operation.method} ${operation.path}`, (t) => work(operation, t));
    });
  const answerable = exercised.filter(({ example }) => !example.is_endless && !example.needs_fresh_folder);

  each("refuses query parameters that it does not describe", exercised.filter((operation) => !is_tracking(operation)), (operation) => operation.refuse(house, { query: { surprise: "1" } }, "/surprise"));

  each("refuses query parameters that lie", exercised.filter((operation) => operation.in_query().length), async (operation) => {
    for (const { name, schema } of operation.in_query()) {
      const { type, pattern } = plain(schema);
      const lies = type === "integer" ? ["", "x", "1.5", "1e3", "99999999999999999999"] : pattern ? ["", "x", "0", "-1", "1.5"] : [];
      if (schema.minimum !== undefined) lies.push(String(schema.minimum - 1));
      if (schema.maximum !== undefined) lies.push(String(schema.maximum + 1));
      for (const lie of [...lies, ...(operation.example.bad_queries?.[name] ?? [])]) await operation.refuse(house, { query: { [name]: lie } }, `/${name}`);
    }
    for (const { name } of operation.in_query().filter(({ required }) => required)) {
      const others = new URLSearchParams(Object.entries(operation.example.query).filter(([key]) => key !== name)).toString();
      const path = operation.path.replace("{id}", house.ids[operation.path.split("/")[3]]);
      const { status, body } = checked(await operation.caller(house).get(path + (others && `?${others}`)), operation.name);
      assert.deepEqual([status, body.error.fields.map((field) => field.path)], [400, [`/${name}`]]);
    }
  });

  const with_body = exercised.filter(({ body_schema }) => body_schema);
  each("refuses fields that it does not describe", with_body, async (operation) => {
    for (const place of places_of(operation.body_schema, operation.example.body(house)))
      if (place.is_unknown) await operation.refuse(house, { body: place.with("!") }, place.pointer);
  });
  each("refuses fields whose types lie", with_body, async (operation) => {
    for (const place of places_of(operation.body_schema, operation.example.body(house)))
      if (!place.is_unknown) for (const lie of lies_about(place.schema)) await operation.refuse(house, { body: place.with(lie) }, place.pointer);
  });
  each("refuses a body without what it needs", with_body, async (operation) => {
    for (const place of places_of(operation.body_schema, operation.example.body(house)))
      if (place.without) await operation.refuse(house, { body: place.without() }, place.pointer);
  });
  each("refuses a body that is no object, or no JSON", with_body, async (operation) => {
    for (const body of ["[]", '"x"', "7", "null", "{", '{"a":1}}', "\u0000", '{"a":1,"a":2}', `${"[".repeat(5000)}`]) {
      const { status, headers } = await operation.call(house, { body });
      const is_kept = status === 200 && headers["onefold-refused"] === "1"; // as a message that cannot be read is
      assert.ok(is_kept ? operation.example.keeps_key_twice && body.includes('"a":2') : status === 400, `${operation.name} ${body.slice(0, 20)}: ${status}`);
    }
  });

  each("refuses who is nobody", exercised.filter(({ permission, example }) => !["open", "local"].includes(permission) && !example.names_key), async (operation) => {
    for (const caller of [house.anyone, house.server.api({ token: "nobody" }), house.server.api({ cookie: "sid=nobody" })])
      assert.equal((await operation.call(house, { caller })).status, 401);
  });
  each("refuses who may not", exercised.filter(({ permission }) => ["edit", "administer", "local"].includes(permission)), async (operation) => {
    const lower = operation.permission === "local" ? rank : rank.slice(1, rank.indexOf(least_caller[operation.permission]));
    for (const role of lower) assert.equal((await operation.call(house, { caller: house.callers[role] })).status, 403, role);
  });

  each("refuses ids that are none", exercised.filter(({ path }) => path.includes("{id}")), async (operation) => {
    for (const id of ["0", "-1", "abc", "1.5", "1e3", "%00", "%20", "00000000000000000001", "99999999999999999999", "..%2f..", "999999999"]) {
      const { status } = await operation.call(house, { id });
      assert.ok(status >= 400 && status < 500, `${operation.name} ${id}: ${status}`);
    }
    assert.equal((await operation.call(house, { id: "999999999" })).status, 404);
  });

  each("asks for If-Match, and refuses another version", exercised.filter((operation) => operation.takes_header("If-Match")), async (operation) => {
    const { version } = (await operation.example.version_of(house)).body;
    assert.equal((await operation.call(house, { headers: { "if-match": null } })).status, 428);
    for (const other of [String(version + 1), String(version - 1), '"0"', "nonsense", "*", "W/1"]) assert.equal((await operation.call(house, { headers: { "if-match": other } })).status, 412, other);
    assert.equal((await operation.example.version_of(house)).body.version, version, "a refused update changes nothing");
    const done = await operation.call(house, { headers: { "if-match": `"${version}"` } });
    assert.deepEqual([done.status, done.body.version, done.headers.etag], [200, version + 1, `"${version + 1}"`]);
    assert.equal((await operation.call(house, { headers: { "if-match": `"${version}"` } })).status, 412);
  });

  each("makes one thing for one Idempotency-Key", exercised.filter((operation) => operation.takes_header("Idempotency-Key")), async (operation, t) => {
    let place = house;
    if (operation.example.needs_fresh_folder) {
      place = await open_house(t);
      place.callers = { anyone: place.anyone, admin: place.local };
    }
    const headers = { "idempotency-key": unique("key") };
    const body = operation.example.body(place);
    const first = await operation.call(place, { body, headers });
    const done = Number(operation.success); // a create's is 201, a change's 200
    assert.equal(first.status, done, JSON.stringify(first.body));
    const again = await operation.call(place, { body, headers });
    assert.deepEqual([again.status, again.headers["idempotent-replay"]], [done, "true"]);
    assert.deepEqual(again.body, first.body);
    assert.equal((await operation.call(place, { body: `${JSON.stringify(body)}\n`, headers })).status, 422);
    assert.equal((await operation.call(place, { body, headers: { "idempotency-key": "x".repeat(256) } })).status, 400);
  });

  each("answers as it is described", answerable, async (operation) => {
    const { status, headers, body } = await operation.call(house);
    assert.equal(String(status), operation.success, JSON.stringify(body));
    assert.ok(headers["x-request-id"]);
    const schema = operation.described.responses[operation.success].content?.["application/json"]?.schema;
    if (schema) assert.deepEqual(complaints(schema, body), []);
    if (operation.method !== "GET") assert.match(headers["onefold-position"], /^\d+$/);
  });
});
