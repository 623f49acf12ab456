import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { get, keyKeeper, patch, post, speak, urlOf } from "./client";
import { asFailure, inputOf, kindOfStatus, type Failure } from "./failure";

const answers: Response[] = [];
const asked: Request[] = [];
beforeEach(() => {
  asked.length = 0;
  answers.length = 0;
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    asked.push(new Request(`http://localhost${url}`, init));
    const answer = answers.shift();
    return answer ? Promise.resolve(answer) : Promise.reject(new TypeError("Failed to fetch"));
  });
});
afterEach(() => vi.unstubAllGlobals());
const answer = (status: number, body: unknown, headers: HeadersInit = {}) => answers.push(new Response(body === undefined ? null : JSON.stringify(body), { status, headers }));
const failureOf = async (promise: Promise<unknown>): Promise<Failure> => asFailure(await promise.then(() => null, (thrown: unknown) => thrown));

test("blank words do not reach the address", () => {
  expect(urlOf("/api/v1/customers", { limit: 50, after: "", filter: undefined, identifier: "email:a@b.c" })).toBe("/api/v1/customers?limit=50&identifier=email%3Aa%40b.c");
});

test("every request says its language, updates their version, creates their key", async () => {
  speak("zh-CN");
  answer(200, { version: 4 });
  await patch("/api/v1/company", { name: "x" }, 3);
  expect(asked[0]!.headers.get("Accept-Language")).toBe("zh-CN");
  expect(asked[0]!.headers.get("If-Match")).toBe('"3"');
  answer(201, {});
  await post("/api/v1/sources", { name: "shop" }, { once: "k1" });
  expect(asked[1]!.headers.get("Idempotency-Key")).toBe("k1");
});

test("one wish keeps its key, a corrected wish gets another", () => {
  const keyFor = keyKeeper();
  const first = keyFor({ name: "shop" });
  expect(first).toMatch(/^[0-9a-f]{32}$/);
  expect(keyFor({ name: "shop" })).toBe(first);
  expect(keyFor({ name: "store" })).not.toBe(first);
});

test("after a write the next read waits until it is visible, and the one after does not", async () => {
  answer(201, {}, { "Onefold-Position": "17.3" });
  answer(200, {});
  answer(200, {});
  await post("/api/v1/sources", {});
  await get("/api/v1/sources");
  await get("/api/v1/sources");
  expect(asked.map((request) => request.headers.get("Onefold-Min-Position"))).toEqual([null, "17.3", null]);
});

test("an error keeps its code, message, fields and number", async () => {
  answer(422, { error: { code: "access.invalid", message: "不行", fields: [{ path: "/password", code: "access.weak_password", message: "太短" }] } }, { "X-Request-Id": "abc" });
  const failure = await failureOf(post("/api/v1/setup", {}));
  expect(failure).toMatchObject({ kind: "invalid", status: 422, code: "access.invalid", message: "不行", requestId: "abc" });
  expect(inputOf(failure.fields[0]!.path)).toBe("password");
});

test("an answer that is no JSON of ours is still a failure with a kind", async () => {
  answers.push(new Response("<html>502</html>", { status: 502 }));
  expect(await failureOf(get("/api/v1/company"))).toMatchObject({ kind: "server", code: "http.502", fields: [] });
});

test("no answer at all is told apart from a refusal", async () => {
  expect(await failureOf(get("/api/v1/company"))).toMatchObject({ kind: "offline", status: 0 });
});

test("each status means one thing to do", () => {
  expect([401, 403, 404, 409, 412, 428, 422, 400, 429, 503, 500].map(kindOfStatus)).toEqual([
    "signed_out",
    "refused",
    "missing",
    "conflict",
    "conflict",
    "conflict",
    "invalid",
    "invalid",
    "busy",
    "busy",
    "server",
  ]);
});
