// The tracker for WeChat's mini-programs, the very file that the server gives out, in a program on a phone: what a visitor does there arrives
// once and on their timeline, whatever happens to the network and the program.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { Phone, Program } from "./mini_program.mjs";
import { Leftovers, Server, Tracker, fresh_folder, run, seeing, sleep } from "./onefold.mjs";

const leftovers = new Leftovers();
let api, server, tracker, write_key;

before(async () => {
  const folder = fresh_folder(leftovers);
  server = await Server.start(folder);
  leftovers.after(() => server.stop());
  const made = async (...words) => (await run([...words, "--data", folder])).last_word;
  write_key = await made("source", "create", "小程序", "--kind", "tracker", "--region", "CN");
  api = server.api({ token: await made("token", "create", "mini") });
  const file = await api.get("/onefold-mini.js");
  assert.deepEqual([file.status, file.headers["content-type"]], [200, "text/javascript; charset=utf-8"]);
  tracker = file.body;
});
after(() => leftovers.run());

const home = "pages/home/home";
const tea = "pages/tea/tea";
const pages = {
  [home]: `Page({
    onLoad() { wx.setNavigationBarTitle({ title: "首页" }); },
    buy(event) { return "bought " + event.currentTarget.dataset.onefoldSku; },
    around() {},
    break_down() { throw new Error("the shop's own fault"); },
    onShareAppMessage() { return { title: "来看看" }; },
  })`,
  [tea]: `Component({ methods: { add() { return this.route; } } })`,
};

function program_on(phone, options = {}, host = server.url) {
  const start = JSON.stringify({ host, key: write_key, ...options });
  const app = `const onefold = require("./onefold-mini.js"); onefold.start(${start}); App({ onLaunch() { this.has_launched = true; } });`;
  return new Program(phone, { app, tracker, pages });
}

/** The customer with this identifier and all their events, of what has been sent so far. */
async function known(identifier) {
  const last = await new Tracker(server.api(), write_key).send("batch", { batch: [] });
  const customer = await api.customer(identifier, seeing(last));
  const items = (await api.get(`/api/v1/customers/${customer.id}/timeline?limit=200`)).body.items;
  return { customer, items };
}

const messages_of = (phone) => phone.requests.filter(({ url, status }) => url.endsWith("/v1/batch") && status === 200).flatMap(({ data }) => JSON.parse(data).batch);
const kept_by = (phone) => [...phone.storage.keys()].filter((key) => key.startsWith("onefold_"));
const queued_by = (phone) => kept_by(phone).filter((key) => key.startsWith("onefold_q."));

/** Until the server has taken everything: it may ask for patience, in a time that is its own. */
async function delivered(phone) {
  for (const deadline = Date.now() + 30_000; queued_by(phone).length > 0; await sleep(50)) {
    assert.ok(Date.now() < deadline, JSON.stringify(phone.requests.map(({ status }) => status)));
    await phone.pass(60_000);
  }
}

const told = ({ kind, name, properties: { path, dwell_ms, scene } }) => [kind === "page" ? "page" : name || kind, path, dwell_ms ?? scene].filter(Boolean).join(" ");

