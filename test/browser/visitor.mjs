// Somebody at a screen: one browser context whose every complaint is kept, and the checks that hold on every page.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { han_left, keys_in, phrases_of_the_other } from "./words.mjs";

const playwright = createRequire(resolve("web/package.json"))("@playwright/test");
const pictures = resolve("build/test-results/pictures");
const answers_within_ms = 15_000;
export const expect = playwright.expect.configure({ timeout: answers_within_ms });

/** Debian's Chromium; where it is missing this rejects, and so the test fails. */
export const open_browser = () =>
  playwright.chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });

export class Visitor {
  /** `data_words`: the values with Chinese characters that the data hold. */
  static async arrive(browser, server, { language, width, name, data_words, has_worker = false, theme = "light" }) {
    const visitor = new Visitor();
    const is_phone = width < 768;
    Object.assign(visitor, { url: server.url, host: new URL(server.url).host, language, is_phone, width, name, data_words });
    visitor.context = await browser.newContext({
      baseURL: server.url,
      viewport: { width, height: is_phone ? 844 : 900 },
      locale: language,
      timezoneId: "Asia/Shanghai",
      isMobile: is_phone,
      hasTouch: is_phone,
      colorScheme: theme,
      serviceWorkers: has_worker ? "allow" : "block",
    });
    visitor.context.setDefaultTimeout(answers_within_ms);
    visitor.listen();
    visitor.page = await visitor.context.newPage();
    return visitor;
  }

  complaints = [];
  refusals_expected = [];
  is_without_connection = false;
  requests = [];
  in_flight = new Set();

  listen() {
    const { context } = this;
    void context.addInitScript(() => document.addEventListener("securitypolicyviolation", (event) => console.error(`content security policy: ${event.violatedDirective} ${event.blockedURI}`)));
    context.on("console", (message) => message.type() === "error" && this.hear(message.text(), message.location().url));
    context.on("weberror", (thrown) => this.complaints.push(`page error: ${thrown.error().stack ?? thrown.error()}`));
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (["data:", "blob:"].includes(url.protocol)) return;
      if (url.host !== this.host) this.complaints.push(`asked another host: ${request.url()}`);
      if (url.pathname.endsWith("/stream")) return;
      this.requests.push({ method: request.method(), path: url.pathname, query: url.searchParams, request });
      this.in_flight.add(request);
    });
    for (const end of ["requestfinished", "requestfailed"]) context.on(end, (request) => this.in_flight.delete(request));
  }

  // Chromium itself writes every refused request to the console: the first question of a visitor who is not signed in is one,
  // and others are refused on purpose by the steps.
  hear(text, address) {
    const status = Number(/the server responded with a status of (\d+)/.exec(text)?.[1]);
    const path = address ? new URL(address).pathname : "";
    if (status === 401 && path === "/api/v1/session") return;
    if (this.is_without_connection && text.includes("net::ERR_INTERNET_DISCONNECTED")) return;
    const at = this.refusals_expected.findIndex((one) => one.status === status && one.path === path);
    if (at < 0) this.complaints.push(`console: ${text} ${path}`);
    else this.refusals_expected[at].is_heard = true;
  }

  /** What `work` does is refused with `status` at `path`, and nothing else is. */
  async refused(status, path, work) {
    const expected = { status, path, is_heard: false };
    this.refusals_expected.push(expected);
    await work();
    await expect.poll(() => expected.is_heard, { message: `${status} at ${path}` }).toBe(true);
  }

  /** What `work` does, it does without a connection: that nothing could be asked is no complaint. */
  async without_connection(work) {
    this.is_without_connection = true;
    await this.context.setOffline(true);
    await work();
    await this.context.setOffline(false);
    await this.page.waitForTimeout(100); // what failed until now is written to the console
    this.is_without_connection = false;
  }

  /** Nothing is being asked, nothing waits to be shown. */
  async settled(page = this.page) {
    await expect
      .poll(async () => {
        await page.waitForTimeout(60);
        const asked = [...this.in_flight].filter((request) => !request.frame().page().isClosed());
        return asked.length + (await page.locator(".waiting").count());
      }, { timeout: answers_within_ms })
      .toBe(0);
  }

  /** Holds this page to what every page must keep, and takes its picture. */
  async look(what, page = this.page) {
    await this.settled(page);
    const seen = await page.evaluate(read_page);
    const where = `${what} (${new URL(page.url()).pathname})`;
    assert.equal(seen.language, this.language, where);
    assert.ok(seen.scroll_width <= this.width, `${where} scrolls sideways: ${seen.scroll_width} px, by ${seen.wide.join(", ")}`);
    assert.deepEqual(keys_in(seen.texts), [], `${where} shows keys`);
    if (this.language === "en") assert.deepEqual(han_left(seen.texts, this.data_words), [], `${where} speaks Chinese`);
    assert.deepEqual(phrases_of_the_other(seen.texts, this.language), [], `${where} speaks the other language`);
    await page.screenshot({ path: join(pictures, `${this.name}-${this.language}-${this.width}-${what.replaceAll(" ", "-")}.png`), animations: "disabled" });
    this.is_content();
  }

  /** It is cut off at no side. */
  async is_in_sight(locator) {
    const { x, width } = await locator.boundingBox();
    assert.ok(x >= 0 && x + width <= this.width, `from ${x} to ${x + width} of ${this.width} px`);
  }

  is_content() {
    assert.deepEqual(this.complaints.splice(0), []);
  }

  async picture_of_failure() {
    await this.page.screenshot({ path: join(pictures, `failed-${this.name}-${this.language}-${this.width}.png`) }).catch(() => undefined);
  }

  /** As a hand does it: the pointer goes there and presses, or a finger taps. */
  async press(locator) {
    if (this.is_phone) return locator.tap();
    await locator.scrollIntoViewIfNeeded();
    await locator.evaluate(until_at_rest);
    await locator.hover({ trial: true }); // in sight, still, and not covered
    const box = await locator.boundingBox();
    await this.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 5 });
    await this.page.mouse.down();
    await this.page.mouse.up();
  }

  async leave() {
    await this.context.close();
  }
}

