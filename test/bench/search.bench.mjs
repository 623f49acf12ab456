// A million customers with names as people have them: how fast what somebody types finds them, over HTTP, and what the index costs. ONEFOLD_BENCH_CUSTOMERS
// says how many.
import { closeSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tell, with_server } from "./server.mjs";

const customers = Number(process.env.ONEFOLD_BENCH_CUSTOMERS ?? 1_000_000), questions = 2_000;
const program = "node test/bench/search.bench.mjs";
const readable = (number) => number.toLocaleString("en-US");
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

// ---- who there is: each a pure function of a number ----

const read = (text) => text.split(" ").map((pair) => [pair[0], pair.slice(1)]);
const family = read("王wang 李li 张zhang 刘liu 陈chen 杨yang 赵zhao 黄huang 周zhou 吴wu 徐xu 孙sun 胡hu 朱zhu 高gao 林lin 何he 郭guo 马ma 罗luo 梁liang 宋song 郑zheng 谢xie 韩han 唐tang 冯feng 于yu 董dong 萧xiao 程cheng 曹cao 袁yuan 邓deng 许xu 傅fu 沈shen 曾zeng 彭peng 吕lv");
const given = read("伟wei 芳fang 娜na 秀xiu 敏min 静jing 丽li 强qiang 磊lei 军jun 洋yang 勇yong 艳yan 杰jie 娟juan 涛tao 明ming 超chao 兰lan 霞xia 平ping 刚gang 桂gui 英ying 华hua 玉yu 红hong 春chun 梅mei 文wen 辉hui 建jian 国guo 志zhi 海hai 宇yu 浩hao 轩xuan 子zi 涵han 欣xin 怡yi 佳jia 琪qi 雨yu 晨chen 思si 博bo 嘉jia 俊jun 凯kai 鹏peng 飞fei 龙long 雪xue 婷ting 慧hui 莉li 燕yan 玲ling 丹dan 萍ping 鑫xin 波bo 斌bin 宁ning 健jian 康kang 乐yue 天tian 云yun 山shan 江jiang 晓xiao 小xiao 一yi 安an 诗shi 若ruo");
const cities = ["苏州", "上海", "深圳", "成都", "杭州", "重庆"], trades = ["精密机械", "电子科技", "医疗器械", "食品", "物流", "咨询"];
const first = ["Anna", "Paul", "Christian", "Maria", "Stephen", "Katherine", "Ivo", "Lena", "Thomas", "Elizabeth", "Michael", "Sara"];
const syllables = ["ber", "mey", "schmi", "son", "ling", "mar", "tin", "ko", "val", "ros", "den", "hart", "win", "ler", "nov", "ak", "bau", "sen"];

function mixed(number, salt) {
  let x = (number ^ (salt * 0x9e3779b1)) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
const of = (list, number, salt) => list[mixed(number, salt) % list.length];
const capital = (word) => word[0].toUpperCase() + word.slice(1);

function person(number) {
  const phone = `13${String(mixed(number, 9) % 10)}${String((number * 7919) % 100_000_007).padStart(8, "0")}`;
  const email = `p${number}@example.com`;
  const company = number % 10 < 3 ? `${of(cities, number, 5)}${of(given, number % 5000, 6)[0]}${of(given, number % 5000, 7)[0]}${of(trades, number, 8)}有限公司` : "";
  if (number % 10 < 7) {
    const parts = [of(family, number, 1), of(given, number, 2), ...(mixed(number, 3) % 5 ? [of(given, number, 4)] : [])];
    return { name: parts.map(([han]) => han).join(""), sounds: parts.map(([, sound]) => sound), phone, email, company };
  }
  const last = capital([1, 2, 3].map((salt) => of(syllables, number, 10 + salt)).join(""));
  return { name: `${of(first, number, 14)} ${last}`, last, phone, email, company };
}

function write_rows(file) {
  const opened = openSync(file, "w");
  writeSync(opened, "no,name,email,phone,company\n");
  for (let at = 0; at < customers; at += 10_000) {
    const lines = Array.from({ length: Math.min(10_000, customers - at) }, (_, i) => at + i).map((number) => {
      const { name, email, phone, company } = person(number);
      return `C${number},${name},${email},${phone},${company}\n`;
    });
    writeSync(opened, lines.join(""));
  }
  closeSync(opened);
  return file;
}

// ---- what somebody types who has one of them in mind ----

const swapped = (word) => word.slice(0, 2) + word[3] + word[2] + word.slice(4);
const kinds = {
  "a whole Chinese name": ({ name, sounds }) => sounds && name,
  "two characters": ({ name, sounds }) => sounds && name.slice(-2),
  "one character": ({ name, sounds }) => sounds && name[0],
  pinyin: ({ sounds }) => sounds?.join(""),
  "the beginning of pinyin": ({ sounds }) => sounds && sounds[0] + sounds[1][0],
  "a family name's pinyin": ({ sounds }) => sounds?.[0],
  initials: ({ sounds }) => sounds?.map((sound) => sound[0]).join(""),
  "a name that sounds the same": ({ name, sounds }) => sounds && name.replaceAll("晓", "小").replaceAll("丽", "莉").replaceAll("玉", "宇"),
  "a family name": ({ last }) => last,
  "the beginning of a word": ({ last }) => last?.slice(0, 4).toLowerCase(),
  "a mistyped family name": ({ last }) => last && swapped(last),
  "first name and beginning": ({ name, last }) => last && name.slice(0, name.indexOf(" ") + 4),
  "the last four digits": ({ phone }) => phone.slice(-4),
  "a whole number": ({ phone }) => phone,
  "an address": ({ email }) => email,
  "a firm": ({ company }) => company && company.slice(0, 6),
  "a trade and a name": ({ company, name, sounds }) => company && sounds && `${company.slice(4, 6)} ${name}`,
  "nobody's name": () => "qwxzjk",
};

async function ask(url, token) {
  const took = [], by_kind = {};
  let with_hits = 0;
  for (let i = 0; took.length < questions; ++i) {
    const [kind, typed] = Object.entries(kinds)[i % Object.keys(kinds).length];
    const text = typed(person(mixed(i, 77) % customers));
    if (!text) continue;
    const begun = performance.now();
    const answer = await fetch(`${url}/api/v1/search?q=${encodeURIComponent(text)}`, { headers: { authorization: `Bearer ${token}` } });
    const found = await answer.json();
    const ms = performance.now() - begun;
    if (!answer.ok) throw new Error(`${text}: ${answer.status} ${JSON.stringify(found)}`);
    with_hits += found.items.length > 0 ? 1 : 0;
    took.push(ms);
    (by_kind[kind] ??= []).push(ms);
  }
  const sort = (times) => times.sort((a, b) => a - b);
  for (const [kind, times] of Object.entries(by_kind)) console.error(`${kind}: median ${percentile(sort(times), 0.5).toFixed(1)} ms, p95 ${percentile(times, 0.95).toFixed(1)} ms`);
  return { took: sort(took), with_hits };
}

// ---- what it costs ----

const resident_mib = (pid) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
const processor_s = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
};
const bytes_of = (folder) => readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

