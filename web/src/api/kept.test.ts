import { beforeEach, expect, test, vi } from "vitest";
import { customerOf, findKept, forgetKept, isKept, keep, orderRecents, readRecents } from "./kept";

// As browsers have it, in memory.
class Drawer {
  kept = new Map<string, Response>();
  put = (url: string, response: Response) => Promise.resolve(void this.kept.set(url, response));
  match = (url: string) => Promise.resolve(this.kept.get(url)?.clone());
  delete = ({ url }: { url: string }) => Promise.resolve(this.kept.delete(url.replace("http://host", "")));
  keys = () => Promise.resolve([...this.kept.keys()].map((url) => ({ url: `http://host${url}` })));
}
const drawers = new Map<string, Drawer>();
beforeEach(() => {
  drawers.clear();
  localStorage.clear();
  vi.stubGlobal("caches", {
    open: (name: string) => Promise.resolve(drawers.get(name) ?? drawers.set(name, new Drawer()).get(name)),
    keys: () => Promise.resolve([...drawers.keys()]),
    delete: (name: string) => Promise.resolve(drawers.delete(name)),
  });
});
const signIn = (id: string) => keep("/api/v1/session", { user: { id } });

test("only what a customer's page reads first is kept", () => {
  for (const url of ["/api/v1/session", "/api/v1/customers/7", "/api/v1/customers/7/timeline?limit=50", "/api/v1/orders?customer=7&sort=-time&limit=50", "/api/v1/fields?object=customer"]) expect(isKept(url), url).toBe(true);
  for (const url of ["/api/v1/customers", "/api/v1/customers?filter=x", "/api/v1/customers/7/timeline?limit=50&after=x", "/api/v1/orders?sort=-time", "/api/v1/users", "/api/v1/tokens", "/api/v1/events/5"]) expect(isKept(url), url).toBe(false);
  expect(customerOf("/api/v1/tickets?sort=-time&customer=12")).toBe("12");
});

test("what was read is found again, with when", async () => {
  await signIn("1");
  await keep("/api/v1/customers/7", { id: "7", fields: { name: "Ann" } });
  const found = await findKept("/api/v1/customers/7");
  expect(found?.body).toEqual({ id: "7", fields: { name: "Ann" } });
  expect(Date.now() - Date.parse(found!.at)).toBeLessThan(60_000);
  expect(readRecents().map(({ id, name }) => [id, name])).toEqual([["7", "Ann"]]);
});

test("nobody finds what another read, and signing out leaves nothing", async () => {
  await signIn("1");
  await keep("/api/v1/customers/7", { id: "7", fields: {} });
  await signIn("2");
  expect(await findKept("/api/v1/customers/7")).toBeNull();
  expect([...drawers.keys()]).toEqual(["onefold-kept-2"]);
  expect(readRecents()).toEqual([]);
  await forgetKept();
  expect([...drawers.keys()]).toEqual([]);
  expect(localStorage.length).toBe(0);
  await keep("/api/v1/customers/7", { id: "7", fields: {} });
  expect(drawers.size).toBe(0);
});

test("an answer that comes after signing out is not kept", async () => {
  await signIn("1");
  const late = keep("/api/v1/customers/7", { id: "7", fields: {} });
  await forgetKept();
  await late;
  expect([...drawers.values()].flatMap((drawer) => [...drawer.kept.keys()])).toEqual([]);
});

test("what is older than a session may be is not shown", async () => {
  await signIn("1");
  await keep("/api/v1/customers/7", { id: "7", fields: {} });
  vi.spyOn(Date, "now").mockReturnValue(Date.now() + 8 * 86_400_000);
  expect(await findKept("/api/v1/customers/7")).toBeNull();
});

test("of many customers the last twenty stay, with all that belongs to them", async () => {
  await signIn("1");
  for (let id = 1; id <= 22; ++id) {
    await keep(`/api/v1/customers/${id}/notes?limit=50`, { items: [] });
    await keep(`/api/v1/customers/${id}`, { id: String(id), fields: {} });
  }
  expect(await findKept("/api/v1/customers/2/notes?limit=50")).toBeNull();
  expect(await findKept("/api/v1/customers/2")).toBeNull();
  expect(await findKept("/api/v1/customers/3/notes?limit=50")).not.toBeNull();
  expect(orderRecents([{ id: "1", name: null, at: "" }, { id: "2", name: null, at: "" }], { id: "2", name: "B", at: "x" }).kept.map(({ id }) => id)).toEqual(["2", "1"]);
});
