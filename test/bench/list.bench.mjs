// The customer list at a million customers: first pages under eleven sorts and filters and under eleven conditions written as formulas, the pages after them, and how many
// there are, over HTTP; the same rows out of bare SQLite beside them. ONEFOLD_BENCH_CUSTOMERS says how many; ONEFOLD_BENCH_FOLDER is a folder to fill once and keep.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fill } from "./list_data.mjs";
import { tell, with_server } from "./server.mjs";

const customers = Number(process.env.ONEFOLD_BENCH_CUSTOMERS ?? 1_000_000), kept = process.env.ONEFOLD_BENCH_FOLDER;
const rounds = Number(process.env.ONEFOLD_BENCH_ROUNDS ?? 100), limit_ms = 300, program = "node test/bench/list.bench.mjs";
const readable = (number) => number.toLocaleString("en-US");
const percentile = (times, share) => times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))];

const is = (op, field, ...values) => ({ op, args: [{ field }, ...values.map((value) => ({ value }))] });
const all = (...args) => ({ op: "and", args });
const ago = (count, unit) => ({ op: "ago", args: [{ value: count }, { value: unit }] });
const long_ago = (field, days) => ({ op: "<", args: [{ field }, ago(days, "day")] });

/** What people ask of a list; `bare` is the plain SQL of the same rows (the columns that sort, for the first fifty). */
const activity = "FROM customer c JOIN customer_activity a ON a.customer_id = c.id WHERE c.state = 'active'";
const questions = (site) => [
  { name: "the last seen first", sort: "-last_seen_at", bare: `SELECT c.*, a.* ${activity} AND a.last_seen_at IS NOT NULL ORDER BY a.last_seen_at DESC, a.customer_id DESC` },
  { name: "by name", sort: "name", bare: "SELECT c.*, a.* FROM customer c JOIN customer_activity a ON a.customer_id = c.id WHERE c.state = 'active' AND c.name IS NOT NULL ORDER BY c.name, c.id" },
  { name: "by spend", sort: "-total_spend", bare: `SELECT c.*, a.* ${activity} ORDER BY a.total_spend DESC, a.customer_id DESC` },
  { name: "organisations, of which there are none, by spend", sort: "-total_spend", filter: is("=", "kind", "organisation"), bare: `SELECT c.*, a.* ${activity} AND c.kind = 'organisation' ORDER BY a.total_spend DESC, a.customer_id DESC` },
  { name: "a city of a third of them, the last seen first", sort: "-last_seen_at", filter: is("=", "city", "City 0"), bare: `SELECT c.*, a.* ${activity} AND c.city = 'City 0' ORDER BY a.last_seen_at DESC, a.customer_id DESC` },
  { name: "without a city, of whom none bought anything, by spend", sort: "-total_spend", filter: is("blank", "city"), bare: `SELECT c.*, a.* ${activity} AND (c.city IS NULL OR c.city = '') ORDER BY a.total_spend DESC, a.customer_id DESC` },
  { name: "a small city, by name", sort: "name", filter: is("=", "city", "City 7"), bare: `SELECT c.*, a.* ${activity} AND c.city = 'City 7' ORDER BY c.name, c.id` },
  { name: "one company of 40,000, by spend", sort: "-total_spend", filter: is("=", "company", "Company 77"), bare: `SELECT c.*, a.* ${activity} AND c.company = 'Company 77' ORDER BY a.total_spend DESC, a.customer_id DESC` },
  { name: "a name that contains something rare, the last seen first", sort: "-last_seen_at", filter: is("contains", "name", "48484"), bare: `SELECT c.*, a.* ${activity} AND instr(lower(c.name), '48484') ORDER BY a.last_seen_at DESC, a.customer_id DESC` },
  { name: "bought twice or more, last more than a year ago, by orders", sort: "-order_count", filter: all(is(">=", "order_count", 2), long_ago("last_purchase_at", 365)), bare: `SELECT c.*, a.* ${activity} AND a.order_count >= 2 AND a.last_purchase_at < 1764000000000000 ORDER BY a.order_count DESC, a.customer_id DESC` },
  { name: "of one source, with a phone, in any of three cities, by name", sort: "name", filter: all(is("in", "sources", site), is("in", "identifier_types", "phone"), { op: "or", args: [is("=", "city", "City 1"), is("blank", "city"), is("=", "city", "City 2")] }), bare: `SELECT c.*, a.* ${activity} AND EXISTS (SELECT 1 FROM node n WHERE n.customer_id = c.id AND +n.source_id = ${site}) AND EXISTS (SELECT 1 FROM node n JOIN claim l ON l.node_id = n.id JOIN identifier i ON i.id = l.identifier_id WHERE n.customer_id = c.id AND +i.type = 'phone') AND (c.city IN ('City 1', 'City 2') OR c.city IS NULL OR c.city = '') ORDER BY c.name, c.id` },
];

