import { expect, test } from "vitest";
import { judge } from "./retry";

test("what arrived is done", () => {
  expect(judge(200, null, 0, 0.5)).toEqual({ isFinal: true, waitMs: 0 });
});

test("what will never be taken is not sent again", () => {
  for (const status of [400, 401, 403, 413]) expect(judge(status, null, 1, 0.5).isFinal).toBe(true);
});

test("what may be taken later waits longer each time, with chance, at most a minute", () => {
  for (const status of [0, 408, 425, 429, 500, 503, 507]) expect(judge(status, null, 1, 1)).toEqual({ isFinal: false, waitMs: 1_000 });
  expect([1, 2, 3, 20].map((failures) => judge(503, null, failures, 0).waitMs)).toEqual([500, 1_000, 2_000, 30_000]);
  expect(judge(0, null, 2_000, 1).waitMs).toBe(60_000);
});

test("the server says when, within reason", () => {
  expect(judge(429, "7", 1, 0).waitMs).toBe(7_000);
  expect(judge(503, "86400", 1, 0).waitMs).toBe(600_000);
  for (const odd of ["soon", "-1", "0", ""]) expect(judge(429, odd, 1, 1).waitMs).toBe(1_000);
});
