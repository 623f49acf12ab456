// A person corrects what sources say: a field in its place, a contradiction between sources, the rules by which values are chosen; each
// is taken back. In both languages, on a desk's screen and on a phone's; once with nothing but the keyboard.
import assert from "node:assert/strict";
import { Tracker, run, seeing } from "../story/onefold.mjs";
import { everywhere } from "./desk.mjs";
import { expect } from "./visitor.mjs";

const day = (number) => `2026-03-0${number}T08:00:00Z`;

async function fill(server, folder) {
  const source = async (name) => new Tracker(server.api(), (await run(["source", "create", name, "--kind", "api", "--data", folder])).last_word);
  const [web, crm] = [await source("web"), await source("crm")];
  const api = server.api({ token: (await run(["token", "create", "t", "--role", "editor", "--data", folder])).last_word });
  await web.send("identify", { userId: "u1", traits: { name: "Ann Bell", city: "Leeds", email: "ann@example.com" }, timestamp: day(2) });
  await web.send("identify", { userId: "u2", traits: { name: "Bo Low", title: "Clerk", email: "bo@example.com" }, timestamp: day(2) });
  await crm.send("identify", { anonymousId: "c1", traits: { name: "Ann Bell", city: "York", email: "ann@example.com", email_verified: true }, timestamp: day(1) });
  const last = await crm.send("identify", { anonymousId: "c2", traits: { title: "Chief", email: "bo@example.com" }, timestamp: day(1) });
  const ann = (await api.get("/api/v1/customers?identifier=user_id:u1", seeing(last))).body.items[0].id;
  return { api, ann, crm };
}

