// `onefold formula`: one line out, or the error with a caret.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fresh_folder, run } from "./onefold.mjs";

const record = {
  name: "林梅", 城市: "上海", total_spend: "12345678901234567890.50", phone: null, birthday: "1990-02-28", last_seen_at: "2026-05-20T10:00:00Z",
  orders: [{ amount: "100.50", paid_at: "2026-05-30T16:30:00Z" }, { amount: 20, paid_at: "2026-01-02T00:00:00Z" }], tags: ["vip", "new"],
};

async function formula(text, ...options) {
  const { code, stdout, stderr } = await run(["formula", text, ...options]);
  return { code, stdout, stderr };
}

test("a formula's value is one line", async (t) => {
  const file = join(fresh_folder(t), "record.json");
  writeFileSync(file, JSON.stringify(record));
  const asked = ["--record", file, "--now", "2026-05-31T08:30:00Z", "--zone", "Asia/Shanghai"];
  const values = [
    ["1 / 3", "0.333333333333"],
    ["-2 + 1", "-1"],
    ["-(1)", "-1"],
    ["-total_spend", "-12345678901234567890.5"],
    ["total_spend", "12345678901234567890.5"],
    ["name", "林梅"],
    ["城市 = “上海”", "TRUE"],
    ["城市 IN (\"北京\")", "FALSE"],
    ["phone", ""],
    ["birthday", "1990-02-28"],
    ["TODAY() - 30", "2026-05-01"],
    ["last_seen_at", "2026-05-20T10:00:00Z"],
    ["COUNT(orders, paid_at >= TODAY() - 30)", "1"],
    ["SUM(orders.amount)", "120.5"],
    ["tags", '["vip","new"]'],
    ["orders.amount", "[100.5,20]"],
    ['"a\nb"', "a\nb"],
  ];
  for (const [text, value] of values) assert.deepEqual(await formula(text, ...asked), { code: 0, stdout: `${value}\n`, stderr: "" }, text);
});

test("an error shows its place, in the language that is asked for, and ends with 1", async () => {
  assert.deepEqual(await formula("1 + / 2"), { code: 1, stdout: "", stderr: "Character 5: “/” stands where a value, a field or a function was expected.\n1 + / 2\n    ^\n" });
  assert.deepEqual(await formula("SUMM(1)", "--lang", "zh-CN"), { code: 1, stdout: "", stderr: "第 1 个字符：没有函数 SUMM。是否指 SUM？\nSUMM(1)\n^^^^^^^\n" });
  assert.deepEqual(await formula("2 * (1 / 0)"), { code: 1, stdout: "", stderr: "Character 5: division by zero.\n2 * (1 / 0)\n    ^^^^^^^\n" });
});

test("what was called wrongly ends with 2", async (t) => {
  const folder = fresh_folder(t);
  const broken = join(folder, "broken.json");
  writeFileSync(broken, "[1");
  assert.equal((await formula("1", "--record", join(folder, "none.json"))).code, 2);
  assert.equal((await formula("1", "--record", broken)).code, 2);
  assert.equal((await formula("1", "--zone", "Mars/Base")).code, 2);
  assert.equal((await formula("1", "--now", "yesterday")).code, 2);
  assert.equal((await run(["formula"])).code, 2);
});
