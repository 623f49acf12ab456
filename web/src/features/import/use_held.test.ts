import { act, renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { useHeld } from "./use_held";

const open = (read: string, proposed: string) => renderHook(({ read: how, proposed: map }) => useHeld(how, map), { initialProps: { read, proposed } });

test("what was corrected stays when a source proposes another map", () => {
  const { result, rerender } = open("customers", "plain");
  const { key } = result.current;
  act(() => result.current.hold());
  expect(result.current).toMatchObject({ isHeld: true, key });
  rerender({ read: "customers", proposed: "remembered" });
  expect(result.current).toMatchObject({ isHeld: true, key });
});

test("without a correction the map that a source remembers is taken", () => {
  const { result, rerender } = open("customers", "plain");
  const { key } = result.current;
  rerender({ read: "customers", proposed: "remembered" });
  expect(result.current.isHeld).toBe(false);
  expect(result.current.key).not.toBe(key);
});

test.each(["orders", ""])("a file that was read otherwise (%j) meanwhile has nothing corrected, and takes what is remembered", (other) => {
  const { result, rerender } = open("customers", "plain");
  act(() => result.current.hold());
  const { key } = result.current;
  rerender({ read: other, proposed: "another" });
  expect(result.current.isHeld).toBe(false);
  rerender({ read: "customers", proposed: "plain" });
  expect(result.current).toMatchObject({ isHeld: false, key });
  rerender({ read: "customers", proposed: "remembered" });
  expect(result.current.key).not.toBe(key);
});
