// What somebody sees when all is not well: nothing is there yet, a page is not for them, the connection is lost, the server takes its time.
import assert from "node:assert/strict";
import { Tracker, run, seeing } from "../story/onefold.mjs";
import { everywhere } from "./desk.mjs";
import { expect } from "./visitor.mjs";

const password = "a long first password";
const pages = ["customers", "review", "quality", "sources", "events", "imports", "values", "backups", "people", "company"];
const people = ["Ann Bell", "Ben Ash"];

async function fill(server, folder, language) {
  const tracker = new Tracker(server.api(), (await run(["source", "create", "web", "--kind", "api", "--data", folder])).last_word);
  const api = server.api({ token: (await run(["token", "create", "t", "--data", folder])).last_word });
  let last;
  for (const [i, name] of people.entries()) last = await tracker.send("identify", { userId: `u${i}`, traits: { name } });
  const { body } = await api.get("/api/v1/customers?identifier=user_id:u0", seeing(last));
  const made = await api.post("/api/v1/users", { name: "Vic", email: "vic@example.com", password, role: "viewer", locale: language });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return body.items[0].id;
}

everywhere("Nothing there, something refused, a lost connection, a slow server", { name: "states" }, async ({ folder, server, visitor, page, say, language, press, set_up }) => {
  const shown = (text) => expect(page.getByText(text, { exact: true }).filter({ visible: true }).first()).toBeVisible();
  const alert = page.getByRole("alert");

  // Nothing there yet: every page says what will be here, none fails.
  await set_up();
  await visitor.look("empty home");
  for (const name of pages) {
    await page.goto(`/${name}`);
    await visitor.settled();
    await expect(alert).toHaveCount(0);
    await visitor.look(`empty ${name}`);
  }
  await page.goto("/customers");
  await expect(page.locator(".empty h3").first()).toBeVisible();
  await page.goto("/search?q=nobody");
  await expect(page.locator(".empty h3").first()).toBeVisible();
  await visitor.look("empty search");

  // The server takes its time: first the outline of what comes; later what was there stays until the new is there.
  const ann = await fill(server, folder, language);
  const hold = async (pathname, milliseconds) => {
    const is_it = (url) => url.pathname === pathname;
    await page.route(is_it, async (route) => {
      await new Promise((done) => setTimeout(done, milliseconds));
      await route.continue();
    });
    return () => page.unroute(is_it);
  };
  let release = await hold(`/api/v1/customers/${ann}`, 1500);
  await page.goto(`/customers/${ann}`);
  await expect(page.locator(".waiting:not(.waiting-early)").first()).toBeVisible();
  await shown("Ann Bell");
  await release();
  await page.goto("/customers");
  await shown("Ben Ash");
  if (!visitor.is_phone) {
    release = await hold("/api/v1/customers", 1500);
    await press(page.locator("[data-column=name] .sort"));
    await expect(page.locator(".thin-bar-on")).toHaveCount(1);
    await shown("Ben Ash");
    await expect(page.locator(".thin-bar-on")).toHaveCount(0);
    await release();
  }

  // The connection is lost and comes back: what was read stays, what was not says why, and comes by itself.
  const open = (name) => press(page.getByRole("link", { name }).filter({ visible: true }).first());
  await open("Ann Bell");
  await expect(page).toHaveURL(new RegExp(`/customers/${ann}`));
  await visitor.settled();
  await page.goBack();
  await shown("Ben Ash");
  await visitor.without_connection(async () => {
    await open("Ben Ash");
    await expect(page.locator(".offline")).toBeVisible();
    await shown(say("design", "failure.offline.title"));
    await visitor.look("lost connection");
  });
  await expect(page.locator(".offline")).toHaveCount(0, { timeout: 20_000 });
  await shown("Ben Ash");
  await expect(alert).toHaveCount(0);

  // Not for everybody.
  await page.goto("about:blank"); // a page that is still open would ask once more, and be refused
  await visitor.context.clearCookies();
  await page.goto("/sign-in");
  for (const [label, value] of [["email", "vic@example.com"], ["password", password]]) await page.getByLabel(say("access", label), { exact: true }).fill(value);
  await visitor.press(page.getByRole("button", { name: say("access", "sign_in"), exact: true }));
  await expect(page.getByRole("heading", { name: say("app", "home.greeting", { name: "Vic" }) })).toBeVisible();
  await page.goto("/customers");
  await shown("Ben Ash");
  await visitor.refused(403, "/api/v1/users", () => page.goto("/people"));
  await expect(alert.getByRole("heading", { name: say("design", "failure.refused.title") })).toBeVisible();
  await expect(page.getByRole("button", { name: say("design", "retry") })).toHaveCount(0);
  await visitor.look("refused");
  await page.goto(`/customers/${ann}`);
  await shown("Ann Bell");
  await expect(page.getByRole("button", { name: say("customer", "act.merge"), exact: true })).toHaveCount(0);
  await visitor.look("read only");
});