/** Conditions as people write them; the newest of the data is as old as `days` says. */
const days = Math.ceil((Date.now() - Date.UTC(2024, 0, 1)) / 86_400_000) - 900;
const conditions = [
  ["city is", 'city = "City 7"'],
  ["city in", 'city IN ("City 7", "City 8", "City 10")'],
  ["name contains", 'CONTAINS(name, "484")'],
  ["no phone", 'NOT HAS(identifier_types, "phone")'],
  ["last seen within 30 days", `last_seen_at >= AGO(${days + 30}, "day")`],
  ["total spend at least", "total_spend >= 1000"],
  ["order count between", "BETWEEN(order_count, 2, 5)"],
  ["at least 2 orders in the last 90 days", `COUNT(orders, time >= AGO(${days + 90}, "day")) >= 2`], // nobody: their orders are further apart
  ["at least 2 orders in the last 400 days", `COUNT(orders, time >= AGO(${days + 400}, "day")) >= 2`],
  ["any and all nested", 'city = "City 0" AND (order_count >= 3 OR total_spend >= 500)'],
  ["not", 'NOT city = "City 0"'],
].map(([name, condition]) => ({ name: `formula: ${name}`, sort: "-last_seen_at", condition }));

const folder = kept ?? mkdtempSync(join(tmpdir(), "onefold-bench-"));
try {
  const is_filled = existsSync(join(folder, "main.db"));
  let site;
  await with_server({ folder }, async (server) => {
    if (!is_filled) await fill(server, customers);
  });
  await with_server({ folder }, async ({ url, token }) => {
    const call = async (path, body) => {
      const begun = performance.now();
      const answer = await fetch(`${url}/api/v1${path}`, { method: body ? "POST" : "GET", body: body && JSON.stringify(body), headers: { authorization: `Bearer ${token}`, ...(body ? { "content-type": "application/json" } : {}) } });
      const heard = await answer.json();
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${JSON.stringify(heard)}`);
      return { heard, ms: performance.now() - begun };
    };
    site = (await call("/sources")).heard.items.find(({ name }) => name === "site").id;
    const path_of = ({ sort, filter, condition }, after = "") => `/customers?limit=50&sort=${sort}${filter ? `&filter=${encodeURIComponent(JSON.stringify(filter))}` : ""}${condition ? `&condition=${encodeURIComponent(condition)}` : ""}${after && `&after=${encodeURIComponent(after)}`}`;
    const firsts = [], nexts = [], counts = [];
    for (const question of [...questions(site), ...conditions]) {
      const first = [], next = [], count = [];
      let rows = 0, counted;
      for (let round = 0; round < rounds; ++round) {
        let page = await call(path_of(question));
        first.push(page.ms), rows = page.heard.items.length;
        for (let more = 0; more < 2 && page.heard.next; ++more) page = await call(path_of(question, page.heard.next)), next.push(page.ms);
        if (round % 5 && round >= 5) continue; // each may take a quarter of a second
        const told = await call("/query/count", { object: "customer", ...(question.filter ? { filter: question.filter } : {}), ...(question.condition ? { condition: question.condition } : {}) });
        count.push(told.ms), counted = told.heard;
      }
      firsts.push(...first), nexts.push(...next), counts.push(...count);
      console.error(`${question.name}: ${rows} rows, ${counted.is_exact ? "" : "at least "}${counted.count}; first ${percentile(first, 0.95).toFixed(1)} ms, next ${next.length ? percentile(next, 0.95).toFixed(1) : "-"} ms, count ${percentile(count, 0.95).toFixed(1)} ms`);
      tell({ what: `list of ${readable(customers)}: ${question.name}: first page, p95`, value: percentile(first, 0.95), unit: "ms", limit: { at_most: limit_ms }, command: program });
      if (question.condition) tell({ what: `list of ${readable(customers)}: ${question.name}: how many, p95`, value: percentile(count, 0.95), unit: "ms", limit: { at_most: limit_ms }, command: program });
    }
    tell({ what: "first pages of all twenty-two, p95", value: percentile(firsts, 0.95), unit: "ms", limit: { at_most: limit_ms }, command: program });
    tell({ what: "the two pages after them, p95", value: percentile(nexts, 0.95), unit: "ms", limit: { at_most: limit_ms }, command: program });
    tell({ what: "how many there are, counted for a quarter of a second at most, p95", value: percentile(counts, 0.95), unit: "ms", limit: { at_most: limit_ms }, command: program });
  });
  for (const { name, bare } of questions(site)) {
    const times = execFileSync("build/test/bare_sqlite", [join(folder, "main.db"), `${bare} LIMIT 51`, "5"], { encoding: "utf8" }).trim().split("\n").map(Number);
    tell({ what: `${name}: the same rows out of bare SQLite, median`, value: percentile(times, 0.5), unit: "ms", command: "build/test/bare_sqlite" });
  }
} finally {
  if (!kept) rmSync(folder, { recursive: true, force: true });
}
