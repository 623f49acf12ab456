import { renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { setLanguage } from "../../design/language";
import { useEventNames } from "./events";

const names = (language: "en" | "zh-CN") => {
  setLanguage(language);
  return renderHook(() => useEventNames()).result.current;
};
const track = (name: string) => ({ kind: "track", name });

test("an event that the tracker names has a name in the language of who reads, and the sent one beside it", () => {
  expect([names("en").nameOf(track("Page Left")), names("en").sentAs(track("Page Left"))]).toEqual(["Left the page", "Page Left"]);
  expect([names("zh-CN").nameOf(track("Page Left")), names("zh-CN").sentAs(track("Page Left"))]).toEqual(["\u79bb\u5f00\u9875\u9762", "Page Left"]);
  expect(names("en").nameOf(track("Segment Consent Preference Updated"))).toBe("Consent changed");
  expect(names("en").sentAs(track("Order Completed"))).toBe("");
});

test("an event of somebody's own is called as it was sent, a page by its name, a call without a name by its kind", () => {
  const { nameOf, sentAs, kindOf } = names("en");
  expect([nameOf(track("Brochure Downloaded")), sentAs(track("Brochure Downloaded"))]).toEqual(["Brochure Downloaded", ""]);
  expect([nameOf({ kind: "page", name: "Page Left" }), sentAs({ kind: "page", name: "Page Left" })]).toEqual(["Page Left", ""]);
  expect([nameOf({ kind: "identify", name: "" }), nameOf({ kind: "identify", name: "identify" })]).toEqual(["Customer identified", "Customer identified"]);
  expect(kindOf("newer")).toBe("newer");
});
