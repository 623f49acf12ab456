import { act, fireEvent, renderHook, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, test, vi } from "vitest";
import { ToastProvider, useToast } from "./toast";

const Around = ({ children }: { children: ReactNode }) => (
  <ToastProvider>
    <input aria-label="name" />
    {children}
  </ToastProvider>
);
function open() {
  const { result } = renderHook(useToast, { wrapper: Around });
  const toast = result.current;
  const undo = vi.fn();
  act(() => toast.done("Merged", { kind: "undo", label: "Undo", run: undo }));
  return { toast, undo };
}
const press = (init: KeyboardEventInit = {}, target: Element = document.body) => fireEvent.keyDown(target, { key: "z", ctrlKey: true, ...init });
const dialogOf = (style: string) => {
  const dialog = document.body.appendChild(document.createElement("div"));
  dialog.setAttribute("role", "dialog");
  dialog.setAttribute("style", style);
  return dialog;
};

const shown = () => [...document.querySelectorAll<HTMLElement>(".toast")].map(({ textContent, hidden }) => [textContent, hidden]);

test("undoes the newest once", () => {
  const { toast, undo } = open();
  const newer = vi.fn();
  act(() => toast.done("Renamed", { kind: "undo", label: "Undo", run: newer }));
  expect(press()).toBe(false); // the browser's own undo is taken
  expect([newer.mock.calls.length, undo.mock.calls.length]).toEqual([1, 0]);
  press({ key: "z", ctrlKey: false, metaKey: true });
  expect([newer.mock.calls.length, undo.mock.calls.length]).toEqual([1, 1]);
  expect(press()).toBe(true);
  expect(screen.queryByRole("button")).toBeNull();
});

test("leaves the text that somebody types, redoing, and a key that is held down", () => {
  const { undo } = open();
  expect(press({}, screen.getByLabelText("name"))).toBe(true);
  expect(press({ shiftKey: true, key: "Z" })).toBe(true);
  expect(press({ repeat: true })).toBe(true);
  expect(undo).not.toHaveBeenCalled();
  press();
  expect(undo).toHaveBeenCalledTimes(1);
});

test("leaves what lies behind an open dialog, not behind a hidden one", () => {
  const { undo } = open();
  const dialog = dialogOf("");
  expect(press()).toBe(true);
  expect(undo).not.toHaveBeenCalled();
  dialog.remove();
  const hidden = dialogOf("display: none");
  press();
  expect(undo).toHaveBeenCalledTimes(1);
  hidden.remove();
});

test("passes over what can be done but is no undo", () => {
  const { toast, undo } = open();
  const fetch = vi.fn();
  act(() => toast.done("Ready", { kind: "other", label: "Download", run: fetch }));
  press();
  expect(undo).toHaveBeenCalledTimes(1);
  expect(press()).toBe(true);
  expect(fetch).not.toHaveBeenCalled();
  expect(screen.getByRole("button", { name: "Download" })).toBeTruthy();
});

test("is gone with whoever signs out", () => {
  const { toast, undo } = open();
  act(() => toast.clear());
  expect(screen.queryByText("Merged")).toBeNull();
  expect(press()).toBe(true);
  expect(undo).not.toHaveBeenCalled();
});

test("keeps the place of one that is gone while another is beneath it", () => {
  vi.useFakeTimers();
  const { result } = renderHook(useToast, { wrapper: Around });
  const undo = vi.fn();
  act(() => result.current.done("Shared"));
  act(() => result.current.done("Deleted", { kind: "undo", label: "Undo", run: undo }));
  act(() => vi.advanceTimersByTime(5000));
  expect(shown()).toEqual([["Shared", true], ["DeletedUndo", false]]);
  act(() => result.current.done("Renamed")); // takes what place is free
  expect(shown()).toEqual([["DeletedUndo", false], ["Renamed", false]]);
  act(() => vi.advanceTimersByTime(7500));
  expect(shown()).toEqual([]);
  press();
  expect(undo).not.toHaveBeenCalled();
  vi.useRealTimers();
});
