// Files that come in by themselves: a watched folder, an HTTPS address, an SFTP server; what is not whole, comes again, is broken, lies or is cut off.
import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Leftovers, Server, dice, fresh_folder, run, sleep } from "./onefold.mjs";
import { SftpServer, WebServer, is_root } from "./places.mjs";
import { Postgres } from "./postgres.mjs";

const wanted = (answer, status) => (assert.equal(answer.status, status, JSON.stringify(answer.body)), answer.body);
const if_match = (version) => ({ "if-match": `"${version}"` });
const people = (name, count, first = 0) => `name,email\n${Array.from({ length: count }, (_, i) => `${name} ${first + i},${name}${first + i}@example.com`).join("\n")}\n`;

/** Reads again until `is_there`. */
async function soon(read, is_there, what = "it") {
  let found;
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(40)) if (is_there((found = await read()))) return found;
  assert.fail(`${what} never came: ${JSON.stringify(found)}`);
}

/** One source that fetches. */
class Fetching {
  static async begin(house, name, settings, { knows_people = true } = {}) {
    const fetching = new Fetching();
    const { id } = wanted(await house.api.post("/api/v1/sources", { name, kind: "file" }), 201);
    Object.assign(fetching, { house, name, id, path: `/api/v1/sources/${id}/fetch` });
    if (knows_people) await house.import_people(name);
    if (settings) await fetching.set(settings);
    return fetching;
  }
  get api() {
    return this.house.api;
  }
  state = async () => wanted(await this.api.get(this.path), 200);
  files = async () => wanted(await this.api.get(`/api/v1/sources/${this.id}/fetched_files`), 200).items;
  try_set = async (settings) => this.api.patch(this.path, settings, if_match((await this.state()).version));
  set = async (settings) => wanted(await this.try_set({ steady_s: 1, every_minutes: 10_080, is_on: true, ...settings }), 200);
  /** Looks until what is there is whole, taken, imported and put away. */
  async look() {
    wanted(await this.api.post(`${this.path}/look`), 200);
    const now = await soon(this.state, (one) => !one.is_looking && one.last_look.ended_at && !(one.last_look.unsteady && !one.last_look.error), "the end of a look");
    await soon(this.files, (all) => all.every(({ state, lies }) => !["taken", "importing"].includes(state) && (lies !== "there" || state === "waiting")), "the end of the imports");
    return Object.fromEntries(Object.entries(now.last_look).filter(([, value]) => value !== null));
  }
  async fate(name) {
    const all = (await this.files()).filter((file) => file.name === name);
    assert.equal(all.length, 1, JSON.stringify(await this.files()));
    return all[0];
  }
}

