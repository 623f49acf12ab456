// The public data sets in ../shared/data, imported by the real program and held to figures that are known, or computed here from the files themselves.
// Where a set is not there, that is said and nothing is checked.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { gunzipSync } from "node:zlib";
import { product_of, read_csv, text_of, units_of } from "./csv.mjs";
import { Leftovers, Server, Tracker, counts_of, fresh_folder, program, run, seeing, sleep } from "./onefold.mjs";
import { Postgres } from "./postgres.mjs";

const data = resolve(process.env.ONEFOLD_DATA ?? "../shared/data");
const retail_file = join(data, "retail-online-uci/online_retail.csv.gz");
const tickets_file = join(data, "support-tickets-kaggle/customer_support_tickets.csv.gz");
const accounts_file = join(data, "crm-maven-opportunities/accounts.csv"), deals_file = join(data, "crm-maven-opportunities/sales_pipeline.csv");
const wiki_file = join(data, "events-wikiticker/wikiticker-2015-09-12-sampled.json.gz");
const spec_file = join(data, "events-segment-spec/spec_examples.ndjson");
const json_folder = join(data, "parse-jsontestsuite/test_parsing");
const naughty_file = join(data, "parse-blns/blns.json");
const text_in = (file) => gunzipSync(readFileSync(file)).toString("utf8");

