import { expect, test } from "vitest";
import { isSilent } from "./silence";

const now = Date.parse("2026-03-10T00:00:00Z");
const web = { kind: "tracker", is_active: true };

test("a source that sent before and nothing for two days is silent", () => {
  expect(isSilent(web, "2026-03-07T23:00:00Z", now)).toBe(true);
  expect(isSilent(web, "2026-03-08T01:00:00Z", now)).toBe(false);
});

test("one that never sent, is archived, or takes files is not", () => {
  expect(isSilent(web, null, now)).toBe(false);
  expect(isSilent({ ...web, is_active: false }, "2026-01-01T00:00:00Z", now)).toBe(false);
  expect(isSilent({ ...web, kind: "file" }, "2026-01-01T00:00:00Z", now)).toBe(false);
});
