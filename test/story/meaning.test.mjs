// What messages mean beyond being events: orders that a tracker and an ERP both speak of, a visitor who becomes known, members, aliases.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Leftovers, Server, Tracker, fresh_folder, run, seeing } from "./onefold.mjs";
import { Postgres } from "./postgres.mjs";

const wanted = (answer, status = 200) => (assert.equal(answer.status, status, JSON.stringify(answer.body)), answer.body);
const if_match = (version) => ({ "if-match": `"${version}"` });
const day = (number) => `2026-03-${String(number).padStart(2, "0")}T10:00:00Z`;

function meanings(make_database) {
  const leftovers = new Leftovers();
  let folder, url, server, api, web, web_id, write_key, token;
  const start = async () => {
    server = await Server.start(folder, url ? ["--database", url] : []);
    api = server.api({ token });
    web = new Tracker(server.api(), write_key);
  };
  before(async () => {
    folder = fresh_folder(leftovers);
    url = await make_database();
    await start();
    leftovers.after(() => server.stop());
    const made = async (...words) => (await run([...words, "--data", folder])).last_word;
    token = await made("token", "create", "meaning");
    write_key = await made("source", "create", "web", "--kind", "tracker", "--region", "CN");
    api = server.api({ token });
    web = new Tracker(server.api(), write_key);
    web_id = wanted(await api.get("/api/v1/sources")).items[0].id;
  });
  after(() => leftovers.run());

  const send = async (...batch) => {
    const answer = await web.send("batch", { batch });
    assert.deepEqual([answer.status, answer.headers["onefold-refused"]], [200, undefined], JSON.stringify(answer.body));
    return answer;
  };
  const timeline = async ({ id }) => wanted(await api.get(`/api/v1/customers/${id}/timeline?limit=200`)).items;
  const orders_of = async ({ id }) => wanted(await api.get(`/api/v1/orders?customer=${id}`)).items;
  const memberships = async ({ id }) => wanted(await api.get(`/api/v1/customers/${id}/memberships`)).items;
  const money = ({ computed }) => [computed.order_count, computed.total_spend, computed.currency];

  test("a visitor's pages before the name was known are on the one timeline", async () => {
    await send(
      { type: "page", anonymousId: "b-1", name: "Home", timestamp: day(1) },
      { type: "track", anonymousId: "b-1", event: "Product Viewed", timestamp: day(2) });
    const stranger = await api.customer("anonymous_id:b-1", seeing(await send({ type: "page", anonymousId: "b-1", name: "Basket", timestamp: day(3) })));
    const known = await api.customer("user_id:ann", seeing(await send({ type: "identify", anonymousId: "b-1", userId: "ann", traits: { name: "Ann" }, timestamp: day(4) },
      { type: "track", userId: "ann", event: "Signed In", timestamp: day(5) })));
    assert.equal(known.id, stranger.id);
    assert.deepEqual((await timeline(known)).map(({ name, kind }) => name || kind), ["Signed In", "identify", "Basket", "Product Viewed", "Home"]);
    assert.equal(known.computed.first_seen_at, day(1));
    assert.equal(known.computed.event_count, 5);
  });

  const erp = async () => {
    const file = join(folder, "orders.csv");
    writeFileSync(file, "number,member,time,article,quantity,price\nA-1,17,2026-03-06,tea,2,12.50\n");
    const map = join(folder, "orders.json");
    writeFileSync(map, JSON.stringify({ identifiers: { member: "user_id" }, order: { number: "number", time: "time", lines: { sku: "article", quantity: "quantity", price: "price" } } }));
    return JSON.parse((await run(["import", file, "--as", "order", "--source", "shop", "--map", map, "--data", folder])).last_line);
  };
  const completed = { type: "track", userId: "17", event: "Order Completed", timestamp: day(6),
    properties: { order_id: "A-1", total: 27.5, shipping: 2.5, currency: "CNY", products: [{ sku: "tea", quantity: 2, price: 12.5 }] } };

  test("an order that tracker and ERP speak of counts once, by the more trusted, whoever comes first", async () => {
    wanted(await api.patch(`/api/v1/sources/${web_id}`, { order_scope: "shop" }, if_match(1)));
    let buyer = await api.customer("user_id:17", seeing(await send(completed)));
    assert.deepEqual(money(buyer), [1, "27.5", "CNY"]);
    assert.deepEqual(await erp(), { read: 1, created: 0, updated: 1, unchanged: 0, failed: 0 }, "the ERP spoke last");
    buyer = await api.customer("user_id:17");
    assert.deepEqual(money(buyer), [1, "25", "CNY"]);
    const shop = wanted(await api.get("/api/v1/sources")).items.find(({ name }) => name === "shop");
    wanted(await api.patch(`/api/v1/sources/${web_id}`, { trust: 90 }, if_match(2)));
    buyer = await api.customer("user_id:17", seeing(await send({ ...completed, event: "Order Updated", properties: { order_id: "A-1", status: "shipped" } })));
    assert.deepEqual(money(buyer), [1, "27.5", "CNY"], "now the tracker is trusted more");
    assert.equal((await orders_of(buyer))[0].status, "shipped");
    assert.deepEqual(await erp(), { read: 1, created: 0, updated: 0, unchanged: 1, failed: 0 });
    assert.ok(shop.trust < 90);
    assert.equal((await timeline(buyer)).filter(({ name }) => name === "Order Completed").length, 1);
  });

  test("a refund counts once over a restart, and a cancelled order counts nothing", async () => {
    const refund = { type: "track", userId: "17", messageId: "refund-1", event: "Order Refunded", timestamp: day(8), properties: { order_id: "A-1", total: 7.5 } };
    let buyer = await api.customer("user_id:17", seeing(await send(refund)));
    assert.deepEqual(money(buyer), [1, "20", "CNY"]);
    const [order] = await orders_of(buyer);
    assert.deepEqual([order.total, order.refunded, order.status, order.is_cancelled], ["27.5", "7.5", "partly_refunded", false]);
    await server.kill();
    await start();
    buyer = await api.customer("user_id:17", seeing(await send(refund)));
    assert.deepEqual(money(buyer), [1, "20", "CNY"]);
    buyer = await api.customer("user_id:17", seeing(await send({ type: "track", userId: "17", event: "Order Cancelled", timestamp: day(9), properties: { order_id: "A-1" } })));
    assert.deepEqual(money(buyer), [1, "0", "CNY"]);
    assert.equal((await orders_of(buyer))[0].is_cancelled, true);
  });

  test("an order that cannot be read is told with its reason in both languages, and stays an event", async () => {
    const answer = await send({ type: "track", userId: "18", event: "Order Completed", timestamp: day(6), properties: { order_id: "A-2", total: "a lot" } });
    const buyer = await api.customer("user_id:18", seeing(answer));
    assert.deepEqual([buyer.computed.event_count, buyer.computed.order_count], [1, 0]);
    const [problem] = wanted(await api.get(`/api/v1/sources/${web_id}/problems`)).items;
    assert.deepEqual([problem.name, problem.code, problem.path], ["Order Completed", "order.bad_amount", "/properties/total"]);
    assert.match(problem.message, /properties\/total is no number/);
    const zh = wanted(await api.get(`/api/v1/sources/${web_id}/problems`, { "accept-language": "zh-CN" })).items[0];
    assert.match(zh.message, /不是有效数字/);
    wanted(await api.get(`/api/v1/sources/${web_id}/problems?after=x`), 400);
  });

  test("a trait that cannot be read is told with its reason, and what it says stays", async () => {
    const answer = await send({ type: "identify", userId: "19", timestamp: day(6), traits: { email: "not-an-email", birthday: "1990-05-17" } });
    const { fields } = await api.customer("user_id:19", seeing(answer));
    assert.equal(fields.birthday, "1990-05-17");
    const [problem] = wanted(await api.get(`/api/v1/sources/${web_id}/problems`)).items;
    assert.deepEqual([problem.name, problem.code, problem.path], ["identify", "trait.no_identifier", "/traits/email"]);
    assert.match(problem.message, /traits\/email cannot be read/);
  });

  test("a group has members, both ways, and its switchboard joins nobody", async () => {
    const answer = await send(
      { type: "group", userId: "ann", groupId: "acme", timestamp: day(10), traits: { name: "Acme 公司", website: "https://www.acme.example", phone: "010-12345678", role: "buyer" } },
      { type: "track", userId: "ben", event: "Signed In", timestamp: day(11), context: { groupId: "acme" } },
      { type: "identify", userId: "cho", traits: { phone: "010-12345678" }, timestamp: day(11) });
    const ann = await api.customer("user_id:ann", seeing(answer));
    const acme = await api.customer("group_id:acme");
    assert.deepEqual([acme.kind, acme.fields.name], ["organisation", "Acme 公司"]);
    assert.equal((await api.customer("web_domain:acme.example")).id, acme.id);
    assert.notEqual((await api.customer("user_id:cho")).id, acme.id);
    assert.deepEqual((await memberships(ann)).map(({ customer, name, role, valid_from }) => [customer, name, role, valid_from]), [[acme.id, "Acme 公司", "buyer", day(10)]]);
    const ben = await api.customer("user_id:ben");
    assert.deepEqual(new Set((await memberships(acme)).map(({ customer }) => customer)), new Set([ann.id, ben.id]));
  });

  test("an alias joins who was called otherwise, and lineage says so", async () => {
    const answer = await send(
      { type: "alias", userId: "new-dan", previousId: "old-dan", timestamp: day(12) },
      { type: "track", userId: "old-dan", event: "Long ago", timestamp: day(1) },
      { type: "identify", userId: "new-dan", traits: { name: "Dan" }, timestamp: day(13) });
    const dan = await api.customer("user_id:new-dan", seeing(answer));
    assert.equal((await api.customer("user_id:old-dan")).id, dan.id);
    const lineage = wanted(await api.get(`/api/v1/customers/${dan.id}/lineage`));
    assert.ok(lineage.links.some(({ rule }) => rule === "alias"), JSON.stringify(lineage.links));
  });
}

describe("What messages mean, on SQLite", () => meanings(async () => null));
describe("What messages mean, on PostgreSQL", () => {
  let postgres;
  before(async () => (postgres = await Postgres.start()));
  after(() => postgres?.stop());
  meanings(async () => postgres.make_database());
});
