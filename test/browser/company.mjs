// Real data, brought in once by the real import: a generated company, and Online Retail where it is at hand.
import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { read_csv } from "../story/csv.mjs";
import { run } from "../story/onefold.mjs";

const retail = "../shared/data/retail-online-uci/online_retail.csv.gz";
export const has_retail = existsSync(retail);

const parts = [["customers", "customer", "crm"], ["orders", "order", "shop"], ["tickets", "ticket", "desk"], ["events", "event", "website"]];

/** Writes the generated company's files, and one with rows that fail. */
export async function write_files(files) {
  assert.equal((await run(["demo-tea", "--files", files])).code, 0);
  const map = { identifiers: { phone: "phone" }, order: { number: "no", time: "at", currency: "currency", lines: { sku: "sku", quantity: "n", price: "price" } } };
  writeFileSync(join(files, "market.map.json"), JSON.stringify(map));
  writeFileSync(join(files, "market.csv"), ["no,at,phone,sku,n,price,currency", "M1,2026-08-01T10:00:00Z,+8615410001134,cup,2,15,USD", "M2,yesterday,+8615410001134,cup,1,15,USD", "M3,2026-08-01T10:00:00Z,+8615410001134,cup,many,15,USD", ""].join("\n"));
}

const commands_on = (folder) => async (allowed, ...words) => {
  const done = await run([...words, "--data", folder]);
  assert.ok(allowed.includes(done.code), `${words.join(" ")}: ${done.stderr}${done.stdout}`);
  return done.last_word;
};

/** Imports the generated company. */
export async function import_files(folder, files) {
  const command = commands_on(folder);
  for (const [name, kind, source] of parts) await command([0], "import", join(files, `${name}.csv`), "--as", kind, "--source", source, "--map", join(files, `${name}.map.json`));
}

/** Imports everything; resolves to {write_key, token}. */
export async function fill(folder, files, { is_large }) {
  const command = commands_on(folder);
  const write_key = await command([0], "source", "create", "visits", "--kind", "tracker");
  const token = await command([0], "token", "create", "browser test");
  await import_files(folder, files);
  await command([1], "import", join(files, "market.csv"), "--as", "order", "--source", "market", "--map", join(files, "market.map.json"));
  if (is_large && has_retail) {
    await command([0], "source", "create", "till", "--kind", "file", "--zone", "Europe/London", "--currency", "GBP");
    await command([0], "import", retail, "--as", "order", "--source", "till", "--map", "demo/maps/retail.json");
  }
  return { write_key, token };
}

export const copy_folder = (from, to) => cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith(".sock") });

/** Values with Chinese characters in the files, the longest first. */
export function data_words_of(files) {
  const cells = parts.flatMap(([name]) => read_csv(readFileSync(join(files, `${name}.csv`), "utf8")).flatMap((row) => Object.values(row)));
  return [...new Set(cells.filter((cell) => /\p{Script=Han}/u.test(cell)))].sort((a, b) => b.length - a.length);
}
