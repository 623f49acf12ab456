// A million customers for the list: most out of a file of customers, the others out of what a site sent; a part of them bought something.
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "./server.mjs";

const scattered = (i) => (i * 7919) % 5_000_011; // as numbers of people who did not come in order
const day = (k) => new Date(Date.UTC(2024, 0, 1) + (k % 900) * 86_400_000 + (k % 86_399) * 1000).toISOString().slice(0, 19) + "Z";

// A city of 300 is everybody's third, the others have few; a company has a handful of people.
const city_of = (k) => `City ${k % 3 === 0 ? 0 : k % 300}`;
export const person = (k) => ({ no: `C${k}`, name: `Name ${k}`, email: `p${k}@example.com`, phone: `139${String(k).padStart(8, "0")}`, city: city_of(k), company: `Company ${k % 40_009}`, gender: k % 2 ? "female" : "male" });

function write(file, head, count, row) {
  const opened = openSync(file, "w");
  writeSync(opened, `${head.join(",")}\n`);
  for (let at = 0; at < count; at += 10_000) writeSync(opened, Array.from({ length: Math.min(10_000, count - at) }, (_, i) => `${row(at + i).join(",")}\n`).join(""));
  closeSync(opened);
  return file;
}

async function until_visible(url) {
  for (;;) {
    const text = await (await fetch(`${url}/metrics`)).text();
    const figure = (name) => Number(new RegExp(`^onefold_${name} (\\d+)`, "m").exec(text)[1]);
    if (figure("visible_position") >= figure("log_end_position")) return;
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** Fills a served, empty folder with `count` customers. */
export async function fill({ url, port, command }, count) {
  const files = mkdtempSync(join(tmpdir(), "onefold-bench-")), of_files = Math.round(count * 0.7), of_site = count - of_files;
  try {
    const map = (name, what) => (writeFileSync(join(files, `${name}.json`), JSON.stringify(what)), join(files, `${name}.json`));
    const head = Object.keys(person(0));
    const people = write(join(files, "people.csv"), head, of_files, (i) => Object.values(person(scattered(i))));
    await command("import", people, "--as", "customer", "--source", "crm", "--map", map("people", { identifiers: { no: "member_no", email: "email", phone: "phone" }, fields: { name: "name", city: "city", company: "company", gender: "gender" } }));
    const orders = write(join(files, "orders.csv"), ["order", "at", "email", "sku", "n", "price"], Math.round(count * 0.3), (i) => [`O${i}`, day(i * 31), `p${scattered((i * 17) % Math.round(of_files * 0.3))}@example.com`, `S${i % 500}`, 1 + (i % 3), 10 + (i % 900)]);
    await command("import", orders, "--as", "order", "--source", "shop", "--map", map("orders", { identifiers: { email: "email" }, order: { number: "order", time: "at", lines: { sku: "sku", quantity: "n", price: "price" } } }));
    const key = (await command("source", "create", "site", "--kind", "api")).split(/\s+/).at(-1);
    await load("ingest", { port, key, batch: 50, crowd: of_site, first: 0, prefix: "c", connections: 8, seconds: 900, requests: Math.ceil(of_site / 50) });
    await until_visible(url);
  } finally {
    rmSync(files, { recursive: true, force: true });
  }
}
