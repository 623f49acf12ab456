// The real program in a test's hands: folders, servers, commands and calls. Whatever is started here ends with the test process at the latest.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The program under test: build/onefold, or what the variable ONEFOLD names. */
export const program = resolve(process.env.ONEFOLD ?? "build/onefold");

const ready_within_ms = 5_000;
const command_ends_within_ms = 300_000;
const english = { LANG: "C.UTF-8", LC_ALL: "", LC_MESSAGES: "" };

const running = new Map(); // child → {words, ended}
process.on("exit", () => [...running.keys()].forEach((child) => child.kill("SIGKILL")));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

function start(words, environment, through = []) {
  const [command, ...before] = [...through, program];
  const child = spawn(command, [...before, ...words], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...english, ...environment } });
  const told = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) child[name].setEncoding("utf8").on("data", (text) => (told[name] += text));
  const ended = new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (code, signal) => (running.delete(child), done({ code, signal })));
  });
  running.set(child, { words, ended });
  return { child, told, ended };
}

/** An empty folder that goes when the test (or suite) `t` is over; a server that is still on it is stopped first. */
export function fresh_folder(t) {
  const folder = mkdtempSync(join(tmpdir(), "onefold-story-"));
  t.after(async () => {
    for (const [child, { words, ended }] of running)
      if (words.includes(folder)) {
        child.kill("SIGTERM");
        await ended;
      }
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Stands in for a test where there is none, as in a `before`: what was asked for by `after` is done by `run`, the last first. */
export class Leftovers {
  #works = [];
  after = (work) => this.#works.unshift(work);
  async run() {
    for (const work of this.#works.splice(0)) await work();
  }
}

/** Runs one command to its end: {code, stdout, stderr, last_word, last_line}. `last_word` is the key or token that was made. */
export async function run(words, environment = {}) {
  const { child, told, ended } = start(words, environment);
  const alarm = setTimeout(() => child.kill("SIGKILL"), command_ends_within_ms);
  const { code } = await ended;
  clearTimeout(alarm);
  const last_line = told.stdout.trim().split("\n").at(-1);
  return { code, ...told, last_line, last_word: last_line.split(/\s+/).at(-1) };
}

/** One server on its folder, on a free port of loopback. */
export class Server {
  /** Resolves when the server is ready, at most 5 s after its start; a server that ends instead rejects with what it said. `through`: a command that runs it. */
  static async start(folder, words = [], environment = {}, through = []) {
    const server = new Server(folder);
    Object.assign(server, start(["serve", "--data", folder, "--listen", "127.0.0.1:0", ...words], environment, through));
    server.ended.then(() => (server.is_over = true));
    const deadline = Date.now() + ready_within_ms;
    while (!(await server.is_ready())) {
      if (server.is_over) throw new Error(`the server ended: ${server.told.stderr}`);
      if (Date.now() > deadline) {
        await server.kill();
        throw new Error(`the server was not ready within ${ready_within_ms} ms: ${server.told.stdout}${server.told.stderr}`);
      }
      await sleep(10);
    }
    return server;
  }

  constructor(folder) {
    this.folder = folder;
    this.is_over = false;
  }

  async is_ready() {
    this.url ??= /https?:\/\/[\d.]+:\d+(?=\n)/.exec(this.told.stdout)?.[0];
    if (!this.url) return false;
    const answer = await this.api().get("/readyz").catch(() => null);
    return answer?.status === 200;
  }

  /** The single-use token of the printed set-up link; undefined where none was printed. */
  get setup_token() {
    return /\/setup#token=(\S+)/.exec(this.told.stdout)?.[1];
  }

  /** Calls over the network; `credentials`: {token} or {cookie}. */
  api(credentials = {}) {
    const { hostname, port } = new URL(this.url);
    return new Api({ hostname, port }, credentials);
  }

  /** Calls over the folder's unix socket, as commands of this host make them. */
  local_api() {
    return new Api({ socketPath: join(this.folder, "onefold.sock") }, {});
  }

  /** A clean stop; resolves to {code, signal}. */
  async stop() {
    if (!this.is_over) this.child.kill("SIGTERM");
    return this.ended;
  }

  /** Pulls the plug. */
  async kill() {
    if (!this.is_over) this.child.kill("SIGKILL");
    return this.ended;
  }
}

/** JSON calls to one place: every method resolves to {status, headers, body}, and rejects where no answer came. */
export class Api {
  constructor(place, { token, cookie } = {}) {
    this.place = place;
    this.agent = new Agent({ keepAlive: true, maxSockets: 8 });
    this.headers = { ...(token && { authorization: `Bearer ${token}` }), ...(cookie && { cookie, "sec-fetch-site": "same-origin" }) };
  }

  get = (path, headers) => this.send("GET", path, undefined, headers);
  post = (path, body, headers) => this.send("POST", path, body, headers);
  patch = (path, body, headers) => this.send("PATCH", path, body, headers);
  delete = (path, headers) => this.send("DELETE", path, undefined, headers);

  /** `body` goes out as JSON; a string or a Buffer as it is. A stream of events is left once it begins. */
  send(method, path, body, headers = {}) {
    const bytes = body === undefined || typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const sent = { ...(bytes !== undefined && { "content-type": "application/json", "content-length": Buffer.byteLength(bytes) }), ...this.headers, ...headers };
    return new Promise((done, failed) => {
      const call = request({ ...this.place, agent: this.agent, method, path, headers: sent, timeout: 60_000 }, (answer) => {
        if (answer.headers["content-type"] === "text/event-stream") return done({ status: answer.statusCode, headers: answer.headers, body: "" }), answer.destroy();
        const parts = [];
        answer.on("data", (part) => parts.push(part));
        answer.on("error", failed);
        answer.on("end", () => done({ status: answer.statusCode, headers: answer.headers, body: read_body(answer, Buffer.concat(parts).toString()) }));
      });
      call.on("timeout", () => call.destroy(new Error(`no answer to ${method} ${path} within 60 s`)));
      call.on("error", failed);
      call.end(bytes);
    });
  }

  /** Every item of a list, page by page. */
  async all(path, headers) {
    const items = [];
    for (let after = ""; after !== null; ) {
      const page = await this.get(path + (after && `${path.includes("?") ? "&" : "?"}after=${encodeURIComponent(after)}`), headers);
      if (page.status !== 200) throw new Error(`GET ${path}: ${page.status} ${JSON.stringify(page.body)}`);
      items.push(...page.body.items);
      after = page.body.next;
    }
    return items;
  }

  /** The only customer with this identifier. */
  async customer(identifier, headers) {
    const { status, body } = await this.get(`/api/v1/customers?identifier=${encodeURIComponent(identifier)}`, headers);
    if (status !== 200 || body.items.length !== 1) throw new Error(`${identifier}: ${status} ${JSON.stringify(body)}`);
    return body.items[0];
  }
}

function read_body(answer, text) {
  return /^application\/json\b/.test(answer.headers["content-type"] ?? "") ? JSON.parse(text) : text;
}

/** Sends what trackers send, with a source's write key. */
export class Tracker {
  constructor(api, write_key) {
    this.api = api;
    this.headers = { authorization: `Basic ${Buffer.from(`${write_key}:`).toString("base64")}` };
  }
  send = (call, message) => this.api.post(`/v1/${call}`, message, this.headers);
}

/** The header that lets a read wait until `answer`'s write can be seen. */
export const seeing = (answer) => ({ "onefold-min-position": answer.headers["onefold-position"] });

/** The counts that an import prints last. */
export const counts_of = (command) => JSON.parse(command.last_line);

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Numbers from 0 up to, not including, 1 that follow from `seed` (mulberry32). */
export function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
