// Segment's calls on /v1: what trackers and SDKs send arrives as they mean it, and what cannot be used is kept with its reason.
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { after, before, describe, test } from "node:test";
import { Leftovers, Server, Tracker, fresh_folder, run, seeing } from "./onefold.mjs";

const leftovers = new Leftovers();
let api, tracker, server, write_key, token, source;
const reach = () => ((tracker = new Tracker(server.api(), write_key)), (api = server.api({ token })));

before(async () => {
  const folder = fresh_folder(leftovers);
  server = await Server.start(folder);
  leftovers.after(() => server.stop());
  const made = async (...words) => (await run([...words, "--data", folder])).last_word;
  write_key = await made("source", "create", "web", "--kind", "tracker", "--region", "CN");
  token = await made("token", "create", "tracking");
  reach();
  source = (await api.get("/api/v1/sources")).body.items[0].id;
});
after(() => leftovers.run());

const at = "2026-03-04T05:06:07Z";
const accepted = (answer) => (assert.deepEqual([answer.status, answer.body], [200, { success: true }], JSON.stringify(answer.body)), answer);
const send = async (call, message) => accepted(await tracker.send(call, message));
const timeline_of = async (customer) => (await api.get(`/api/v1/customers/${customer.id}/timeline?limit=200`)).body.items;

/** Sends one message and gives the customer and the one item that it left on the timeline. */
async function arrived(call, message) {
  const answer = await send(call, { timestamp: at, ...message });
  const who = message.userId !== undefined ? `user_id:${message.userId}` : `anonymous_id:${message.anonymousId}`;
  const customer = await api.customer(who, seeing(answer));
  const [item, ...more] = await timeline_of(customer);
  assert.deepEqual(more, []);
  return { customer, item };
}

describe("Each call is on the timeline as what it is", () => {
  test("track", async () => {
    const properties = { revenue: 19.95, products: [{ sku: "T-1" }], is_gift: true, coupon: null, 中文: "值" };
    const { item } = await arrived("track", { userId: "track-1", event: "Order Completed", properties });
    assert.deepEqual(item, { at, kind: "track", name: "Order Completed", source: "web", position: item.position, properties, member: null });
  });
  test("page, by its name or its path", async () => {
    const named = await arrived("page", { anonymousId: "page-1", name: "Home", category: "Shop", properties: { url: "https://example.com/" } });
    assert.deepEqual([named.item.kind, named.item.name, named.item.properties], ["page", "Home", { url: "https://example.com/" }]);
    const nameless = await arrived("page", { anonymousId: "page-2", properties: { path: "/tea" } });
    assert.equal(nameless.item.name, "/tea");
  });
  test("screen", async () => {
    const { item } = await arrived("screen", { anonymousId: "screen-1", name: "Basket", properties: { items: 2 } });
    assert.deepEqual([item.kind, item.name, item.properties], ["screen", "Basket", { items: 2 }]);
  });
  test("identify, its traits being golden fields and identifiers", async () => {
    const traits = { firstName: "Ada", lastName: "Lovelace", email: " ADA@Example.com ", phone: "139 1234 5678", gender: "female", age: 36, birthday: "1815-12-10",
      company: { name: "Analytical Engines" }, address: { street: "1 Square", city: "London", postalCode: "W1", country: "UK" }, website: "https://example.com", description: "first", plan: "unknown traits stay in the message" };
    const { customer, item } = await arrived("identify", { userId: "identify-1", traits });
    assert.deepEqual([item.kind, item.properties], ["identify", traits]);
    assert.deepEqual(customer.fields, { name: "Ada Lovelace", first_name: "Ada", last_name: "Lovelace", gender: "female", birthday: "1815-12-10", age: customer.fields.age, company: "Analytical Engines",
      website: "https://example.com", country: "UK", city: "London", address: "1 Square", postal_code: "W1", note: "first" });
    assert.equal(String(customer.fields.age), "36");
    assert.deepEqual(customer.identifiers.map(({ type, value }) => `${type}:${value}`).sort(), ["email:ada@example.com", "phone:+8613912345678", "user_id:identify-1"]);
  });
  test("group and alias", async () => {
    const group = await arrived("group", { userId: "group-1", groupId: "g-1", traits: { name: "Initech" } });
    assert.deepEqual([group.item.kind, group.item.properties], ["group", { name: "Initech" }]);
    const alias = await arrived("alias", { userId: "alias-2", previousId: "alias-1" });
    assert.equal(alias.item.kind, "alias");
  });
  test("batch, a message of each kind in its order", async () => {
    const who = { userId: "batch-1", timestamp: at };
    const last = await send("batch", { sentAt: at, context: { library: { name: "x" } }, batch: [
      { type: "identify", ...who, traits: {} }, { type: "page", ...who, name: "Home" }, { type: "screen", ...who, name: "Basket" },
      { type: "track", ...who, event: "Opened" }, { type: "group", ...who, groupId: 7 }, { type: "alias", ...who, previousId: "batch-0" },
    ] });
    const items = await timeline_of(await api.customer("user_id:batch-1", seeing(last)));
    assert.deepEqual(items.map(({ kind }) => kind).reverse(), ["identify", "page", "screen", "track", "group", "alias"]);
    accepted(await tracker.send("batch", { batch: [] }));
  });
});