const tally = { passed: 0, failed: 0 };
async function check(what, work) {
  const begun = Date.now();
  try {
    await work();
    ++tally.passed;
    console.log(`ok      ${what} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
  } catch (error) {
    ++tally.failed;
    console.log(`FAILED  ${what}\n${String(error.message).slice(0, 2000)}`);
  }
}

/** Serves a fresh folder and hands {server, api, command, import_file} to `work`. */
async function with_house(database, work) {
  const leftovers = new Leftovers();
  try {
    const folder = fresh_folder(leftovers);
    const server = await Server.start(folder, database ? ["--database", database] : []);
    leftovers.after(() => server.stop());
    const command = async (...words) => {
      const done = await run([...words, "--data", folder]);
      if (done.code !== 0) throw new Error(`onefold ${words.join(" ")} ended with ${done.code}\n${done.stdout.slice(-2000)}${done.stderr}`);
      return done;
    };
    const api = server.api({ token: (await command("token", "create", "check")).last_word });
    const import_file = (file, kind, source, map) => command("import", file, "--as", kind, "--source", source, "--map", map);
    const figure = async (object, select, more = {}) => {
      const { status, body } = await api.post("/api/v1/query", { object, select, ...more });
      assert.equal(status, 200, JSON.stringify(body));
      return body.rows;
    };
    await work({ folder, server, api, command, import_file, figure });
  } finally {
    await leftovers.run();
  }
}

/** All customers with a member number, by that number, page by page. */
async function customers_by_member(api) {
  const all = await api.all("/api/v1/customers?limit=1000");
  const by_member = new Map();
  for (const customer of all) {
    const numbers = customer.identifiers.filter(({ type }) => type === "member_no");
    assert.equal(numbers.length, 1);
    by_member.set(numbers[0].value, customer);
  }
  assert.equal(by_member.size, all.length);
  return by_member;
}

/** What Online Retail holds, computed from the file alone. */
function read_retail() {
  const orders = new Map();
  let lines = 0;
  for (const row of read_csv(text_in(retail_file))) {
    ++lines;
    const order = orders.get(row.InvoiceNo) ?? { number: row.InvoiceNo, member: "", total: 0n, time: "9", lines: 0 };
    orders.set(row.InvoiceNo, order);
    order.total += product_of(row.Quantity, row.UnitPrice);
    order.lines += 1;
    const time = `${row.InvoiceDate.trim().replace(" ", "T")}Z`;
    if (time < order.time) order.time = time;
    order.member ||= row.CustomerID.trim().replace(/\.0$/, "");
  }
  const customers = new Map();
  for (const order of orders.values()) {
    if (!order.member) continue;
    const customer = customers.get(order.member) ?? { order_count: 0, spend: 0n, last_purchase_at: null };
    customers.set(order.member, customer);
    customer.order_count += 1;
    customer.spend += order.total;
    if (order.total >= 0n && (customer.last_purchase_at === null || order.time > customer.last_purchase_at)) customer.last_purchase_at = order.time;
  }
  return { lines, orders, customers };
}

async function check_retail(name, expected, database) {
  const map = resolve("demo/maps/retail.json");
  await with_house(database, async ({ api, command, import_file, figure }) => {
    await command("source", "create", "shop", "--kind", "file", "--currency", "GBP");
    await check(`${name}: the file is imported, and again, which changes nothing`, async () => {
      const first = counts_of(await import_file(retail_file, "order", "shop", map));
      assert.deepEqual(first, { read: 541_909, created: 25_900, updated: 0, unchanged: 0, failed: 0 });
      const again = counts_of(await import_file(retail_file, "order", "shop", map));
      assert.deepEqual(again, { read: 541_909, created: 0, updated: 0, unchanged: 25_900, failed: 0 });
    });
    await check(`${name}: 25,900 orders, 4,372 customers, 3,710 orders of nobody, 9,747,747.934 in all`, async () => {
      const sums = [{ path: "id", aggregate: "count" }, { path: "total", aggregate: "sum" }, { path: "line_count", aggregate: "sum" }];
      assert.deepEqual((await figure("order", sums))[0].map(String), ["25900", "9747747.934", "541909"]);
      assert.deepEqual((await figure("order_line", [{ path: "id", aggregate: "count" }, { path: "amount", aggregate: "sum" }]))[0].map(String), ["541909", "9747747.934"]);
      assert.deepEqual(await figure("customer", [{ path: "id", aggregate: "count" }]), [[4372]]);
      assert.deepEqual(await figure("order", [{ path: "id", aggregate: "count" }], { filter: { op: "blank", args: [{ field: "customer" }] } }), [[3710]]);
    });
    await check(`${name}: every customer's orders, spend and last purchase, as computed from the file`, async () => {
      const found = await customers_by_member(api);
      assert.equal(found.size, expected.customers.size);
      const wrong = [];
      for (const [member, { order_count, spend, last_purchase_at }] of expected.customers) {
        const { computed } = found.get(member) ?? {};
        const is_right = computed?.order_count === order_count && units_of(computed.total_spend) === spend && computed.last_purchase_at === last_purchase_at && computed.currency === "GBP";
        if (!is_right) wrong.push({ member, computed, expected: { order_count, total_spend: text_of(spend), last_purchase_at } });
      }
      assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} customers differ`);
    });
    await check(`${name}: every order's customer, time, total and lines, as computed from the file`, async () => {
      const member_of = new Map([...(await customers_by_member(api))].map(([member, { id }]) => [id, member]));
      const wrong = [], found = await api.all("/api/v1/orders?sort=number&limit=1000");
      assert.equal(found.length, expected.orders.size);
      for (const order of found) {
        const { member, time, total, lines } = expected.orders.get(order.number) ?? {};
        const is_right = (member_of.get(order.customer) ?? "") === member && order.time === time && units_of(order.total) === total && order.line_count === lines;
        if (!is_right) wrong.push({ order, member, time, lines });
      }
      assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} orders differ`);
    });
    await check(`${name}: 13694.0 is 13694, and its 360 is whole`, async () => {
      const [plain, decimal] = [await api.customer("member_no:13694"), await api.customer("member_no@shop:13694.0")];
      assert.equal(plain.id, decimal.id);
      const items = await api.all(`/api/v1/customers/${plain.id}/timeline?limit=200`);
      assert.equal(items.length, plain.computed.order_count);
      assert.ok(items.every((item, i) => i === 0 || items[i - 1].at >= item.at));
      assert.deepEqual((await api.get(`/api/v1/customers/${plain.id}/lineage`)).body.nodes.map(({ subject_key }) => subject_key), ["member_no@shop:13694"]);
    });
  });
}

async function check_tickets() {
  const rows = read_csv(text_in(tickets_file));
  await with_house(undefined, async ({ api, import_file, figure }) => {
    await check("tickets: 8,469 are imported with 139 warnings, and again, which changes nothing", async () => {
      assert.equal(rows.length, 8469);
      const first = await import_file(tickets_file, "ticket", "support", resolve("demo/maps/tickets.json"));
      assert.deepEqual(counts_of(first), { read: 8469, created: 8469, updated: 0, unchanged: 0, failed: 0 });
      assert.match(first.stdout, /^139 warnings$/m);
      assert.equal(first.stdout.split("\n").filter((line) => line.startsWith("warning: line ")).length, 139);
      const again = await import_file(tickets_file, "ticket", "support", resolve("demo/maps/tickets.json"));
      assert.deepEqual(counts_of(again), { read: 8469, created: 0, updated: 0, unchanged: 8469, failed: 0 });
    });
    await check("tickets: 2,769 closed, their mean rating 2.9913", async () => {
      const filter = { op: "=", args: [{ field: "status" }, { value: "Closed" }] };
      const [[count, sum, mean]] = await figure("ticket", [{ path: "id", aggregate: "count" }, { path: "rating", aggregate: "sum" }, { path: "rating", aggregate: "average" }], { filter });
      assert.equal(count, 2769);
      assert.equal(units_of(String(sum)), rows.filter((row) => row["Ticket Status"] === "Closed").reduce((all, row) => all + units_of(row["Customer Satisfaction Rating"]), 0n));
      assert.equal(Number(mean).toFixed(4), "2.9913");
    });
    await check("tickets: one customer for each e-mail address, with all its tickets", async () => {
      const by_mail = new Map();
      for (const row of rows) by_mail.set(row["Customer Email"].toLowerCase(), (by_mail.get(row["Customer Email"].toLowerCase()) ?? 0) + 1);
      const found = await api.all("/api/v1/customers?limit=1000");
      assert.equal(found.length, by_mail.size);
      for (const { identifiers, computed } of found) assert.equal(computed.ticket_count, by_mail.get(identifiers.find(({ type }) => type === "email").value));
    });
  });
}

async function check_accounts() {
  const accounts = read_csv(readFileSync(accounts_file, "utf8")), deals = read_csv(readFileSync(deals_file, "utf8"));
  await with_house(undefined, async ({ folder, api, import_file, figure }) => {
    const map_of = (name, map) => {
      writeFileSync(join(folder, name), JSON.stringify(map));
      return join(folder, name);
    };
    const named = { fields: { account: "name" } };
    await check("Maven: 85 accounts are 85 organisations, and 8,800 opportunities are theirs or nobody's", async () => {
      const map = map_of("accounts.json", { organisation: { fields: { account: "name", sector: "industry", office_location: "country" } } });
      assert.deepEqual(counts_of(await import_file(accounts_file, "customer", "crm", map)), { read: 85, created: 85, updated: 0, unchanged: 0, failed: 0 });
      const deal_map = map_of("deals.json", { organisation: named, ticket: { number: "opportunity_id", subject: "product", status: "deal_stage" } });
      assert.deepEqual(counts_of(await import_file(deals_file, "ticket", "crm", deal_map)), { read: 8800, created: 8800, updated: 0, unchanged: 0, failed: 0 });
      const won = await figure("ticket", [{ path: "id", aggregate: "count" }], { filter: { op: "=", args: [{ field: "status" }, { value: "Won" }] } });
      assert.deepEqual(won, [[4238]]);
    });
    await check("Maven: every account's industry and opportunities, as computed from the files; nobody else came of it", async () => {
      const count_of = new Map(accounts.map(({ account }) => [account, 0]));
      for (const { account } of deals) if (account) count_of.set(account, count_of.get(account) + 1);
      const found = await api.all("/api/v1/customers?limit=1000");
      assert.deepEqual(found.map(({ kind }) => kind), Array.from({ length: 85 }, () => "organisation"));
      const seen = new Map(found.map(({ fields, computed }) => [fields.name, [fields.industry, computed.ticket_count]]));
      for (const { account, sector } of accounts) assert.deepEqual(seen.get(account), [sector, count_of.get(account)], account);
    });
  });
}

/** Ids are compared in half-width characters. */
const half_width = (text) => text.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));

async function check_events() {
  const edits = text_in(wiki_file).trim().split("\n").map((line) => JSON.parse(line));
  const messages = edits.map(({ time, user, isAnonymous, ...properties }, i) => ({
    type: "track", event: "Page Edited", messageId: `wiki-${i}`, timestamp: time, properties, ...(isAnonymous ? { anonymousId: user } : { userId: user }) }));
  await with_house(undefined, async ({ folder, server, api, command }) => {
    await check(`wikiticker: ${edits.length} events through /v1/batch, and again, which changes nothing`, async () => {
      const tracker = new Tracker(server.api(), (await command("source", "create", "wiki", "--kind", "api")).last_word);
      let last;
      for (const time of ["first", "again"])
        for (let i = 0; i < messages.length; i += 500) {
          last = await tracker.send("batch", { batch: messages.slice(i, i + 500) });
          assert.equal(last.status, 200, `${time}: ${JSON.stringify(last.body)}`);
        }
      await see(api, last);
      const counts = new Map();
      for (const { userId, anonymousId } of messages) {
        const who = half_width(userId !== undefined ? `user_id:${userId}` : `anonymous_id:${anonymousId}`);
        counts.set(who, (counts.get(who) ?? 0) + 1);
      }
      const found = await api.all("/api/v1/customers?limit=1000");
      assert.equal(found.reduce((sum, { computed }) => sum + computed.event_count, 0), edits.length);
      const wrong = found.filter(({ identifiers, computed }) => counts.get(`${identifiers[0].type}:${identifiers[0].value}`) !== computed.event_count);
      assert.deepEqual(wrong.slice(0, 3).map(({ identifiers, computed }) => [identifiers, computed.event_count]), [], `${wrong.length} differ`);
    });
    await check("wikiticker: the catalogue of events and the columns say what the file says", async () => {
      await columns_are_whole(api);
      await check_catalogue(api, messages);
      await server.stop();
      check_columns(folder, messages);
    });
  });
}

async function columns_are_whole(api) {
  for (const deadline = Date.now() + 120_000; ; await sleep(50)) {
    const { body } = await api.get("/api/v1/columns");
    if (body.state === "following" && body.position === body.end) return;
    assert.ok(Date.now() < deadline, JSON.stringify(body));
  }
}

const type_of = (value) => ({ number: "number", boolean: "flag", string: "text" })[typeof value];

async function check_catalogue(api, messages) {
  const [{ id, name, event_count, first_seen_at, last_seen_at }, ...others] = (await api.get("/api/v1/event_types")).body.items;
  const times = messages.map(({ timestamp }) => Date.parse(timestamp)).sort((a, b) => a - b);
  assert.deepEqual([name, event_count, Date.parse(first_seen_at), Date.parse(last_seen_at), others], ["Page Edited", messages.length, times[0], times.at(-1), []]);
  const expected = {};
  for (const { properties } of messages)
    for (const [path, value] of Object.entries(properties))
      if (value !== null) ((expected[path] ??= {})[type_of(value)] ??= 0), ++expected[path][type_of(value)];
  const { properties, left_out_count } = (await api.get(`/api/v1/event_types/${id}`)).body;
  assert.equal(left_out_count, 0);
  assert.deepEqual(Object.fromEntries(properties.map(({ path, types }) => [path, Object.fromEntries(types.map(({ type, count }) => [type, count]))])), expected);
}

/** Sums by channel and edits by day, out of DuckDB and out of the file. */
function check_columns(folder, messages) {
  const ask_columns = join(dirname(program), "test/ask_columns");
  const ask = (sql) => {
    const { status, stdout, stderr } = spawnSync(ask_columns, [folder, sql], { encoding: "utf8", maxBuffer: 1 << 26 });
    assert.equal(status, 0, stderr);
    return stdout.trim().split("\n").map((line) => JSON.parse(line));
  };
  const column = Object.fromEntries(ask("SELECT path, (['text', 'number', 'time', 'flag', 'json'])[type + 1] || '_' || (slot + 1) FROM event_property"));
  const group = (key_of, values_of) => {
    const groups = new Map();
    for (const message of messages) {
      const key = key_of(message);
      groups.set(key, values_of(message).map((value, i) => value + (groups.get(key)?.[i] ?? 0)));
    }
    return [...groups].map(([key, values]) => [key, ...values]).sort(([a], [b]) => (a < b ? -1 : 1));
  };
  const { channel, added, deleted, delta, isRobot } = column;
  assert.deepEqual(
    ask(`SELECT ${channel}, COUNT(*), SUM(${added}), SUM(${deleted}), SUM(${delta}), COUNT(*) FILTER (${isRobot}) FROM event GROUP BY 1 ORDER BY 1`),
    group(({ properties }) => properties.channel, ({ properties: edit }) => [1, edit.added, edit.deleted, edit.delta, Number(edit.isRobot)]));
  assert.deepEqual(ask("SELECT local_day::VARCHAR, COUNT(*) FROM event GROUP BY 1 ORDER BY 1"), group(({ timestamp }) => timestamp.slice(0, 10), () => [1]));
  assert.deepEqual(ask("SELECT COUNT(*), COUNT(node_id), COUNT(DISTINCT message_id) FROM event"), [[messages.length, messages.length, messages.length]]);
}

/** Tells when everything up to `last` can be seen. */
async function see(api, last) {
  for (const deadline = Date.now() + 120_000; ; ) {
    const { status } = await api.get("/api/v1/customers?limit=1", seeing(last));
    if (status === 200) return;
    assert.ok(status === 503 && Date.now() < deadline);
  }
}

async function check_tracking() {
  await with_house(undefined, async ({ server, api, command }) => {
    const tracker = new Tracker(server.api(), (await command("source", "create", "web", "--kind", "api")).last_word);
    const [{ id: source }] = (await api.get("/api/v1/sources")).body.items;
    const newest_refused = async () => (await api.get(`/api/v1/sources/${source}/refused_messages?limit=1`)).body.items[0];

    if (existsSync(spec_file))
      await check("Segment's specification: 75 payloads, each taken as what it is; the 4 that name nobody are refused and kept", async () => {
        const payloads = readFileSync(spec_file, "utf8").trim().split("\n").map((line) => JSON.parse(line).payload);
        assert.equal(payloads.length, 75);
        const nobody = ({ userId, user_id, anonymousId }) => !(userId ?? user_id ?? anonymousId);
        const expected = new Map();
        let last;
        for (const [i, { messageId, ...payload }] of payloads.entries()) {
          const type = payload.type ?? payload.action;
          const answer = await tracker.send(type, payload);
          assert.deepEqual([answer.status, answer.headers["onefold-refused"]], [200, nobody(payload) ? "1" : undefined], JSON.stringify(payload));
          if (nobody(payload)) assert.deepEqual(JSON.parse((await newest_refused()).message), payload);
          last = await tracker.send("batch", { batch: [{ ...payload, anonymousId: `spec-${i}`, userId: undefined, user_id: undefined, ...(type === "alias" && { userId: `spec-${i}` }) }] });
          assert.equal(last.headers["onefold-refused"], undefined, JSON.stringify(payload));
          expected.set(type === "alias" ? `user_id:spec-${i}` : `anonymous_id:spec-${i}`, [type, type === "track" ? payload.event : payload.name ?? "", payload[type === "identify" || type === "group" ? "traits" : "properties"] ?? {}]);
        }
        await see(api, last);
        assert.equal(payloads.filter(nobody).length, 4);
        for (const [who, what] of expected) {
          const { id } = await api.customer(who);
          const items = (await api.get(`/api/v1/customers/${id}/timeline?limit=200`)).body.items;
          assert.ok(items.some(({ kind, name, properties }) => isDeepStrictEqual([kind, name, properties], what)), `${who}: ${JSON.stringify(what)} is not among ${JSON.stringify(items)}`);
        }
      });

    if (existsSync(spec_file))
      await check("Segment's specification: its order is an order, its groups have members, its aliases join", async () => {
        const buyer = await api.customer("anonymous_id:spec-26");
        assert.deepEqual([buyer.computed.order_count, buyer.computed.total_spend, buyer.computed.currency], [1, "27.5", "USD"], "revenue + shipping + tax - discount");
        const [order] = (await api.get(`/api/v1/orders?customer=${buyer.id}`)).body.items;
        assert.deepEqual([order.number, order.line_count, order.status], ["50314b8e9bcf000000000000", 2, "completed"]);
        const members = async (group) => {
          const { id, kind, fields } = await api.customer(`group_id:${group}`);
          return [kind, fields.name, (await api.get(`/api/v1/customers/${id}/memberships`)).body.items.length];
        };
        assert.deepEqual(await members("0e8c78ea9d97a7b8185e8632"), ["organisation", "Initech", 3], "one user, two browsers");
        assert.deepEqual((await members("acct_123"))[0], "organisation");
        assert.equal((await api.customer("user_id:jen@email.com")).id, (await api.customer("user_id:507f191e81")).id);
        assert.equal((await api.customer("user_id:39239-239239-239239-23923")).id, (await api.customer("user_id:507f191e81")).id);
        const peter = await api.customer("user_id:97980cfea0067");
        assert.deepEqual([peter.fields.name, peter.fields.city, peter.fields.province], ["Peter Gibbons", "San Francisco", "CA"]);
        await api.customer("device:7A3CBEA0-BDF5-11E4-8DFC-AA07A5B093DB");
        assert.deepEqual((await api.get(`/api/v1/sources/${source}/problems`)).body.items, []);
      });

    if (existsSync(json_folder))
      await check("JSONTestSuite: what must be JSON is read, what must not be is refused with 400, and the server stays", async () => {
        // Twice the same key could mean two things, and NUL is no text for a database: answered 200, and kept as refused.
        const [twice, nul] = ["tracking.key_twice", "tracking.nul"];
        const refused_of_ours = { "y_object_duplicated_key.json": twice, "y_object_duplicated_key_and_value.json": twice, "y_object_escaped_null_in_key.json": nul, "y_string_null_escape.json": nul };
        const files = readdirSync(json_folder).filter((name) => name.endsWith(".json"));
        assert.equal(files.length, 318);
        for (const name of files) {
          const value = readFileSync(join(json_folder, name));
          const inside = Buffer.concat([Buffer.from('{"userId":"json","event":"E","properties":{"value":'), value, Buffer.from("}}")]);
          const { status, headers } = await tracker.send("track", inside);
          assert.ok([200, 400].includes(status), `${name}: ${status}`);
          if (name.startsWith("n_")) assert.equal(status, 400, name);
          if (!name.startsWith("y_")) continue;
          assert.deepEqual([status, headers["onefold-refused"]], [200, refused_of_ours[name] && "1"], name);
          if (refused_of_ours[name]) assert.equal((await newest_refused()).code, refused_of_ours[name], name);
        }
        assert.equal((await api.get("/healthz")).status, 200);
      });

    if (existsSync(naughty_file))
      await check("naughty strings come back as they were sent, as names, values and ids", async () => {
        const strings = JSON.parse(readFileSync(naughty_file, "utf8"));
        let last;
        for (const [i, text] of strings.entries()) {
          last = await tracker.send("track", { anonymousId: `naughty-${i}`, event: `x${text}x`, properties: { [`k${text}`]: text } });
          assert.deepEqual([last.status, last.headers["onefold-refused"]], [200, undefined], JSON.stringify(text));
          const { status } = await tracker.send("track", { userId: text, event: "E" });
          assert.equal(status, 200, JSON.stringify(text));
        }
        await see(api, last);
        for (const [i, text] of strings.entries()) {
          const { id } = await api.customer(`anonymous_id:naughty-${i}`);
          const [{ name, properties }] = (await api.get(`/api/v1/customers/${id}/timeline`)).body.items;
          assert.deepEqual([name, properties], [`x${text}x`, { [`k${text}`]: text }]);
        }
      });
  });
}

async function check_table_files() {
  const table_files = join(dirname(program), "test/table_files");
  await check("csv-spectrum and messytables: every file has its right shape or a clear error", async () => {
    const { status, stdout, stderr, error } = spawnSync(table_files, [data], { encoding: "utf8" });
    assert.equal(status, 0, `${table_files}: ${error ?? ""} ${stdout}${stderr}`);
  });
}

if (!existsSync(data)) {
  await check(`the public data (${data}) is not there, so there is nothing to check`, async () => {});
} else {
  await check_table_files();
  if (existsSync(retail_file)) {
    const expected = read_retail();
    await check_retail("retail on SQLite", expected);
    const postgres = await Postgres.start();
    await check_retail("retail on PostgreSQL", expected, postgres.make_database()).finally(() => postgres.stop());
  }
  if (existsSync(tickets_file)) await check_tickets();
  if (existsSync(accounts_file)) await check_accounts();
  if (existsSync(wiki_file)) await check_events();
  await check_tracking();
}
console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed === 0 ? 0 : 1;