test("a visit: pages, how long they were seen, a tap, and who it was, each once on one timeline", async () => {
  const phone = new Phone();
  const program = program_on(phone).launch(home, { query: { utm_source: "wechat", utm_campaign: "spring" }, scene: 1047 });
  assert.equal(program.app.has_launched, true);
  await phone.pass(12_000);
  assert.deepEqual(program.tap(["buy", { onefold: "Product Added", onefoldSku: "T-1", onefoldPrice: 19.9 }], ["around", { onefold: "Card Opened" }]), ["bought T-1", undefined]);
  assert.equal(program.share("button").title, "来看看");
  program.navigate_to(tea, { id: "7" });
  await phone.pass(3_000);
  assert.deepEqual(program.tap(["add", { onefold: "Cup Added" }]), [tea]);
  program.hide();
  await phone.pass(600_000);
  program.show(1089);
  await phone.pass(2_000);
  program.navigate_back();
  await phone.pass(1_000);
  program.onefold.identify("mini-1", { name: "李梅", openid: "o-mini-1" });
  await phone.pass(1_000);
  await delivered(phone);

  const { customer, items } = await known("user_id:mini-1");
  assert.deepEqual(items.map(told).sort(), [
    `Application Backgrounded /${tea}`, `Application Opened /${home} 1047`, `Application Opened /${home} 1089`, "Cup Added",
    `Page Left /${home} 12000`, `Page Left /${tea} 2000`, `Page Left /${tea} 3000`, `Page Shared /${home}`, "Product Added", "identify", `page /${home}`, `page /${home}`, `page /${tea}`,
  ].sort());
  assert.equal(customer.computed.event_count, items.length);
  assert.deepEqual(items.find(({ name }) => name === "Product Added").properties, { sku: "T-1", price: 19.9 });
  assert.deepEqual(items.find(({ name }) => name === "Page Shared").properties, { path: `/${home}`, from: "button" });
  const viewed = items.find(({ kind, properties }) => kind === "page" && properties.path === `/${tea}`).properties;
  assert.deepEqual(viewed, { path: `/${tea}`, search: "?id=7", url: `/${tea}?id=7`, referrer: `/${home}?utm_source=wechat&utm_campaign=spring`, title: "" });
  assert.equal(items.some(({ kind, properties }) => kind === "page" && properties.title === "首页"), true);
  assert.equal(customer.fields.name, "李梅");
  assert.equal((await known(`openid@${phone.app_id}:o-mini-1`)).customer.id, customer.id);
  assert.deepEqual(items.find(({ kind }) => kind === "identify").properties, { name: "李梅" });

  const { context, batch } = JSON.parse(phone.requests.find(({ url }) => url.endsWith("/v1/batch")).data);
  assert.equal(context.library.name, "onefold-mini.js");
  assert.deepEqual([context.app, context.device, context.os, context.locale], [
    { namespace: phone.app_id, version: "1.4.0", build: "release" }, { manufacturer: "HUAWEI", model: "LIO-AN00", type: "android" }, { name: "Android", version: "12" }, "zh-CN"]);
  assert.deepEqual(batch[0].context.campaign, { source: "wechat", name: "spring" });
  assert.deepEqual(phone.warnings, []);
});

test("what was done offline outlives the program, and counts once though it is sent twice", async () => {
  const phone = new Phone();
  const first = program_on(phone).launch(home);
  await phone.pass(1_000);
  phone.is_online = false;
  for (let i = 0; i < 60; i++) first.onefold.track("Bottle Opened", { i });
  await phone.pass(10_000);
  phone.is_online = phone.is_deaf = true; // the server hears, the phone does not
  await phone.pass(90_000);
  phone.kill();
  assert.equal(queued_by(phone).length, 60);

  phone.is_online = phone.is_deaf = false;
  const second = program_on(phone).launch(home, { scene: 1089 });
  second.onefold.identify("mini-2");
  await phone.pass(30_000);
  second.go_online();
  await delivered(phone);
  assert.ok(messages_of(phone).filter(({ event }) => event === "Bottle Opened").length > 60);
  const { items } = await known("user_id:mini-2");
  const bottles = items.filter(({ name }) => name === "Bottle Opened").map(({ properties }) => properties.i);
  assert.deepEqual(bottles.sort((one, other) => one - other), Array.from({ length: 60 }, (_, i) => i));
  assert.equal(items.filter(({ kind }) => kind === "page").length, 2);
});

