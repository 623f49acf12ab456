// A shop's website with the tracker on it, and the way from there to the server, which a test may watch and break.
import { createServer, request } from "node:http";

const listening = (server) => new Promise((done) => server.listen(0, "127.0.0.1", () => done(server.address().port)));
const close = (server) => new Promise((done) => (server.close(done), server.closeAllConnections()));

function body_of(stream) {
  return new Promise((done, failed) => {
    const parts = [];
    stream.on("data", (part) => parts.push(part)).on("error", failed).on("end", () => done(Buffer.concat(parts)));
  });
}

/** Passes everything on to the server: `open`. `closed` lets nothing through; `deaf` lets everything through and no answer back. */
export class Gate {
  way = "open";
  seen = [];

  static async open(server) {
    const gate = new Gate();
    gate.server = server;
    gate.http = createServer((asked, answered) => gate.pass(asked, answered).catch(() => answered.destroy()));
    gate.port = await listening(gate.http);
    gate.url = `http://127.0.0.1:${gate.port}`;
    return gate;
  }

  async pass(asked, answered) {
    if (this.way === "closed") return answered.destroy();
    const body = await body_of(asked);
    const { hostname, port } = new URL(this.server.url);
    const call = request({ hostname, port, method: asked.method, path: asked.url, headers: asked.headers });
    const answer = await new Promise((done, failed) => call.on("response", done).on("error", failed).end(body));
    const bytes = await body_of(answer);
    this.seen.push({ method: asked.method, path: asked.url, headers: asked.headers, body: body.toString(), status: answer.statusCode, headers_back: answer.headers });
    if (this.way === "deaf") return answered.destroy();
    answered.writeHead(answer.statusCode, answer.headers).end(bytes);
  }

  /** Every message that went through, in their order; one that was sent again is there once. */
  messages() {
    const all = this.seen.filter(({ path }) => path === "/v1/batch").flatMap(({ body }) => JSON.parse(body).batch);
    return [...new Map(all.map((message) => [message.messageId, message])).values()];
  }

  times_sent = (event) => this.seen.filter(({ path, body }) => path === "/v1/batch" && body.includes(`"event":"${event}"`)).length;

  close = () => close(this.http);
}

const tall = `<div style="height:3000px">…</div>`;
const bodies = {
  "/": `<h1>Shop</h1><a id="tea" href="/tea">Tea</a><a id="far" href="http://127.0.0.1:9/partner?secret=1">Partner</a>${tall}`,
  "/tea": `<h1>Tea</h1><button id="buy" data-onefold-event="Product Added" data-onefold-sku="T-1" data-onefold-properties='{"price":19.9}'>Add <b>now</b></button>
    <a id="basket" href="/basket" data-onefold-event="Basket Opened">Basket</a>`,
  "/basket": `<h1>Basket</h1>`,
  "/consult": `<h1>Ask us</h1><form name="consult" action="/thanks" data-onefold-event="Consultation Requested"><input id="name" name="full_name" data-onefold-trait="name"><input id="mail" name="mail" data-onefold-trait="email">
    <input id="topic" name="topic" data-onefold-value><input id="note" name="note"><input id="word" type="password" name="word" data-onefold-value><button id="send">Send</button></form>`,
  "/thanks": `<h1>Thanks</h1>`,
  "/app": `<h1>App</h1>`,
};

/** `policy`: a content security policy, as a careful shop has one. */
export class Shop {
  static async open(gate, write_key) {
    const shop = new Shop();
    const policy = `default-src 'none'; script-src 'self' ${gate.url}; connect-src ${gate.url}; style-src 'unsafe-inline'; img-src data:; form-action 'self'`;
    shop.http = createServer((asked, answered) => {
      const { pathname, searchParams } = new URL(asked.url, "http://shop");
      if (pathname === "/early.js") return answered.writeHead(200, { "content-type": "text/javascript" }).end(early);
      if (!(pathname in bodies)) return answered.writeHead(404).end();
      const said = (searchParams.get("tag") ?? "").split(" ").filter(Boolean);
      const first = said.includes("early") ? `<script src="/early.js"></script>` : "";
      const attributes = said.filter((word) => word.startsWith("data-")).join(" ");
      const snippet = `<script async src="${gate.url}/onefold.js" data-key="${write_key}" ${attributes}></script>`;
      answered.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": policy });
      answered.end(`<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>${bodies[pathname].match(/<h1>(.*?)</)[1]}</title>${first}${snippet}</head><body>${bodies[pathname]}</body></html>`);
    });
    shop.url = `http://localhost:${await listening(shop.http)}`;
    return shop;
  }

  close = () => close(this.http);
}

// The queue that docs/tracker.md gives to pages that call before the tracker is there.
const early = `(function (w, q) {
  if (w.onefold) return;
  w.onefold = q;
  "page track identify group alias reset consent ready".split(" ").forEach(function (n) { q[n] = function () { q.push([n].concat([].slice.call(arguments))); }; });
})(window, []);
onefold.ready(function (o) { o.track("Ready"); });
onefold.track("Early", { n: 1 });
`;

/** Somebody in the shop: a browser context of their own, whose complaints are kept. */
export class Guest {
  complaints = [];

  static async arrive(t, browser, shop) {
    const guest = new Guest();
    guest.shop = shop;
    guest.context = await browser.newContext();
    t.after(() => guest.context.close());
    guest.context.on("console", (message) => ["error", "warning"].includes(message.type()) && guest.complaints.push(message.text()));
    guest.context.on("weberror", (thrown) => guest.complaints.push(String(thrown.error())));
    guest.page = await guest.context.newPage();
    return guest;
  }

  async visit(path, page = this.page) {
    await page.goto(this.shop.url + path);
    await page.waitForFunction(() => window.onefold?.isLoaded);
  }

  /** By a pointer that goes there and presses. */
  async press(selector) {
    const box = await this.page.locator(selector).boundingBox();
    await this.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
    await this.page.mouse.down();
    await this.page.mouse.up();
  }

  call = (name, ...words) => this.page.evaluate(([called, given]) => window.onefold[called](...given), [name, words]);
  user = () => this.page.evaluate(() => window.onefold.user());
  stored = () => this.page.evaluate(() => ({ local: Object.keys(localStorage), session: Object.keys(sessionStorage), cookie: document.cookie }));
  waiting = () => this.page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith("onefold_q.")).length);
}

