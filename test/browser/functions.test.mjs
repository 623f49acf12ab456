// The page of functions: all that formulas can call, found by name and by what it does, each with its examples.
import assert from "node:assert/strict";
import { everywhere } from "./desk.mjs";
import { expect } from "./visitor.mjs";

// The examples' own words.
const data_words = ["上海", "市", "海", "北京", "上", "中", "年", "月", "日"];

everywhere("Functions of formulas", { name: "functions", data_words }, async ({ visitor, page, say, language, press, set_up }) => {
  await set_up();
  await page.goto("/functions");
  const functions = page.locator("article.function");
  await expect(functions.first()).toBeVisible();
  const all = await functions.count();
  assert.ok(all >= 100, `${all} functions`);
  await visitor.look("all functions");
  await page.screenshot({ path: `build/test-results/pictures/functions-${language}-${visitor.is_phone ? 390 : 1440}.png` });

  // In the reader's language, and by any part of what it does.
  const search = page.getByLabel(say("formula", "functions.search"), { exact: true });
  await search.fill(language === "zh-CN" ? "字符数" : "how many characters");
  await expect(functions).toHaveCount(1);
  await expect(functions.getByText("LEN(text)", { exact: true })).toBeVisible();
  await expect(functions.getByText('LEN("北京😀")', { exact: true })).toBeVisible();
  await visitor.look("one function");
  // The words that an argument can be.
  await search.fill("startof");
  await expect(functions.locator(".function-words")).toHaveText(`unit${say("formula", "functions.words")}dayweekmonthquarteryear`);
  await expect(functions.locator(".function-use code")).toHaveText('last_seen_at >= STARTOF(TODAY(), "month")');
  await visitor.look("words of a function");
  await search.fill("vlookup");
  await expect(page.locator(".empty h3")).toBeVisible();
  await visitor.look("no function");
  await press(page.getByRole("button", { name: say("formula", "functions.clear"), exact: true }));
  await expect(functions).toHaveCount(all);

  // By its kind, and both stand in the address.
  await press(page.getByRole("button", { name: say("formula", "function_family.list"), exact: true }));
  await expect(page.locator("section.functions-family")).toHaveCount(1);
  await expect(functions.getByText(say("formula", "functions.aggregate"), { exact: true }).first()).toBeVisible();
  await page.reload();
  await expect(page.locator("section.functions-family")).toHaveCount(1);
  await visitor.look("one kind");
});