describe("Who a message speaks of", () => {
  test("a number is an id like its text", async () => {
    await send("track", { userId: 4711, event: "A" });
    const last = await send("track", { userId: "4711", event: "B" });
    assert.equal((await api.customer("user_id:4711", seeing(last))).computed.event_count, 2);
  });
  test("an anonymous visitor who is identified is the same customer, before and after", async () => {
    await send("page", { anonymousId: "visit-1", name: "Home", timestamp: "2026-01-01T00:00:00Z" });
    await send("identify", { anonymousId: "visit-1", userId: "visit-u", traits: {}, timestamp: "2026-01-01T00:01:00Z" });
    const last = await send("page", { anonymousId: "visit-1", name: "Basket", timestamp: "2026-01-01T00:02:00Z" });
    const customer = await api.customer("user_id:visit-u", seeing(last));
    assert.deepEqual((await timeline_of(customer)).map(({ kind }) => kind), ["page", "identify", "page"]);
  });
  test("two users of one shared browser stay two", async () => {
    await send("identify", { anonymousId: "shared", userId: "shared-a", traits: {}, timestamp: "2026-01-01T00:00:00Z" });
    const last = await send("identify", { anonymousId: "shared", userId: "shared-b", traits: {}, timestamp: "2026-01-02T00:00:00Z" });
    assert.notEqual((await api.customer("user_id:shared-a", seeing(last))).id, (await api.customer("user_id:shared-b")).id);
  });
  test("traits in the context of a track call identify too", async () => {
    const last = await send("track", { userId: "ctx-1", event: "Opened", context: { traits: { email: "ctx@example.com" } } });
    assert.equal((await api.customer("email:ctx@example.com", seeing(last))).id, (await api.customer("user_id:ctx-1")).id);
  });
});

describe("How it is sent", () => {
  test("compressed, with any content type, or with the key in the body", async () => {
    const body = gzipSync(JSON.stringify({ userId: "gz-1", event: "Zipped", timestamp: at }));
    accepted(await api.post("/v1/track", body, { ...tracker.headers, "content-encoding": "gzip" }));
    const last = accepted(await api.post("/v1/track", JSON.stringify({ userId: "gz-1", event: "Beaconed", timestamp: at }), { ...tracker.headers, "content-type": "text/plain" }));
    assert.equal((await api.customer("user_id:gz-1", seeing(last))).computed.event_count, 2);
  });
  test("a message without a time has the time of its arrival, and originalTimestamp stands in for timestamp", async () => {
    const before = Date.now();
    const last = await send("track", { userId: "time-1", event: "Now" });
    const [now] = await timeline_of(await api.customer("user_id:time-1", seeing(last)));
    assert.ok(Date.parse(now.at) >= before - 1000 && Date.parse(now.at) <= Date.now() + 1000);
    const { item } = await arrived("track", { userId: "time-2", event: "Then", timestamp: undefined, originalTimestamp: "2026-03-04T13:06:07+08:00" });
    assert.equal(item.at, "2026-03-04T05:06:07Z");
  });
  test("unknown members are kept out of the way, not refused", async () => {
    await arrived("track", { userId: "extra-1", event: "E", channel: "server", version: 2, _metadata: { bundled: [] }, receivedAt: at });
  });
});

