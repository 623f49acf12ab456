// Data folders that earlier versions left (fixtures/, made by script/fixture) open in this one and hold what they held.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Server, fresh_folder } from "./onefold.mjs";

const names = readdirSync("fixtures").filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -".json".length));

describe("A data folder of an earlier version", () => {
  test("there is at least one", () => assert.ok(names.length > 0));
  for (const name of names)
    test(`${name} opens, and nothing in it is lost`, async (t) => {
      const left = JSON.parse(readFileSync(join("fixtures", `${name}.json`), "utf8"));
      const folder = fresh_folder(t);
      execFileSync("tar", ["-xzf", join("fixtures", `${name}.tar.gz`), "-C", folder, "--no-same-owner"]);
      const server = await Server.start(folder);
      t.after(() => server.kill());
      const api = server.api({ token: left.token });

      const customers = await api.all("/api/v1/customers?limit=1000");
      assert.equal(customers.length, left.customers);
      assert.equal(customers.reduce((sum, { computed }) => sum + computed.event_count, 0), left.events);
      assert.equal((await api.all("/api/v1/orders?limit=1000")).length, left.orders);
      for (const customer of customers) {
        const timeline = await api.all(`/api/v1/customers/${customer.id}/timeline?limit=200`);
        const { event_count, order_count, ticket_count } = customer.computed;
        assert.equal(timeline.length, event_count + order_count + ticket_count, `the timeline of customer ${customer.id}`);
        assert.equal((await api.get(`/api/v1/customers/${customer.id}/lineage`)).status, 200);
      }
      assert.equal((await server.stop()).code, 0);
    });
});
