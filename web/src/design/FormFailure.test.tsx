import { render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { Failure } from "../api/failure";
import { FormFailure } from "./FormFailure";
import { setLanguage } from "./language";

const conflict = () => new Failure("conflict", 412, "source.changed", "It has changed.");

// A form whose head is so far above what is seen.
function scrolledBy(pixels: number) {
  let top = -pixels;
  vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockImplementation(() => ({ top }) as DOMRect);
  return vi.spyOn(HTMLElement.prototype, "scrollIntoView").mockImplementation(() => void (top = Math.max(top, 0)));
}
const page = (failure: Failure | null) => (
  <>
    <FormFailure failure={failure} />
    <input aria-label="name" />
  </>
);

afterEach(() => vi.restoreAllMocks());

test("a failure out of sight is scrolled to and takes the focus, each time anew", () => {
  setLanguage("en");
  const scrolled = scrolledBy(900);
  const { rerender } = render(page(null));
  screen.getByLabelText("name").focus();
  expect(scrolled).not.toHaveBeenCalled();
  rerender(page(conflict()));
  expect(scrolled).toHaveBeenCalledTimes(1);
  expect(document.activeElement?.textContent).toBe(screen.getByRole("alert").textContent);
  rerender(page(conflict()));
  expect(scrolled).toHaveBeenCalledTimes(2);
});

test("a failure that is in sight leaves the focus where somebody types", () => {
  scrolledBy(0);
  const { rerender } = render(page(null));
  screen.getByLabelText("name").focus();
  rerender(page(conflict()));
  expect(screen.getByRole("alert").textContent).toContain("It has changed.");
  expect(document.activeElement).toBe(screen.getByLabelText("name"));
});
