// Who may be one: somebody goes through the queue, merges, keeps apart, puts off, takes back, meets a colleague's decision and is praised in the
// end; then looks what a customer is made of, and cuts a link. In both languages, at a desk and on a phone; once with nothing but the keyboard.
import assert from "node:assert/strict";
import { Tracker, run, seeing } from "../story/onefold.mjs";
import { everywhere } from "./desk.mjs";
import { expect } from "./visitor.mjs";

const day = (number) => `2026-03-0${number}T08:00:00Z`;

async function fill(server, folder) {
  const key = (await run(["source", "create", "web", "--kind", "tracker", "--data", folder])).last_word;
  const tracker = new Tracker(server.api(), key);
  const api = server.api({ token: (await run(["token", "create", "t", "--role", "editor", "--data", folder])).last_word });
  const two = async (a, b, shared) => {
    for (const [userId, traits, number] of [[...a, 1], [...b, 2]]) await tracker.send("identify", { userId, traits: { ...traits, ...shared }, timestamp: day(number) });
  };
  await two(["u1", { name: "Ann Bell", city: "Leeds", title: "Clerk" }], ["u2", { name: "Anna Bell", city: "York", company: "Bell Ringers" }], { phone: "+441134960000", email: "bell@example.com" });
  await two(["u3", { name: "Bo Low" }], ["u4", { name: "Bob Low" }], { phone: "+441134960001" });
  await two(["u5", { name: "Cem Oak" }], ["u6", { name: "Cem Oak" }], { phone: "+441134960002" });
  let last;
  for (const userId of ["u7", "u8"]) last = await tracker.send("track", { userId, anonymousId: "tablet", event: "Opened", timestamp: day(3) });
  const find = async (identifier) => (await api.get(`/api/v1/customers?identifier=${identifier}`, seeing(last))).body.items[0];
  await find("user_id:u8");
  const queue = async () => (await api.get("/api/v1/reviews")).body.items;
  return { api, tracker, find, queue };
}

