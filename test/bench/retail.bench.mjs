// Online Retail (541,909 order lines, 4,372 customers): how fast it comes in, and how fast a customer's page is answered.
import { existsSync } from "node:fs";
import { tell, with_server } from "./server.mjs";

const file = "../shared/data/retail-online-uci/online_retail.csv.gz";
const pages = 2000;

const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

if (!existsSync(file)) {
  console.error(`retail.bench: ${file} is not at hand`);
} else {
  await with_server({}, async ({ url, command, token }) => {
    const begun = performance.now();
    const printed = await command("import", file, "--as", "order", "--source", "shop", "--map", "demo/maps/retail.json");
    const seconds = (performance.now() - begun) / 1000;
    const { read } = JSON.parse(printed.split("\n").at(-1));
    tell({
      what: `import of Online Retail, ${read} order lines, until all is visible`,
      value: read / seconds, unit: "lines/s", limit: { at_least: 30_000 },
      command: "onefold import online_retail.csv.gz --as order --source shop --map demo/maps/retail.json",
    });

    const get = async (path) => {
      const answer = await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    };
    const ids = [];
    for (let after = null; ;) {
      const page = await get(`/customers?limit=1000${after ? `&after=${encodeURIComponent(after)}` : ""}`);
      ids.push(...page.items.map((customer) => customer.id));
      if (!(after = page.next)) break;
    }
    const times = [];
    for (let turn = 0; turn < pages; ++turn) {
      const id = ids[(turn * 7919) % ids.length];
      const start = performance.now();
      await Promise.all([`/customers/${id}`, `/customers/${id}/timeline?limit=50`, `/orders?customer=${id}&limit=50`, `/tickets?customer=${id}&limit=50`].map(get));
      times.push(performance.now() - start);
    }
    times.sort((a, b) => a - b);
    const command_of_pages = "node test/bench/retail.bench.mjs";
    const what = `data of a customer's page (customer, timeline, orders, tickets at once; ${pages} pages of ${ids.length} customers)`;
    tell({ what: `${what}, median`, value: percentile(times, 0.5), unit: "ms", command: command_of_pages });
    tell({ what: `${what}, p99`, value: percentile(times, 0.99), unit: "ms", limit: { at_most: 50 }, command: command_of_pages });
  });
}
