// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { eventOf, markedAround, outboundAround, propertiesOf, submissionOf } from "./elements";

function shown(html: string): Element {
  document.body.innerHTML = html;
  return document.body.firstElementChild!;
}

test("a click anywhere inside a marked element is its event", () => {
  const button = shown(`<button data-onefold-event="Buy" data-onefold-order-id="007" data-onefold-properties='{"price":19.9,"order_id":8}' data-x="1"><b>go</b></button>`);
  const marked = markedAround(button.querySelector("b"))!;
  expect(eventOf(marked)).toBe("Buy");
  expect(propertiesOf(marked)).toEqual({ order_id: 8, price: 19.9 });
  expect(markedAround(document.body)).toBeNull();
  expect(markedAround(document)).toBeNull();
});

test("properties that are no JSON object are left out", () => {
  for (const json of ["{", "[1]", "7", "null"]) expect(propertiesOf(shown(`<i data-onefold-event="e" data-onefold-a="1" data-onefold-properties='${json}'></i>`))).toEqual({ a: "1" });
});

test("a form tells its fields' names, values only where marked, secrets never", () => {
  const form = shown(`<form name="consult" data-onefold-event="Asked" data-onefold-campaign="spring">
    <input name="email" value="a@b.cn" data-onefold-trait="email"><input name="topic" value="tea" data-onefold-value><textarea name="note" data-onefold-value="remark">hi</textarea>
    <input type="password" name="pw" value="x" data-onefold-value data-onefold-trait="pw"><input name="card_no" value="4111" data-onefold-value>
    <input type="hidden" name="csrf" value="t" data-onefold-value><input name="code" autocomplete="one-time-code" value="9" data-onefold-value>
    <input type="checkbox" name="news" value="yes" data-onefold-value><input type="radio" name="size" value="s" data-onefold-value><input type="radio" name="size" value="l" data-onefold-value checked>
    <input name="plain" value="mine"><input name="empty" data-onefold-value><button name="send" value="1">go</button></form>`) as HTMLFormElement;
  expect(submissionOf(form)).toEqual({
    properties: { form: "consult", fields: ["email", "topic", "note", "news", "size", "plain", "empty"], campaign: "spring", topic: "tea", remark: "hi", size: "l" },
    traits: { email: "a@b.cn" },
  });
});

const link = (href: string) => outboundAround(shown(`<a href="${href}"><b>x</b></a>`).querySelector("b"), "shop.example");

test("links to other hosts are outbound, without what follows the path", () => {
  expect(link("https://other.example/a?token=1#x")).toEqual({ href: "https://other.example/a", host: "other.example" });
  expect(link("https://shop.example/a")).toBeNull();
  expect(link("mailto:a@b.cn")).toBeNull();
});
