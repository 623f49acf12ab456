// Where files are fetched from, in a test's hands: a real sshd and a real HTTPS server, both on loopback.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { createServer as listen } from "node:net";
import { join } from "node:path";
import { userInfo } from "node:os";
import { sleep } from "./onefold.mjs";

export const is_root = process.getuid() === 0;

const free_port = () =>
  new Promise((done) => {
    const server = listen().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

const make_key = (path, ...words) => execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "test", ...words, "-f", path]);
const fingerprint_of = (path) => execFileSync("ssh-keygen", ["-lf", `${path}.pub`]).toString().split(" ")[1];

// sshd wants a folder in /run, and looks passwords up in /etc/shadow: it gets both of its own, which nobody else sees.
const root_script = `
mount -t tmpfs tmpfs /run && mkdir /run/sshd && mount --bind "$0/shadow" /etc/shadow && exec "$@"
`;

/** An SFTP server in `folder`: signs in `login` by `key` and, where the tests run as root, by `password`. */
export class SftpServer {
  static async start(t, folder, { denied = "" } = {}) {
    const server = new SftpServer();
    Object.assign(server, { folder, denied, login: userInfo().username, password: "correct horse", files: join(folder, "files"), port: await free_port() });
    mkdirSync(server.files);
    make_key(join(folder, "user_key"));
    server.key = readFileSync(join(folder, "user_key"), "utf8");
    execFileSync("ssh-keygen", ["-q", "-p", "-N", "opens it", "-f", join(folder, "user_key")]);
    server.locked_key = readFileSync(join(folder, "user_key"), "utf8");
    if (is_root) {
      const hash = execFileSync("openssl", ["passwd", "-6", server.password]).toString().trim();
      const shadow = readFileSync("/etc/shadow", "utf8").split("\n").map((line) => (line.startsWith(`${server.login}:`) ? `${server.login}:${hash}:19000:0:99999:7:::` : line));
      writeFileSync(join(folder, "shadow"), shadow.join("\n"), { mode: 0o600 });
    }
    t.after(() => server.stop());
    await server.renew_key();
    return server;
  }

  /** Begins, or begins again with another host key. */
  async renew_key() {
    await this.stop();
    const key = join(this.folder, `host_key_${(this.keys = (this.keys ?? 0) + 1)}`);
    make_key(key);
    this.fingerprint = fingerprint_of(key);
    const lines = [
      `Port ${this.port}`, "ListenAddress 127.0.0.1", `HostKey ${key}`, "PidFile none", `AuthorizedKeysFile ${join(this.folder, "user_key.pub")}`, "StrictModes no", "UsePAM no",
      "PermitRootLogin yes", "PasswordAuthentication yes", "KbdInteractiveAuthentication no", "MaxStartups 100", `Subsystem sftp internal-sftp${this.denied && ` -P ${this.denied}`}`,
    ];
    const config = join(this.folder, "sshd_config");
    writeFileSync(config, lines.join("\n") + "\n");
    const words = ["/usr/sbin/sshd", "-D", "-e", "-f", config];
    this.log = "";
    this.child = is_root ? spawn("unshare", ["-m", "sh", "-c", root_script, this.folder, ...words]) : spawn(words[0], words.slice(1));
    this.child.stderr.on("data", (text) => (this.log += text));
    this.ended = new Promise((done) => this.child.on("close", done));
    for (const deadline = Date.now() + 10_000; !this.log.includes("Server listening"); await sleep(20))
      if (Date.now() > deadline) throw new Error(`sshd did not start: ${this.log}`);
  }

  async stop() {
    this.child?.kill("SIGTERM");
    await this.ended;
  }

  place(more = {}) {
    return { place: "sftp", host: "127.0.0.1", port: this.port, login: this.login, folder: this.files, ...more };
  }
}

/** An HTTPS server of an own authority; `answer(request, response)` answers. */
export class WebServer {
  static async start(t, folder, answer) {
    const server = new WebServer();
    const openssl = (...words) => execFileSync("openssl", words, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "30", "-subj", "/CN=Own authority");
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "web.key", "-out", "web.csr", "-subj", "/CN=localhost");
    writeFileSync(join(folder, "san"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
    openssl("x509", "-req", "-in", "web.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30", "-extfile", "san", "-out", "web.pem");
    const read = (name) => readFileSync(join(folder, name), "utf8");
    server.authority = read("ca.pem");
    server.seen = []; // {path, headers} of each request
    server.web = createServer({ key: read("web.key"), cert: read("web.pem") }, (request, response) => {
      server.seen.push({ path: request.url, headers: request.headers });
      answer(request, response);
    });
    await new Promise((done) => server.web.listen(0, "127.0.0.1", done));
    server.port = server.web.address().port;
    server.url = `https://127.0.0.1:${server.port}`;
    t.after(() => {
      server.web.closeAllConnections();
      return new Promise((done) => server.web.close(done));
    });
    return server;
  }
}
