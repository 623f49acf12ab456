// A story told in both languages, on a desk's screen and on a phone's; in English at the desk with nothing but the keyboard.
import { after, before, test } from "node:test";
import { Leftovers, Server, fresh_folder } from "../story/onefold.mjs";
import { Visitor, expect, open_browser } from "./visitor.mjs";
import { speaker } from "./words.mjs";

/**
 * `name` is that of the pictures, `minutes` the most that one telling takes on a busy machine, `words` are further ones of the server's command line, `data_words` the values with Chinese characters that the data hold. The story is given a server of its own and
 * somebody at its page; `press` is by pointer, finger or key; `set_up` makes the first administrator, who is signed in then.
 */
export function everywhere(title, { name, data_words = [], words = [], minutes = 2 }, story) {
  const leftovers = new Leftovers();
  let browser;
  before(async () => {
    browser = await open_browser();
    leftovers.after(() => browser.close());
  });
  after(() => leftovers.run());
  for (const language of ["en", "zh-CN"])
    for (const width of [1440, 390])
      test(`${title}, ${language}, ${width} px`, { timeout: minutes * 60_000 }, async (t) => {
        const folder = fresh_folder(t);
        const say = speaker(language);
        const server = await Server.start(folder, words);
        t.after(() => server.kill());
        const visitor = await Visitor.arrive(browser, server, { language, width, name, data_words });
        t.after(() => visitor.leave());
        const { page } = visitor;
        const is_keyboard = width === 1440 && language === "en";
        const press = async (locator) => {
          if (!is_keyboard) return visitor.press(locator);
          await locator.focus();
          await page.keyboard.press("Enter");
        };
        const set_up = async () => {
          await page.goto(`/setup#token=${server.setup_token}`);
          for (const [label, value] of [["setup.name", "Ada"], ["email", "ada@example.com"], ["password", "a long first password"]]) await page.getByLabel(say("access", label), { exact: true }).fill(value);
          await visitor.press(page.getByRole("button", { name: say("access", "setup.submit"), exact: true }));
          await expect(page.getByRole("heading", { name: say("app", "home.greeting", { name: "Ada" }) })).toBeVisible();
        };
        try {
          await story({ t, browser, folder, server, visitor, page, say, language, width, is_keyboard, press, set_up });
        } catch (thrown) {
          await visitor.picture_of_failure();
          throw thrown;
        }
        visitor.is_content();
        await server.stop();
      });
}