describe("What cannot be used is answered 200, as SDKs expect, and kept with its reason", () => {
  const large = { text: "x".repeat(33 << 10) };
  const good = { type: "page", userId: "r-good" };
  const refusals = [
    ["track", { userId: "r" }, "missing", "/event"], ["track", { userId: "r", event: "" }, "missing", "/event"], ["track", { userId: "r", event: 7 }, "wrong_type", "/event"],
    ["track", { event: "E" }, "nobody", ""], ["track", { userId: " ", event: "E" }, "nobody", ""], ["track", { userId: {}, event: "E" }, "wrong_type", "/userId"],
    ["track", { userId: "r", event: "E", properties: [] }, "wrong_type", "/properties"], ["track", { userId: "r", event: "E", timestamp: "yesterday" }, "bad_time", "/timestamp"],
    ["track", { userId: "r", event: "E", messageId: "m".repeat(101) }, "too_long", "/messageId"], ["identify", { userId: "r", traits: "x" }, "wrong_type", "/traits"],
    ["identify", {}, "nobody", ""], ["page", { name: "Home" }, "nobody", ""], ["group", { userId: "r" }, "missing", "/groupId"], ["alias", { userId: "r" }, "missing", "/previousId"],
    ["alias", { anonymousId: "r", previousId: "q" }, "missing", "/userId"], ["merge", { mergeProperties: [{ type: "email", value: "a@b.cn" }] }, "missing", "/mergeProperties"],
    ["batch", { batch: [7, good] }, "not_an_object", ""], ["batch", { batch: [good, { type: "dance", userId: "r" }] }, "unknown_type", "/type"],
    ["batch", { batch: [good, { type: "track", userId: "r", event: "E", context: 7 }] }, "wrong_type", "/context"],
    ["batch", { batch: [{ type: "track", userId: "r", event: "E", properties: large }, good] }, "too_large", ""],
    ["batch", { batch: [...Array.from({ length: 2500 }, () => good), { type: "page", userId: "r" }] }, "too_many", ""],
  ];
  const newest = async () => (await api.get(`/api/v1/sources/${source}/refused_messages?limit=1`)).body.items[0];
  for (const [call, message, code, path] of refusals)
    test(`${call} ${JSON.stringify(message).slice(0, 80)}`, async () => {
      const answer = await send(call, message);
      assert.equal(answer.headers["onefold-refused"], "1");
      const kept = await newest();
      assert.deepEqual([kept.code, kept.path], [`tracking.${code}`, path]);
      assert.ok(kept.reason.length > 10);
      if (code === "wrong_type") assert.match(kept.reason, / is .+ here; it must be /);
      const [sent] = message.batch?.filter((one) => one !== good) ?? [message];
      if (code !== "too_large") assert.deepEqual(JSON.parse(kept.message), sent);
    });
  test("the others of a batch are taken, and nothing of what was refused", async () => {
    const last = await send("batch", { batch: [] });
    assert.deepEqual((await api.get("/api/v1/customers?identifier=user_id:r", seeing(last))).body.items, []);
    assert.equal((await api.customer("user_id:r-good")).computed.event_count, 2504);
  });
  test("they are listed newest first, page by page, and stay over a kill", async () => {
    const path = `/api/v1/sources/${source}/refused_messages?limit=5`;
    const all = await api.all(path);
    assert.equal(all.length, refusals.length);
    assert.ok(all.every(({ id }, i) => i === 0 || Number(all[i - 1].id) > Number(id)));
    await server.kill();
    server = await Server.start(server.folder);
    leftovers.after(() => server.stop());
    reach();
    assert.deepEqual(await api.all(path), all);
  });
});