const files = mkdtempSync(join(tmpdir(), "onefold-bench-"));
const folder = join(files, "data");
try {
  const map = join(files, "map.json");
  writeFileSync(map, JSON.stringify({ identifiers: { no: "member_no", email: "email", phone: "phone" }, fields: { name: "name", company: "company" } }));
  await with_server({ folder }, async ({ command, url, token, pid }) => {
    const call = async (method, path) => (await fetch(`${url}/api/v1${path}`, { method, headers: { authorization: `Bearer ${token}` } })).json();
    const until = async (is_so) => {
      for (let now; !is_so((now = await call("GET", "/search_index"))); await sleep(200)) if (now.trouble) throw new Error(now.trouble);
      return call("GET", "/search_index");
    };
    await command("import", write_rows(join(files, "rows.csv")), "--as", "customer", "--source", "crm", "--map", map);
    const imported = performance.now();
    const index = await until(({ state, customers: there }) => state === "following" && there === customers);
    tell({ what: `everybody of ${readable(index.customers)} imported customers can be searched, after the import`, value: (performance.now() - imported) / 1000, unit: "s", command: program });
    await sleep(5_000); // what follows has followed
    const { took, with_hits } = await ask(url, token);
    if (with_hits < questions * 0.8) throw new Error(`only ${with_hits} of ${questions} questions found somebody`);
    tell({ what: `search of ${readable(customers)} customers, ${Object.keys(kinds).length} kinds of questions mixed, over HTTP: median`, value: percentile(took, 0.5), unit: "ms", command: program });
    tell({ what: "the same, p95", value: percentile(took, 0.95), unit: "ms", limit: { at_most: 100 }, command: program });
    tell({ what: "the same, p99", value: percentile(took, 0.99), unit: "ms", command: program });
    tell({ what: "the index, a customer", value: bytes_of(join(folder, "search")) / customers, unit: "bytes", command: program });
    await sleep(5_000);
    const before = { mib: resident_mib(pid), s: processor_s(pid) };
    await call("POST", "/search_index/rebuild");
    let most_mib = before.mib;
    const { last_rebuilt } = await until(({ last_rebuilt }) => (most_mib = Math.max(most_mib, resident_mib(pid))) && last_rebuilt);
    tell({ what: `making the index of ${readable(customers)} customers anew`, value: last_rebuilt.took_ms / 1000, unit: "s", command: "onefold rebuild search" });
    tell({ what: "the same, processor time", value: processor_s(pid) - before.s, unit: "s", command: "onefold rebuild search" });
    tell({ what: "the same, more memory meanwhile", value: most_mib - before.mib, unit: "MiB", limit: { at_most: 150 }, command: "VmRSS" });
  });
  rmSync(join(folder, "search"), { recursive: true });
  await with_server({ folder }, async ({ url, token, pid }) => {
    await sleep(3_000);
    const at_start = resident_mib(pid);
    for (let is_made = false; !is_made; await sleep(500)) {
      const status = await (await fetch(`${url}/api/v1/search_index`, { headers: { authorization: `Bearer ${token}` } })).json();
      is_made = status.state === "following" && status.customers === customers;
    }
    await ask(url, token);
    tell({ what: "memory that search takes in a server which just made its index and answered", value: resident_mib(pid) - at_start, unit: "MiB", limit: { at_most: 150 }, command: "VmRSS" });
  });
} finally {
  rmSync(files, { recursive: true, force: true });
}