everywhere("Review", { name: "review" }, async ({ folder, server, visitor, page, say, is_keyboard, press, set_up }) => {
  const word = (key, values) => say("review", key, values);
  const button = (key, values) => page.getByRole("button", { name: word(key, values), exact: true });
  const told = (key, values) => expect(page.getByText(word(key, values), { exact: true }).first()).toBeVisible();
  const items = page.locator(".review-item"), title = page.locator(".review-title");
  const at = (a, b) => expect(title).toHaveText(word("and", { a, b }));
  const act = async (key, letter) => {
    if (!is_keyboard) return press(button(key));
    await expect(title).toBeFocused();
    await page.keyboard.press(letter);
  };
  const undo = async () => {
    if (!is_keyboard) return press(page.locator(".toast-act").last());
    await expect(page.locator(".toast-act")).toHaveCount(1);
    await page.keyboard.press("Control+z");
    await expect(page.locator(".toast-act")).toHaveCount(0);
  };
  const first = async () => {
    if (visitor.is_phone && (await items.count()) > 0) await visitor.press(items.first());
  };

  await set_up();
  await page.goto("/review");
  await told("empty.fresh");
  await visitor.look("nothing");

  const { api, tracker, find, queue } = await fill(server, folder);
  await expect.poll(async () => (await queue()).length).toBe(4);
  await page.goto("/");
  await press(page.getByRole("link", { name: say("app", "home.matter_pairs", { count: 4, shown: "4" }) }));
  await expect(items).toHaveCount(4);
  await expect(items.filter({ hasText: "u7" })).toHaveText(/u8/); // nobody knows their names
  await visitor.look("queue");
  await first();
  await at("Ann Bell", "Anna Bell");
  await expect(page.locator(".review-evidence li")).toHaveCount(2);
  await expect(page.locator(".review-differs")).toHaveCount(2);
  const identifiers = page.locator(".review-sides tr", { has: page.getByRole("rowheader", { name: word("identifiers"), exact: true }) });
  for (const side of [0, 1]) {
    await expect(identifiers.locator("td").nth(side).locator("div", { hasText: word("same") })).toHaveCount(2); // phone and address; who they are to the site is not
    await expect(identifiers.locator("td").nth(side).locator("div")).toHaveCount(3);
  }
  await visitor.look("pair");

  // One value is chosen; the two become one; the next pair is there; taken back.
  if (is_keyboard) {
    await expect(page.getByRole("radio", { name: /York/ })).toBeChecked();
    await page.keyboard.press("1");
    await expect(page.getByRole("radio", { name: /Leeds/ })).toBeChecked();
    await page.keyboard.press("0");
    await page.getByRole("radio", { name: /York/ }).focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("m");
  } else await page.getByRole("radio", { name: /Leeds/ }).check();
  if (!is_keyboard) await act("merge", "m");
  await told("done.merge");
  assert.equal((await find("user_id:u2")).fields.city, "Leeds");
  assert.equal((await find("user_id:u2")).fields.name, "Anna Bell");
  await expect(title).not.toHaveText(word("and", { a: "Ann Bell", b: "Anna Bell" }));
  await expect(page.getByText(word("progress.text", { done: 1, open: 3 }), { exact: true })).toBeVisible();
  await visitor.look("merged");
  await undo();
  await told("undone.merge");
  assert.equal((await find("user_id:u2")).fields.city, "York");
  await expect.poll(async () => (await queue()).length).toBe(4);

  // Kept apart.
  const low = (await queue()).find(({ name }) => name === "Bo Low");
  await page.goto(`/review?pair=${low.id}`);
  await at("Bo Low", "Bob Low");
  await act("apart", "a");
  await told("done.apart");
  await expect.poll(async () => (await queue()).length).toBe(3);

  // Put off, seen among what was put off, and taken up again.
  const oak = (await queue()).find(({ name }) => name === "Cem Oak");
  await page.goto(`/review?pair=${oak.id}`);
  await at("Cem Oak", "Cem Oak");
  if (is_keyboard) await act("later", "l");
  else {
    await visitor.press(button("later"));
    await expect(page.getByRole("menuitem", { name: word("later.change"), exact: true })).toBeVisible();
    await visitor.look("until when");
    await visitor.press(page.getByRole("menuitem", { name: word("later.change"), exact: true }));
  }
  await told("done.later");
  await page.goto("/review?state=later");
  await expect(items).toHaveCount(1);
  await visitor.look("put off");
  await first();
  await press(button("reopen"));
  await told("undone.later");
  await page.goto("/review?state=later");
  await told("later_empty.title");

  // A colleague was faster: that is told, and the next pair comes.
  await page.goto(`/review?pair=${oak.id}`);
  await at("Cem Oak", "Cem Oak");
  await visitor.settled();
  const { body: seen } = await api.get(`/api/v1/reviews/${oak.id}`);
  await visitor.refused(412, `/api/v1/reviews/${oak.id}/keep_apart`, async () => {
    assert.equal((await api.send("POST", `/api/v1/reviews/${oak.id}/merge`, {}, { "if-match": String(seen.version) })).status, 200);
    await act("apart", "a");
    await told("settled");
  });
  await expect(title).not.toHaveText(word("and", { a: "Cem Oak", b: "Cem Oak" }));

  // A phone's way here.
  if (visitor.is_phone) {
    await page.goto("/me");
    await press(page.getByRole("link", { name: say("app", "nav.review"), exact: true }));
    await expect(items).toHaveCount(2);
  }

  // A link to a decided pair tells by whom.
  await page.goto(`/review?pair=${oak.id}`);
  await expect(page.getByText(word("decided.merged", { name: word("decided.somebody") }), { exact: true })).toBeVisible();
  await visitor.look("decided");

  // To the end of the queue.
  await page.goto("/review");
  for (let left = 2; left > 0; --left) {
    await expect(items).toHaveCount(left);
    await first();
    await expect(title).toBeVisible();
    await visitor.settled();
    await act("apart", "a");
    await expect.poll(async () => (await queue()).length).toBe(left - 1);
    if (left > 1) await page.goto("/review");
  }
  await told("empty.title");
  await visitor.look("praised");

  // What a customer is made of: a link, why it is there, what a cut would part; cut, and taken back.
  const crm = (await run(["source", "create", "crm", "--kind", "api", "--data", folder])).last_word;
  await new Tracker(server.api(), crm).send("identify", { anonymousId: "c1", traits: { email: "oak@example.com" }, timestamp: day(1) });
  const last = await tracker.send("identify", { userId: "u5", traits: { email: "oak@example.com" }, timestamp: day(4) });
  const tree = (await api.get("/api/v1/customers?identifier=user_id:u5", seeing(last))).body.items[0].id;
  await expect.poll(async () => (await api.get(`/api/v1/customers/${tree}/lineage`)).body.nodes.length).toBe(3);
  await page.goto(`/customers/${tree}`);
  if (visitor.is_phone) await visitor.press(page.getByRole("tab", { name: say("customer", "record"), exact: true }));
  const graph_word = (key) => say("customer", key);
  const dialog = page.getByRole("dialog");
  await press(page.getByRole("button", { name: graph_word("graph"), exact: true }));
  if (visitor.is_phone || is_keyboard) {
    if (is_keyboard) {
      await expect(dialog.locator(".react-flow__node")).toHaveCount(3);
      await dialog.getByRole("radio", { name: graph_word("graph_as.graph") }).focus();
      await page.keyboard.press("ArrowRight");
    }
    await expect(dialog.locator(".graph-link")).toHaveCount(2);
    await visitor.look("list of links");
    await press(dialog.locator(".graph-link", { hasText: "oak@example.com" }).last());
  } else {
    await expect(dialog.locator(".react-flow__node")).toHaveCount(3);
    await expect(dialog.locator(".react-flow__edge")).toHaveCount(2);
    await visitor.look("graph");
    const label = dialog.locator(".react-flow__edge-textwrapper", { hasText: "oak@example.com" });
    const box = await label.boundingBox();
    await page.mouse.move(box.x - 40, box.y - 40, { steps: 4 });
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 8 });
    await page.mouse.down();
    await page.mouse.up();
  }
  await expect(dialog.locator(".graph-evidence li").first()).toContainText("oak@example.com");
  await visitor.look("why");
  await press(dialog.getByRole("button", { name: graph_word("graph.cut"), exact: true }));
  await expect(dialog.locator(".part")).toHaveCount(2);
  await visitor.look("what a cut would part");
  await press(dialog.getByRole("button", { name: graph_word("unmerge.do"), exact: true }));
  await expect(page.getByText(say("customer", "unmerge.done", { count: 1 }), { exact: true })).toBeVisible();
  assert.equal((await api.get(`/api/v1/customers/${tree}/lineage`)).body.nodes.length, 2);
  await press(page.locator(".toast-act").last());
  await expect(page.getByText(graph_word("unmerge.undone"), { exact: true })).toBeVisible();
  await expect.poll(async () => (await api.get(`/api/v1/customers/${tree}/lineage`)).body.nodes.length).toBe(3);
});