describe("A message that cannot be read", () => {
  const deep = "[".repeat(70) + "]".repeat(70);
  const spoilt = [
    ["nul", `{"type":"page","userId":"s-1","name":"a\\u0000b"}`], ["key_twice", `{"type":"page","userId":"s-2","name":"a","name":"b"}`],
    ["too_deep", `{"type":"page","userId":"s-3","properties":{"a":${deep}}}`], ["no_text", `{"type":"page","userId":"s-4","name":"\\ud83d"}`],
  ];
  const refused = async (limit) => (await api.get(`/api/v1/sources/${source}/refused_messages?limit=${limit}`)).body.items;
  test("takes no other of its batch with it, and is kept as it came, without the key", async () => {
    const with_key = spoilt.map(([, text]) => `${text.slice(0, -1)},"writeKey":"${write_key}"}`);
    const good = (name) => JSON.stringify({ type: "page", userId: "spoilt-good", name, writeKey: write_key });
    const last = await send("batch", `{"writeKey":"${write_key}","batch":[${[good("first"), ...with_key, good("last")].join()}],"sentAt":"${new Date().toISOString()}"}`);
    assert.equal(last.headers["onefold-refused"], "4");
    assert.deepEqual((await timeline_of(await api.customer("user_id:spoilt-good", seeing(last)))).map(({ name }) => name).sort(), ["first", "last"]);
    assert.deepEqual((await refused(4)).reverse().map(({ code, message }) => [code, message]), spoilt.map(([code, text]) => [`tracking.${code}`, text]));
  });
  test("is answered 200 by itself, its key being found", async () => {
    for (const [code, text] of spoilt) {
      const answer = accepted(await server.api().post("/v1/page", `${text.slice(0, -1)},"writeKey":"${write_key}"}`));
      assert.equal(answer.headers["onefold-refused"], "1");
      const [kept] = await refused(1);
      assert.deepEqual([kept.code, kept.message, kept.call], [`tracking.${code}`, text, "page"]);
    }
  });
  test("can be replayed once it is corrected, and says what is wrong where it is not", async () => {
    const [{ id }] = await refused(1);
    const still = await api.post(`/api/v1/refused_messages/${id}/replay`, {});
    assert.deepEqual([still.status, still.body.error.code], [400, "http.bad_json"]);
    assert.deepEqual((await api.post(`/api/v1/refused_messages/${id}/replay`, { message: { type: "page", userId: "s-4", name: "ok" } })).body, { accepted: 1, duplicates: 0, refused: 0 });
  });
  test("of a body that is no JSON spoils it all", async () => {
    const { status, body } = await tracker.send("batch", `{"batch":[{"type":"page","userId":"s","name":"\\u0000"},{"type":page}]}`);
    assert.deepEqual([status, body.error.code], [400, "http.bad_character"]);
  });
});

describe("What a message may be as large as", () => {
  const message_of = (bytes, userId) => {
    const bare = { type: "track", userId, event: "E", timestamp: at, text: "" };
    return { ...bare, text: "x".repeat(bytes - JSON.stringify(bare).length) };
  };
  test("is 32 KiB as it is sent, whatever its batch and the server add", async () => {
    const last = await send("track", message_of(32 << 10, "large-1"));
    await send("batch", { context: { filler: "c".repeat(2 << 10) }, batch: [message_of(31 << 10, "large-2"), message_of(32 << 10, "large-3")] });
    const { status, body } = await tracker.send("track", message_of((32 << 10) + 1, "large-4"));
    assert.deepEqual([status, body.error.code], [400, "tracking.too_large"]);
    const end = await send("batch", { batch: [message_of((32 << 10) + 1, "large-4")] });
    assert.deepEqual([last, end].map(({ headers }) => headers["onefold-refused"]), [undefined, "1"]);
    for (const who of ["large-1", "large-2", "large-3"]) assert.equal((await api.customer(`user_id:${who}`, seeing(end))).computed.event_count, 1);
  });
  test("a message id is 100 characters, in any script", async () => {
    for (const count of [40, 100]) {
      const { headers } = await send("track", { userId: "id-1", event: "E", messageId: `${"消".repeat(count - 1)}🛒`, timestamp: at });
      assert.equal(headers["onefold-refused"], undefined);
    }
    await send("track", { userId: "id-1", event: "E", messageId: `${"消".repeat(99)}🛒`, timestamp: at }); // again
    const last = await send("track", { userId: "id-1", event: "E", messageId: "消".repeat(101), timestamp: at });
    assert.equal(last.headers["onefold-refused"], "1");
    assert.equal((await api.customer("user_id:id-1", seeing(last))).computed.event_count, 2);
  });
});

