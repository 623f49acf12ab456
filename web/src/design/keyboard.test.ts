import { expect, test, vi } from "vitest";
import { renderHook } from "@testing-library/react";
import { isComposing, useShortcuts } from "./keyboard";

const press = (init: KeyboardEventInit, target: EventTarget = document.body) => target.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init }));

test("a key that belongs to an input method runs nothing", () => {
  expect(isComposing({ isComposing: true })).toBe(true);
  expect(isComposing({ keyCode: 229 })).toBe(true);
  expect(isComposing({ nativeEvent: { isComposing: true } })).toBe(true);
  expect(isComposing({ keyCode: 13 })).toBe(false);
});

test("the key that confirmed a candidate comes after the end of the composition in Safari, and runs nothing either", () => {
  document.dispatchEvent(new Event("compositionend"));
  expect(isComposing({ keyCode: 13 })).toBe(true);
  expect(isComposing({ keyCode: 13 }, performance.now() + 150)).toBe(false);
});

test("plain keys leave text fields alone, keys with a modifier do not", async () => {
  await new Promise((resolve) => setTimeout(resolve, 120));
  const move = vi.fn();
  const search = vi.fn();
  renderHook(() => useShortcuts({ j: move, "mod+k": search }));
  const input = document.body.appendChild(document.createElement("input"));
  press({ key: "j" }, input);
  expect(move).not.toHaveBeenCalled();
  press({ key: "j" });
  expect(move).toHaveBeenCalledTimes(1);
  press({ key: "k", ctrlKey: true }, input);
  press({ key: "K", metaKey: true });
  expect(search).toHaveBeenCalledTimes(2);
  input.remove();
});
