import { render, screen } from "@testing-library/react";
import { act } from "react";
import { expect, test, vi } from "vitest";
import { Failure } from "../api/failure";
import { setLanguage } from "./language";
import { Answer, ErrorState } from "./states";

const asked = { isPending: false, isError: false, isFetching: false, error: null, data: undefined as unknown, refetch: vi.fn() };

test("before the first answer there is a skeleton, never an empty page", () => {
  render(<Answer query={{ ...asked, isPending: true }}>{() => "nothing here"}</Answer>);
  expect(screen.queryByText("nothing here")).toBeNull();
  expect(screen.getByRole("status")).toBeTruthy();
});

test("a failed refresh keeps what was shown and says so", () => {
  setLanguage("en");
  render(<Answer query={{ ...asked, data: [], isError: true, error: new Failure("offline", 0, "page.no_answer", "") }}>{() => "old rows"}</Answer>);
  expect(screen.getByText("old rows")).toBeTruthy();
  expect(screen.getByRole("status").textContent).toContain("out of date");
});

test("an error says what happened and what is safe, and offers to retry", () => {
  setLanguage("en");
  const retry = vi.fn();
  render(<ErrorState error={new Failure("offline", 0, "page.no_answer", "")} onRetry={retry} />);
  expect(screen.getByRole("alert").textContent).toContain("Nothing was changed");
  screen.getByRole("button", { name: "Try again" }).click();
  expect(retry).toHaveBeenCalledTimes(1);
});

test("a refusal is no error to retry, and follows the language at once", () => {
  setLanguage("en");
  render(<ErrorState error={new Failure("refused", 403, "access.refused", "")} onRetry={() => {}} />);
  expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
  expect(screen.getByText("You may not see this")).toBeTruthy();
  act(() => setLanguage("zh-CN"));
  expect(screen.getByText("你没有权限查看")).toBeTruthy();
  expect(document.documentElement.lang).toBe("zh-CN");
});