describe("What is no message at all is refused", () => {
  const refused = async (call, body, status, code) => {
    const answer = await tracker.send(call, body);
    assert.deepEqual([answer.status, answer.body.error.code], [status, code]);
  };
  test("400: no JSON, no object, no batch, or too large", async () => {
    await refused("track", "{", 400, "http.bad_json");
    await refused("track", "[]", 400, "tracking.not_an_object");
    await refused("batch", {}, 400, "tracking.not_a_batch");
    await refused("batch", { batch: {} }, 400, "tracking.not_a_batch");
    await refused("track", { userId: "r", event: "E", properties: { text: "x".repeat(33 << 10) } }, 400, "tracking.too_large");
    await refused("batch", { batch: [], filler: "x".repeat(600 << 10) }, 400, "tracking.too_large");
  });
  test("413: larger than is even read", async () => {
    const { status, body: { error } } = await tracker.send("batch", { batch: [], filler: "x".repeat(2 << 20) });
    assert.deepEqual([status, error.code], [413, "http.too_large"]);
    assert.match(error.message, /1 MiB/);
  });
  test("their source's page tells of them, once for each reason", async () => {
    const { items } = (await api.get(`/api/v1/sources/${source}/messages?fate=refused&limit=200`)).body;
    const texts_of = (code) => items.filter((one) => one.code === `tracking.${code}`).map(({ message }) => message);
    assert.equal(texts_of("no_json").length > 0, true);
    for (const [code, text] of [["not_an_object", "[]"], ["not_a_batch", "{}"]]) assert.ok(texts_of(code).includes(text), code);
    const large = items.filter(({ code }) => code === "tracking.body_too_large");
    assert.ok(large.length > 0 && large.every(({ message }) => message.length === 1000));
    assert.match(large[0].reason, /512 KiB/);
  });
  test("401: no key, or one that is not known, even where the body has the right one", async () => {
    const message = { userId: "r", event: "E" };
    const anyone = server.api();
    for (const [code, body, headers] of [["no", message], ["unknown", { ...message, writeKey: "nobody" }], ["unknown", { ...message, writeKey: write_key }, new Tracker(anyone, "nobody").headers]]) {
      const { status, body: { error } } = await anyone.post("/v1/track", body, headers);
      assert.deepEqual([status, error.code], [401, `tracking.${code}_write_key`]);
    }
  });
  test("what is packed otherwise than said, or in no way that is known", async () => {
    const packed = (body, encoding) => api.post("/v1/track", body, { ...tracker.headers, "content-encoding": encoding });
    assert.equal((await packed(Buffer.from("no gzip"), "gzip")).status, 400);
    assert.equal((await packed(gzipSync(JSON.stringify({ userId: "r", event: "E" })).subarray(0, 20), "gzip")).status, 400);
    assert.equal((await packed(Buffer.from("{}"), "br")).status, 415);
  });
  test("a bomb of gzip", async () => {
    const { status } = await api.post("/v1/batch", gzipSync(Buffer.alloc(50 << 20, 32)), { ...tracker.headers, "content-encoding": "gzip" });
    assert.equal(status, 413);
  });
});

describe("Keys", () => {
  const base64 = (text) => Buffer.from(text).toString("base64");
  const track = async (headers, key) => (await server.api().post("/v1/track", { userId: "key-1", event: "E", ...key }, headers)).status;
  test("are taken as Basic with or without colon and padding, beside a Bearer token, from the body, or the address", async () => {
    assert.equal(await track({ authorization: `Basic ${base64(`${write_key}:`)}` }), 200);
    assert.equal(await track({ authorization: `Basic ${base64(write_key).replace(/=+$/, "")}` }), 200);
    assert.equal(await track({ authorization: `basic ${base64(`${write_key}:password`)}` }), 200);
    assert.equal(await track({ authorization: "Bearer some.oauth.token" }, { writeKey: write_key }), 200);
    assert.equal(await track({}, { writeKey: write_key }), 200);
    assert.equal((await server.api().post(`/beacon/v1/batch?writeKey=${write_key}`, { batch: [] })).status, 200);
  });
});

