// Every word that people read stands in both languages, and none stands in the code.
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const names = readdirSync(root, { recursive: true }) as string[];
const english = names.filter((name) => name.endsWith("texts.en.json"));
const read = (name: string): Record<string, string> => JSON.parse(readFileSync(join(root, name), "utf8")) as Record<string, string>;
const stem = (key: string) => key.replace(/_(one|other)$/, "");
const stems = (words: Record<string, string>) => [...new Set(Object.keys(words).map(stem))].toSorted();
const holes = (text: string) => [...new Set([...text.matchAll(/{{\s*(\w+)/g)].map((match) => match[1]!))].toSorted();

test.each(english)("%s and its Chinese sister say the same things", (name) => {
  const en = read(name);
  const zh = read(name.replace("texts.en", "texts.zh-CN"));
  expect(stems(zh)).toEqual(stems(en));
  for (const [key, text] of Object.entries(zh)) {
    const other = en[key] ?? en[stem(key)];
    expect(text.trim(), key).not.toBe("");
    expect(other, key).toBeTruthy();
    expect(holes(text).filter((hole) => hole !== "count"), key).toEqual(holes(other!).filter((hole) => hole !== "count"));
  }
});

test.each(english)("%s has no Chinese, and its sister none left in English", (name) => {
  for (const [key, text] of Object.entries(read(name))) expect(text, key).not.toMatch(/\p{Script=Han}/u);
  const zh = read(name.replace("texts.en", "texts.zh-CN"));
  for (const [key, text] of Object.entries(zh)) if (/[A-Za-z]{4,} [A-Za-z]{3,}/.test(text)) expect(text, key).toMatch(/\p{Script=Han}/u);
});

test("English plurals have both forms", () => {
  for (const name of english) {
    const keys = Object.keys(read(name));
    for (const key of keys.filter((one) => one.endsWith("_one"))) expect(keys, `${name} ${key}`).toContain(key.replace(/_one$/, "_other"));
  }
});

const spoken = new Set(["title", "placeholder", "label", "alt", "aria-label", "aria-description", "okText", "cancelText", "description", "text", "extra", "note"]);
const isName = (text: string) => ["Onefold"].includes(text.trim());

function literalsOf(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const report = (node: ts.Node, text: string) => {
    if (/\p{L}{2,}/u.test(text) && !isName(text)) found.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${text.trim()}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) report(node, node.text);
    if (ts.isJsxAttribute(node) && spoken.has(node.name.getText()) && node.initializer && ts.isStringLiteral(node.initializer)) report(node, node.initializer.text);
    if (ts.isJsxExpression(node) && node.expression && ts.isStringLiteral(node.expression) && (ts.isJsxElement(node.parent) || ts.isJsxFragment(node.parent))) report(node, node.expression.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const code = names.filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name));

test("no visible word stands in a component", () => {
  expect(code.filter((name) => name.endsWith(".tsx")).flatMap(literalsOf)).toEqual([]);
});

test("no Chinese stands in the code, but for the names of help-desk states, our own language, and what the language of formulas says as the server does", () => {
  const allowed = new Set(["design/language.ts", "features/ticket/TicketList.tsx", "features/customer/Lineage.tsx", "design/format.ts"]);
  const chinese = code.filter((name) => !allowed.has(name) && !name.startsWith("features/formula/language/") && /\p{Script=Han}/u.test(readFileSync(join(root, name), "utf8").replace(/^\s*\/\/.*$/gm, "")));
  expect(chinese).toEqual([]);
});

test("every key that the code says by name is in the texts of its room", () => {
  const missing: string[] = [];
  for (const file of code) {
    const text = readFileSync(join(root, file), "utf8");
    const room = file.startsWith("features/") ? file.split("/").slice(0, 2).join("/") : file.split("/")[0]!;
    const keys = english.find((name) => dirname(name) === room);
    if (!keys) continue;
    const known = stems(read(keys));
    for (const [, key] of text.matchAll(/\bsay\("([^"]+)"/g)) if (!known.includes(key!)) missing.push(`${file} ${key}`);
  }
  expect(missing).toEqual([]);
});

test("no text is left that nobody says", () => {
  const unused: string[] = [];
  for (const name of english) {
    const room = dirname(name);
    const text = code.filter((file) => file.startsWith(`${room}/`)).map((file) => readFileSync(join(root, file), "utf8")).join("\n");
    for (const key of stems(read(name))) {
      const prefix = key.includes(".") ? key.slice(0, key.indexOf(".")) : null;
      const isSaid = text.includes(`"${key}"`) || (prefix !== null && (text.includes(`\`${prefix}.\${`) || text.includes(`sayCode("${prefix}"`)));
      if (!isSaid) unused.push(`${room} ${key}`);
    }
  }
  expect(unused).toEqual([]);
});
