// Holds the project's own tree to the rules of the house.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { check_customer_sql, check_database_includes, check_database_symbols, check_node_columns } from "./database.mjs";
import { check_folders, check_graph, check_includes, folders_of, parse_layers, read_tree } from "./stairs.mjs";
import { check_committed, long_files } from "./tree.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const none = (complaints) => assert.deepEqual(complaints, []);
const layers_of = (file) =>
  existsSync(join(root, file)) ? parse_layers(readFileSync(join(root, file), "utf8")) : { layers: {}, complaints: [`${file} is missing`] };
const rooms = read_tree(join(root, "src"), [".h", ".cc"]);

describe("The rooms of src", () => {
  const { layers, complaints } = layers_of("src/layers.toml");
  test("layers.toml is well written", () => none(complaints));
  test("the stairs have no circle and lead to listed rooms", () => none(check_graph(layers)));
  test("every folder is listed, and every listed room has a folder", () => none(check_folders(layers, folders_of(join(root, "src")))));
  test("no room includes what it may not", () => none(check_includes(layers, rooms)));
});

describe("Databases", () => {
  test("only store includes their headers", () => none(check_database_includes(rooms)));
  test("only store calls them", (context) => {
    const libraries = existsSync(join(root, "build")) ? readdirSync(join(root, "build")).filter((name) => /^libonefold_\w+\.a$/.test(name)) : [];
    if (libraries.length === 0) return context.skip("nothing is built in build/");
    none(libraries.flatMap((name) => check_database_symbols(name.slice("libonefold_".length, -2), undefined_names(join(root, "build", name)))));
  });
  test("SQL on customers, orders and tickets stays in query, object, identity and customer", () =>
    none(check_customer_sql([...rooms, ...read_tree(join(root, "src"), [".sql"])])));
  test("every column that holds a node is one of those that follow a merge", () => {
    const follows = readFileSync(join(root, "src/customer/node_columns_test.cc"), "utf8") + '"event.node_id"'; // an event's node never changes
    none(check_node_columns([...rooms, ...read_tree(join(root, "src"), [".sql"])], follows));
  });
});

describe("What is committed", () => {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" });
  const files = listed.split("\0").filter((path) => path && existsSync(join(root, path))).flatMap((path) => {
    const bytes = readFileSync(join(root, path));
    return bytes.subarray(0, 8000).includes(0) ? [] : [{ path, text: bytes.toString("utf8") }];
  });
  test("it names no machine's path and no package registry's host", () => none(check_committed(files)));
  test("long files are told, not refused", (context) => {
    const code = files.filter(({ path }) => /\.(h|cc|ts|tsx|mjs)$/.test(path) && !path.startsWith("web/src/api/"));
    for (const line of long_files(code)) context.diagnostic(line);
  });
});

function undefined_names(library) {
  return execFileSync("nm", ["-u", library], { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] });
}
