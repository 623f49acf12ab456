// The whole story of Onefold, told by the real program: once on the embedded database, once on PostgreSQL.
// The tests of a story follow each other: what one has made, the next one finds.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { product_of, read_csv, text_of, units_of } from "./csv.mjs";
import { Server, Tracker, counts_of, fresh_folder, run, seeing } from "./onefold.mjs";
import { Postgres } from "./postgres.mjs";

const admin = { email: "ada@example.com", name: "Ada", password: "a long first password" };
const cookie_of = (answer) => answer.headers["set-cookie"]?.[0].split(";")[0];
/** Fails by what differs alone: whole lists would fill the screen. */
const assert_same = (now, before) => assert.deepEqual(now.filter((item, i) => JSON.stringify(item) !== JSON.stringify(before[i])), before.slice(now.length));
const wanted = (answer, status) => (assert.equal(answer.status, status, JSON.stringify(answer.body)), answer.body);

function story(make_database) {
  const folder = fresh_folder({ after });
  const files = fresh_folder({ after });
  const data = ["--data", folder];
  let server, api, tracker, write_key, token;

  const command = async (...words) => {
    const done = await run([...words, ...data]);
    assert.equal(done.code, 0, done.stderr + done.stdout);
    return done;
  };
  /** Writes a file of these lines and imports it. */
  const import_lines = async (kind, source, map, lines) => {
    const file = join(files, `${source}-${kind}-${lines.length}.csv`);
    writeFileSync(file, lines.join("\n") + "\n");
    writeFileSync(`${file}.json`, JSON.stringify(map));
    return counts_of(await command("import", file, "--as", kind, "--source", source, "--map", `${file}.json`));
  };
  const import_demo = (name, kind, source) =>
    run(["import", join(files, `${name}.csv`), "--as", kind, "--source", source, "--map", join(files, `${name}.map.json`), ...data]);
  const demo_rows = (name) => read_csv(readFileSync(join(files, `${name}.csv`), "utf8"));
  const figure = async (object, select, more = {}) => wanted(await api.post("/api/v1/query", { object, select, ...more }), 200).rows;
  const timeline = async (customer, path = "?limit=200") => wanted(await api.get(`/api/v1/customers/${customer}/timeline${path}`), 200);

  after(() => server?.stop());

  test("a folder remembers its database: named once, never again", async () => {
    const database = await make_database();
    server = await Server.start(folder, database ? ["--database", database] : []);
    assert.deepEqual(await server.stop(), { code: 0, signal: null });
    // With no server running, a command opens the folder itself.
    write_key = (await command("source", "create", "web", "--kind", "tracker")).last_word;
    server = await Server.start(folder);
    await server.stop();
    const other = await run(["serve", ...data, "--listen", "127.0.0.1:0", "--database", "postgres:///elsewhere?host=/nowhere"]);
    assert.equal(other.code, 2);
    assert.match(other.stderr, /belongs to another database/);
    server = await Server.start(folder);
  });

  test("commands go through the running server", async () => {
    token = (await command("token", "create", "story")).last_word;
    api = server.api({ token });
    tracker = new Tracker(server.api(), write_key);
    await command("source", "create", "till", "--kind", "api", "--zone", "Europe/London", "--currency", "GBP");
    const sources = wanted(await api.get("/api/v1/sources"), 200).items;
    assert.deepEqual(sources.map(({ name, kind, zone, currency }) => [name, kind, zone, currency]),
      [["web", "tracker", "UTC", "CNY"], ["till", "api", "Europe/London", "GBP"]]);
    assert.ok(sources.every((source) => !("write_key" in source)), "a write key is shown once only");
  });

  test("the printed link makes the first administrator, once", async () => {
    const anyone = server.api();
    assert.equal(wanted(await anyone.get("/api/v1/setup"), 200).is_needed, true);
    assert.equal(wanted(await anyone.post("/api/v1/setup", { ...admin, token: "x".repeat(32) }), 403).error.code, "access.bad_setup_token");
    const made = await anyone.post("/api/v1/setup", { ...admin, token: server.setup_token, locale: "en" });
    assert.equal(wanted(made, 201).user.role, "admin");
    assert.match(made.headers["set-cookie"][0], /^sid=[^;]+; Path=\/; HttpOnly; SameSite=Lax/);
    assert.equal(wanted(await anyone.post("/api/v1/setup", { ...admin, email: "eve@example.com", token: server.setup_token }), 409).error.code, "access.setup_done");
    assert.equal(wanted(await anyone.get("/api/v1/setup"), 200).is_needed, false);
    const session = wanted(await server.api({ cookie: cookie_of(made) }).get("/api/v1/session"), 200);
    assert.equal(session.user.email, admin.email);
    assert.deepEqual([session.company.zone, session.company.currency], ["UTC", "CNY"]);
  });

  test("a session ends with its sign-out, and a new one begins with the password", async () => {
    const { email, password } = admin;
    assert.equal(wanted(await server.api().post("/api/v1/session", { email, password: "wrong password" }), 401).error.code, "access.wrong_credentials");
    const cookie = cookie_of(await server.api().post("/api/v1/session", { email, password }));
    const browser = server.api({ cookie });
    wanted(await browser.get("/api/v1/users"), 200);
    assert.equal(wanted(await browser.delete("/api/v1/session", { "sec-fetch-site": "cross-site" }), 403).error.code, "access.foreign_origin");
    wanted(await browser.delete("/api/v1/session"), 204);
    wanted(await browser.get("/api/v1/users"), 401);
  });

  test("a user made by a command signs in and may do what the role allows", async () => {
    const password_file = join(files, "password");
    writeFileSync(password_file, "another long password\n");
    await command("user", "create", "ben@example.com", "--role", "viewer", "--password-file", password_file);
    const signed_in = await server.api().post("/api/v1/session", { email: "BEN@example.com", password: "another long password" });
    assert.equal(wanted(signed_in, 201).user.role, "viewer");
    const browser = server.api({ cookie: cookie_of(signed_in) });
    wanted(await browser.get("/api/v1/customers"), 200);
    assert.equal(wanted(await browser.get("/api/v1/users"), 403).error.code, "access.forbidden");
    const viewer = (await command("token", "create", "dashboard", "--role", "viewer")).last_word;
    wanted(await server.api({ token: viewer }).get("/api/v1/customers"), 200);
    wanted(await server.api({ token: viewer }).post("/api/v1/sources", { name: "x", kind: "api" }), 403);
    wanted(await server.api({ token: `${viewer}x` }).get("/api/v1/customers"), 401);
  });

  test("a generated company is imported, every count exact", async () => {
    await run(["demo-tea", "--files", files, "--customers", "60", "--seed", "7"]);
    const rows = { customers: demo_rows("customers"), orders: demo_rows("orders"), tickets: demo_rows("tickets"), events: demo_rows("events") };
    const orders = new Set(rows.orders.map((row) => row.order_no));
    const expected = { customers: rows.customers.length, orders: orders.size, tickets: rows.tickets.length, events: rows.events.length };
    for (const [name, kind, source] of [["customers", "customer", "crm"], ["orders", "order", "shop"], ["tickets", "ticket", "desk"], ["events", "event", "old site"]]) {
      const done = await import_demo(name, kind, source);
      assert.equal(done.code, 0, done.stderr);
      assert.deepEqual(counts_of(done), { read: rows[name].length, created: expected[name], updated: 0, unchanged: 0, failed: 0 }, name);
    }
    const total = text_of(rows.orders.reduce((sum, row) => sum + product_of(row.quantity, row.price), 0n));
    assert.deepEqual(await figure("order", [{ path: "id", aggregate: "count" }, { path: "total", aggregate: "sum" }]), [[orders.size, total]]);
    assert.deepEqual(await figure("ticket", [{ path: "id", aggregate: "count" }]), [[rows.tickets.length]]);
    const people = await api.all("/api/v1/customers?limit=100");
    const summed = (name) => people.reduce((sum, { computed }) => sum + computed[name], 0);
    assert.deepEqual([summed("order_count"), summed("ticket_count"), summed("event_count")], [orders.size, rows.tickets.length, rows.events.length]);
    assert.equal(text_of(people.reduce((sum, { computed }) => sum + units_of(computed.total_spend), 0n)), total);
  });

  test("the same files again change nothing", async () => {
    const before = await api.all("/api/v1/customers?limit=1000");
    for (const [name, kind, source] of [["customers", "customer", "crm"], ["orders", "order", "shop"], ["tickets", "ticket", "desk"], ["events", "event", "old site"]]) {
      const { read, created, updated, unchanged, failed } = counts_of(await import_demo(name, kind, source));
      assert.deepEqual([created, updated, failed], [0, 0, 0], name);
      assert.equal(unchanged, name === "orders" ? new Set(demo_rows("orders").map((row) => row.order_no)).size : read, name);
    }
    assert_same(await api.all("/api/v1/customers?limit=1000"), before);
  });

  const order_map = { identifiers: { phone: "phone" }, order: { number: "no", time: "at", lines: { sku: "sku", quantity: "n", price: "price" } } };
  const order_header = "no,at,phone,sku,n,price";

  test("equal rows within a file stay, and a changed order is updated", async () => {
    const line = "E1,2026-03-01T10:00:00Z,+8613912345670,cup,1,9.95";
    assert.deepEqual(await import_lines("order", "market", order_map, [order_header, line, line, line]), { read: 3, created: 1, updated: 0, unchanged: 0, failed: 0 });
    const buyer = await api.customer("phone:+8613912345670");
    assert.deepEqual([buyer.computed.order_count, buyer.computed.total_spend], [1, "29.85"]);
    assert.deepEqual(await import_lines("order", "market", order_map, [order_header, line, line]), { read: 2, created: 0, updated: 1, unchanged: 0, failed: 0 });
    assert.equal((await api.customer("phone:+8613912345670")).computed.total_spend, "19.9");
    const [listed] = wanted(await api.get(`/api/v1/orders?customer=${buyer.id}`), 200).items;
    assert.deepEqual([listed.number, listed.line_count, listed.source], ["E1", 2, "market"]);
    assert.deepEqual(wanted(await api.get(`/api/v1/orders/${listed.id}`), 200).lines.map(({ sku, quantity, price, amount }) => [sku, quantity, price, amount]),
      [["cup", "1", "9.95", "9.95"], ["cup", "1", "9.95", "9.95"]]);
  });

  test("orders of nobody are kept, and nobody gets them", async () => {
    const customers_before = await figure("customer", [{ path: "id", aggregate: "count" }]);
    const counts = await import_lines("order", "walk-in", order_map, [order_header, "N1,2026-03-02T10:00:00Z,,cup,2,3", "N2,2026-03-02T11:00:00Z,,cup,-1,3"]);
    assert.deepEqual(counts, { read: 2, created: 2, updated: 0, unchanged: 0, failed: 0 });
    const of_nobody = { op: "and", args: [{ op: "blank", args: [{ field: "customer" }] }, { op: "in", args: [{ field: "number" }, { value: "N1" }, { value: "N2" }] }] };
    const listed = wanted(await api.get(`/api/v1/orders?filter=${encodeURIComponent(JSON.stringify(of_nobody))}&sort=number`), 200).items;
    assert.deepEqual(listed.map(({ number, customer, total }) => [number, customer, total]), [["N1", null, "6"], ["N2", null, "-3"]]);
    assert.deepEqual(await figure("customer", [{ path: "id", aggregate: "count" }]), customers_before);
  });

  test("a credit lowers the spend and is no purchase", async () => {
    await import_lines("order", "market", order_map, [order_header, "P1,2026-04-01T10:00:00Z,+8613912345671,pot,1,100", "C1,2026-04-05T10:00:00Z,+8613912345671,pot,-1,30"]);
    const { computed } = await api.customer("phone:+8613912345671");
    assert.deepEqual([computed.order_count, computed.total_spend, computed.currency], [2, "70", "CNY"]);
    assert.equal(computed.last_purchase_at, "2026-04-01T10:00:00Z");
    assert.equal(computed.last_seen_at, "2026-04-05T10:00:00Z");
  });

  test("an order's time is that of its earliest line, read in the source's zone", async () => {
    const counts = await import_lines("order", "till", order_map, [order_header, "Z1,2026-07-01 12:30:00,+447700900123,tea,1,4.5", "Z1,2026-07-01 12:05:00,+447700900123,tea,1,4.5"]);
    assert.equal(counts.created, 1);
    const buyer = await api.customer("phone:+447700900123");
    const [order] = wanted(await api.get(`/api/v1/orders?customer=${buyer.id}`), 200).items;
    assert.deepEqual([order.time, order.currency, order.total], ["2026-07-01T11:05:00Z", "GBP", "9"]); // British summer time
  });

  test("an anonymous visitor's pages are on the timeline of who signs in", async () => {
    const visitor = { anonymousId: "browser-1" };
    wanted(await tracker.send("page", { ...visitor, name: "Home", properties: { path: "/" }, timestamp: "2026-05-01T08:00:00Z" }), 200);
    const seen = await tracker.send("page", { ...visitor, properties: { path: "/tea" }, timestamp: "2026-05-01T08:01:00Z" });
    const stranger = await api.customer("anonymous_id:browser-1", seeing(seen));
    assert.deepEqual([stranger.computed.event_count, stranger.fields], [2, {}]);
    const identified = await tracker.send("identify", {
      ...visitor, userId: "u-100", timestamp: "2026-05-01T08:02:00Z",
      traits: { name: "Li Na", email: "Li.Na@Example.com", phone: "+86 139 1234 5601", address: { city: "杭州" } },
    });
    const bought = await tracker.send("track", { userId: "u-100", event: "Product Added", properties: { sku: "T-101", price: 168.5 }, timestamp: "2026-05-01T08:03:00Z" });
    assert.ok(Number(bought.headers["onefold-position"]) > Number(identified.headers["onefold-position"]));

    const customer = await api.customer("user_id:u-100", seeing(bought));
    assert.equal((await api.customer("anonymous_id:browser-1")).id, customer.id);
    assert.equal((await api.customer("email:li.na@example.com")).id, customer.id);
    assert.deepEqual(customer.fields, { name: "Li Na", city: "杭州" });
    assert.deepEqual([customer.computed.event_count, customer.computed.first_seen_at, customer.computed.last_seen_at], [4, "2026-05-01T08:00:00Z", "2026-05-01T08:03:00Z"]);
    assert.deepEqual(customer.identifiers.map(({ type, value, state }) => [type, value, state]).sort(), [
      ["anonymous_id", "browser-1", "open"], ["email", "li.na@example.com", "open"], ["phone", "+8613912345601", "open"], ["user_id", "u-100", "open"]]);
    const items = (await timeline(customer.id)).items;
    assert.deepEqual(items.map(({ kind, name }) => [kind, name]), [["track", "Product Added"], ["identify", ""], ["page", "/tea"], ["page", "Home"]]);
    assert.deepEqual(items[0].properties, { sku: "T-101", price: 168.5 });
    assert.deepEqual([items[0].source, items[0].at, items[0].position], ["web", "2026-05-01T08:03:00Z", items[0].position]);
    assert.ok(items.every((item) => /^\d+$/.test(item.position)));
  });

  test("a message that comes twice counts once, and the write key may stand in the body", async () => {
    const message = { type: "track", messageId: "m-1", userId: "u-200", event: "Signed In", timestamp: "2026-05-02T08:00:00Z" };
    wanted(await tracker.send("track", message), 200);
    wanted(await tracker.send("track", message), 200);
    wanted(await tracker.send("batch", { batch: [message, message, { ...message, messageId: "m-2" }] }), 200);
    const last = await server.api().post("/v1/batch", { writeKey: write_key, batch: [message, { ...message, messageId: "m-3" }] });
    assert.equal((await api.customer("user_id:u-200", seeing(last))).computed.event_count, 3);
    wanted(await server.api().post("/v1/track", message), 401);
    wanted(await server.api().post("/v1/track", { ...message, writeKey: "nobody" }), 401);
  });

  test("two sources with the same phone or e-mail become one customer, and the other id says where it went", async () => {
    const at = "2026-05-03T08:00:00Z";
    const first = await tracker.send("identify", { userId: "u-300", traits: { name: "王芳" }, timestamp: at });
    const from_web = await api.customer("user_id:u-300", seeing(first));
    const map = { identifiers: { no: "member_no", phone: "phone", email: "email" }, fields: { name: "name", company: "company" } };
    await import_lines("customer", "members", map, ["no,name,phone,email,company", "M300,王芳芳,139-1234-5603,,示例茶业", "M400,Ann,,ann@example.com,"]);
    const from_members = await api.customer("member_no@members:M300");
    assert.notEqual(from_members.id, from_web.id);

    const told = await tracker.send("identify", { userId: "u-300", traits: { phone: "+8613912345603" }, timestamp: "2026-05-03T09:00:00Z" });
    const one = await api.customer("member_no:M300", seeing(told));
    assert.equal((await api.customer("user_id:u-300")).id, one.id);
    assert.equal(one.id, from_web.id, "the older customer keeps its id");
    const gone = wanted(await api.get(`/api/v1/customers/${from_members.id}`), 200);
    assert.deepEqual([gone.state, gone.merged_into], ["merged", one.id]);
    assert.deepEqual([one.state, one.merged_into, one.fields.company], ["active", null, "示例茶业"]);

    const detail = wanted(await api.get(`/api/v1/customers/${one.id}`), 200);
    const { name } = detail.provenance;
    assert.equal(name.source, one.fields.name === "王芳" ? "web" : "members");
    assert.deepEqual(name.others.map((other) => other.value), [one.fields.name === "王芳" ? "王芳芳" : "王芳"]);
    assert.equal(detail.provenance.company.source, "members");
    const lineage = wanted(await api.get(`/api/v1/customers/${one.id}/lineage`), 200);
    assert.deepEqual(lineage.nodes.map((node) => node.source).sort(), ["members", "web"]);
    assert.deepEqual(lineage.links.map(({ rule, identifier }) => [rule, identifier.type, identifier.value]), [["same_phone", "phone", "+8613912345603"]]);

    const mail = await tracker.send("identify", { userId: "u-400", traits: { email: "ANN@example.com" }, timestamp: at });
    assert.equal((await api.customer("user_id:u-400", seeing(mail))).id, (await api.customer("member_no@members:M400")).id);
  });

  test("the timeline comes page by page, newest first, every kind on it", async () => {
    const at = (minute) => new Date(Date.UTC(2026, 5, 1, 9, minute)).toISOString().replace(".000", "");
    await import_lines("order", "market", order_map, [order_header, ...[0, 1, 2, 3].map((i) => `L${i},${at(10 * i)},+8613912345700,cup,1,${i}`)]);
    await import_lines("ticket", "market", { identifiers: { phone: "phone" }, ticket: { number: "no", time: "at", subject: "subject", status: "status", rating: "rating" } },
      ["no,at,subject,status,rating,phone", `T1,${at(15)},Where is my tea?,open,,+8613912345700`, `T2,${at(20)},Thank you,closed,5,+8613912345700`]);
    const last = await tracker.send("batch", { batch: [
      { type: "identify", userId: "u-700", traits: { phone: "+8613912345700" }, timestamp: at(5) },
      ...Array.from({ length: 14 }, (_, i) => ({ type: "track", userId: "u-700", event: `Event ${i}`, timestamp: at(2 * i) })),
      { type: "page", userId: "u-700", name: "Home", timestamp: at(20) }, { type: "screen", userId: "u-700", name: "Basket", timestamp: at(21) },
    ] });
    const { id } = await api.customer("phone:+8613912345700", seeing(last));
    const paged = [];
    for (let after = ""; after !== null; ) {
      const page = await timeline(id, `?limit=3${after && `&after=${after}`}`);
      assert.ok(page.items.length <= 3);
      paged.push(...page.items);
      after = page.next;
    }
    assert.deepEqual(paged, (await timeline(id)).items);
    assert.equal(paged.length, 4 + 2 + 17);
    const times = paged.map((item) => Date.parse(item.at));
    assert.deepEqual(times, [...times].sort((a, b) => b - a));
    assert.deepEqual([...new Set(paged.map((item) => item.kind))].sort(), ["identify", "order", "page", "screen", "ticket", "track"]);
    assert.deepEqual(wanted(await api.get(`/api/v1/tickets?customer=${id}&sort=number`), 200).items.map(({ number, subject, status, rating }) => [number, subject, status, rating]),
      [["T1", "Where is my tea?", "open", null], ["T2", "Thank you", "closed", 5]]);
  });

  test("lists filter, sort and page, and the query answers any other question", async () => {
    const filter = { op: ">=", args: [{ field: "order_count" }, { value: 1 }] };
    const path = `/api/v1/customers?filter=${encodeURIComponent(JSON.stringify(filter))}&sort=-total_spend`;
    const all = await api.all(`${path}&limit=1000`);
    assert_same(await api.all(`${path}&limit=7`), all);
    assert.ok(all.length > 7 && all.every(({ computed }) => computed.order_count >= 1));
    const spent = all.map(({ computed }) => units_of(computed.total_spend));
    assert.ok(spent.every((units, i) => i === 0 || spent[i - 1] >= units));
    const grouped = await figure("order", [{ path: "source" }, { path: "id", aggregate: "count" }], { group: ["source"], sort: [{ path: "source" }] });
    const [[count]] = await figure("order", [{ path: "id", aggregate: "count" }]);
    assert.equal(grouped.reduce((sum, row) => sum + row[1], 0), count);
    assert.equal(wanted(await api.post("/api/v1/query", { object: "order", select: [{ path: "colour" }] }), 400).error.fields[0].path, "/select/0");
    const fields = wanted(await api.get("/api/v1/fields?object=customer"), 200).items;
    assert.ok(fields.some(({ code, label }) => code === "total_spend" && label.en && label["zh-CN"]));
  });

  test("one event walks through the rooms", async () => {
    // http takes the request and limits it; tracking knows by the write key who is speaking, and keeps what nobody can use apart.
    const event = { userId: "u-900", messageId: "walk-1", event: "Newsletter Opened", properties: { issue: 7 }, timestamp: "2026-06-20T08:00:00Z", context: { traits: { email: "walker@example.com" } } };
    wanted(await server.api().post("/v1/track", event), 401);
    const unusable = await tracker.send("track", { ...event, event: undefined });
    assert.deepEqual([unusable.status, unusable.headers["onefold-refused"]], [200, "1"]);
    const [web] = wanted(await api.get("/api/v1/sources"), 200).items;
    assert.deepEqual(wanted(await api.get(`/api/v1/sources/${web.id}/refused_messages`), 200).items.map(({ code, path }) => [code, path]), [["tracking.missing", "/event"]]);
    // event_log makes it durable and then answers with its position; the same message again gets no second place.
    const first = await tracker.send("track", event);
    assert.deepEqual(wanted(first, 200), { success: true });
    const again = await tracker.send("track", event);
    assert.equal(again.headers["onefold-position"], first.headers["onefold-position"]);
    // identity finds the customer behind the identifiers, and a reader who asks for the position waits until it has.
    const customer = await api.customer("user_id:u-900", seeing(first));
    assert.deepEqual(customer.identifiers.map(({ type, value }) => `${type}:${value}`).sort(), ["email:walker@example.com", "user_id:u-900"]);
    // customer folds it into the golden record and its figures.
    assert.deepEqual([customer.computed.event_count, customer.computed.last_seen_at], [1, "2026-06-20T08:00:00Z"]);
    // timeline shows it as it came, at the place that the log gave it.
    const [item] = (await timeline(customer.id)).items;
    assert.deepEqual([item.kind, item.name, item.source, item.properties], ["track", "Newsletter Opened", "web", { issue: 7 }]);
    assert.ok(Number(item.position) < Number(first.headers["onefold-position"]));
    // query shows it to everyone who counts.
    assert.deepEqual(await figure("customer", [{ path: "event_count" }], { filter: { op: "=", args: [{ field: "id" }, { value: customer.id }] } }), [[1]]);
  });

  test("the interface, the probes and the contract are served to everyone", async () => {
    const anyone = server.api();
    const page = await anyone.get("/");
    assert.equal(page.status, 200);
    assert.match(page.body, /<div id="root">/);
    assert.match(page.headers["content-security-policy"], /default-src/);
    assert.deepEqual(wanted(await anyone.get("/healthz"), 200), { status: "ok" });
    assert.deepEqual(wanted(await anyone.get("/readyz"), 200), { status: "ready", degraded: [] });
    assert.match(wanted(await anyone.get("/metrics"), 200), /^onefold_log_end_position \d+$/m);
    assert.equal(wanted(await anyone.get("/api/openapi.json"), 200).openapi.slice(0, 3), "3.1");
  });

  test("after a stop and a start everything is as it was, and no new set-up link is printed", async () => {
    const before = await api.all("/api/v1/customers?limit=1000");
    assert.deepEqual(await server.stop(), { code: 0, signal: null });
    server = await Server.start(folder);
    assert.equal(server.setup_token, undefined);
    api = server.api({ token });
    assert_same(await api.all("/api/v1/customers?limit=1000"), before);
  });
}

describe("The story on SQLite", () => story(async () => undefined));

describe("The story on PostgreSQL", () => {
  let postgres;
  before(async () => (postgres = await Postgres.start()));
  after(() => postgres?.stop());
  story(async () => postgres.make_database());
});
