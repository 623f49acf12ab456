// An administrator finds that there is no backup, says where they go, makes one, and sees it, or why it failed. In both languages, on a
// desk's screen and on a phone's.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Tracker, fresh_folder, run } from "../story/onefold.mjs";
import { everywhere } from "./desk.mjs";
import { expect } from "./visitor.mjs";

everywhere("Backups", { name: "backup" }, async ({ t, folder, server, visitor, page, say: said, language, set_up }) => {
  const place = join(fresh_folder(t), "backups");
  const say = (key, values) => said("backup", key, values);
  const button = (name) => page.getByRole("button", { name, exact: true });

  await set_up();
  await expect(page.getByText(say("hint.none"), { exact: true })).toBeVisible();
  await visitor.look("home without a backup");
  await visitor.press(page.getByRole("link", { name: say("hint.act"), exact: true }));
  await expect(page.getByRole("heading", { name: say("title"), exact: true })).toBeVisible();
  await expect(page.getByText(say("none.title"), { exact: true })).toBeVisible();
  await expect(button(say("now"))).toBeDisabled();
  await visitor.look("none yet");

  // A folder that cannot be is told at its input; one that can be is kept.
  const input = page.getByLabel(say("folder"), { exact: true });
  await input.fill(join(folder, "inside"));
  await visitor.refused(400, "/api/v1/backup_settings", () => visitor.press(button(say("save"))));
  await expect(page.getByText(language === "en" ? "lies in the data folder" : "位于数据目录之内")).toBeVisible();
  await visitor.look("inside the data");
  await input.fill(place);
  await visitor.press(page.getByLabel(say("is_scheduled"), { exact: true }));
  await page.getByRole("spinbutton", { name: say("keep_count"), exact: true }).fill("2");
  await visitor.press(button(say("save")));
  await expect(page.getByText(say("saved"), { exact: true })).toBeVisible();
  await page.reload();
  await expect(input).toHaveValue(place);
  await expect(page.getByLabel(say("is_scheduled"), { exact: true })).toBeChecked();

  // Enough for the progress to be seen on the way.
  const key = (await run(["source", "create", "web", "--kind", "api", "--data", folder])).last_word;
  const tracker = new Tracker(server.api(), key);
  for (let batch = 0; batch < 150; ++batch)
    await tracker.send("batch", { batch: Array.from({ length: 100 }, (_, i) => ({ type: "track", userId: `u${i}`, messageId: `${batch}-${i}`, event: "Ticked", properties: { text: "x".repeat(3000) } })) });
  await visitor.press(button(say("now")));
  await expect(page.getByText(say("progress"), { exact: true })).toBeVisible();
  await visitor.look("progress");
  await expect(page.getByText(say("last.where"))).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(say("state.whole"), { exact: true })).toBeVisible();
  assert.equal(readdirSync(place).length, 1);
  await visitor.look("one made");

  await page.goto("/");
  await expect(page.getByRole("heading", { name: said("app", "home.greeting", { name: "Ada" }) })).toBeVisible();
  await visitor.settled();
  await expect(page.getByText(say("hint.act"), { exact: true })).toHaveCount(0);

  // The disk for backups runs full: the reason stands in the list and above the home page, and the good one is still shown.
  const small = mkdtempSync(join(tmpdir(), "onefold-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=512k", "onefold-browser", small]);
  t.after(() => (execFileSync("umount", ["-l", small]), rmdirSync(small)));
  await page.goto("/backups");
  await input.fill(small);
  await visitor.press(button(say("save")));
  await expect(page.getByText(say("saved"), { exact: true })).toBeVisible();
  await visitor.press(button(say("now")));
  await expect(page.getByText(say("state.failed"), { exact: true })).toBeVisible({ timeout: 60_000 });
  const full = language === "en" ? /disk of .* is full/ : /所在磁盘已满/;
  await expect(page.locator(".backup-reason")).toHaveText(full);
  await expect(page.getByText(say("last.where"))).toBeVisible();
  assert.deepEqual(readdirSync(small), []);
  await visitor.look("one failed");
  await page.goto("/");
  await expect(page.getByRole("note").getByText(full)).toBeVisible();
  await visitor.look("home after a failure");
});
