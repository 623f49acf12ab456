// A customer of 1,000 records: how long it takes to take half of them out, to undo that, and to say why two of them are one. Over HTTP, each answer whole.
import { tell, with_server } from "./server.mjs";

const records = 1000, turns = 20;
const median = (times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];

await with_server({}, async ({ url, command, token }) => {
  const call = async (method, path, body) => {
    const answer = await fetch(`${url}/api/v1${path}`, { method, headers: { authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }) }, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const key = (await command("source", "create", "chain", "--kind", "api")).split(/\s+/).at(-1);
  // Each shares a phone with the one before and an address with the one behind it: the longest chain there is.
  const chain = Array.from({ length: records }, (_, i) => ({ type: "identify", anonymousId: `n-${i}`, messageId: `m-${i}`, traits: { phone: `139${String(12345 + (i >> 1)).padStart(8, "0")}`, email: `p${(i + 1) >> 1}@example.cn` } }));
  let position;
  for (let at = 0; at < records; at += 100) {
    const answer = await fetch(`${url}/v1/batch`, { method: "POST", headers: { authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}`, "content-type": "application/json" }, body: JSON.stringify({ batch: chain.slice(at, at + 100) }) });
    if (!answer.ok) throw new Error(await answer.text());
    position = answer.headers.get("onefold-position");
  }
  await fetch(`${url}/api/v1/customers?limit=1`, { headers: { authorization: `Bearer ${token}`, "onefold-min-position": position } });
  const { items } = await call("GET", "/customers?identifier=anonymous_id:n-0");
  const { nodes } = await call("GET", `/customers/${items[0].id}/lineage`);
  if (nodes.length !== records) throw new Error(`the customer has ${nodes.length} records`);
  const by_key = new Map(nodes.map((node) => [node.subject_key, node.id]));
  const of = (i) => [...by_key].find(([subject_key]) => subject_key.endsWith(`n-${i}`) && !/\d/.test(subject_key.at(-`n-${i}`.length - 1)))[1];
  const half = Array.from({ length: records / 2 }, (_, i) => of(i * 2));
  const times = { unmerge: [], undo: [], why: [] };
  const timed = async (what, work) => {
    const begun = performance.now();
    const told = await work();
    times[what].push(performance.now() - begun);
    return told;
  };
  const ends = `/customers/${items[0].id}/why?node_a=${of(0)}&node_b=${of(records - 1)}`;
  for (let turn = 0; turn < turns; ++turn) {
    const { links } = await timed("why", () => call("GET", ends));
    if (links.length !== records - 1) throw new Error(`${links.length} links`);
  }
  for (let turn = 0; turn < 5; ++turn) {
    const { decision } = await timed("unmerge", () => call("POST", `/customers/${items[0].id}/unmerge`, { nodes: half }));
    await timed("undo", () => call("POST", `/identity_decisions/${decision}/undo`));
  }
  const program = "node test/bench/decide.bench.mjs";
  tell({ what: `take every other of the ${records} records of a customer out, median`, value: median(times.unmerge), unit: "ms", limit: { at_most: 1000 }, command: program });
  tell({ what: "undo that, median", value: median(times.undo), unit: "ms", limit: { at_most: 1000 }, command: program });
  tell({ what: `why two records at the ends of a chain of ${records} are one, median`, value: median(times.why), unit: "ms", limit: { at_most: 20 }, command: program });
});
