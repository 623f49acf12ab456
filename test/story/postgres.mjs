// A PostgreSQL 15 of the test's own: in a fresh folder, reached by a socket there, gone with the test process. Where it cannot run, the test fails.
import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { sleep } from "./onefold.mjs";

const programs = "/usr/lib/postgresql/15/bin";

// $0: the folder, $1: the programs, the rest: how to become an account that may run them, since initdb refuses root.
// Its input ends when the test process does.
const guard_script = `
trap '' INT TERM HUP
folder=$0; programs=$1; shift
"$@" "$programs/initdb" -D "$folder/data" -U postgres -A trust --no-sync -E UTF8 --locale=C.UTF-8 >"$folder/initdb.log" 2>&1 </dev/null || touch "$folder/failed"
"$@" "$programs/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c fsync=off -c full_page_writes=off >"$folder/server.log" 2>&1 </dev/null &
server=$!
read ignored
kill -QUIT $server
wait $server
`;

export class Postgres {
  static async start() {
    if (!existsSync(`${programs}/postgres`)) throw new Error(`These tests need PostgreSQL 15: no ${programs}/postgres`);
    const postgres = new Postgres();
    const become = process.getuid() === 0 ? ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"] : ["env"];
    postgres.folder = mkdtempSync(join(tmpdir(), "onefold-pg-"));
    if (process.getuid() === 0) chownSync(postgres.folder, id_of("-u"), id_of("-g"));
    postgres.guard = spawn("/bin/sh", ["-c", guard_script, postgres.folder, programs, ...become], { stdio: ["pipe", "ignore", "inherit"] });
    postgres.ended = new Promise((done) => postgres.guard.on("exit", done));
    for (const deadline = Date.now() + 60_000; !postgres.is_ready(); await sleep(50))
      if (existsSync(join(postgres.folder, "failed")) || Date.now() > deadline) {
        const why = ["initdb.log", "server.log"].map((name) => join(postgres.folder, name)).filter(existsSync).map((file) => readFileSync(file, "utf8"));
        await postgres.stop();
        throw new Error(`PostgreSQL 15 did not start:\n${why.join("")}`);
      }
    return postgres;
  }

  is_ready() {
    try {
      this.ask("postgres", "SELECT 1");
      return true;
    } catch {
      return false;
    }
  }

  /** What psql prints for one statement. */
  ask(database, sql) {
    return execFileSync(`${programs}/psql`, ["-h", this.folder, "-U", "postgres", "-d", database, "-XqAt", "-c", sql], { stdio: ["ignore", "pipe", "ignore"] }).toString().trim();
  }

  /** Runs the statements of a file, such as pg_dump writes. */
  load(database, file) {
    execFileSync(`${programs}/psql`, ["-h", this.folder, "-U", "postgres", "-d", database, "-Xq", "-v", "ON_ERROR_STOP=1", "-1"], { stdio: [openSync(file), "ignore", "inherit"] });
  }

  /** What pg_dump writes of a database, by its URL. */
  dump(url) {
    return execFileSync(`${programs}/pg_dump`, ["-h", this.folder, "-U", "postgres", "--no-owner", "--inserts", "--rows-per-insert=100", /\/\/\/(\w+)/.exec(url)[1]], { maxBuffer: 1 << 28 });
  }

  /** The URL of a new, empty database. */
  make_database() {
    this.databases_made = (this.databases_made ?? 0) + 1;
    const name = `story${this.databases_made}`;
    this.ask("postgres", `CREATE DATABASE ${name}`);
    return `postgres:///${name}?host=${this.folder}&user=postgres`;
  }

  async stop() {
    this.guard.stdin.end();
    await this.ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** For a file whose tests run on both databases. `words_of(name)`: by which a server takes a database of its own. */
export function both_databases() {
  let postgres;
  before(async () => (postgres = await Postgres.start()));
  after(() => postgres?.stop());
  return { names: ["SQLite", "PostgreSQL"], words_of: (name) => (name === "PostgreSQL" ? ["--database", postgres.make_database()] : []) };
}

const id_of = (flag) => Number(execFileSync("id", [flag, "postgres"]).toString());
