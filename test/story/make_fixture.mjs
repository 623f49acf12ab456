// script/fixture: a small data folder as the program under test leaves it, and what it says of everything in it.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Leftovers, Server, Tracker, dice, fresh_folder, run, sleep } from "./onefold.mjs";
import { Postgres } from "./postgres.mjs";
import { said_of } from "./said.mjs";

const [name, ...words] = process.argv.slice(2);
if (!name) throw new Error("usage: script/fixture NAME [--postgres] [--plain]");
const is_plain = words.includes("--plain"); // none of the messages that versions before orders out of events did not know
const leftovers = new Leftovers();
const folder = fresh_folder(leftovers), files = fresh_folder(leftovers), data = ["--data", folder];
const postgres = words.includes("--postgres") ? await Postgres.start() : null;
const database = postgres?.make_database();

async function done(...command) {
  const { code, stdout, stderr, last_word } = await run(command);
  if (code !== 0) throw new Error(`${command.join(" ")}: ${stdout}${stderr}`);
  return last_word;
}

/** Visitors who sign in, share browsers, buy, and belong to companies. */
function messages() {
  const random = dice(7), pick = (most) => Math.floor(random() * most);
  return Array.from({ length: 400 }, (_, i) => {
    const user = pick(20), day = 1 + pick(60);
    const said = { messageId: `m-${i}`, timestamp: new Date(Date.UTC(2026, 0, day, pick(24), pick(60))).toISOString() };
    const who = { userId: `u-${user}`, ...(pick(2) === 0 && { anonymousId: `b-${user}` }) };
    const plain = [
      { type: "identify", ...who, traits: { name: `Name ${user} ${pick(4)}`, ...(pick(2) && { email: `e${user % 12}@example.com` }), city: ["Leeds", "York", "杭州"][pick(3)] } },
      { type: "track", ...who, event: "Looked", properties: { product: `p-${pick(9)}`, price: pick(100) } },
      { type: "page", anonymousId: `b-${user}`, name: "Home", properties: { path: `/${pick(5)}` } },
    ];
    const later = [
      { type: "track", ...who, event: "Order Completed", properties: { order_id: `O-${i}`, total: pick(100), currency: "CNY" } },
      { type: "group", ...who, groupId: `g-${user % 4}`, traits: { name: `Works ${user % 4}`, role: "buyer" } },
      { type: "alias", userId: who.userId, previousId: `old-${user}` },
    ];
    const kinds = is_plain ? plain : [...plain, ...later];
    return { ...kinds[pick(kinds.length)], ...said };
  });
}

const server = await Server.start(folder, database ? ["--database", database] : []);
await done("demo-tea", "--files", files, "--customers", "30", "--seed", "7");
for (const [file, kind, source] of [["customers", "customer", "crm"], ["orders", "order", "shop"], ["tickets", "ticket", "helpdesk"], ["events", "event", "website"]])
  await done("import", join(files, `${file}.csv`), "--as", kind, "--source", source, "--map", join(files, `${file}.map.json`), ...data);
const write_key = await done("source", "create", "web", "--kind", "api", ...data);
const token = await done("token", "create", "fixture", ...data);
const tracker = new Tracker(server.api(), write_key), sent = messages();
let last;
for (let at = 0; at < sent.length; at += 50) last = await tracker.send("batch", { batch: sent.slice(at, at + 50) });
if (last.status !== 200) throw new Error(JSON.stringify(last.body));
const api = server.api({ token });
await api.get("/api/v1/customers", { "onefold-min-position": last.headers["onefold-position"] });
await sleep(3000); // until what is written behind is written
const said = await said_of(api);
if ((await server.stop()).code !== 0) throw new Error("the server did not end cleanly");
if (postgres) {
  writeFileSync(join(folder, "database.sql"), postgres.dump(database));
  await postgres.stop();
}
mkdirSync("fixtures", { recursive: true });
const figures = { token, write_key, database: postgres ? "PostgreSQL" : "SQLite", customers: said.customers.length, orders: said.orders.length, events: said.customers.reduce((sum, { computed }) => sum + computed.event_count, 0) };
writeFileSync(join("fixtures", `${name}.said.json.gz`), gzipSync(JSON.stringify({ ...said, messages: sent }), { level: 9 }));
writeFileSync(join("fixtures", `${name}.json`), `${JSON.stringify(figures, null, 2)}\n`);
execFileSync("tar", ["--sparse", "--sort=name", "--exclude=*.sock", "--exclude=columns*", "--owner=0", "--group=0", "-C", folder, "-czf", join("fixtures", `${name}.tar.gz`), "."]);
console.log(JSON.stringify(figures));
await leftovers.run();
