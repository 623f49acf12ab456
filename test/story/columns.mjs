// The columns of a served folder: what they tell, when they are done, and how their file is harmed.
import assert from "node:assert/strict";
import { closeSync, openSync, readFileSync, readSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { sleep } from "./onefold.mjs";

export const live = (folder) => join(folder, "columns", "columns.duckdb");
export const end_of = async (api) => Number(/onefold_log_end_position (\d+)/.exec((await api.get("/metrics")).body)[1]);

export async function columns_of(api) {
  const { status, body } = await api.get("/api/v1/columns");
  assert.equal(status, 200);
  return body;
}

/** Waits until the columns have taken up everything. */
export async function settled(api, position) {
  for (let i = 0; i < 600; ++i) {
    const columns = await columns_of(api);
    if (columns.state === "following" && columns.has_all_customers && Number(columns.position) >= Number(position)) return columns;
    await sleep(50);
  }
  assert.fail(`the columns do not come up: ${JSON.stringify(await columns_of(api))}`);
}

/** What the catalogue tells of every event: counts, spans, and each property's types with their counts and examples. */
export async function figures(api) {
  const items = await api.all("/api/v1/event_types?limit=2");
  const details = [];
  for (const { id } of items) {
    const { status, body } = await api.get(`/api/v1/event_types/${id}`);
    assert.equal(status, 200, JSON.stringify(body));
    details.push(body);
  }
  return { items, details };
}

export function flip(file, from, count) {
  const handle = openSync(file, "r+");
  const bytes = Buffer.alloc(count);
  const length = readSync(handle, bytes, 0, count, from);
  for (let i = 0; i < length; ++i) bytes[i] ^= 0x5a;
  writeSync(handle, bytes, 0, length, from);
  closeSync(handle);
}

/** What may become of the file while nothing runs. */
export const harms = {
  gone: (folder) => rmSync(live(folder)),
  cut: (folder, random) => truncateSync(live(folder), Math.floor(statSync(live(folder)).size * random())),
  "cut to nothing": (folder) => truncateSync(live(folder), 0),
  "flipped in its head": (folder, random) => flip(live(folder), 8 + Math.floor(random() * 3 * 4096), 64),
  flipped: (folder, random) => flip(live(folder), Math.floor(statSync(live(folder)).size * random()), 20_000),
  "with a log of other things": (folder, random) => writeFileSync(`${live(folder)}.wal`, Buffer.from(Array.from({ length: 50_000 }, () => Math.floor(random() * 256)))),
  "a folder of other things": (folder) => writeFileSync(live(folder), readFileSync(join(folder, "main.db"))),
};
/** And of its log, after kill -9: in its beginning, since damage in the last commit would be taken for an unfinished end. */
export function break_log(folder) {
  const log = `${live(folder)}.wal`;
  assert.ok(statSync(log).size > 0, "there is something to replay");
  flip(log, 512, 400);
}
