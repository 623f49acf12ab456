// How long events are kept, set by an administrator; and what everybody is told while the event log is damaged. In both languages, on a
// desk's screen and on a phone's.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Server, Tracker, run } from "../story/onefold.mjs";
import { everywhere } from "./desk.mjs";
import { Visitor, expect } from "./visitor.mjs";

async function sign_in({ page }, say) {
  await page.goto("/sign-in");
  for (const [label, value] of [["email", "ada@example.com"], ["password", "a long first password"]]) await page.getByLabel(say("access", label), { exact: true }).fill(value);
  await page.getByLabel(say("access", "password"), { exact: true }).press("Enter");
  await expect(page.getByRole("heading", { name: say("app", "home.greeting", { name: "Ada" }) })).toBeVisible();
}

everywhere("Retention and damage", { name: "retention" }, async ({ t, browser, folder, server, visitor, page, say, language, width, set_up }) => {
  const data = ["--data", folder];
  await set_up();

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
