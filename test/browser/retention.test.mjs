// How long events are kept, set by an administrator; and what everybody is told while the event log is damaged. In both languages, on a
// desk's screen and on a phone's.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Leftovers, Server, Tracker, fresh_folder, run } from "../story/onefold.mjs";
import { Visitor, expect, open_browser } from "./visitor.mjs";
import { speaker } from "./words.mjs";

const leftovers = new Leftovers();
let browser;
before(async () => {
  browser = await open_browser();
  leftovers.after(() => browser.close());
});
after(() => leftovers.run());

const password = "a long first password";

async function sign_in(visitor, say, setup_token) {
  const { page } = visitor;
  await page.goto(setup_token ? `/setup#token=${setup_token}` : "/sign-in");
  const fields = setup_token ? [["setup.name", "Ada"], ["email", "ada@example.com"], ["password", password]] : [["email", "ada@example.com"], ["password", password]];
  for (const [label, value] of fields) await page.getByLabel(say("access", label), { exact: true }).fill(value);
  await visitor.press(page.getByRole("button", { name: say("access", setup_token ? "setup.submit" : "sign_in"), exact: true }));
  await expect(page.getByRole("heading", { name: say("app", "home.greeting", { name: "Ada" }) })).toBeVisible();
  await visitor.settled();
}

for (const language of ["en", "zh-CN"])
  for (const width of [1440, 390])
    test(`Retention and damage, ${language}, ${width} px`, { timeout: 120_000 }, async (t) => {
      const folder = fresh_folder(t), data = ["--data", folder];
      const say = speaker(language);
      const server = await Server.start(folder);
      t.after(() => server.kill());
      const visitor = await Visitor.arrive(browser, server, { language, width, name: "retention", data_words: [] });
      t.after(() => visitor.leave());
      const { page } = visitor;
      await sign_in(visitor, say, server.setup_token);

      await page.goto("/company");
      const days = page.getByRole("spinbutton", { name: say("company", "retention.limited") });
      await expect(days).toHaveCount(0);
      await page.getByLabel(say("company", "name"), { exact: true }).fill("Onefold");
      await visitor.press(page.getByText(say("company", "retention.limited"), { exact: true }));
      await days.fill("7");
      await visitor.press(page.getByRole("button", { name: say("company", "save"), exact: true }));
      await expect(page.getByText(say("company", "retention.range"))).toBeVisible();
      await visitor.look("too few days");
      await days.fill("400");
      await visitor.press(page.getByRole("button", { name: say("company", "save"), exact: true }));
      await expect(page.getByText(say("company", "saved"))).toBeVisible();
      await page.reload();
      await expect(days).toHaveValue("400");
      await visitor.look("four hundred days");
      const token = (await run(["token", "create", "t", ...data])).last_word;
      const kept = async () => (await server.api({ token }).get("/api/v1/company")).body.event_retention_days;
      assert.equal(await kept(), 400);
      await visitor.press(page.getByText(say("company", "retention.for_ever"), { exact: true }));
      await visitor.press(page.getByRole("button", { name: say("company", "save"), exact: true }));
      await expect.poll(kept).toBe(0);
      await expect(page.locator(".server-problem")).toHaveCount(0);

      const key = (await run(["source", "create", "web", "--kind", "tracker", ...data])).last_word;
      for (let i = 0; i < 9; ++i) await new Tracker(server.api(), key).send("track", { type: "track", userId: "u", event: "Ticked" });
      visitor.is_content();
      await visitor.leave();
      await server.stop();
      const [segment] = readdirSync(join(folder, "log")).filter((name) => name.endsWith(".log"));
      const file = join(folder, "log", segment);
      const bytes = readFileSync(file);
      bytes[bytes.length >> 1] ^= 1;
      writeFileSync(file, bytes);

      const damaged = await Server.start(folder);
      t.after(() => damaged.kill());
      const later = await Visitor.arrive(browser, damaged, { language, width, name: "damage", data_words: [] });
      t.after(() => later.leave());
      await sign_in(later, say);
      await expect(later.page.locator(".server-problem")).toContainText(language === "en" ? "the event log is damaged" : "事件日志已损坏");
      await later.look("banner");
      await damaged.stop();
    });