everywhere("The golden record", { name: "golden" }, async ({ folder, server, visitor, page, say, language, is_keyboard, press, set_up }) => {
  const button = (room, key, values, place = page) => place.getByRole("button", { name: say(room, key, values), exact: true });
  const told = (room, key, values) => expect(page.getByText(say(room, key, values), { exact: true })).toBeVisible();
  const undo = () => press(page.locator(".toast-act").last());
  const { api, ann, crm } = await fill(server, folder);
  const city = async () => (await api.get(`/api/v1/customers/${ann}`)).body.fields.city;
  const label = { en: "City", "zh-CN": "城市" }[language];

  await set_up();

  // The sources contradict each other: seen side by side, chosen, taken back, left, taken up again.
  await page.goto("/quality");
  const cards = page.locator(".conflict");
  await expect(cards).toHaveCount(2);
  await visitor.look("conflicts");
  await page.locator("#content").getByLabel(say("quality", "field"), { exact: true }).selectOption("city");
  await expect(cards).toHaveCount(1);
  if (is_keyboard) {
    await page.locator("h1").click();
    await page.keyboard.press("j");
    await expect(cards.first()).toBeFocused();
    await page.keyboard.press("2");
  } else await visitor.press(button("quality", "choose", { value: "York", source: "crm" }));
  await told("quality", "chosen", { field: label });
  await expect(cards).toHaveCount(0);
  assert.equal(await city(), "York");
  await undo();
  await told("quality", "undone");
  await expect(cards).toHaveCount(1);
  assert.equal(await city(), "Leeds");
  if (is_keyboard) {
    await cards.first().focus();
    await page.keyboard.press("l");
  } else await visitor.press(button("quality", "leave", {}, cards.first()));
  await told("quality", "left");
  await expect(cards).toHaveCount(0);
  await visitor.look("none left");
  await page.getByLabel(say("quality", "state"), { exact: true }).selectOption("left");
  await expect(cards).toHaveCount(1);
  await visitor.look("left");
  await press(button("quality", "reopen", {}, cards.first()));
  await told("quality", "reopened");

  // Edited in its place.
  await page.goto(`/customers/${ann}`);
  if (visitor.is_phone) await visitor.press(page.getByRole("tab", { name: say("customer", "record"), exact: true }));
  const pencil = button("customer", "edit", { field: label });
  const input = page.getByLabel(say("customer", "edit.value", { field: label }), { exact: true });
  await expect(pencil).toBeVisible();
  await visitor.look("profile");
  await press(pencil);
  await expect(input).toBeFocused();
  await input.fill("Nowhere");
  await page.keyboard.press("Escape");
  await expect(input).toHaveCount(0);
  await expect(pencil).toBeFocused();
  assert.equal(await city(), "Leeds");
  await press(pencil);
  await expect(button("customer", "edit.use", { value: "York", source: "crm" })).toBeVisible();
  await visitor.look("editor");
  await page.locator(".field-editor summary").click();
  await expect(page.locator(".field-history").getByRole("link", { name: "web", exact: true })).toHaveAttribute("href", /^\/sources\/\d+$/);
  // While an input method composes, Enter is its own.
  await input.fill("Whitby");
  await input.evaluate((element) => element.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, isComposing: true })));
  await expect(input).toBeVisible();
  await page.keyboard.press("Enter");
  await told("customer", "edit.done", { field: label });
  await expect(page.getByRole("button", { name: `${label} Whitby` })).toBeVisible();
  assert.equal(await city(), "Whitby");
  await undo();
  await told("customer", "edit.undone");
  await expect(page.getByRole("button", { name: `${label} Leeds` })).toBeVisible();

  // Where it comes from, and what it beat.
  const value = page.getByRole("button", { name: `${label} Leeds` });
  await (visitor.is_phone ? value.tap() : value.focus());
  await expect(page.locator(".origin > .others").getByText("York", { exact: true })).toBeVisible();
  await visitor.look("where it comes from");
  await page.keyboard.press("Escape");
  await page.mouse.move(5, 5);

  // Somebody else is quicker: what was typed stays, and is saved the second time.
  await press(pencil);
  await input.fill("Ripon");
  await api.patch(`/api/v1/customers/${ann}`, { fields: { note: "quicker" } }, { "if-match": String((await api.get(`/api/v1/customers/${ann}`)).body.version) });
  await visitor.refused(412, `/api/v1/customers/${ann}`, () => page.keyboard.press("Enter"));
  await told("customer", "edit.conflict");
  await visitor.look("somebody else was quicker");
  await expect(input).toHaveValue("Ripon");
  await input.focus();
  await page.keyboard.press("Enter");
  await told("customer", "edit.done", { field: label });
  assert.equal(await city(), "Ripon");

  // Verified, and back to automatic.
  await press(pencil);
  await press(button("customer", "edit.verify"));
  await told("customer", "edit.done_verified", { field: label });
  await expect(page.locator(".golden-record .verified")).toHaveCount(1);
  await press(pencil);
  await press(button("customer", "edit.automatic"));
  await told("customer", "edit.done_automatic", { field: label });
  assert.equal(await city(), "Leeds");
  await press(pencil);
  await press(button("customer", "edit.hide"));
  await told("customer", "edit.done_hidden", { field: label });
  assert.equal(await city(), undefined);
  await visitor.look("hidden and verified");

  // The rules.
  await page.goto("/survivorship");
  const field = { en: "Title", "zh-CN": "职务" }[language];
  const rule = page.getByLabel(say("survivorship", "rule_of", { field }), { exact: true });
  await expect(rule).toHaveValue("trusted");
  await visitor.look("rules");
  await rule.selectOption("sources");
  await expect(page.getByText(say("survivorship", "source.missing"), { exact: true })).toBeVisible();
  await expect(button("survivorship", "save")).toBeDisabled();
  await page.getByLabel(say("survivorship", "source.add"), { exact: true }).selectOption("web");
  await page.getByLabel(say("survivorship", "source.add"), { exact: true }).selectOption("crm");
  await press(button("survivorship", "source.up", { source: "crm" }));
  await press(button("survivorship", "preview"));
  await expect(page.getByText("Chief", { exact: true })).toBeVisible();
  await visitor.look("preview of rules");
  await press(button("survivorship", "save"));
  await told("survivorship", "saved");
  await expect.poll(async () => (await api.get("/api/v1/customers?identifier=user_id:u2")).body.items[0].fields.title).toBe("Chief");
  assert.ok(crm);
});
