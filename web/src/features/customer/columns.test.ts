import { expect, test } from "vitest";
import { dropAt, freeze, moveBy, moveTo, readLayout, resize, show, usualLayout, widthMax, widthMin, writeLayout } from "./columns";

const codes = (text: string) => readLayout(text)!.map(({ code, isFrozen }) => code + (isFrozen ? "!" : ""));

test("a layout is written as it is read, and the usual widths are left out", () => {
  for (const text of ["name!,city,total_spend:200", "name:300!,email!,phone", writeLayout(usualLayout())]) expect(writeLayout(readLayout(text)!)).toBe(text);
  expect(writeLayout(usualLayout())).toBe("name!,identifiers,total_spend,order_count,ticket_count,last_purchase_at,last_seen_at");
});

test("nonsense in an address is passed over, and the name is always there", () => {
  expect(readLayout("")).toBeNull();
  expect(readLayout("<b>,:3,!!")).toBeNull();
  expect(codes("city,city,DROP TABLE,phone:9999")).toEqual(["name!", "city", "phone"]);
  expect(readLayout("name,phone:9999")![1]!.width).toBe(widthMax);
  expect(readLayout("name,phone:1")![1]!.width).toBe(widthMin);
});

test("what is frozen stands first", () => {
  expect(codes("name,city!,phone")).toEqual(["city!", "name", "phone"]);
  expect(writeLayout(freeze(readLayout("name!,city,phone")!, "phone", true))).toBe("name!,phone!,city");
  expect(writeLayout(freeze(readLayout("name!,phone!,city")!, "name", false))).toBe("phone!,name,city");
});

test("a column moves by hand and by key, over the edge of what is frozen too", () => {
  const layout = readLayout("name!,city,phone,email")!;
  expect(writeLayout(moveTo(layout, "email", 1))).toBe("name!,email,city,phone");
  expect(writeLayout(moveTo(layout, "city", 4))).toBe("name!,phone,email,city");
  expect(writeLayout(moveTo(layout, "phone", 0))).toBe("phone!,name!,city,email");
  expect(writeLayout(moveBy(layout, "city", 1))).toBe("name!,phone,city,email");
  expect(writeLayout(moveBy(layout, "email", -1))).toBe("name!,city,email,phone");
  expect(moveBy(layout, "email", 1)).toEqual(layout);
  expect(moveTo(layout, "nobody", 1)).toBe(layout);
});

test("columns come and go, but for the name", () => {
  const layout = readLayout("name!,city")!;
  expect(writeLayout(show(layout, "phone", true))).toBe("name!,city,phone");
  expect(writeLayout(show(layout, "city", false))).toBe("name!");
  expect(show(layout, "name", false)).toEqual(layout);
  expect(resize(layout, "city", 5)[1]!.width).toBe(widthMin);
});

test("a pointer drops before the column whose first half it is in", () => {
  const layout = readLayout("name:100!,city:100,phone:100")!;
  expect([0, 49, 51, 149, 151, 249, 251, 900].map((x) => dropAt(layout, x))).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
});
