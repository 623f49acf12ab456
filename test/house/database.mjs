// Who may speak to databases, and who may speak of customers, orders and tickets in SQL.

const database_headers = /^[ \t]*#[ \t]*include[ \t]*[<"]((?:sqlite3(?:ext)?|(?:postgresql\/)?libpq-fe|duckdb)\.h(?:pp)?)[>"]/gm;
const database_symbols = /\b(sqlite3_\w+|PQ[a-z]\w+|duckdb_\w+)\b/;

/** Only the room `store` includes the databases' headers. */
export function check_database_includes(files) {
  const complaints = [];
  for (const { path, text } of files) {
    if (path.startsWith("store/")) continue;
    for (const [, header] of text.matchAll(database_headers)) complaints.push(`${path} includes ${header}: only store speaks to databases`);
  }
  return complaints;
}

/** Only the room `store` calls the databases: `undefined_names` is what `nm -u` prints for the library of `room`. */
export function check_database_symbols(room, undefined_names) {
  if (room === "store") return [];
  const found = undefined_names.split("\n").map((line) => database_symbols.exec(line)?.[1]).filter(Boolean);
  return [...new Set(found)].map((name) => `the library of ${room} calls ${name}: only store speaks to databases`);
}

export const customer_tables = ["customer", "customer_activity", "node", "node_activity", "record_order", "record_order_line", "record_ticket"];
export const rooms_with_customer_sql = ["query", "object", "identity", "customer"];

const table = `"?(${customer_tables.join("|")})\\b"?`;
const verb = "FROM(?:\\s+\\w+(?:\\s+\\w+)?\\s*,)*|JOIN|INTO|UPDATE|TABLE|REFERENCES|INDEX\\s[\\w\\s]*?\\bON";
const shouted = new RegExp(`\\b(?:${verb})\\s+(?:IF\\s+(?:NOT\\s+)?EXISTS\\s+|ONLY\\s+)?${table}`);
const spoken = new RegExp(shouted.source, "i");
const begins_like_sql = /^\s*(?:select|insert|update|delete|with|create|alter|drop|merge|replace|truncate)\b/i;

/** SQL on a customer's, an order's or a ticket's table belongs to query, object, identity and customer. Tests are free. */
export function check_customer_sql(files) {
  const complaints = [];
  for (const { path, text } of files) {
    const room = path.split("/")[0];
    if (rooms_with_customer_sql.includes(room) || /_(test|bench|fuzz)\.\w+$/.test(path)) continue;
    const texts = path.endsWith(".sql") ? [text.replace(/--.*$/gm, "")] : string_literals(text);
    for (const literal of texts) {
      const pattern = path.endsWith(".sql") || begins_like_sql.test(literal) ? spoken : shouted;
      const found = pattern.exec(literal);
      if (found) complaints.push(`${path} has SQL on ${found[1]}: ${found[0].replace(/\s+/g, " ")}`);
    }
  }
  return complaints;
}

const token = /\/\/[^\n]*|\/\*[^]*?\*\/|'(?:\\.|[^'\\\n])+'|R"([^\s()\\]*)\(([^]*?)\)\1"|"((?:\\.|[^"\\\n])*)"/g;

/** The string literals of C++ in `text`; neighbours that the compiler would join are joined, comments are skipped. */
export function string_literals(text) {
  const literals = [];
  let end_of_last = -1;
  for (const match of text.matchAll(token)) {
    const value = match[2] ?? match[3];
    if (value === undefined) continue;
    const plain = match[2] ?? value.replace(/\\n|\\t/g, " ").replace(/\\(.)/g, "$1");
    if (end_of_last >= 0 && /^\s*$/.test(text.slice(end_of_last, match.index))) literals[literals.length - 1] += plain;
    else literals.push(plain);
    end_of_last = match.index + match[0].length;
  }
  return literals;
}

/** Columns named after a node, of every room's migrations and of the columns for analysis; `follows` is the list of those that follow a merge. */
export function check_node_columns(files, follows) {
  const complaints = [];
  for (const { path, text } of files) {
    const known = (column) => follows.includes(`"${column}"`);
    if (path.endsWith(".sql")) {
      for (const [, name, body] of text.matchAll(/CREATE TABLE "?(\w+)"? \(([\s\S]*?)\n\)/g))
        for (const [, column] of body.matchAll(/^\s*"?(\w*node\w*)"? [A-Z]/gm))
          if (!known(`${name}.${column}`) && !is_dropped(files, name)) complaints.push(`${path}: ${name}.${column} holds a node, and no list says how it follows a merge`);
      for (const [, name, column] of text.matchAll(/ALTER TABLE "?(\w+)"? ADD COLUMN "?(\w*node\w*)"?/g))
        if (!known(`${name}.${column}`)) complaints.push(`${path}: ${name}.${column} holds a node, and no list says how it follows a merge`);
    } else if (path.startsWith("columns/"))
      for (const [, column] of text.matchAll(/["\s](\w*node\w*) BIGINT/g))
        if (!known(`event.${column}`)) complaints.push(`${path}: ${column} holds a node, and no list says how it follows a merge`);
  }
  return complaints;
}
const is_dropped = (files, name) => files.some(({ path, text }) => path.endsWith(".sql") && text.includes(`DROP TABLE ${name}`));
