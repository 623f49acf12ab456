// A shorter way through every page, for a database of another kind: the answers are the same, so the pages are.
import assert from "node:assert/strict";
import { buyer_phone } from "./walk.mjs";
import { expect } from "./visitor.mjs";
import { speaker } from "./words.mjs";

/** `at` holds {visitor, server, api, tracker} by the time that the steps run. */
export function pass(step, at, { language }) {
  const say = speaker(language);
  const page = () => at.visitor.page;
  const shows = async (address, what, ...texts) => {
    await page().goto(address);
    for (const text of texts) await expect(page().getByText(text, { exact: true }).filter({ visible: true }).first()).toBeVisible();
    await at.visitor.look(what);
  };

  step("the printed link makes the first administrator", async () => {
    await page().goto(`/setup#token=${at.server.setup_token}`);
    for (const [label, value] of [["setup.name", "Ada"], ["email", "ada@example.com"], ["password", "a long first password"]]) await page().getByLabel(say("access", label), { exact: true }).fill(value);
    await at.visitor.press(page().getByRole("button", { name: say("access", "setup.submit"), exact: true }));
    await expect(page().getByRole("heading", { name: say("app", "home.greeting", { name: "Ada" }) })).toBeVisible();
    await at.visitor.look("home");
  });

  step("every page shows its data", async () => {
    const { id, fields, computed } = await at.api.customer(`phone:${buyer_phone}`);
    const [order] = (await at.api.get(`/api/v1/orders?customer=${id}&sort=-time`)).body.items;
    const [ticket] = (await at.api.get(`/api/v1/tickets?customer=${id}&sort=-time`)).body.items;
    const broken = (await at.api.all("/api/v1/imports")).find((one) => one.counts.failed > 0);
    const { problems } = (await at.api.get(`/api/v1/imports/${broken.id}`, { "accept-language": language })).body;
    await shows("/customers?sort=-total_spend", "customers", say("customer", "title"));
    assert.ok((await page().locator("[data-index] a").count()) > 10);
    await shows(`/customers?q=${encodeURIComponent(fields.name)}`, "customers by name", fields.name);
    await shows(`/customers/${id}`, "customer", fields.name, say("customer", "timeline.order", { number: order.number }));
    await shows(`/customers/${id}?tab=orders`, "orders", order.number);
    await shows(`/customers/${id}?tab=tickets`, "tickets", ticket.subject);
    assert.equal(await page().locator(at.visitor.is_phone ? ".activity .card" : ".activity tbody tr").count(), computed.ticket_count);
    await shows("/sources", "sources", "shop", "desk");
    await shows(`/imports?import=${broken.id}`, "imports", "orders.csv", problems[0].message);
    await shows("/people", "people", "ada@example.com");
    await shows("/people?tab=tokens", "tokens", "browser test");
    await shows("/company", "company", say("company", "title"));
    await shows("/profile", "profile", say("access", "profile"));
  });

  step("what a tracker sends appears on the open page", async () => {
    const { id, identifiers } = await at.api.customer(`phone:${buyer_phone}`);
    await page().goto(`/customers/${id}`);
    await expect(page().locator(".timeline > li").first()).toBeVisible();
    await at.visitor.settled();
    const { value: anonymousId } = identifiers.find(({ type }) => type === "anonymous_id");
    assert.equal((await at.tracker.send("track", { anonymousId, event: "Coupon Redeemed" })).status, 200);
    await expect(page().locator(".timeline > li").first()).toContainText("Coupon Redeemed");
    await at.visitor.look("live arrival");
  });
}
