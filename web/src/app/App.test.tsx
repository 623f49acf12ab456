import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { setLanguage } from "../design/language";
import { App } from "./App";

const session = {
  user: { id: "1", email: "min@example.com", name: "Min", role: "viewer", locale: "en", version: 3 },
  company: { name: "Yunfan", zone: "UTC", currency: "CNY", locale: "en" },
};
const answers: Record<string, (init: RequestInit) => [number, unknown]> = {};
const asked: { method: string; path: string; body: unknown }[] = [];

beforeEach(() => {
  setLanguage("en");
  asked.length = 0;
  for (const key of Object.keys(answers)) delete answers[key];
  answers["GET /api/v1/setup"] = () => [200, { is_needed: false }];
  answers["POST /api/v1/query"] = (init) => [200, { columns: [], rows: (JSON.parse(init.body as string) as { group?: string[] }).group ? [] : [[0]], next: null }];
  for (const list of ["sources", "imports", "customers", "users"]) answers[`GET /api/v1/${list}`] = () => [200, { items: [], next: null }];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    const method = init.method ?? "GET";
    const path = url.split("?")[0]!;
    asked.push({ method, path, body: init.body ? JSON.parse(init.body as string) : undefined });
    const [status, body] = answers[`${method} ${path}`]?.(init) ?? [404, { error: { code: "http.no_route", message: "", fields: [] } }];
    return new Response(JSON.stringify(body), { status });
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});
const open = (path: string) => {
  window.history.pushState({}, "", path);
  render(<App />);
};

test("whoever is not signed in is led to the door once, and back to where they wanted to go", async () => {
  answers["GET /api/v1/session"] = () => [401, { error: { code: "access.not_signed_in", message: "", fields: [] } }];
  answers["POST /api/v1/session"] = () => [201, session];
  open("/sources");
  await screen.findByRole("heading", { name: "Sign in" }, { timeout: 5000 });
  expect(window.location.pathname + window.location.search).toBe("/sign-in?to=%2Fsources");
  fireEvent.change(screen.getByLabelText("E-mail"), { target: { value: "min@example.com" } });
  fireEvent.change(screen.getByLabelText("Password"), { target: { value: "correct horse battery" } });
  fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
  await screen.findByRole("heading", { name: "Sources" }, { timeout: 5000 });
  expect(window.location.pathname).toBe("/sources");
  expect(asked.find(({ method }) => method === "POST")?.body).toEqual({ email: "min@example.com", password: "correct horse battery" });
});

test("an empty installation shows the first steps, and a viewer no entry that would refuse", async () => {
  answers["GET /api/v1/session"] = () => [200, session];
  open("/");
  await screen.findByText("Three steps to your first whole customer", {}, { timeout: 5000 });
  expect(screen.queryByRole("link", { name: "People & access" })).toBeNull();
  expect(screen.queryByRole("link", { name: "Create a source" })).toBeNull();
});

test("what was said to whoever signs out is gone with them", async () => {
  answers["GET /api/v1/session"] = () => [200, session];
  answers["DELETE /api/v1/session"] = () => [500, {}];
  open("/me");
  fireEvent.click(await screen.findByRole("button", { name: "Sign out" }, { timeout: 5000 }));
  await screen.findByText(/You are still signed in/, {}, { timeout: 5000 });
  answers["DELETE /api/v1/session"] = () => [200, {}];
  fireEvent.click(screen.getByRole("button", { name: "Sign out" }));
  await screen.findByRole("heading", { name: "Sign in" }, { timeout: 5000 });
  await waitFor(() => expect(screen.queryByText(/You are still signed in/)).toBeNull());
});

test("a refusal is shown as a refusal, not as an empty list", async () => {
  answers["GET /api/v1/session"] = () => [200, session];
  answers["GET /api/v1/users"] = () => [403, { error: { code: "access.refused", message: "Ask an administrator.", fields: [] } }];
  open("/people");
  await screen.findByText("You may not see this", {}, { timeout: 5000 });
  await waitFor(() => expect(screen.getByRole("alert").textContent).toContain("Ask an administrator."));
});

test("the interface speaks the language of the profile, whatever this device spoke before", async () => {
  answers["GET /api/v1/session"] = () => [200, { ...session, user: { ...session.user, locale: "zh-CN" } }];
  open("/");
  await screen.findByText("三步看到第一个完整的客户", {}, { timeout: 5000 });
  expect(document.documentElement.lang).toBe("zh-CN");
});

test("a language chosen at the door is kept for the person who comes in", async () => {
  answers["GET /api/v1/session"] = () => [401, { error: { code: "access.not_signed_in", message: "", fields: [] } }];
  answers["POST /api/v1/session"] = () => [201, session];
  answers["PATCH /api/v1/session/user"] = () => [200, { ...session.user, locale: "zh-CN", version: 4 }];
  open("/sign-in");
  fireEvent.click(await screen.findByRole("button", { name: "Language" }, { timeout: 5000 }));
  fireEvent.click(await screen.findByRole("menuitem", { name: "中文" }));
  fireEvent.change(await screen.findByLabelText("邮箱"), { target: { value: "min@example.com" } });
  fireEvent.change(screen.getByLabelText("密码"), { target: { value: "correct horse battery" } });
  fireEvent.click(screen.getByRole("button", { name: "登录" }));
  await screen.findByText("三步看到第一个完整的客户", {}, { timeout: 5000 });
  expect(asked.find(({ method }) => method === "PATCH")?.body).toEqual({ locale: "zh-CN" });
});
