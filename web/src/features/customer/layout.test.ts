import { expect, test } from "vitest";
import { layouts, tabNamed, tabsOf, type Block } from "./layout";

const blocksOf = (kind: keyof typeof layouts, isPhone: boolean): Block[] => {
  const layout = layouts[kind];
  return [...(isPhone ? [] : [...layout.left, ...layout.right]), ...tabsOf(layout, isPhone).flatMap(({ blocks }) => blocks)];
};

test.each(["person", "organisation", "household"] as const)("a phone shows of a %s the same blocks, each once", (kind) => {
  const wide = blocksOf(kind, false);
  expect(new Set(wide).size).toBe(wide.length);
  expect(blocksOf(kind, true).toSorted()).toEqual(wide.toSorted());
});

test("a tab that is not there, such as a person's members or a wide screen's side, is the first", () => {
  const tabs = tabsOf(layouts.person, false);
  for (const name of ["members", "about", "nonsense", undefined]) expect(tabNamed(tabs, name).code).toBe("timeline");
  expect(tabNamed(tabsOf(layouts.person, true), "about").code).toBe("about");
  expect(tabNamed(tabsOf(layouts.organisation, false), "members").code).toBe("members");
});
