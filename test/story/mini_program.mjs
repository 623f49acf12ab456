// A phone with a WeChat mini-program on it, as WeChat's documentation has it: storage that outlives the program, `wx.request` over real HTTP,
// App and Page called in their order. Time stands still but for `pass`, so what is counted is exact. There is no browser in it: no window,
// no fetch, no crypto, no URLSearchParams, no Blob.
import { request } from "node:http";
import vm from "node:vm";

const entry_bytes_max = 1 << 20;
const storage_bytes_max = 10 << 20;
const turn = () => new Promise((done) => setImmediate(done));

/** What stays when the program is killed, and the clock. */
export class Phone {
  storage = new Map();
  is_online = true;
  requests = [];
  warnings = [];
  #now = Date.parse("2026-11-02T09:00:00Z");
  #timers = new Map();
  #last_timer = 0;
  #under_way = new Set();

  constructor({ app_id = "wx0123456789abcdef" } = {}) {
    this.app_id = app_id;
  }

  now = () => this.#now;

  set_timeout = (work, ms = 0) => (this.#timers.set(++this.#last_timer, { at: this.#now + Math.max(0, ms), work }), this.#last_timer);
  clear_timeout = (id) => void this.#timers.delete(id);

  async #answered() {
    do {
      await Promise.all(this.#under_way);
      await turn();
    } while (this.#under_way.size > 0);
  }

  /** Lets `ms` go by: what is due is done at its time, and what was asked of the network is answered within no time. */
  async pass(ms) {
    const until = this.#now + ms;
    for (;;) {
      await this.#answered();
      const [next] = [...this.#timers].filter(([, { at }]) => at <= until).sort(([, one], [, other]) => one.at - other.at);
      if (!next) break;
      this.#timers.delete(next[0]);
      this.#now = Math.max(this.#now, next[1].at);
      next[1].work();
    }
    this.#now = until;
  }

  /** Power off, or the program swiped away: nothing that it meant to do happens. */
  kill() {
    this.#timers.clear();
    if (this.program) this.program.is_killed = true;
  }

  keep(key, value) {
    const all = [...this.storage].reduce((sum, [name, text]) => sum + (name === key ? 0 : text.length), 0);
    if (value.length > entry_bytes_max || all + value.length > storage_bytes_max) throw new Error("setStorageSync:fail exceed storage max size");
    this.storage.set(key, value);
  }

  /** One request of `program`; its callbacks are not called once that is killed. */
  ask(program, { url, method = "GET", data, header = {}, success, fail, complete }) {
    const told = (call, word) => !program.is_killed && [call, complete].forEach((one) => one?.(word));
    let done;
    const promise = new Promise((resolve) => (done = resolve));
    const asked = { url, method, data, status: 0 };
    this.requests.push(asked);
    const failed = (why) => (told(fail, { errMsg: `request:fail ${why}`, errno: 600001 }), done());
    this.#under_way.add(promise);
    promise.then(() => this.#under_way.delete(promise));
    if (!this.is_online) return void setImmediate(() => failed("net::ERR_INTERNET_DISCONNECTED"));
    const bytes = method === "GET" ? undefined : typeof data === "string" ? data : JSON.stringify(data);
    const sent = { "content-type": "application/json", referer: `https://servicewechat.com/${this.app_id}/1/page-frame.html`, ...header };
    const call = request(url, { method, headers: sent }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part)).on("end", () => {
        asked.status = answer.statusCode;
        const names = answer.rawHeaders.filter((_, i) => i % 2 === 0);
        if (this.is_deaf) return failed("timeout");
        told(success, { statusCode: answer.statusCode, header: Object.fromEntries(names.map((name, i) => [name, answer.rawHeaders[2 * i + 1]])), data: read(Buffer.concat(parts).toString()), errMsg: "request:ok" });
        done();
      });
    });
    call.on("error", ({ message }) => failed(message));
    call.end(bytes);
  }
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function wx_of(phone, program) {
  return {
    getStorageSync: (key) => phone.storage.get(key) ?? "",
    setStorageSync: (key, value) => phone.keep(key, value),
    removeStorageSync: (key) => void phone.storage.delete(key),
    getStorageInfoSync: () => ({ keys: [...phone.storage.keys()], currentSize: 1, limitSize: storage_bytes_max >> 10 }),
    request: (asked) => phone.ask(program, asked),
    onNetworkStatusChange: (heard) => program.network_heard.push(heard),
    setNavigationBarTitle: ({ title }) => void (program.title = title),
    getAccountInfoSync: () => ({ miniProgram: { appId: phone.app_id, envVersion: "release", version: "1.4.0" } }),
    getDeviceInfo: () => ({ brand: "HUAWEI", model: "LIO-AN00", system: "Android 12", platform: "android", abi: "arm64-v8a" }),
    getWindowInfo: () => ({ pixelRatio: 3, screenWidth: 392, screenHeight: 832, windowWidth: 392, windowHeight: 744 }),
    getAppBaseInfo: () => ({ SDKVersion: "3.7.0", language: "zh_CN", version: "8.0.53" }),
  };
}

/** One run of the mini-program, of its files: app.js, the tracker beside it, and its pages, {route: source}. */
export class Program {
  stack = [];
  network_heard = [];
  #definitions = new Map();

  constructor(phone, { app, tracker, pages }) {
    this.phone = phone;
    phone.program = this;
    const clock = phone.now;
    const warn = (...words) => phone.warnings.push(words.join(" "));
    const globals = { wx: wx_of(phone, this), console: { log() {}, warn, error: warn }, setTimeout: phone.set_timeout, clearTimeout: phone.clear_timeout, getCurrentPages: () => [...this.stack] };
    let route = "";
    globals.App = (definition) => (this.app = { ...definition });
    globals.Page = (definition) => void this.#definitions.set(route, definition);
    globals.Component = ({ methods }) => void this.#definitions.set(route, methods);
    globals.clock = clock;
    this.context = vm.createContext(globals);
    vm.runInContext("Date = class extends Date { constructor(...words) { words.length ? super(...words) : super(clock()); } static now() { return clock(); } }", this.context);
    const modules = new Map();
    const load = (source) => {
      const module = { exports: {} };
      vm.runInContext(`(function (require, module, exports) {${source}\n})`, this.context)(need, module, module.exports);
      return module.exports;
    };
    const need = (path) => {
      if (path !== "./onefold-mini.js") throw new Error(`module '${path}' is not defined`);
      if (!modules.has(path)) modules.set(path, load(tracker));
      return modules.get(path);
    };
    load(app);
    for (const [name, source] of Object.entries(pages)) (route = name), load(source);
    this.onefold = modules.get("./onefold-mini.js");
  }

  launch(path, { query = {}, scene = 1001, referrerInfo } = {}) {
    const options = { path, query, scene, ...(referrerInfo && { referrerInfo }) };
    this.launched = options;
    this.app.onLaunch?.(options);
    this.app.onShow?.(options);
    this.#open(path, query);
    return this;
  }

  get page() {
    return this.stack.at(-1);
  }

  #open(route, query) {
    const page = { ...this.#definitions.get(route), route, options: query, data: {} };
    this.stack.push(page);
    page.onLoad?.(query);
    page.onShow?.();
    page.onReady?.();
  }

  navigate_to(route, query = {}) {
    this.page.onHide?.();
    this.#open(route, query);
  }

  navigate_back() {
    this.page.onUnload?.();
    this.stack.pop();
    this.page.onShow?.();
  }

  /** Into the background, and back. */
  hide() {
    this.page.onHide?.();
    this.app.onHide?.();
  }
  show(scene = this.launched.scene) {
    this.app.onShow?.({ ...this.launched, scene });
    this.page.onShow?.();
  }

  /** One tap, heard by handlers from the element outwards: [[handler, dataset], …]. */
  tap(...handlers) {
    const at = { type: "tap", timeStamp: this.phone.now() % 1e6, detail: { x: 10, y: 20 }, target: { id: "", dataset: handlers[0][1] } };
    return handlers.map(([handler, dataset]) => this.page[handler]({ ...at, currentTarget: { id: "", dataset } }));
  }

  share(from = "menu") {
    return this.page.onShareAppMessage?.({ from });
  }

  go_online() {
    this.phone.is_online = true;
    this.network_heard.forEach((heard) => heard({ isConnected: true, networkType: "wifi" }));
  }
}