// Runs in the page: until nothing moves the element any more, as a dialog that opens does from the frame after it was put there.
async function until_at_rest(element) {
  for (let i = 0; i < 2; ++i) await new Promise(requestAnimationFrame);
  const moving = document.getAnimations().filter(({ effect }) => effect?.target?.contains(element) && effect.getComputedTiming().endTime < Infinity);
  await Promise.race([Promise.allSettled(moving.map(({ finished }) => finished)), new Promise((done) => setTimeout(done, 2000))]);
}

// Runs in the page: every text that somebody may see or hear. Left out is what the page marks: faces, which show a letter of a name, and
// words that are said to be of another language.
function read_page() {
  const { documentElement: root } = document;
  const texts = new Set([document.title]);
  const is_marked = (element) => element.closest(".avatar") !== null || (element.closest("[lang]")?.lang ?? root.lang) !== root.lang;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (text && !["SCRIPT", "STYLE"].includes(element.tagName) && element.checkVisibility() && !is_marked(element)) texts.add(text);
  }
  for (const element of document.body.querySelectorAll("*"))
    for (const name of ["aria-label", "aria-description", "title", "placeholder", "alt"]) {
      const text = element.getAttribute(name)?.trim();
      if (text && !is_marked(element)) texts.add(text);
    }
  const width = root.clientWidth;
  const wide = root.scrollWidth <= width ? [] : [...document.body.querySelectorAll("*")].filter((element) => element.getBoundingClientRect().right > width + 1).slice(-3).map((element) => `${element.tagName}.${element.className}`);
  return { language: root.lang, texts: [...texts], scroll_width: root.scrollWidth, wide };
}
