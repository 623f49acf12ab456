import { expect, test } from "vitest";
import { importCommand, placeholder, waysOf } from "./ways";

test("a source's name is quoted where the shell would read it otherwise", () => {
  expect(importCommand("shop")).toContain("--source shop ");
  expect(importCommand("官网 a'b")).toContain(`--source '官网 a'\\''b' `);
});

test("a website is connected by one line", () => {
  expect(waysOf("tracker", "web", "https://cdp.example")[0]).toEqual({ name: "web", code: `<script async src="https://cdp.example/onefold.js" data-key="${placeholder}"></script>` });
});

test("a mini-program is connected by a file of its own, from this host", () => {
  const [, way] = waysOf("tracker", "web", "https://cdp.example", "ofk_1");
  expect(way).toMatchObject({ name: "mini_program", download: "https://cdp.example/onefold-mini.js" });
  expect(way!.code).toContain('require("./onefold-mini.js");\nonefold.start({ host: "https://cdp.example", key: "ofk_1" });');
});

test("each way names this very host and the key, or where the key goes", () => {
  for (const kind of ["tracker", "api"] as const)
    for (const { name, code } of waysOf(kind, "web", "http://127.0.0.1:8080", "ofk_1")) {
      expect(code, name).toContain("127.0.0.1");
      expect(code, name).toContain("8080");
      expect(code, name).toContain("ofk_1");
    }
});

test("files are imported by a command that names the source", () => {
  expect(waysOf("file", "官网", "https://cdp.example").map(({ code }) => code)).toEqual(["onefold import orders.csv --as order --source '官网' --map map.json --data DIR"]);
});
