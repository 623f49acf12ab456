// A folder is watched: set up on the source's page, a file put there waits for the wizard, the next one goes in by itself, a broken one fails; an SFTP server's other key is told before it is trusted.
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fresh_folder, run } from "../story/onefold.mjs";
import { SftpServer } from "../story/places.mjs";
import { everywhere } from "./desk.mjs";
import { expect } from "./visitor.mjs";

const people = (name, count) => `name,email\n${Array.from({ length: count }, (_, i) => `${name} ${i},${name}${i}@example.com`).join("\n")}\n`;

everywhere("A source fetches its files by itself", { name: "fetch", words: ["--fetch-network", "127.0.0.0/8"] }, async ({ t, folder, server, visitor, page, say, press, set_up }) => {
  const text = (key, values) => say("fetch", key, values);
  const button = (name) => page.getByRole("button", { name, exact: true });
  const shown = (words) => expect(page.getByText(words, { exact: true }).filter({ visible: true }).first()).toBeVisible({ timeout: 30_000 });
  const fill = (label, value) => page.getByLabel(text(label), { exact: true }).fill(value);

  await set_up();
  const api = server.api({ token: (await run(["token", "create", "t", "--data", folder])).last_word });
  const { id } = (await api.post("/api/v1/sources", { name: "erp", kind: "file" })).body;
  await page.goto(`/sources/${id}`);
  await shown(text("empty.title"));
  await visitor.look("nothing set up");

  // Where, which and when; a folder that may not be read is told at its input.
  await press(button(text("set_up")));
  await shown(text("settings"));
  const watched = join(folder, "inbox", id);
  await expect(page.getByLabel(text("folder"), { exact: true })).toHaveValue(watched);
  await visitor.look("where files come from");
  await visitor.press(page.getByRole("radio", { name: text("place.sftp") }));
  await expect(page.getByLabel(text("host"), { exact: true })).toBeVisible();
  await visitor.look("an SFTP server");
  await visitor.press(page.getByRole("radio", { name: text("place.https") }));
  await expect(page.getByLabel(text("url"), { exact: true })).toBeVisible();
  await visitor.look("an HTTPS address");
  await visitor.press(page.getByRole("radio", { name: text("place.folder") }));
  await fill("folder", "/etc");
  await fill("pattern", "people-*");
  await page.getByRole("spinbutton", { name: text("steady"), exact: true }).fill("1");
  await visitor.refused(400, `/api/v1/sources/${id}/fetch`, () => press(button(text("save"))));
  await expect(page.getByText("--fetch-root")).toBeVisible();
  await visitor.look("a folder that is not allowed");
  await fill("folder", watched);
  await press(button(text("save")));
  await shown(text("saved"));
  await shown(text("history.empty"));
  await shown(watched);
  await visitor.look("watched");

  // A file for which no map is known waits, and leads into the wizard.
  assert.ok(existsSync(watched), "the folder was made");
  writeFileSync(join(watched, "people-1.csv"), people("ann", 3));
  await press(button(text("look")));
  await shown(text("state.waiting"));
  await visitor.look("one waits");
  await press(page.getByRole("link", { name: text("open_wizard") }));
  await expect(page.getByRole("heading", { name: say("import", "columns"), exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("combobox", { name: say("import", "source"), exact: true })).toHaveValue("erp");
  await press(page.getByRole("button", { name: say("import", "start.begin"), exact: true }));
  await expect(page).toHaveURL(/\/imports\/\d+$/);
  await page.goto(`/sources/${id}`);
  await shown(text("state.imported"));
  await shown(text("lies.archive"));

  // The next goes in by itself; a broken one fails with its reason.
  writeFileSync(join(watched, "people-2.csv"), people("ben", 40));
  writeFileSync(join(watched, "people-3.csv"), "name,email\nCat,nonsense\n");
  writeFileSync(join(watched, "people-4.csv"), people("ann", 3));
  await press(button(text("look")));
  await shown(text("rows", { count: 40, number: "40" }));
  await shown(text("lies.error"));
  await shown(text("same_as", { name: "people-1.csv" }));
  await visitor.look("files that came");
  assert.ok(existsSync(join(watched, "error", "people-3.csv.txt")));

  // Paused, and on again.
  await press(button(text("pause")));
  await shown(text("paused_done"));
  await expect(button(text("resume"))).toBeVisible();
  await shown(text("by_hand"));
  await visitor.look("paused");

  // A server that cannot be reached is told with its reason.
  await press(button(text("change")));
  await visitor.press(page.getByRole("radio", { name: text("place.https") }));
  await fill("url", "https://[::1]:1/people.csv");
  await press(button(text("save")));
  await shown(text("failed"));
  await expect(page.getByText("--fetch-network")).toBeVisible();
  await visitor.look("not reached");

  // The key of an SFTP server is pinned and shown; another one is told, compared and trusted by a person.
  const sftp = await SftpServer.start(t, fresh_folder(t));
  const { version } = (await api.get(`/api/v1/sources/${id}/fetch`)).body;
  const set = await api.patch(`/api/v1/sources/${id}/fetch`, sftp.place({ private_key: sftp.key, pattern: "*" }), { "if-match": `"${version}"` });
  assert.equal(set.status, 200, JSON.stringify(set.body));
  await page.reload();
  await shown(sftp.fingerprint);
  await visitor.look("a pinned key");
  await sftp.renew_key();
  await press(button(text("look")));
  await shown(text("key.other"));
  await shown(sftp.fingerprint);
  await visitor.look("another key");
  await press(button(text("key.trust")));
  await shown(text("key.trust_text"));
  await visitor.look("trust it");
  await press(button(text("key.trust_yes")));
  await expect(page.getByText(text("key.other"), { exact: true })).toHaveCount(0);
  await shown(sftp.fingerprint);
});
