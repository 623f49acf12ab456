// Sources as people run them: settings, keys, rates, what they sent, and what was refused, corrected and replayed.
import assert from "node:assert/strict";
import { get as ask } from "node:http";
import { after, before, describe, test } from "node:test";
import { Leftovers, Server, Tracker, fresh_folder, run, seeing, sleep } from "./onefold.mjs";
import { Postgres } from "./postgres.mjs";

const wanted = (answer, status) => (assert.equal(answer.status, status, JSON.stringify(answer.body)), answer.body);
const if_match = (version) => ({ "if-match": `"${version}"` });

/** Reads again until `is_there`; what is counted or told by another thread is there soon. */
async function soon(read, is_there) {
  for (let tries = 0; tries < 400; tries++) {
    const found = await read();
    if (is_there(found)) return found;
    await sleep(25);
  }
  assert.fail(`never came: ${JSON.stringify(await read())}`);
}

function sources(make_database) {
  const leftovers = new Leftovers();
  let folder, server, api, editor, viewer;
  before(async () => {
    folder = fresh_folder(leftovers);
    const url = await make_database();
    server = await Server.start(folder, ["--trusted-proxy", "127.0.0.0/8", ...(url ? ["--database", url] : [])]);
    leftovers.after(() => server.stop());
    const reach = async (role) => server.api({ token: (await run(["token", "create", role, "--role", role, "--data", folder])).last_word });
    [api, editor, viewer] = [await reach("admin"), await reach("editor"), await reach("viewer")];
  });
  after(() => leftovers.run());

  const create = async (name, kind) => {
    const made = wanted(await api.post("/api/v1/sources", { name, kind }), 201);
    return { ...made, tracker: new Tracker(server.api(), made.write_key), path: `/api/v1/sources/${made.id}` };
  };
  const change = async (source, edit) => wanted(await api.patch(source.path, edit, if_match(wanted(await api.get(source.path), 200).version)), 200);
  const refused_of = async (source, words = "") => wanted(await editor.get(`${source.path}/refused_messages${words}`), 200).items;
  const count_of = async (identifier, answer) => (await api.customer(identifier, seeing(answer))).computed.event_count;

  test("settings are changed by who saw the present ones, are audited, and stay over a restart", async () => {
    const source = await create("settings", "tracker");
    assert.deepEqual([source.trust, source.consent, source.allowed_origins, source.is_active, source.version], [50, "none", [], true, 1]);
    const edit = { zone: "Asia/Shanghai", currency: "USD", region: "HK", trust: 70, consent: "required", allowed_origins: ["https://Shop.Example/"], order_scope: "商城" };
    const changed = wanted(await api.patch(source.path, edit, if_match(1)), 200);
    assert.deepEqual(changed, { ...changed, ...edit, allowed_origins: ["https://shop.example"], version: 2 });
    assert.equal(wanted(await api.patch(source.path, { trust: 1 }, if_match(1)), 412).error.code, "source.version_changed");
    wanted(await api.patch(source.path, { trust: 1 }), 428);
    for (const [wrong, path] of [[{ zone: "Mars/Base" }, "/zone"], [{ currency: "yuan" }, "/currency"], [{ region: "cn" }, "/region"], [{ trust: 101 }, "/trust"], [{ consent: "maybe" }, "/consent"],
      [{ allowed_origins: ["shop"] }, "/allowed_origins"], [{ name: "other" }, "/name"]]) {
      const { error } = wanted(await api.patch(source.path, wrong, if_match(2)), 400);
      assert.equal(error.fields[0]?.path, path, JSON.stringify(error));
    }
    wanted(await editor.patch(source.path, { trust: 1 }, if_match(2)), 403);
    assert.deepEqual(wanted(await api.get(source.path), 200), changed);
  });

  test("keys rotate: the old one lives until it is revoked, and then takes nothing", async () => {
    const source = await create("keys", "api");
    const message = { userId: "k", event: "E" };
    const fresh = wanted(await api.post(`${source.path}/write_keys`), 201);
    const rotated = new Tracker(server.api(), fresh.write_key);
    for (const tracker of [source.tracker, rotated]) wanted(await tracker.send("track", message), 200);
    const keys = wanted(await api.get(`${source.path}/write_keys`), 200).items;
    assert.deepEqual(keys.map(({ hint }) => hint), [fresh.write_key.slice(-4), source.write_key.slice(-4)]);
    assert.ok(keys.every(({ last_used_at, revoked_at }) => last_used_at && !revoked_at));
    assert.ok(!JSON.stringify(keys).includes(fresh.write_key));
    wanted(await editor.post(`/api/v1/write_keys/${keys[1].id}/revoke`), 403);
    assert.ok(wanted(await api.post(`/api/v1/write_keys/${keys[1].id}/revoke`), 200).revoked_at);
    assert.equal(wanted(await source.tracker.send("track", message), 401).error.code, "tracking.unknown_write_key");
    wanted(await rotated.send("track", message), 200);
    assert.equal(wanted(await api.get(source.path), 200).write_key_hint, fresh.write_key.slice(-4));
  });

  test("commands list sources, rotate and revoke keys", async () => {
    const source = await create("commanded", "api");
    const command = (...words) => run(["source", ...words, "--data", folder]);
    const rotated = await command("rotate", "commanded");
    assert.equal(rotated.code, 0, rotated.stderr);
    wanted(await new Tracker(server.api(), rotated.last_word).send("track", { userId: "c", event: "E" }), 200);
    const hints = [rotated.last_word.slice(-4), source.write_key.slice(-4)];
    assert.ok((await command("list")).stdout.includes(`${source.id} commanded api …${hints[0]} …${hints[1]}\n`));
    assert.equal((await command("revoke", "commanded", hints[1])).code, 0);
    wanted(await source.tracker.send("track", { userId: "c", event: "E" }), 401);
    assert.equal((await command("revoke", "commanded", hints[1])).code, 1);
    assert.equal((await command("rotate", "nobody")).code, 1);
  });

  test("an archived source takes nothing until it is brought back", async () => {
    const source = await create("archive", "api");
    await change(source, { is_active: false });
    assert.equal(wanted(await source.tracker.send("track", { userId: "a", event: "E" }), 401).error.code, "tracking.source_archived");
    await change(source, { is_active: true });
    wanted(await source.tracker.send("track", { userId: "a", event: "E" }), 200);
  });

  test("where consent is demanded, nothing of whom has not given it is kept but that it was refused", async () => {
    const source = await create("consent", "tracker");
    const settings = () => server.api().get(`/v1/projects/${source.write_key}/settings`);
    assert.equal(wanted(await settings(), 200).onefold.consent, "none");
    await change(source, { consent: "required" });
    assert.equal(wanted(await settings(), 200).onefold.consent, "required");
    const secret = "very-private-person";
    for (const [call, message] of [["track", { userId: secret, event: "E" }], ["track", { userId: secret }], ["page", { anonymousId: secret, context: { consent: { categoryPreferences: { Analytics: false } } } }],
      ["batch", { batch: [{ type: "dance", userId: secret }] }], ["batch", `{"batch":[{"type":"page","userId":"${secret}","name":"\\u0000"}]}`], ["track", `{"userId":"${secret}","event":"E","a":1,"a":2}`],
      ["identify", { userId: secret, event: "Segment Consent Preference Updated", traits: { email: `${secret}@example.com` } }], ["track", { userId: secret, event: "Segment Consent Preference Updated" }]]) {
      const answer = await source.tracker.send(call, message);
      wanted(answer, 200);
      assert.equal(answer.headers["onefold-refused"], "1");
    }
    await server.api().get(`/v1/pixel/page?userId=${secret}&writeKey=${source.write_key}`);
    const kept = await refused_of(source);
    assert.equal(kept.length, 9);
    assert.deepEqual([...new Set(kept.map(({ message }) => message))], [""]);
    assert.ok(kept.every(({ reason }) => reason.length > 10) && !JSON.stringify(kept).includes(secret));
    assert.equal(wanted(await editor.post(`/api/v1/refused_messages/${kept[0].id}/replay`), 400).error.code, "tracking.nothing_kept");
    const granted = await source.tracker.send("track", { userId: "consenting", event: "E", context: { consent: { categoryPreferences: { Analytics: true } } } });
    assert.equal(await count_of("user_id:consenting", granted), 1);
    assert.deepEqual(wanted(await api.get(`/api/v1/customers?identifier=user_id:${secret}`, seeing(granted)), 200).items, []);
    const consent = { categoryPreferences: { Analytics: false } };
    const back = await source.tracker.send("track", { userId: "consenting", event: "Segment Consent Preference Updated", traits: { email: `${secret}@example.com` }, properties: { secret }, context: { consent, traits: { name: secret }, page: { url: secret } } });
    assert.equal(await count_of("user_id:consenting", back), 2);
    const [{ position }] = wanted(await api.get(`/api/v1/customers/${(await api.customer("user_id:consenting")).id}/timeline`), 200).items;
    const { raw } = wanted(await api.get(`/api/v1/events/${position}`), 200);
    assert.deepEqual([raw.context, JSON.stringify(raw).includes(secret)], [{ consent }, false], "neither their address");
  });

  test("pages of other origins may not send; what they sent is kept, and comes in once its origin is allowed", async () => {
    const source = await create("origins", "tracker");
    await change(source, { allowed_origins: ["https://shop.example", "https://*.shop.example"] });
    const from = (origin, message) => server.api().post("/v1/t", message, { ...source.tracker.headers, ...(origin && { origin }) });
    for (const origin of ["https://shop.example", "https://www.shop.example", undefined]) wanted(await from(origin, { anonymousId: "o", event: "E" }), 200);
    const foreign = await from("https://copy.example", { anonymousId: "o-foreign", event: "E" });
    assert.equal(wanted(foreign, 403).error.code, "tracking.origin_not_allowed");
    assert.equal(foreign.headers["access-control-allow-origin"], undefined);
    const settings = await server.api().get(`/v1/projects/${source.write_key}/settings`, { origin: "https://copy.example" });
    assert.deepEqual([settings.status, settings.headers["access-control-allow-origin"]], [403, undefined]);
    const [start, kept] = await refused_of(source);
    assert.deepEqual([kept.code, kept.path], ["tracking.origin_not_allowed", "https://copy.example"]);
    assert.deepEqual([start.code, start.path, start.message, start.times], ["tracking.start_not_allowed", "https://copy.example", "", 1]);
    assert.match(start.reason, /a page of https:\/\/copy\.example, which may not send/);
    const seen = wanted(await editor.get(`${source.path}/messages?fate=refused`), 200).items;
    assert.deepEqual(seen.map(({ code }) => code).sort(), ["tracking.origin_not_allowed", "tracking.start_not_allowed"]);
    assert.equal(wanted(await editor.post(`/api/v1/refused_messages/${start.id}/replay`, {}), 400).error.code, "tracking.nothing_kept");
    wanted(await editor.post(`/api/v1/refused_messages/${start.id}/discard`), 204);
    assert.match(kept.reason, /copy\.example/);
    await change(source, { allowed_origins: [] });
    wanted(await from("https://copy.example", { anonymousId: "o-foreign", event: "E" }), 200);
    const answer = await editor.post(`${source.path}/refused_messages/replay`, { code: "tracking.origin_not_allowed" });
    assert.deepEqual(wanted(answer, 200), { accepted: 1, duplicates: 0, refused: 0 });
    assert.equal(await count_of("anonymous_id:o-foreign", answer), 2);
  });

  test("a refused message is corrected and replayed once, with the time of its arrival", async () => {
    const source = await create("replay", "tracker");
    const before_sending = Date.now();
    await source.tracker.send("track", { userId: "r-1", messageId: "r-m", properties: { sku: "A" } });
    await source.tracker.send("track", { userId: "r-2" });
    const after_sending = Date.now();
    const [second, first] = await refused_of(source);
    assert.deepEqual([first.call, JSON.parse(first.message).userId], ["track", "r-1"]);
    const replay = `/api/v1/refused_messages/${first.id}/replay`;
    wanted(await viewer.post(replay), 403);
    const still = wanted(await editor.post(replay), 400).error;
    assert.deepEqual([still.code, still.fields[0].path, still.fields[0].code], ["tracking.still_refused", "/message/event", "tracking.missing"]);
    assert.notEqual(still.message, still.fields[0].message);
    const corrected = { message: { ...JSON.parse(first.message), event: "Product Viewed" } };
    const answer = await editor.post(replay, corrected);
    assert.deepEqual(wanted(answer, 200), { accepted: 1, duplicates: 0, refused: 0 });
    assert.equal(wanted(await editor.post(replay, corrected), 409).error.code, "tracking.already_replayed");
    const customer = await api.customer("user_id:r-1", seeing(answer));
    assert.equal(customer.computed.event_count, 1);
    const [item] = wanted(await api.get(`/api/v1/customers/${customer.id}/timeline`), 200).items;
    assert.deepEqual([item.name, item.properties], ["Product Viewed", { sku: "A" }]);
    assert.ok(Date.parse(item.at) >= before_sending - 1000 && Date.parse(item.at) <= after_sending + 1000, item.at);
    assert.deepEqual((await refused_of(source)).map(({ id }) => id), [second.id]);
    assert.deepEqual((await refused_of(source, "?state=replayed")).map(({ id, replayed_at }) => [id, Boolean(replayed_at)]), [[first.id, true]]);
    wanted(await source.tracker.send("track", { userId: "r-1", messageId: "r-m", event: "Product Viewed" }), 200);
    const last = await source.tracker.send("batch", { batch: [] });
    assert.equal(await count_of("user_id:r-1", last), 1);
    wanted(await editor.post(`/api/v1/refused_messages/${second.id}/discard`), 204);
    assert.deepEqual(await refused_of(source), []);
    wanted(await editor.post(`/api/v1/refused_messages/${second.id}/discard`), 404);
    wanted(await editor.post(`/api/v1/refused_messages/${second.id}/replay`), 404);
  });

  test("a batch says for its refused messages what it says for the others", async () => {
    const source = await create("shared", "api");
    const hour = 3_600_000;
    const at = (ago) => new Date(Date.now() - 5 * hour - ago).toISOString();
    await source.tracker.send("batch", { sentAt: at(0), context: { app: { name: "till" } }, batch: [{ type: "track", userId: "s-1", timestamp: at(60_000) }] });
    const [kept] = await refused_of(source);
    const answer = await editor.post(`/api/v1/refused_messages/${kept.id}/replay`, { message: { ...JSON.parse(kept.message), event: "Sold" } });
    wanted(answer, 200);
    const customer = await api.customer("user_id:s-1", seeing(answer));
    const [item] = wanted(await api.get(`/api/v1/customers/${customer.id}/timeline`), 200).items;
    assert.ok(Math.abs(Date.parse(item.at) - (Date.now() - 60_000)) < 30_000, item.at);
  });

  test("reasons are counted, and all of one are discarded", async () => {
    const source = await create("reasons", "api");
    await source.tracker.send("batch", { batch: [{ type: "track", userId: "q" }, { type: "track", userId: "q" }, { type: "group", userId: "q" }, 7] });
    const reasons = wanted(await editor.get(`${source.path}/refused_reasons`, { "accept-language": "zh-CN" }), 200).items;
    assert.deepEqual(reasons.map(({ code, path, count }) => [code, path, count]), [["tracking.missing", "/event", 2], ["tracking.missing", "/groupId", 1], ["tracking.not_an_object", "", 1]]);
    assert.match(reasons[0].reason, /缺少/);
    assert.equal((await refused_of(source, "?code=tracking.missing&path=/groupId")).length, 1);
    assert.deepEqual(wanted(await editor.post(`${source.path}/refused_messages/discard`, { code: "tracking.missing", path: "/event" }), 200), { discarded: 2 });
    assert.equal((await refused_of(source)).length, 2);
    wanted(await viewer.get(`${source.path}/refused_messages`), 403);
  });

  test("a visitor may send 600 messages a minute, and is told when to come again; servers are not limited", async () => {
    const web = await create("fast", "tracker");
    const till = await create("till", "api");
    const batch = (who, size) => ({ batch: Array.from({ length: size }, () => ({ type: "page", anonymousId: who })) });
    wanted(await web.tracker.send("batch", batch("v", 700)), 200);
    const answer = await web.tracker.send("batch", batch("v", 1));
    assert.equal(wanted(answer, 429).error.code, "tracking.too_fast");
    const wait_s = Number(answer.headers["retry-after"]);
    assert.ok(wait_s >= 60 && wait_s <= 70, answer.headers["retry-after"]);
    assert.equal(answer.headers["x-ratelimit-reset"], answer.headers["retry-after"]);
    wanted(await web.tracker.send("batch", batch("other", 1)), 200);
    for (let i = 0; i < 2; i++) wanted(await till.tracker.send("batch", batch("v", 2000)), 200);
    assert.deepEqual(await refused_of(web), []);
  });

  test("an address may send 60,000 a minute, and only a trusted proxy says whose it is", async () => {
    const web = await create("address", "tracker");
    const send = (address, size) => server.api().post("/v1/batch", { batch: Array.from({ length: size }, (_, i) => ({ type: "page", anonymousId: `${address}-${i}` })) }, { ...web.tracker.headers, "x-forwarded-for": address });
    for (let i = 0; i < 26; i++) if ((await send("198.51.100.1", 2500)).status === 429) break;
    assert.equal((await send("198.51.100.1", 1)).status, 429);
    assert.equal((await send("198.51.100.1, 198.51.100.2", 1)).status, 200);
    assert.equal((await send("198.51.100.2, 198.51.100.1", 1)).status, 429);
  });

  test("the newest messages are shown as they came, taken or refused and why, also after a restart", async () => {
    const source = await create("live", "tracker");
    const described = { schema: "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4", data: [{ e: "pv", aid: source.write_key, uid: "l-snow", page: "Tea", url: "https://example.com/tea" }] };
    const rudder = { userId: "l-rudder", context: { traits: { name: "Ada" }, library: { name: "RudderLabs JavaScript SDK" } } };
    wanted(await source.tracker.send("track", { userId: "l-segment", event: "Opened", messageId: "l-1" }), 200);
    wanted(await source.tracker.send("track", { userId: "l-segment", event: "Opened", messageId: "l-1" }), 200);
    wanted(await source.tracker.send("identify", rudder), 200);
    wanted(await server.api().post("/com.snowplowanalytics.snowplow/tp2", described), 200);
    wanted(await source.tracker.send("group", { userId: "l-refused" }), 200);
    const expected = [["refused", "group", "", "l-refused"], ["accepted", "page", "Tea", "l-snow"], ["accepted", "identify", "", "l-rudder"], ["accepted", "track", "Opened", "l-segment"]];
    const read = async () => wanted(await editor.get(`${source.path}/messages`), 200).items;
    const shape = (items) => items.map(({ fate, type, name, who }) => [fate, type, name, who]);
    const messages = await read();
    assert.deepEqual(shape(messages), expected);
    assert.equal(messages[2].library, "RudderLabs JavaScript SDK");
    assert.match(messages[0].reason, /groupId/);
    assert.equal(JSON.parse(messages[3].message).userId, "l-segment");
    assert.equal(wanted(await editor.get(`${source.path}/messages?fate=refused`), 200).items.length, 1);
    assert.equal(wanted(await editor.get(`${source.path}/messages?fate=accepted&limit=2`), 200).items.length, 2);
    wanted(await viewer.get(`${source.path}/messages`), 403);
    const counted = async () => wanted(await viewer.get(`${source.path}/traffic`), 200).minutes.reduce((sum, one) => [sum[0] + one.accepted, sum[1] + one.duplicates, sum[2] + one.refused], [0, 0, 0]);
    assert.deepEqual(await counted(), [3, 1, 1]);

    await server.stop();
    server = await Server.start(folder, ["--trusted-proxy", "127.0.0.0/8"]);
    [api, editor, viewer] = [api, editor, viewer].map(({ headers }) => server.api({ token: headers.authorization.split(" ")[1] }));
    source.tracker.api = server.api();
    assert.deepEqual(shape(await read()), expected);
    assert.deepEqual(await counted(), [3, 1, 1]);

    wanted(await source.tracker.send("track", { userId: "l-killed", event: "Late" }), 200);
    await server.kill();
    server = await Server.start(folder);
    [api, editor, viewer] = [api, editor, viewer].map(({ headers }) => server.api({ token: headers.authorization.split(" ")[1] }));
    source.tracker.api = server.api();
    assert.deepEqual(await soon(counted, ([accepted]) => accepted === 4), [4, 1, 1]);
    assert.deepEqual(shape(await soon(read, (items) => items.length === 5))[0], ["accepted", "track", "Late", "l-killed"]);
  });

  test("traffic is counted by minute, hour and day, for every source at once", async () => {
    const source = await create("traffic", "api");
    await source.tracker.send("batch", { batch: [{ type: "page", userId: "t" }, { type: "page", userId: "t" }, { type: "page" }] });
    const { items } = wanted(await viewer.get("/api/v1/traffic"), 200);
    const mine = items.find(({ source_id }) => source_id === source.id);
    assert.deepEqual([mine.last_hour, mine.hours.length, mine.hours.reduce((a, b) => a + b), mine.today.accepted, mine.today.refused], [2, 24, 2, 2, 1]);
    assert.ok(Date.now() - Date.parse(mine.last_event_at) < 60_000);
    const { minutes, days, last_event_at } = wanted(await viewer.get(`${source.path}/traffic`), 200);
    assert.deepEqual([minutes.length, days.length, last_event_at], [60, 30, mine.last_event_at]);
    assert.equal(days.at(-1).accepted, 2);
    wanted(await viewer.get("/api/v1/sources/999/traffic"), 404);
  });

  /** What a live stream tells until `is_enough` of it; `begin` is called when it is open. */
  const hear = (path, begin, is_enough) =>
    new Promise((done, failed) => {
      const call = ask(`${server.url}${path}`, { headers: viewer.headers }, (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (part) => {
          text += part;
          if (is_enough(text)) (done(text), call.destroy());
        });
        assert.equal(answer.statusCode, 200);
        void begin();
      });
      call.on("error", failed);
      setTimeout(() => (call.destroy(), failed(new Error("nothing was told"))), 15_000).unref();
    });

  test("whoever looks on is told when something came", async () => {
    const source = await create("watched", "api");
    await hear(`${source.path}/traffic/stream`, () => source.tracker.send("track", { userId: "w", event: "E" }), (text) => text.includes("event: traffic"));
  });

  test("whoever begins to listen is told what can be seen, and then what more", async () => {
    const source = await create("listened", "api");
    const position_of = (answer) => Number(answer.headers["onefold-position"]);
    const before = await source.tracker.send("track", { userId: "l", event: "Before" });
    const read = await viewer.get("/api/v1/sources", seeing(before));
    assert.ok(position_of(read) >= position_of(before), "a read tells what it reflects");
    let more;
    const told = await hear("/api/v1/stream", async () => (more = await source.tracker.send("track", { userId: "l", event: "More" })), (text) => (text.match(/^event: /gm) ?? []).length >= 2);
    const events = [...told.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, name, data]) => [name, Number(JSON.parse(data).position)]);
    assert.deepEqual(events.slice(0, 2).map(([name]) => name), ["begin", "position"]);
    assert.ok(events[0][1] >= position_of(read) && events[0][1] < events[1][1], told);
    assert.ok(events[1][1] <= position_of(await viewer.get("/api/v1/sources", seeing(more))));
  });
}

describe("Sources on SQLite", () => sources(async () => null));

describe("Sources on PostgreSQL", () => {
  let postgres;
  before(async () => (postgres = await Postgres.start()));
  after(() => postgres?.stop());
  sources(async () => postgres.make_database());
});
