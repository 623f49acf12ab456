// A file of customers (number, name, e-mail, phone, city) into a folder that knows a million: new ones, and those that are known. ONEFOLD_BENCH_CUSTOMERS says how many are there before.
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tell, with_server } from "./server.mjs";

const before = Number(process.env.ONEFOLD_BENCH_CUSTOMERS ?? 1_000_000), more = Math.min(100_000, before);
const readable = (number) => number.toLocaleString("en-US");
const scattered = (i) => (i * 7919) % 5_000_011; // as numbers of people who did not come in order

function write_rows(file, from, count) {
  const opened = openSync(file, "w");
  writeSync(opened, "no,name,email,phone,city\n");
  for (let at = from; at < from + count; at += 10_000) {
    const lines = Array.from({ length: Math.min(10_000, from + count - at) }, (_, i) => scattered(at + i)).map((k) => `C${k},Name ${k},p${k}@example.com,139${String(k).padStart(8, "0")},City ${k % 300}\n`);
    writeSync(opened, lines.join(""));
  }
  closeSync(opened);
  return file;
}

const files = mkdtempSync(join(tmpdir(), "onefold-bench-"));
try {
  const map = join(files, "map.json");
  writeFileSync(map, JSON.stringify({ identifiers: { no: "member_no", email: "email", phone: "phone" }, fields: { name: "name", city: "city" } }));
  await with_server({}, async ({ command, pid }) => {
    const resident_mib = () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
    const take = async (from, count) => {
      const file = write_rows(join(files, "rows.csv"), from, count), begun = performance.now();
      const counts = JSON.parse((await command("import", file, "--as", "customer", "--source", "crm", "--map", map)).split("\n").at(-1));
      return { counts, rows_per_s: count / ((performance.now() - begun) / 1000) };
    };
    const words = "onefold import rows.csv --as customer --source crm --map map.json";
    const report = (what, value) => tell({ what, value, unit: "rows/s", limit: { at_least: 8_000 }, command: words });
    report(`import of ${readable(before)} new customers, until all is visible`, (await take(0, before)).rows_per_s);
    const memory = resident_mib();
    const news = await take(before, more);
    if (news.counts.created !== more) throw new Error(JSON.stringify(news.counts));
    report(`import of ${readable(more)} more customers into ${readable(before)}`, news.rows_per_s);
    const known = await take(before, more);
    if (known.counts.created !== 0) throw new Error(JSON.stringify(known.counts));
    report(`import of the same ${readable(more)} once more`, known.rows_per_s);
    tell({ what: `memory at ${readable(before)} customers of files`, value: memory, unit: "MiB", command: "VmRSS" });
  });
} finally {
  rmSync(files, { recursive: true, force: true });
}
