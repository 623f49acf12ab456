import { expect, test } from "vitest";
import { isEmpty, originOf } from "./campaign";

test("utm parameters make a campaign as Segment names it", () => {
  expect(originOf("?utm_source=baidu&utm_medium=cpc&utm_campaign=%E6%98%A5%E8%8A%82&utm_term=tea&utm_content=a&utm_id=7&x=1")).toEqual({
    campaign: { source: "baidu", medium: "cpc", name: "春节", term: "tea", content: "a", id: "7" },
  });
});

test("click ids of advertisers stand beside it", () => {
  expect(originOf("?gclid=G1&BD_VID=b1&fbclid=&utm_source=")).toEqual({ clickIds: { gclid: "G1", bd_vid: "b1" } });
});

test("an address without any says nothing", () => {
  expect(isEmpty(originOf("?q=utm_source"))).toBe(true);
  expect(originOf("")).toEqual({});
  expect(originOf("?utm_source=%E0%A4%A&utm_=1").campaign).toHaveProperty("source");
});

test("a code that was scanned holds the campaign inside, and what stands outside is nearer", () => {
  const inside = encodeURIComponent("https://shop.example/t?utm_source=poster&utm_medium=qr");
  expect(originOf(`?q=${inside}&utm_medium=paper`, ["q", "scene"])).toEqual({ campaign: { source: "poster", medium: "paper" } });
  expect(originOf("?scene=utm_source%3Dshop7", ["q", "scene"])).toEqual({ campaign: { source: "shop7" } });
  expect(originOf("?scene=utm_source%3Dshop7")).toEqual({});
});
