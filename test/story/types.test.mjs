// The types that the web is written against are those of the program's own contract.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { test } from "node:test";
import { Server, fresh_folder } from "./onefold.mjs";

const web = resolve("web");
const committed = "src/api/schema.d.ts";

test("the committed types are those that the running program's contract gives", async (t) => {
  const server = await Server.start(fresh_folder(t));
  t.after(() => server.stop());
  const contract = await server.api().get("/api/openapi.json");
  assert.equal(contract.status, 200);
  const folder = fresh_folder(t);
  const [document, generated] = [join(folder, "openapi.json"), join(folder, "schema.d.ts")];
  writeFileSync(document, JSON.stringify(contract.body));

  // The very words of `npm run contract`, but for where they write.
  const words = JSON.parse(readFileSync(join(web, "package.json"), "utf8")).scripts.contract;
  assert.ok(words.includes(committed), words);
  const path = [join(web, "node_modules", ".bin"), process.env.PATH].join(delimiter);
  execFileSync("/bin/sh", ["-c", words.replace(committed, generated)], { cwd: web, env: { ...process.env, PATH: path, OPENAPI: document }, stdio: ["ignore", "ignore", "inherit"] });

  const lines = (file) => readFileSync(file, "utf8").split("\n");
  const [now, before] = [lines(generated), lines(join(web, committed))];
  const at = now.findIndex((line, place) => line !== before[place]);
  const is_same = at < 0 && now.length === before.length;
  assert.ok(is_same, `web/${committed} is not of this contract, from line ${at + 1}: "${before[at]}" should be "${now[at]}". Serve, run \`npm run contract\` in web, and commit.`);
});
