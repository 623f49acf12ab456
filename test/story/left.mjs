// Data folders that earlier versions left in fixtures/, opened anew.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { fresh_folder } from "./onefold.mjs";

export const names_of_left = readdirSync("fixtures").filter((name) => name.endsWith(".tar.gz")).map((name) => name.slice(0, -".tar.gz".length)).sort();
export const figures_of = (name) => JSON.parse(readFileSync(join("fixtures", `${name}.json`), "utf8"));
/** All that its version said of it; undefined of the first, which was not asked. */
export function said_by(name) {
  const file = join("fixtures", `${name}.said.json.gz`);
  return existsSync(file) ? JSON.parse(gunzipSync(readFileSync(file))) : undefined;
}

/** The folder as it was left, and `sql` to ask and change its database by, which no server has open: text → lines of a|b|c. `postgres` is where it stands, if not in the folder. */
export function unpack(t, name, postgres) {
  const folder = fresh_folder(t);
  execFileSync("tar", ["-xzf", join("fixtures", `${name}.tar.gz`), "-C", folder, "--no-same-owner"]);
  const dump = join(folder, "database.sql");
  if (!existsSync(dump)) return { folder, sql: (text) => execFileSync("sqlite3", [join(folder, "main.db"), text], { encoding: "utf8" }).trim().split("\n") };
  const url = postgres.make_database();
  const database = /\/\/\/(\w+)/.exec(url)[1];
  postgres.load(database, dump);
  rmSync(dump);
  writeFileSync(join(folder, "settings.json"), JSON.stringify({ database: url }));
  return { folder, sql: (text) => postgres.ask(database, text).split("\n") };
}
