import { beforeEach, expect, test } from "vitest";
import { Views, factsOf, searchOf } from "./views";

let now: number;
let told: unknown[];
let views: Views;
const home = { route: "pages/home/home" };
const tea = { route: "pages/tea/tea", options: { id: "7" } };

beforeEach(() => {
  now = 0;
  told = [];
  views = new Views(
    { "/pages/home/home": "Home" },
    {
      viewed: ({ path, search, referrer, title }) => told.push(["viewed", path + search, referrer, title]),
      left: ({ path }, { dwell_ms, part }) => told.push(["left", path, dwell_ms, part]),
    },
    () => now,
  );
});

test("a view is left when its page is, and one that is come back to is another view", () => {
  views.show(home, true);
  now = 5_000;
  views.hide(home);
  views.load(tea, { id: "8" });
  views.show(tea, true);
  now = 7_000;
  views.unload(tea);
  views.show(home, true);
  expect(told).toEqual([
    ["viewed", "/pages/home/home", "", "Home"],
    ["left", "/pages/home/home", 5_000, 1],
    ["viewed", "/pages/tea/tea?id=8", "/pages/home/home", ""],
    ["left", "/pages/tea/tea", 2_000, 1],
    ["viewed", "/pages/home/home", "/pages/tea/tea?id=8", "Home"],
  ]);
});

test("what is hidden with the whole program goes on: parts add up, time away does not count", () => {
  views.show(home, true);
  now = 3_000;
  views.hide(home);
  views.hide(home);
  now = 60_000;
  views.show(home, true);
  now = 62_000;
  views.unload(home);
  expect(told).toEqual([["viewed", "/pages/home/home", "", "Home"], ["left", "/pages/home/home", 3_000, 1], ["left", "/pages/home/home", 2_000, 2]]);
});

test("a page that hides late ends nothing of the next, and without views by themselves only asked ones are told", () => {
  views.show(home, false);
  expect(told).toEqual([]);
  views.begin(tea, "Tea");
  now = 1_000;
  views.hide(home);
  views.unload(home);
  expect(told).toEqual([["viewed", "/pages/tea/tea?id=7", "", ""]]);
  expect(views.current().path).toBe("/pages/tea/tea");
});

test("an address has its query as it came, and encodes what would break it", () => {
  expect(searchOf({ a: "1", b: "%E8%8C%B6", c: "茶&x=1", d: undefined })).toBe("?a=1&b=%E8%8C%B6&c=%E8%8C%B6%26x%3D1");
  expect(searchOf({})).toBe("");
  expect(factsOf("/pages/a", { q: 1 }, "", "")).toEqual({ path: "/pages/a", search: "?q=1", url: "/pages/a?q=1", referrer: "", title: "" });
});