describe("When it happened", () => {
  test("is told by our clock: the sender's own is corrected by when it sent", async () => {
    const hours_wrong = 5;
    const clock = (seconds_ago) => new Date(Date.now() - hours_wrong * 3_600_000 - seconds_ago * 1000).toISOString();
    const { item } = await arrived("track", { userId: "clock-1", event: "E", timestamp: clock(60), sentAt: clock(0) });
    assert.ok(Math.abs(Date.parse(item.at) - (Date.now() - 60_000)) < 30_000, item.at);
    const shared = await send("batch", { sentAt: clock(0), batch: [{ type: "track", userId: "clock-2", event: "E", timestamp: clock(60) }] });
    const [of_batch] = await timeline_of(await api.customer("user_id:clock-2", seeing(shared)));
    assert.ok(Math.abs(Date.parse(of_batch.at) - (Date.now() - 60_000)) < 30_000, of_batch.at);
  });
  test("is meant in the source's zone where it says none", async () => {
    const key = (await run(["source", "create", "shanghai", "--kind", "api", "--zone", "Asia/Shanghai", "--data", server.folder])).last_word;
    const local = new Tracker(server.api(), key);
    accepted(await local.send("track", { userId: "zone-1", event: "E", timestamp: "2026-03-04 13:06:07" }));
    accepted(await local.send("track", { userId: "zone-2", event: "E", originalTimestamp: "2026-03-04T13:06:07" }));
    const last = accepted(await local.send("batch", { sentAt: "2026-03-04 14:00:00", batch: [{ type: "track", userId: "zone-3", event: "E", timestamp: "2026-03-04 13:00:00" }] }));
    for (const who of ["zone-1", "zone-2"]) assert.equal((await timeline_of(await api.customer(`user_id:${who}`, seeing(last))))[0].at, at);
    const [{ at: corrected }] = await timeline_of(await api.customer("user_id:zone-3"));
    assert.ok(Math.abs(Date.parse(corrected) - (Date.now() - 3_600_000)) < 30_000, corrected);
  });
  test("stays as it was sent in a historical import, which says no sentAt", async () => {
    const last = accepted(await tracker.send("import", { batch: [{ type: "track", userId: "history-1", event: "E", timestamp: "2011-05-06T07:08:09Z", context: { ip: "198.51.100.9" } }] }));
    const [item] = await timeline_of(await api.customer("user_id:history-1", seeing(last)));
    assert.equal(item.at, "2011-05-06T07:08:09Z");
  });
  test("is now, where it would be in a far future", async () => {
    const { item } = await arrived("track", { userId: "clock-3", event: "E", timestamp: "2999-01-01T00:00:00Z" });
    assert.ok(Date.parse(item.at) <= Date.now() + 1000);
  });
});

