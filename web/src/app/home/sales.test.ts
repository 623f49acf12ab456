import { expect, test } from "vitest";
import { salesOf } from "./sales";

test("each currency keeps its own sum, to the last place, and the biggest comes first", () => {
  expect(salesOf([["CNY", "425994.4", 400], ["GBP", "9747747.934", 25900], ["USD", "-5", 1]])).toEqual([
    { currency: "GBP", amount: "9747747.934" },
    { currency: "CNY", amount: "425994.4" },
    { currency: "USD", amount: "-5" },
  ]);
});

test("nothing sold is no sum at all", () => expect(salesOf([])).toEqual([]));
