// Somebody looks for customers as people do: by pinyin, initials, the end of a number, a mistyped name, with an input method; in the box and on its page. In both
// languages, on a desk's screen and on a phone's.
import assert from "node:assert/strict";
import { Tracker, run, sleep } from "../story/onefold.mjs";
import { everywhere } from "./desk.mjs";
import { expect } from "./visitor.mjs";

const people = [
  ["u1", { name: "王小明", phone: "13907554321", company: "苏州新星机械有限公司" }],
  ["u2", { name: "王晓梅", phone: "13907551111" }],
  ["u3", { name: "Katherine Meyer", email: "kate@nova.example.com" }],
  ["u4", { name: "Lin Meier" }],
];
const data_words = ["苏州新星机械有限公司", "新星机械有限公司", "机械有限公司", "苏州", "王小明", "王晓梅", "王小", "新星", "小明", "晓梅", "王"];

async function fill(server, folder) {
  const key = (await run(["source", "create", "web", "--kind", "tracker", "--data", folder])).last_word;
  const tracker = new Tracker(server.api(), key);
  for (const [userId, traits] of people) await tracker.send("identify", { userId, traits });
  const api = server.api({ token: (await run(["token", "create", "t", "--data", folder])).last_word });
  const has_all = async () => (await api.get("/api/v1/search_index")).body.customers === people.length + 1; // and the firm
  for (let i = 0; i < 100 && !(await has_all()); ++i) await sleep(100);
  assert.ok(await has_all());
}

everywhere("Search", { name: "search", data_words, minutes: 3 }, async ({ folder, server, visitor, page, say, language, set_up }) => {
  await set_up();
  await fill(server, folder);

  const box = page.getByRole("combobox", { name: say("app", "search"), exact: true });
  const option = (name) => page.getByRole("option", { name });
  const asked = () => visitor.requests.filter(({ path }) => path === "/api/v1/search").map(({ query }) => query.get("q"));
  const type = async (text) => {
    await box.fill("");
    await box.pressSequentially(text, { delay: 40 });
  };

  // Typed quickly, it is asked once, when the typing stops.
  await page.keyboard.press("Control+k");
  await expect(box).toBeFocused();
  await type("wxm");
  await expect(option("王小明")).toBeVisible();
  await expect(option("王晓梅")).toBeVisible();
  assert.deepEqual(asked(), ["wxm"]);
  await expect(page.locator(".hit mark").first()).toHaveText(/王(小明|晓梅)/);
  await visitor.look("by initials");

  for (const [text, name, mark] of [["4321", "王小明", "4321"], ["wangxiaom", "王小明", "王小明"], ["新星", "王小明", "新星"], ["kate@nova.example.com", "Katherine Meyer", "kate@nova.example.com"], ["katherin", "Katherine Meyer", "Katherin"]]) {
    await type(text);
    await expect(option(name)).toBeVisible();
    await expect(option(name).locator("mark").first()).toHaveText(mark);
  }

  // A letter wrong; who is only similar says so.
  await type("Kathrine Meyr");
  await expect(option("Katherine Meyer")).toContainText(say("search", "match.similar"));
  await visitor.look("mistyped");

  // Persons and firms stand apart.
  await type("suzhou");
  await expect(page.getByText(say("search", "kind.organisation"), { exact: true })).toBeVisible();
  await visitor.look("grouped");

  // While an input method composes nothing is asked and Enter opens nothing; what it writes is.
  await box.fill("");
  const before = asked().length;
  const method = await page.context().newCDPSession(page);
  for (const text of ["w", "wa", "wang", "wang'x", "wang'xiao"]) await method.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
  await page.waitForTimeout(500);
  assert.equal(asked().length, before);
  await method.send("Input.insertText", { text: "王小" });
  await expect(option("王小明")).toBeVisible();
  assert.deepEqual(asked().slice(before), ["王小"]);

  // Old questions are given up: an answer that comes late is not shown.
  let is_slow = true;
  await page.route("**/api/v1/search?*", async (route) => {
    if (is_slow && new URL(route.request().url()).searchParams.get("q") === "wang") await page.waitForTimeout(1_500);
    await route.continue().catch(() => undefined);
  });
  await box.fill("wang");
  await page.waitForTimeout(300);
  const given_up = page.waitForEvent("requestfailed", (request) => request.url().includes("q=wang"));
  await box.fill("lin");
  await given_up;
  await expect(option("Lin Meier")).toBeVisible();
  await page.waitForTimeout(1_600);
  await expect(option("王小明")).toHaveCount(0);
  is_slow = false;
  await page.unroute("**/api/v1/search?*");

  // Nobody, and a search that fails.
  await type("zzzqq");
  await expect(page.getByText(say("app", "search.none", { text: "zzzqq" }), { exact: true })).toBeVisible();
  await visitor.look("nobody");
  await page.route("**/api/v1/search?*", (route) => route.fulfill({ status: 500, json: { error: { code: "store.failed", message: "", fields: [] } } }));
  await visitor.refused(500, "/api/v1/search", () => type("meyer"));
  await expect(page.getByText(say("app", "search.failed"))).toBeVisible();
  await visitor.look("failed");
  await page.unroute("**/api/v1/search?*");
  await visitor.press(page.getByRole("button", { name: say("app", "search.again"), exact: true }));
  await expect(option("Katherine Meyer")).toBeVisible();

  // From the box to the page, by the keyboard on a desk, by a finger on a phone.
  await type("wang");
  await expect(option("王小明")).toBeVisible();
  const all = option(say("app", "search.all", { text: "wang" }));
  if (visitor.is_phone) await visitor.press(all);
  else {
    for (let i = 0; i < 2; ++i) await page.keyboard.press("ArrowDown");
    await expect(all).toHaveAttribute("aria-selected", "true");
    await page.keyboard.press("Enter");
  }
  await expect(page).toHaveURL(/\/search\?q=wang$/);
  await expect(page.getByRole("link", { name: /王小明/ })).toBeVisible();
  await expect(page.getByText(say("search", "count", { count: 2, shown: "2" }), { exact: true })).toBeVisible();
  await visitor.look("page");
  await visitor.press(page.getByRole("button", { name: say("search", "kind.organisation"), exact: true }));
  await expect(page.getByText(say("search", "none.title", { text: "wang" }), { exact: true })).toBeVisible();
  await visitor.look("page without hits");
  await page.goBack();
  const field = page.getByRole("searchbox", { name: say("search", "label"), exact: true });
  await field.fill("");
  await expect(page.getByText(say("search", "begin.title"), { exact: true })).toBeVisible();
  await visitor.look("page at the beginning");
  await field.pressSequentially("suzhou", { delay: 40 });
  await expect(page.getByRole("link", { name: /苏州新星机械有限公司/ }).first()).toBeVisible();
  await visitor.look("page grouped");
  await field.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/customers\/\d+/);

  // The list finds what a name contains; who typed more than that is led to the search.
  await page.goto("/customers?q=wxm");
  const onward = page.getByRole("link", { name: say("customer", "none.search", { text: "wxm" }), exact: true });
  await expect(onward).toBeVisible();
  await visitor.look("not in the list");
  await visitor.press(onward);
  await expect(page).toHaveURL(/\/search\?q=wxm$/);
  await expect(page.getByRole("link", { name: /王小明/ })).toBeVisible();
});