class House {
  static async open(leftovers, { database, words = [] } = {}) {
    const house = new House();
    Object.assign(house, { folder: fresh_folder(leftovers), files: fresh_folder(leftovers), words: ["--fetch-root", "", "--fetch-network", "127.0.0.0/8", ...(database ? ["--database", database] : []), ...words] });
    house.words[1] = house.files;
    await house.start();
    leftovers.after(() => house.server.stop());
    house.token = (await run(["token", "create", "admin", "--role", "admin", "--data", house.folder])).last_word;
    house.reach();
    return house;
  }
  async start() {
    this.server = await Server.start(this.folder, this.words);
    if (this.token) this.reach();
  }
  reach() {
    this.api = this.server.api({ token: this.token });
  }
  place(name) {
    const folder = join(this.files, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }
  async upload(text) {
    const { id } = wanted(await this.api.post("/api/v1/uploads", { name: "first.csv", size: Buffer.byteLength(text) }), 201);
    wanted(await this.api.send("PUT", `/api/v1/uploads/${id}/bytes/0`, Buffer.from(text), { "content-type": "application/octet-stream" }), 200);
    return id;
  }
  /** The import by which the source knows how such files are read. */
  async import_people(source, upload) {
    upload ??= await this.upload(people(`first-${source.replaceAll(" ", "-")}`, 1));
    const { id } = wanted(await this.api.post("/api/v1/imports", { upload, as: "customer", source, map: { identifiers: { email: "email" }, fields: { name: "name" } } }), 201);
    return soon(async () => (await this.api.get(`/api/v1/imports/${id}`)).body, ({ state }) => !["waiting", "running"].includes(state), "the import");
  }
  imports = async (source) => wanted(await this.api.get("/api/v1/imports"), 200).items.filter((one) => one.source === source);
}

function watched_folders(make_database) {
  const leftovers = new Leftovers();
  let house;
  before(async () => (house = await House.open(leftovers, { database: await make_database() })));
  after(() => leftovers.run());

  test("a file without a remembered map waits for a person; then it and those like it go in by themselves", async () => {
    const folder = house.place("waits");
    const fetching = await Fetching.begin(house, "waits", { folder, pattern: "people-*.csv" }, { knows_people: false });
    writeFileSync(join(folder, "people-1.csv"), people("one", 3));
    writeFileSync(join(folder, "people-2.csv"), people("two", 4));
    writeFileSync(join(folder, "other.csv"), people("other", 4));
    const look = await fetching.look();
    assert.deepEqual([look.found, look.taken, look.error], [2, 2, undefined], JSON.stringify(look));
    const waiting = await fetching.fate("people-1.csv");
    assert.deepEqual([waiting.state, waiting.lies], ["waiting", "there"]);
    assert.match(waiting.reason, /wizard/);
    assert.ok(existsSync(join(folder, "people-1.csv")), "it stays where it was");
    const editor = house.server.api({ token: (await run(["token", "create", "ed", "--role", "editor", "--data", house.folder])).last_word });
    assert.equal(wanted(await editor.post("/api/v1/imports/preview", { upload: waiting.upload, source: "waits" }), 200).map.identifiers.email, "email", "an editor sees it in the wizard");
    assert.equal((await house.import_people("waits", waiting.upload)).state, "finished");
    await soon(fetching.files, (all) => all.every(({ state, lies }) => state === "imported" && lies === "archive"), "the other file");
    await soon(() => readdirSync(join(folder, "archive")).sort(), (names) => names.length === 2, "the archive");
    assert.deepEqual(readdirSync(join(folder, "archive")).sort(), ["people-1.csv", "people-2.csv"]);
    assert.deepEqual(readdirSync(folder).sort(), ["archive", "other.csv"]);
    assert.deepEqual((await fetching.files()).map(({ name, rows_read, lies }) => [name, rows_read, lies]), [["people-2.csv", 4, "archive"], ["people-1.csv", 3, "archive"]]);
    assert.equal((await house.imports("waits")).length, 2);
  });

  test("of the maps that fit, the one that speaks of most columns is taken, whatever came last", async () => {
    const folder = house.place("mixed"), orders = (no) => `number,time,email,name,sku,quantity,price\n${no},2026-01-02,m${no}@example.com,M ${no},S1,2,1.5\n`;
    const fetching = await Fetching.begin(house, "mixed", null, { knows_people: false });
    const map = { identifiers: { email: "email" }, fields: { name: "name" }, order: { number: "number", time: "time", lines: { sku: "sku", quantity: "quantity", price: "price" } } };
    const { id } = wanted(await house.api.post("/api/v1/imports", { upload: await house.upload(orders("X1")), as: "order", source: "mixed", map }), 201);
    await soon(async () => (await house.api.get(`/api/v1/imports/${id}`)).body, ({ state }) => state === "finished", "the import of orders");
    await house.import_people("mixed");
    writeFileSync(join(folder, "orders.csv"), orders("X2"));
    writeFileSync(join(folder, "people.csv"), people("mixed", 2));
    await fetching.set({ folder });
    await fetching.look();
    assert.deepEqual((await house.imports("mixed")).map((one) => one.as).sort(), ["customer", "customer", "order", "order"]);
    assert.deepEqual([(await fetching.fate("orders.csv")).state, (await fetching.fate("people.csv")).state], ["imported", "imported"]);
  });

  test("what is still being written is left alone until it is whole", async () => {
    const folder = house.place("grows");
    const fetching = await Fetching.begin(house, "grows", { folder });
    const file = join(folder, "grows.csv");
    for (const name of ["a.csv.part", "b.tmp", "~$c.xlsx", ".d.csv"]) writeFileSync(join(folder, name), people("half", 2));
    writeFileSync(file, people("grown", 5));
    for (let i = 1; i < 5; i++) {
      wanted(await house.api.post(`${fetching.path}/look`), 200);
      await soon(fetching.state, ({ is_looking }) => !is_looking);
      assert.deepEqual(await fetching.files(), [], "it is taken by none of the looks");
      appendFileSync(file, people("grown", 5, 5 * i).split("\n").slice(1).join("\n"));
    }
    await fetching.look();
    assert.deepEqual([(await fetching.fate("grows.csv")).rows_read, readdirSync(folder).length], [25, 5]);
    renameSync(join(folder, "a.csv.part"), join(folder, "a.csv"));
    await fetching.look();
    assert.equal((await fetching.fate("a.csv")).state, "imported");
  });

  test("the same bytes never come in twice, whatever they are called", async () => {
    const folder = house.place("again");
    const fetching = await Fetching.begin(house, "again", { folder });
    writeFileSync(join(folder, "a.csv"), people("same", 6));
    await fetching.look();
    writeFileSync(join(folder, "b.csv"), people("same", 6));
    writeFileSync(join(folder, "a.csv"), people("same", 7));
    await fetching.look();
    const again = await fetching.fate("b.csv");
    assert.deepEqual([again.state, again.same_as, again.lies], ["repeated", "a.csv", "archive"]);
    assert.equal((await house.imports("again")).length, 3, "the first import, a.csv, and the other a.csv");
    assert.deepEqual(readdirSync(join(folder, "archive")).filter((name) => name.startsWith("a")).length, 2, "neither lies over the other");
  });

  test("a file of which nothing goes in lies in the error folder, beside why; corrected, it comes in", async () => {
    const folder = house.place("fails");
    const fetching = await Fetching.begin(house, "fails", { folder, size_mb_max: 1 });
    writeFileSync(join(folder, "bad.csv"), "name,email\nAnn,nonsense\nBen,no mail\n");
    writeFileSync(join(folder, "broken.xlsx"), "PK\x03\x04 this is no workbook");
    writeFileSync(join(folder, "empty.csv"), "");
    writeFileSync(join(folder, "large.csv"), people("large", 60_000));
    await fetching.look();
    const fates = Object.fromEntries((await fetching.files()).map((file) => [file.name, file]));
    for (const [name, why] of [["bad.csv", /None of its rows/], ["broken.xlsx", /./], ["empty.csv", /empty/], ["large.csv", /larger than 1 MB/]]) {
      assert.deepEqual([fates[name]?.state, fates[name]?.lies], ["failed", "error"], JSON.stringify(fates));
      assert.match(fates[name].reason, why);
      assert.ok(existsSync(join(folder, "error", name)));
      assert.ok(readFileSync(join(folder, "error", `${name}.txt`), "utf8").includes(fates[name].reason), "beside it");
    }
    renameSync(join(folder, "error", "bad.csv"), join(folder, "bad.csv"));
    writeFileSync(join(folder, "bad.csv"), "name,email\nAnn,ann@fails.example.com\nBen,no mail\n");
    await fetching.look();
    const [mended] = await fetching.files();
    assert.deepEqual([mended.state, mended.rows_read, mended.rows_failed, mended.lies], ["imported", 2, 1, "archive"]);
  });

  test("a file that cannot be moved stays, and is remembered by name, size, time and bytes", async () => {
    const folder = house.place("stays");
    writeFileSync(join(folder, "archive"), "a file where the folder should be");
    const fetching = await Fetching.begin(house, "stays", { folder, pattern: "*.csv" });
    writeFileSync(join(folder, "a.csv"), people("stays", 2));
    await fetching.look();
    assert.deepEqual([(await fetching.fate("a.csv")).state, (await fetching.fate("a.csv")).lies], ["imported", "stays"]);
    await fetching.look();
    assert.equal((await fetching.files()).length, 1, "the same name, size and time");
    utimesSync(join(folder, "a.csv"), new Date(), new Date(2001, 1, 1));
    await fetching.look();
    assert.deepEqual((await fetching.files()).map(({ state }) => state), ["repeated", "imported"], "the same bytes");
    assert.equal((await house.imports("stays")).length, 2);
  });

  test("only folders below the allowed roots are watched, and no link leads out of them", async () => {
    const fetching = await Fetching.begin(house, "roots");
    const refused = async (folder) => {
      const { status, body } = await fetching.try_set({ place: "folder", folder });
      assert.deepEqual([status, body.error?.fields[0]?.path], [400, "/folder"], `${folder}: ${JSON.stringify(body)}`);
    };
    symlinkSync("/etc", join(house.files, "etc"));
    for (const folder of ["/etc", "/", house.folder, `${house.files}/../etc`, `${house.files}x`, join(house.files, "etc"), join(house.files, "etc", "ssl")]) await refused(folder);
    const folder = house.place("roots");
    await fetching.set({ folder });
    symlinkSync("/etc/passwd", join(folder, "passwd.csv"));
    assert.equal((await fetching.look()).found, 0);
    rmSync(join(folder, "passwd.csv"));
    rmSync(folder, { recursive: true });
    symlinkSync("/etc", folder);
    const look = await fetching.look();
    assert.equal(look.error_code, "folder.link", "also where it became one later");
    assert.equal((await fetching.state()).own_folder, join(house.folder, "inbox", fetching.id));
    wanted(await fetching.try_set({ place: "folder", folder: (await fetching.state()).own_folder, is_on: true }), 200);
  });

  test("only administrators set it, and a paused one looks when it is asked to", async () => {
    const folder = house.place("paused");
    const fetching = await Fetching.begin(house, "paused", { folder });
    const second = await Fetching.begin(house, "paused too");
    for (const shared of [folder, join(folder, "archive")]) assert.deepEqual([400, "/folder"], await second.try_set({ place: "folder", folder: shared }).then(({ status, body }) => [status, body.error?.fields[0]?.path]), "no two sources watch one folder");
    const editor = house.server.api({ token: (await run(["token", "create", "ed", "--role", "editor", "--data", house.folder])).last_word });
    assert.equal((await editor.patch(fetching.path, { is_on: false }, if_match(1))).status, 403);
    await fetching.set({ is_on: false });
    assert.equal((await fetching.state()).next_look_at, null);
    writeFileSync(join(folder, "a.csv"), people("paused", 2));
    wanted(await editor.post(`${fetching.path}/look`), 200);
    await soon(fetching.files, ([file]) => file?.state === "imported", "what was asked for");
    const tracker = wanted(await house.api.post("/api/v1/sources", { name: "site", kind: "tracker" }), 201);
    assert.equal((await house.api.get(`/api/v1/sources/${tracker.id}/fetch`)).status, 409);
    const command = await run(["source", "fetch", "paused", "--every", "15", "--resume", "--data", house.folder]);
    assert.equal(command.code, 0, command.stderr);
    assert.match(command.stdout, /on every 15 min[\s\S]*imported archive a\.csv/);
    writeFileSync(join(folder, "b.csv"), people("command", 2));
    const looked = await run(["source", "fetch", "paused", "--look", "--data", house.folder]);
    assert.match(looked.stdout, /imported archive b\.csv/, looked.stderr);
  });

  test("a kill at any moment loses no file and imports none twice", async () => {
    const folder = house.place("killed"), count = 24, roll = dice(7);
    const fetching = await Fetching.begin(house, "killed", { folder });
    for (let i = 0; i < count; i++) writeFileSync(join(folder, `${i}.csv`), people(`killed-${i}-`, 300));
    for (let kills = 0; kills < 8; kills++) {
      await house.api.post(`${fetching.path}/look`).catch(() => {});
      await sleep(kills === 0 ? 1400 : 150 + roll() * 900);
      await house.server.kill();
      await house.start();
    }
    for (let tries = 0; tries < 5 && (readdirSync(join(folder)).length > 1 || !existsSync(join(folder, "archive"))); tries++) await fetching.look();
    assert.deepEqual(readdirSync(folder), ["archive"]);
    assert.equal(readdirSync(join(folder, "archive")).length, count);
    const files = (await fetching.files()).filter(({ state }) => state === "imported");
    assert.deepEqual(files.map(({ name }) => name).sort(), Array.from({ length: count }, (_, i) => `${i}.csv`).sort(), JSON.stringify(await fetching.files()));
    const finished = (await house.imports("killed")).filter(({ state }) => state === "finished");
    assert.equal(finished.length, count + 1);
    assert.equal(new Set(finished.map(({ upload }) => upload)).size, count + 1);
    const rows = finished.reduce((sum, { counts }) => sum + counts.created, 0);
    assert.equal(rows, count * 300 + 1, "each row once");
  });
}

describe("Watched folders", () => watched_folders(async () => null));
describe("Watched folders, on PostgreSQL", () => {
  let postgres;
  before(async () => (postgres = await Postgres.start()));
  after(() => postgres?.stop());
  watched_folders(async () => postgres.make_database());
});

describe("An HTTPS address", () => {
  const leftovers = new Leftovers();
  let house, web, other, content;
  const answer = (request, response) => {
    const { pathname } = new URL(request.url, "https://x");
    const tag = `"${content.tag}"`;
    if (pathname === "/people.csv") {
      if (content.tag && request.headers["if-none-match"] === tag) return response.writeHead(304).end();
      return response.writeHead(200, content.tag ? { etag: tag } : {}).end(content.text);
    }
    if (pathname === "/secret.csv") {
      const right = `Basic ${Buffer.from("me:correct horse").toString("base64")}`;
      return request.headers.authorization === right ? response.end(people("basic", 3)) : response.writeHead(401).end("go away");
    }
    if (pathname === "/cut.csv") return response.writeHead(200, { "content-length": 1000 }), response.write("name,email\n"), setTimeout(() => response.destroy(), 50);
    if (pathname === "/endless.csv") {
      const more = () => response.write("x".repeat(1 << 16), (error) => error || response.destroyed || setImmediate(more));
      return response.writeHead(200), more();
    }
    const leads = { "/metadata": "https://169.254.169.254/latest/meta-data/", "/mapped": "https://[::ffff:169.254.169.254]/", "/inside": "https://[::1]:1/", "/plain": `http://127.0.0.1:${web.port}/people.csv`, "/file": "file:///etc/passwd", "/round": "/round", "/here": "/people.csv", "/away": `${other?.url}/people.csv` };
    if (leads[pathname]) return response.writeHead(302, { location: leads[pathname] }).end();
    response.writeHead(404).end("no such page");
  };
  before(async () => {
    house = await House.open(leftovers);
    content = { text: people("web", 5), tag: "one" };
    web = await WebServer.start(leftovers, fresh_folder(leftovers), answer);
  });
  after(() => leftovers.run());

  test("is fetched over a certificate that is trusted, and again only when it is new", async () => {
    const fetching = await Fetching.begin(house, "web", { place: "https", url: `${web.url}/people.csv` });
    const look = await fetching.look();
    assert.equal(look.error_code, "fetch.bad_certificate", "an authority that nobody named");
    assert.equal(web.seen.length, 0, "nothing was asked");
    await fetching.set({ ca_certificates: web.authority });
    await fetching.look();
    assert.deepEqual([(await fetching.fate("people.csv")).state, (await fetching.fate("people.csv")).rows_read], ["imported", 5]);
    await fetching.look();
    assert.equal(web.seen.at(-1).headers["if-none-match"], '"one"');
    content.tag = "two";
    await fetching.look();
    assert.equal((await fetching.files()).length, 1, "another tag, the same bytes");
    content = { text: people("web", 6), tag: "" };
    await fetching.look();
    await fetching.look();
    assert.equal((await fetching.files()).length, 2, "new bytes, without a tag, once");
    assert.equal((await house.imports("web")).length, 3);
    content = { text: people("web", 7), tag: "t".repeat(2000) };
    await fetching.look();
    const look_again = await fetching.look();
    assert.deepEqual([look_again.error, web.seen.at(-1).headers["if-none-match"], (await fetching.files()).length], [undefined, undefined, 3], "a tag that is too long is none");
  });

  test("leads on to nothing that this server may not ask", async () => {
    const fetching = await Fetching.begin(house, "leads", { place: "https", url: `${web.url}/here`, ca_certificates: web.authority });
    await fetching.look();
    assert.equal((await fetching.fate("here")).state, "imported", "one step is followed");
    for (const [path, code] of [["/metadata", "fetch.address_refused"], ["/mapped", "fetch.address_refused"], ["/inside", "fetch.address_refused"], ["/plain", "fetch.bad_address"], ["/file", "fetch.bad_address"], ["/round", "fetch.too_many_redirects"], ["/nothing", "fetch.not_there"]]) {
      await fetching.set({ url: web.url + path });
      assert.equal((await fetching.look()).error_code, code, path);
    }
    const { error } = await fetching.state().then(({ last_look }) => last_look);
    assert.ok(!error.includes("no such page"), "what a server says is nobody's business");
  });

  test("gets its user and password, and no other place does", async () => {
    const fetching = await Fetching.begin(house, "basic", { place: "https", url: `${web.url}/secret.csv`, ca_certificates: web.authority, login: "me", password: "wrong" });
    assert.equal((await fetching.look()).error_code, "fetch.login_refused");
    await fetching.set({ password: "correct horse" });
    await fetching.look();
    assert.equal((await fetching.fate("secret.csv")).state, "imported");
    other = await WebServer.start(leftovers, fresh_folder(leftovers), answer);
    await fetching.set({ url: `${web.url}/away`, ca_certificates: web.authority + other.authority });
    await fetching.look();
    assert.ok(web.seen.at(-1).headers.authorization, "it is kept for the same server");
    assert.ok(other.seen.length > 0 && other.seen.every(({ headers }) => !headers.authorization), "and withheld from another");
    await fetching.set({ url: `${other.url}/secret.csv` });
    assert.equal((await fetching.state()).has_password, false, "a new server needs it typed again");
  });

  test("that breaks off or never ends brings nothing", async () => {
    const fetching = await Fetching.begin(house, "cut", { place: "https", url: `${web.url}/cut.csv`, ca_certificates: web.authority });
    assert.equal((await fetching.look()).error_code, "fetch.unreachable");
    await fetching.set({ url: `${web.url}/endless.csv`, size_mb_max: 1 });
    assert.equal((await fetching.look()).error_code, "fetch.too_large");
    assert.deepEqual(await fetching.files(), []);
    assert.ok((await fetching.state()).last_look.failing_since);
  });
});

describe("An SFTP server", () => {
  const leftovers = new Leftovers();
  let house, sftp;
  before(async () => {
    house = await House.open(leftovers);
    sftp = await SftpServer.start(leftovers, fresh_folder(leftovers));
  });
  after(() => leftovers.run());
  const fresh_place = (server, name) => {
    const folder = join(server.files, name);
    mkdirSync(folder);
    return folder;
  };

  test("is looked at with a key, its own is pinned, and what came in is moved", async () => {
    const folder = fresh_place(sftp, "key");
    writeFileSync(join(folder, "people.csv"), people("sftp", 40_000));
    writeFileSync(join(folder, "bad.csv"), "name,email\nAnn,nonsense\n");
    writeFileSync(join(folder, "half.csv.part"), people("half", 2));
    symlinkSync("/etc/passwd", join(folder, "passwd.csv"));
    const fetching = await Fetching.begin(house, "key", sftp.place({ folder, private_key: sftp.key }));
    const look = await fetching.look();
    assert.deepEqual([look.found, look.error], [2, undefined], JSON.stringify(look));
    assert.deepEqual([(await fetching.fate("people.csv")).rows_read, (await fetching.fate("people.csv")).lies], [40_000, "archive"]);
    assert.equal((await fetching.fate("bad.csv")).lies, "error");
    assert.deepEqual(readdirSync(folder).sort(), ["archive", "error", "half.csv.part", "passwd.csv"]);
    assert.deepEqual(readdirSync(join(folder, "error")).sort(), ["bad.csv", "bad.csv.txt"]);
    assert.equal((await fetching.state()).host_key, sftp.fingerprint);
    await fetching.set({ private_key: sftp.locked_key, passphrase: "opens it" });
    assert.equal((await fetching.look()).error_code, undefined);
    await fetching.set({ passphrase: "does not" });
    assert.equal((await fetching.look()).error_code, "fetch.bad_private_key");
  });

  test("that refuses the password says so; the right one is kept and told to nobody", { skip: !is_root && "needs an account whose password is known" }, async () => {
    const folder = fresh_place(sftp, "password");
    writeFileSync(join(folder, "people.csv"), people("password", 3));
    const fetching = await Fetching.begin(house, "password", sftp.place({ folder, password: "wrong horse" }));
    assert.equal((await fetching.look()).error_code, "fetch.login_refused");
    await fetching.set({ password: sftp.password });
    await fetching.look();
    assert.equal((await fetching.fate("people.csv")).state, "imported");
    const state = await fetching.state();
    assert.deepEqual([state.has_password, state.has_private_key], [true, false]);
    assert.ok(!JSON.stringify(state).includes(sftp.password));
    await house.server.stop();
    for (const name of readdirSync(house.folder, { recursive: true })) {
      const path = join(house.folder, name);
      if (!/\.(db|db-wal|log|json)$|^log\/|^audit\//.test(name) || /\/$/.test(name)) continue;
      const bytes = readFileSync(path, { flag: "r" }).toString("latin1");
      for (const secret of [sftp.password, sftp.key.split("\n")[2]]) assert.ok(!bytes.includes(secret), `${name} holds a secret`);
    }
    for (const text of [house.server.told.stdout, house.server.told.stderr]) assert.ok(!text.includes(sftp.password));
    await house.start();
    await fetching.set({ port: sftp.port, host: "localhost" });
    assert.equal((await fetching.state()).has_password, false, "another server needs it typed again");
  });

  test("that shows another key gets nothing until an administrator trusts it", async () => {
    const server = await SftpServer.start(leftovers, fresh_folder(leftovers));
    const folder = fresh_place(server, "renewed");
    const fetching = await Fetching.begin(house, "renewed", server.place({ folder, private_key: server.key }));
    await fetching.look();
    const old = server.fingerprint;
    await server.renew_key();
    writeFileSync(join(folder, "people.csv"), people("renewed", 3));
    assert.equal((await fetching.look()).error_code, "fetch.other_key");
    assert.ok(!/Accepted|Failed/.test(server.log), "it was not even asked to let us in");
    assert.deepEqual([(await fetching.state()).host_key, (await fetching.state()).host_key_offered], [old, server.fingerprint]);
    assert.equal((await house.api.post(`${fetching.path}/trust`, { host_key: old })).status, 409, "only the one that it shows");
    wanted(await house.api.post(`${fetching.path}/trust`, { host_key: server.fingerprint }), 200);
    await fetching.look();
    assert.equal((await fetching.fate("people.csv")).state, "imported");
  });

  test("that refuses to move files is read without any coming twice", async () => {
    const server = await SftpServer.start(leftovers, fresh_folder(leftovers), { denied: "rename,mkdir" });
    const folder = fresh_place(server, "stays");
    const fetching = await Fetching.begin(house, "refuses", server.place({ folder, private_key: server.key }));
    writeFileSync(join(folder, "people.csv"), people("refuses", 3));
    await fetching.look();
    const file = await fetching.fate("people.csv");
    assert.deepEqual([file.state, file.lies], ["imported", "stays"]);
    assert.match(file.reason, /moved/);
    await fetching.look();
    utimesSync(join(folder, "people.csv"), new Date(), new Date(2001, 1, 1));
    await fetching.look();
    assert.deepEqual((await fetching.files()).map(({ state }) => state), ["repeated", "imported"]);
    assert.equal((await house.imports("refuses")).length, 2);
  });

  test("is left alone while a file is being written, and told of when it is gone", async () => {
    const folder = fresh_place(sftp, "grows");
    const fetching = await Fetching.begin(house, "sftp grows", sftp.place({ folder, private_key: sftp.key }));
    writeFileSync(join(folder, "a.csv"), people("slow", 2));
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from("ff2e637376", "hex")]), people("odd", 2)); // a name that is no UTF-8
    for (let i = 0; i < 3; i++) {
      wanted(await house.api.post(`${fetching.path}/look`), 200);
      await soon(fetching.state, ({ is_looking }) => !is_looking);
      assert.deepEqual(await fetching.files(), []);
      appendFileSync(join(folder, "a.csv"), people("slow", 2, 2 + 2 * i).split("\n").slice(1).join("\n"));
    }
    await fetching.look();
    assert.equal((await fetching.fate("a.csv")).state, "imported");
    await fetching.set({ folder: join(folder, "nowhere") });
    assert.equal((await fetching.look()).error_code, "fetch.refused");
    await fetching.set({ port: 1 });
    assert.equal((await fetching.look()).error_code, "fetch.unreachable");
    await fetching.set({ host: "169.254.169.254" });
    assert.equal((await fetching.look()).error_code, "fetch.address_refused");
  });

  test("that is killed away under it, and a server that is killed, lose nothing", async () => {
    const folder = fresh_place(sftp, "killed"), count = 8;
    const fetching = await Fetching.begin(house, "sftp killed", sftp.place({ folder, private_key: sftp.key }));
    for (let i = 0; i < count; i++) writeFileSync(join(folder, `${i}.csv`), people(`sftp-killed-${i}-`, 200));
    for (const pause of [1300, 500, 900, 300]) {
      await house.api.post(`${fetching.path}/look`).catch(() => {});
      await sleep(pause);
      await house.server.kill();
      await house.start();
    }
    for (let tries = 0; tries < 5 && readdirSync(folder).length > 1; tries++) await fetching.look();
    assert.deepEqual(readdirSync(folder), ["archive"]);
    const finished = (await house.imports("sftp killed")).filter(({ state }) => state === "finished");
    assert.deepEqual([finished.length, finished.reduce((sum, { counts }) => sum + counts.created, 0)], [count + 1, count * 200 + 1]);
  });
});
