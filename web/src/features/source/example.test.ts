import { expect, test } from "vitest";
import { example, importCommand } from "./example";

test("a source's name is quoted where the shell would read it otherwise", () => {
  expect(importCommand("shop")).toContain("--source shop ");
  expect(importCommand("官网 a'b")).toContain(`--source '官网 a'\\''b' `);
});

test("each kind shows how to send its first data to this very host", () => {
  expect(example("api", "wk_1", "shop", "http://127.0.0.1:8080")).toContain("curl http://127.0.0.1:8080/v1/track -u wk_1:");
  expect(example("tracker", "wk_1", "web", "https://cdp.example")).toContain("https://cdp.example/v1/batch");
  expect(example("file", "wk_1", "shop", "")).toBe(importCommand("shop"));
});
