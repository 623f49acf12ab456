// What people wait for with files: the preview of one of 1 GB, and a million customers and as many events of theirs that come in and are rolled back.
// ONEFOLD_BENCH_ROWS says how many.
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tell, with_server } from "./server.mjs";

const rows = Number(process.env.ONEFOLD_BENCH_ROWS ?? 1_000_000), gigabyte = 1 << 30, part_bytes = 4 << 20;
const program = "node test/bench/files.bench.mjs";
const readable = (number) => number.toLocaleString("en-US");
const percentile = (times, share) => times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))];
const customers = { head: "no,name,email,phone,city\n", line_of: (i) => `C${i},Name ${i},p${i}@example.com,139${String(i % 100_000_000).padStart(8, "0")},City ${i % 300}\n` };
const events = { head: "no,what,at\n", line_of: (i) => `C${i},Came by,2026-${String(1 + (i % 9)).padStart(2, "0")}-01 08:${String(i % 60).padStart(2, "0")}\n` };

/** Writes rows while `goes_on(row, bytes)`. */
function write(file, { head, line_of }, goes_on) {
  const opened = openSync(file, "w");
  let bytes = writeSync(opened, head);
  for (let at = 0; goes_on(at, bytes); at += 10_000) bytes += writeSync(opened, Array.from({ length: 10_000 }, (_, i) => line_of(at + i)).join(""));
  closeSync(opened);
  return file;
}

const folder = mkdtempSync(join(tmpdir(), "onefold-bench-"));
try {
  await with_server({}, async ({ url, token, pid }) => {
    const call = async (method, path, body, type = "application/json") => {
      const answer = await fetch(`${url}/api/v1${path}`, { method, body, headers: { authorization: `Bearer ${token}`, "content-type": type } });
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    };
    const post = (path, body) => call("POST", path, JSON.stringify(body));
    const until_over = async (path) => {
      for (;;) {
        const now = await call("GET", path);
        if (!["waiting", "running"].includes(now.state)) return now;
        await new Promise((done) => setTimeout(done, 50));
      }
    };
    const send = async (file) => {
      const size = statSync(file).size, { id } = await post("/uploads", { name: "people.csv", size });
      const opened = openSync(file), part = Buffer.alloc(part_bytes);
      for (let at = 0; at < size; at += part_bytes) await call("PUT", `/uploads/${id}/bytes/${at}`, part.subarray(0, readSync(opened, part, 0, part_bytes, at)), "application/octet-stream");
      closeSync(opened);
      return id;
    };
    const seconds_of = async (work) => {
      writeFileSync(`/proc/${pid}/clear_refs`, "5"); // VmHWM is from now
      const begun = performance.now(), result = await work();
      const seconds = (performance.now() - begun) / 1000;
      return { result, seconds, most_mib: Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024 };
    };
    const retracted_entries = async () => Number(/^onefold_timeline_retracted_entries (\d+)/m.exec(await (await fetch(`${url}/metrics`)).text())[1]);

    const large = write(join(folder, "large.csv"), customers, (_, bytes) => bytes < gigabyte);
    const { result: upload, seconds: sending } = await seconds_of(() => send(large));
    tell({ what: "a file of 1 GB, sent in parts of 4 MB", value: gigabyte / sending / 1e6, unit: "MB/s", command: program });
    const looks = [];
    for (let round = 0; round < 20; ++round) looks.push((await seconds_of(() => post("/imports/preview", { upload, source: "crm" }))).seconds * 1000);
    tell({ what: "its preview (kinds of columns, what the file is, a map, the first rows), slowest of 20", value: percentile(looks, 1), unit: "ms", limit: { at_most: 2000 }, command: program });
    rmSync(large);

    /** Both ways; `taken_back` tells the roll-back's count of rows. */
    const there_and_back = async (what, of, job, taken_back) => {
      const upload = await send(write(join(folder, "rows.csv"), of, (at) => at < rows));
      const taken = await seconds_of(async () => until_over(`/imports/${(await post("/imports", { upload, source: "crm", ...job })).id}`));
      if (taken.result.counts.created !== rows) throw new Error(JSON.stringify(taken.result));
      tell({ what: `import of ${readable(rows)} ${what}, as the web page does it`, value: rows / taken.seconds, unit: "rows/s", command: program });
      tell({ what: "the server's memory meanwhile, at most", value: taken.most_mib, unit: "MiB", command: "VmHWM" });
      return async () => {
        const path = `/imports/${taken.result.id}/rollback`;
        const back = await seconds_of(async () => (await post(path, {}), until_over(path)));
        if (back.result.state !== "finished" || taken_back(back.result) !== rows) throw new Error(JSON.stringify(back.result));
        tell({ what: `the import of ${readable(rows)} ${what} rolled back`, value: back.seconds, unit: "s", command: program });
        tell({ what: "likewise, by rows", value: rows / back.seconds, unit: "rows/s", command: program });
        tell({ what: "the server's memory meanwhile, at most", value: back.most_mib, unit: "MiB", command: "VmHWM" });
      };
    };
    const fields = { identifiers: { no: "member_no", email: "email", phone: "phone" }, fields: { name: "name", city: "city" } };
    const roll_customers_back = await there_and_back("new customers", customers, { as: "customer", map: fields }, ({ customers_gone }) => customers_gone);
    const map = { identifiers: { no: "member_no" }, event: { name: "what", time: "at" } };
    const roll_events_back = await there_and_back("events of theirs", events, { as: "event", map }, ({ events }) => events.goes);
    await roll_events_back();
    const left_out = await seconds_of(async () => {
      while ((await retracted_entries()) > 0) await new Promise((done) => setTimeout(done, 50));
    });
    tell({ what: "behind it, until the timeline's runs are written anew without them", value: left_out.seconds, unit: "s", command: program });
    tell({ what: "the server's memory meanwhile, at most", value: left_out.most_mib, unit: "MiB", command: "VmHWM" });
    await roll_customers_back();
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
