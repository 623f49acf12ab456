// An empty installation is filled by one click with the demo company, and every page has something to show: home, the list, one person's and one company's page, pairs to
// review, values that do not join, sources that contradict each other. In both languages, on a desk's screen and on a phone's.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { read_csv } from "../story/csv.mjs";
import { run } from "../story/onefold.mjs";
import { everywhere } from "./desk.mjs";
import { expect } from "./visitor.mjs";

const has_han = (text) => /\p{Script=Han}/u.test(text);

/** What the demo's files say in Chinese, the longest first, and the names of its sources. */
function words_in(folder) {
  const read = (name) => new TextDecoder(name.startsWith("erp") ? "gbk" : "utf-8").decode(readFileSync(join(folder, name)));
  const cells = readdirSync(folder).filter((name) => name.endsWith(".csv")).flatMap((name) => read(name).split(/[,\r\n"]+/));
  const of_site = [...read("web_messages.jsonl").matchAll(/"name":"([^"]*)"/g)].map(([, name]) => name);
  const of_visits = ["展会到访", "参加网络研讨会", "中国国际工业博览会", "深圳机械展", "苏州自动化展", "滚珠丝杠选型实战", "机床主轴维护要点", "精密测量入门"]; // of the spreadsheet
  const all = [...cells, ...of_site, ...of_visits, "市场活动"];
  return [...new Set([...all, ...all.map((word) => word.normalize("NFKC"))])].filter(has_han).sort((a, b) => b.length - a.length);
}

everywhere("The demo company", { name: "demo" }, async ({ folder, server, visitor, page, say, press, set_up }) => {
  const button = (room, key, values, place = page) => place.getByRole("button", { name: say(room, key, values), exact: true });
  const api = server.api({ token: (await run(["token", "create", "t", "--role", "editor", "--data", folder])).last_word });
  const first = async (path) => (await api.get(path)).body.items[0];

  await set_up();
  await press(button("app", "home.sample_act"));
  await expect(page.getByRole("heading", { name: say("app", "home.growth"), exact: true })).toBeVisible({ timeout: 60_000 });
  await expect.poll(async () => (await api.get("/api/v1/sample")).body.state, { timeout: 60_000 }).toBe("finished");
  visitor.data_words = words_in(join(folder, "sample"));
  await page.reload();
  await expect(page.getByRole("heading", { name: say("app", "home.sources"), exact: true })).toBeVisible();
  await visitor.look("home");

  await page.goto("/customers?sort=-total_spend");
  await expect(page.locator("[data-index] a").first()).toBeVisible();
  await visitor.look("list");
  await page.goto("/customers?sort=-last_seen_at");
  await expect(page.locator("[data-index] a").first()).toBeVisible();
  await visitor.look("list by last seen");

  const of_kind = (kind) => encodeURIComponent(JSON.stringify({ op: "=", args: [{ field: "kind" }, { value: kind }] }));
  for (const kind of ["person", "organisation", "household"]) {
    const one = await first(`/api/v1/customers?limit=1&sort=-event_count&filter=${of_kind(kind)}`);
    await page.goto(`/customers/${one.id}`);
    await expect(page.locator("h1")).toContainText(one.fields.name);
    await visitor.settled();
    await visitor.look(kind);
  }

  for (const path of ["review", "values", "quality", "sources", "imports", "events"]) {
    await page.goto(`/${path}`);
    await expect(page.locator("h1").first()).toBeVisible();
    await visitor.settled();
    await visitor.look(path);
  }
  for (const path of ["reviews", "quality/conflicts", "identifiers?state=shared", "identifiers?state=blocked"]) assert.ok(await first(`/api/v1/${path}`), path);

  // The truth lies beside what was imported.
  assert.ok(read_csv(readFileSync(join(folder, "sample/truth.csv"), "utf8")).length > 10_000);
});