describe("Browsers", () => {
  const origin = "https://shop.example";
  test("may ask before they send, on every path, and may read every answer", async () => {
    for (const path of ["/v1/track", "/v1/t", "/v1/i", "/v1/p", "/v1/s", "/v1/g", "/v1/a", "/v1/b", "/v1/m", "/v1/batch", "/v1/import", "/v1/projects/x/settings", "/v1/pixel/track", "/com.snowplowanalytics.snowplow/tp2"]) {
      const { status, headers } = await server.api().send("OPTIONS", path, undefined, { origin, "access-control-request-method": "POST", "access-control-request-headers": "authorization,x-retry-count" });
      assert.equal(status, 204, path);
      assert.equal(headers["access-control-allow-origin"], path.startsWith("/com") ? origin : "*");
      assert.equal(headers["access-control-allow-credentials"], path.startsWith("/com") ? "true" : undefined);
      assert.equal(headers["access-control-allow-headers"], "authorization,x-retry-count");
      assert.match(headers["access-control-allow-methods"], /GET|POST/);
      assert.ok(headers["access-control-max-age"] >= 900 && headers["access-control-max-age"] <= 86_400, path);
    }
    for (const [body, key] of [[{ userId: "o", event: "E" }, write_key], ["{", write_key], [{}, "nobody"], ["x".repeat(2 << 20), write_key]]) {
      const answer = await server.api().post("/v1/t", body, { origin, ...new Tracker(null, key).headers });
      assert.equal(answer.headers["access-control-allow-origin"], "*", String(answer.status));
    }
  });
  test("of other origins may not ask anything else", async () => {
    const asked = await server.api().send("OPTIONS", "/api/v1/customers", undefined, { origin, "access-control-request-method": "GET" });
    assert.equal(asked.status, 405);
    const read = await api.get("/api/v1/customers", { origin });
    for (const { headers } of [asked, read]) assert.equal(headers["access-control-allow-origin"], undefined);
  });
  test("are told where to send", async () => {
    const { status, body, headers } = await server.api().get(`/v1/projects/${write_key}/settings`, { origin });
    assert.equal(status, 200);
    assert.deepEqual(body.integrations["Segment.io"], { apiKey: write_key, apiHost: `${new URL(server.url).host}/v1`, protocol: "http" });
    assert.deepEqual([body.plan, body.metrics], [{}, { sampleRate: 0 }]);
    assert.equal(headers["access-control-allow-origin"], "*");
    const behind_tls = await server.api().get(`/v1/projects/${write_key}/settings`, { "x-forwarded-proto": "https" });
    assert.equal(behind_tls.body.integrations["Segment.io"].protocol, "https");
    for (const [prefix, told] of [["/cdp", "/cdp"], ["/a/b-c_d/", "/a/b-c_d"], ["cdp", ""], ["//evil.example", ""], ["/a b", ""], ["/a\"", ""], ["/", ""], [`/${"x".repeat(200)}`, ""]]) {
      const behind_prefix = await server.api().get(`/v1/projects/${write_key}/settings`, { "x-forwarded-prefix": prefix });
      assert.equal(behind_prefix.body.integrations["Segment.io"].apiHost, `${new URL(server.url).host}${told}/v1`, prefix);
    }
    assert.equal((await server.api().get("/v1/projects/nobody/settings")).status, 401);
  });
  test("measure themselves, which nobody keeps", async () => {
    accepted(await server.api().post("/v1/m", { series: [{ type: "Counter", metric: "analytics_js.invoke", value: 1, tags: {} }] }));
  });
});

describe("Pixels", () => {
  const gif = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");
  const look = async (path) => {
    const answer = await fetch(server.url + path);
    assert.deepEqual([answer.status, answer.headers.get("content-type"), answer.headers.get("cache-control")], [200, "image/gif", "no-store"], path);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), gif);
  };
  const base64 = (message) => Buffer.from(JSON.stringify(message)).toString("base64");
  test("carry a message as base64 of any make, or flat", async () => {
    const message = { writeKey: write_key, userId: "pixel-1", event: "Email Opened", properties: { subject: "hi>>>???" } };
    await look(`/v1/pixel/track?data=${encodeURIComponent(base64(message))}`);
    await look(`/v1/pixel/track?data=${base64(message).replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_")}`);
    await look(`/v1/pixel/track?data=${base64(message)}`);
    await look(`/v1/pixel/page?userId=pixel-1&name=Newsletter&properties.subject=hi+there&writeKey=${write_key}`);
    await look(`/pixel/v1/track?userId=pixel-1&event=Opened&writeKey=${write_key}`);
    const items = await timeline_of(await api.customer("user_id:pixel-1", seeing(await send("batch", { batch: [] }))));
    assert.deepEqual(items.map(({ name }) => name).reverse(), ["Email Opened", "Email Opened", "Email Opened", "Newsletter", "Opened"]);
    assert.deepEqual(items[1].properties, { subject: "hi there" });
    assert.deepEqual(items[4].properties, { subject: "hi>>>???" });
  });
  test("are answered with a picture whatever is wrong, and what was refused is kept", async () => {
    await look("/v1/pixel/track");
    await look(`/v1/pixel/track?data=${base64({ writeKey: "nobody", userId: "x", event: "E" })}`);
    await look(`/v1/pixel/track?data=nonsense&writeKey=${write_key}`);
    await look(`/v1/pixel/dance?userId=x&writeKey=${write_key}`);
    await look(`/v1/pixel/track?data=${Buffer.from(`{"writeKey":"${write_key}"`).toString("base64url")}&writeKey=${write_key}&userId=x`);
    await look(`/v1/pixel/track?userId=x&writeKey=${write_key}`);
    await look(`/v1/pixel/dance?data=${base64({ writeKey: write_key, userId: "x" })}`);
    await look(`/i?e=dance&aid=${write_key}&uid=x`);
    await look(`/i?data=nonsense&e=pv&aid=${write_key}`);
    await send("batch", { batch: [{ type: "dance", writeKey: write_key, userId: "x" }] });
    const { body } = await api.get(`/api/v1/sources/${source}/refused_messages?limit=8`);
    const codes = ["unknown_type", "unreadable", "unknown_type", "unknown_type", "missing", "unreadable", "unknown_type", "unreadable"];
    assert.deepEqual(body.items.map(({ code }) => code), codes.map((code) => `tracking.${code}`));
    for (const kept of await api.all(`/api/v1/sources/${source}/refused_messages`)) assert.ok(!JSON.stringify(kept).includes(write_key), kept.message);
    assert.equal(body.items[5].message, "userId=x");
    assert.deepEqual(JSON.parse(body.items[3].message), { userId: "x", type: "dance" });
  });
});

