// A person says who is who: two customers become one, a record leaves, both are taken back, and the page tells why. In both languages,
// on a desk's screen and on a phone's; and once with nothing but the keyboard.
import assert from "node:assert/strict";
import { Tracker, run, seeing } from "../story/onefold.mjs";
import { everywhere } from "./desk.mjs";
import { expect } from "./visitor.mjs";

const day = (number) => `2026-03-0${number}T08:00:00Z`;

async function fill(server, folder) {
  const key = (await run(["source", "create", "web", "--kind", "tracker", "--data", folder])).last_word;
  const tracker = new Tracker(server.api(), key);
  const api = server.api({ token: (await run(["token", "create", "t", "--role", "editor", "--data", folder])).last_word });
  const first = await tracker.send("identify", { userId: "u1", traits: { name: "Ann Bell", city: "Leeds", email: "ann@example.com" }, timestamp: day(1) });
  await api.get("/api/v1/customers?identifier=user_id:u1", seeing(first)); // the older one, so it keeps its id
  await tracker.send("identify", { userId: "u2", traits: { name: "Anna Bell", city: "York", phone: "+441134960000" }, timestamp: day(2) });
  await tracker.send("identify", { userId: "u3", traits: { name: "Ann Bell", email: "ann@example.com", unionid: "w1" }, timestamp: day(1) });
  await tracker.send("identify", { userId: "u1", traits: { unionid: "w1" }, timestamp: day(1) });
  await tracker.send("group", { userId: "u1", groupId: "g1", traits: { name: "Bell Ringers" }, timestamp: day(3) });
  const last = await tracker.send("track", { userId: "u2", event: "Order Completed", properties: { order_id: "o-1", total: 20, currency: "CNY" }, timestamp: day(4) });
  const find = async (identifier) => (await api.get(`/api/v1/customers?identifier=${identifier}`, seeing(last))).body.items[0];
  return { api, ann: await find("user_id:u1"), anna: await find("user_id:u2"), find };
}

everywhere("Who is who", { name: "decide" }, async ({ folder, server, visitor, page, say, press, set_up }) => {
  const button = (key, place = page) => place.getByRole("button", { name: say("customer", key), exact: true });
  const dialog = page.getByRole("dialog");
  const { api, ann, anna, find } = await fill(server, folder);
  const open = async (id) => {
    await page.goto(`/customers/${id}`);
    if (visitor.is_phone) await visitor.press(page.getByRole("tab", { name: say("customer", "record"), exact: true }));
    await visitor.settled();
  };

  await set_up();

  // The younger is the same as the older: its page moves to the older's.
  await open(anna.id);
  await press(button("act.merge"));
  const search = dialog.getByRole("searchbox");
  await expect(search).toBeFocused();
  await search.fill("Bell");
  await expect(dialog.getByText("Bell Ringers")).toBeVisible();
  await expect(dialog.getByRole("button", { name: /Bell Ringers/ })).toBeDisabled();
  await visitor.look("found");
  await press(dialog.getByRole("button", { name: /Ann Bell/ }).first());
  await expect(dialog.getByText(say("customer", "merge.choose"), { exact: true })).toBeVisible();
  await visitor.look("compare");
  await dialog.getByRole("radio", { name: "Leeds", exact: true }).check();
  await expect(dialog.getByRole("radio", { name: "York", exact: true })).not.toBeChecked();
  assert.equal((await api.get(`/api/v1/customers/${anna.id}`)).body.state, "active", "looking changed nothing");
  await press(button("merge.do", dialog));
  await expect(page).toHaveURL(new RegExp(`/customers/${ann.id}$`));
  await expect(page.getByText(say("customer", "merge.done"), { exact: true })).toBeVisible();
  await visitor.look("merged");
  assert.equal((await find("user_id:u2")).id, ann.id);
  assert.deepEqual([(await find("user_id:u2")).fields.city, (await find("user_id:u2")).fields.name], ["Leeds", "Anna Bell"]);

  // Undone from the toast, and merged again.
  await press(button("act.undo", page.locator(".toasts")));
  await expect(page.getByText(say("customer", "merge.undone"), { exact: true })).toBeVisible();
  assert.equal((await find("user_id:u2")).id, anna.id);
  assert.equal((await api.get(`/api/v1/customers/${ann.id}`)).body.fields.name, ann.fields.name);
  const again = await api.post(`/api/v1/customers/${ann.id}/merge`, { other: anna.id, values: { city: "Leeds" } });
  assert.equal(again.status, 200);

  // Why they are one.
  await open(ann.id);
  await expect(page.getByText(say("customer", "decisions"), { exact: true })).toBeVisible();
  await visitor.look("made of");
  await press(button("act.why"));
  await dialog.getByLabel(say("customer", "why.to"), { exact: true }).selectOption({ label: await dialog.locator("option", { hasText: "u2" }).first().textContent() });
  await expect(dialog.locator(".chain-step").first()).toBeVisible();
  await visitor.settled();
  await expect(dialog.locator(".chain-step").last()).toContainText(say("customer", "why.hand", { who: say("customer", "who.token") }));
  await visitor.look("why");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);

  // What does not belong here.
  await press(button("act.unmerge"));
  await expect(dialog.getByText(say("customer", "unmerge.some"), { exact: true })).toBeVisible();
  await dialog.getByRole("checkbox", { name: /u2/ }).check();
  await expect(dialog.locator(".part")).toHaveCount(2);
  await visitor.look("what would separate");
  await press(button("unmerge.do", dialog));
  await expect(page.getByText(say("customer", "unmerge.done", { count: 1 }), { exact: true })).toBeVisible();
  assert.equal((await find("user_id:u2")).id, anna.id);
  assert.equal((await api.get(`/api/v1/customers/${anna.id}`)).body.fields.city, "York");
  await visitor.look("separated");

  // Taken back from the list of what was decided.
  await press(button("act.undo", page.locator(".decisions")).first());
  await expect(page.getByText(say("customer", "unmerge.undone"), { exact: true })).toBeVisible();
  assert.equal((await find("user_id:u2")).id, ann.id);
  await page.goto(`/customers/${anna.id}`);
  await expect(page.getByText(say("customer", "merged.title"), { exact: true })).toBeVisible();
});