test("a queue that nobody empties has its bound, and the newest stay", async () => {
  const phone = new Phone();
  phone.is_online = false;
  const { onefold } = program_on(phone, { consent: "none" }).launch(home);
  for (let i = 0; i < 520; i++) onefold.track("Counted", { i });
  const queued = queued_by(phone);
  assert.equal(queued.length, 500);
  assert.equal(JSON.parse(phone.storage.get(queued.at(-1))).properties.i, 519);
});

describe("What the server says of a request", () => {
  async function answering(t, answers) {
    const http = createServer((asked, answered) => {
      asked.resume();
      if (asked.url !== "/v1/batch") return answered.writeHead(200, { "content-type": "application/json" }).end('{"onefold":{"consent":"none"}}');
      const [status, headers = {}] = answers.shift() ?? [200];
      answered.writeHead(status, headers).end("{}");
    });
    await new Promise((done) => http.listen(0, "127.0.0.1", done));
    t.after(() => (http.close(), http.closeAllConnections()));
    const phone = new Phone();
    const sent = () => phone.requests.filter(({ url }) => url.endsWith("/v1/batch")).map(({ status }) => status);
    return { phone, sent, program: program_on(phone, {}, `http://127.0.0.1:${http.address().port}`).launch(home) };
  }
  test("429 waits as long as it says, 5xx is tried again, and nothing is lost by either", async (t) => {
    const { phone, sent } = await answering(t, [[429, { "Retry-After": "40" }], [503], [200]]);
    await phone.pass(39_000);
    assert.deepEqual(sent(), [429]);
    await phone.pass(60_000);
    assert.deepEqual(sent(), [429, 503, 200]);
    const [refused, failed, taken] = phone.requests.filter(({ data }) => data).map(({ data }) => JSON.parse(data).batch.map(({ messageId }) => messageId));
    assert.deepEqual([failed, taken], [refused, refused]);
  });
  test("any other 4xx ends it", async (t) => {
    const { phone, sent } = await answering(t, [[401]]);
    await phone.pass(300_000);
    assert.deepEqual(sent(), [401]);
    assert.match(phone.warnings.join(), /refused 2 messages with 401/);
    assert.deepEqual(queued_by(phone), []);
  });
});

test("nothing is stored or sent before consent; a refusal takes everything away", async () => {
  const phone = new Phone();
  const program = program_on(phone, { consent: "required" }).launch(home);
  await phone.pass(5_000);
  program.navigate_to(tea);
  program.hide();
  program.show();
  await phone.pass(60_000);
  assert.deepEqual([kept_by(phone), phone.requests, program.onefold.user().anonymousId], [[], [], null]);
  program.onefold.consent("granted", { Analytics: true });
  program.onefold.identify("mini-3");
  await phone.pass(5_000);
  await delivered(phone);
  const { items } = await known("user_id:mini-3");
  assert.equal(items.filter(({ kind }) => kind === "page").length, 2);
  assert.ok(kept_by(phone).length > 0);
  program.onefold.consent("denied");
  await phone.pass(5_000);
  const heard = phone.requests.length;
  program.onefold.track("Unheard");
  program.navigate_back();
  await phone.pass(60_000);
  assert.deepEqual([kept_by(phone), phone.requests.length], [[], heard]);
});

test("the shop's own faults stay its own, and a phone that refuses everything gets none of ours", async () => {
  const phone = new Phone();
  const program = program_on(phone).launch(home);
  assert.throws(() => program.tap(["break_down", { onefold: "Broken Tapped" }]), /the shop's own fault/);
  program.onefold.track();
  program.onefold.start({});
  await phone.pass(1_000);
  assert.equal(messages_of(phone).some(({ event }) => event === "Broken Tapped"), true);

  const poor = new Phone();
  poor.keep = () => {
    throw new Error("setStorageSync:fail");
  };
  poor.ask = () => {
    throw new Error("request:fail");
  };
  const other = program_on(poor).launch(home);
  other.navigate_to(tea);
  other.hide();
  await poor.pass(60_000);
  program_on(new Phone(), { key: "" }).launch(home).onefold.track("Unheard");
});