describe("What RudderStack does otherwise", () => {
  const problems_of_merges = async () => (await api.get(`/api/v1/sources/${source}/problems`)).body.items.filter(({ name }) => name === "merge");
  async function see_problems(last) {
    await api.customer("user_id:rudder-1", seeing(last));
    const [problem, ...more] = await problems_of_merges();
    assert.deepEqual([problem.name, problem.code, problem.path, more], ["merge", "merge.unknown_type", "/mergeProperties/1/type", []]);
  }
  test("identify with its traits in the context only, and merge", async () => {
    const { customer } = await arrived("identify", { userId: "rudder-1", context: { traits: { name: "Ada", email: "rudder@example.com" } } });
    assert.equal(customer.fields.name, "Ada");
    await send("identify", { anonymousId: "rudder-2", traits: { phone: "+8613900000001" } });
    const last = await send("merge", { mergeProperties: [{ type: "email", value: "rudder@example.com" }, { type: "mobile", value: "+8613900000001" }] });
    assert.equal((await api.customer("anonymous_id:rudder-2", seeing(last))).id, (await api.customer("user_id:rudder-1")).id);
    assert.deepEqual(await problems_of_merges(), []);
    await see_problems(await send("merge", { mergeProperties: [{ type: "email", value: "rudder@example.com" }, { type: "shoe_size", value: "43" }] }));
  });
});

describe("Snowplow", () => {
  const events = (...data) => ({ schema: "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4", data });
  test("posts its events, its application id being the key", async () => {
    const who = () => ({ aid: write_key, p: "web", tv: "js-3", uid: "snow-1", duid: "d-1", dtm: String(Date.now() - 1000), stm: String(Date.now()), eid: crypto.randomUUID() });
    const described = { schema: "iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0", data: { schema: "iglu:cn.acme/basket_left/jsonschema/1-0-0", data: { items: 3 } } };
    const post = (body) => server.api().post("/com.snowplowanalytics.snowplow/tp2", body);
    accepted(await post(events({ ...who(), e: "pv", url: "https://example.com/a", page: "A" }, { ...who(), e: "se", se_ca: "shop", se_ac: "Added", se_va: "2.5" })));
    const last = accepted(await post(events({ ...who(), e: "ue", ue_px: Buffer.from(JSON.stringify(described)).toString("base64url") })));
    const customer = await api.customer("user_id:snow-1", seeing(last));
    assert.equal(customer.id, (await api.customer("anonymous_id:d-1")).id);
    const items = (await timeline_of(customer)).map(({ kind, name, properties }) => [kind, name, properties]);
    assert.deepEqual(items.sort(), [["page", "A", { url: "https://example.com/a", title: "A" }], ["track", "Added", { category: "shop", value: 2.5 }], ["track", "basket_left", { items: 3 }]]);
    assert.equal((await post(events({ ...who(), aid: "nobody", e: "pv" }))).status, 401);
    assert.equal((await fetch(`${server.url}/i?e=pv&page=Pixel&aid=${write_key}&uid=snow-2`)).headers.get("content-type"), "image/gif");
    assert.equal((await api.customer("user_id:snow-2", seeing(await send("batch", { batch: [] })))).computed.event_count, 1);
  });
});
