// Every check of the house test, tried on a fault that was planted for it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { check_customer_sql, check_database_includes, check_database_symbols, check_node_columns, string_literals } from "./database.mjs";
import { check_folders, check_graph, check_includes, parse_layers } from "./stairs.mjs";
import { check_committed, lines_max, long_files } from "./tree.mjs";

const none = (complaints) => assert.deepEqual(complaints, []);
const one = (complaints, word) => {
  assert.equal(complaints.length, 1, `expected one complaint, not ${JSON.stringify(complaints)}`);
  assert.match(complaints[0], word);
};
const layers = { core: [], store: ["core"], identity: ["core", "store"] };

describe("layers.toml", () => {
  test("is read with comments, spaces and empty lists", () => {
    const { layers: read, complaints } = parse_layers('# floor 0\ncore = []\n\nstore   = ["core"]  # one\nidentity = ["core", "store"]\n');
    none(complaints);
    assert.deepEqual(read, layers);
  });
  test("a line that is no room is refused", () => one(parse_layers("core = []\nstore: core\n").complaints, /line 2/));
  test("a room listed twice is refused", () => one(parse_layers("core = []\ncore = []\n").complaints, /second time/));
  test("a room below that is not listed is refused", () => one(check_graph({ store: ["core"] }), /core, which is not listed/));
  test("a circle of two is found", () => one(check_graph({ a: ["b"], b: ["a"] }), /a → b → a/));
  test("a circle of three is found", () => one(check_graph({ a: ["b"], b: ["c"], c: ["a"], d: ["a"] }), /circle/));
  test("a diamond is no circle", () => none(check_graph({ top: ["left", "right"], left: ["floor"], right: ["floor"], floor: [] })));
  test("a folder that is not listed is found", () => one(check_folders(layers, ["core", "store", "identity", "cellar"]), /cellar/));
  test("a listed room without a folder is found", () => one(check_folders(layers, ["core", "store"]), /identity/));
});

describe("Includes", () => {
  const include = (path, line) => check_includes(layers, [{ path, text: `#pragma once\n${line}\n` }]);
  test("downwards is well", () => none(include("identity/merge.cc", '#include "store/store.h"')));
  test("in one's own room is well, with the folder and without", () => {
    none(include("identity/merge.cc", '#include "identity/merge.h"'));
    none(include("identity/merge.cc", '#include "merge.h"'));
  });
  test("upwards is refused", () => one(include("store/store.cc", '#include "identity/identity.h"'), /store may not take from identity/));
  test("upwards is refused in tests too", () => one(include("store/store_test.cc", '#include "identity/identity.h"'), /may not/));
  test("spaces do not hide an include", () => one(include("store/store.cc", '  #  include   "identity/identity.h"'), /may not/));
  test("a room that does not exist is refused", () => one(include("store/store.cc", '#include "cellar/wine.h"'), /of no room/));
  test("testing is for tests and their rigs", () => {
    none(include("store/store_test.cc", '#include "testing/folder.h"'));
    none(include("store/store_rig.h", '#include "testing/folder.h"'));
    one(include("store/store.cc", '#include "testing/folder.h"'), /of no room/);
  });
  test("climbing is refused", () => one(include("store/store.cc", '#include "../identity/identity.h"'), /climbing/));
  test("a system header is not ours", () => none(include("store/store.cc", "#include <identity/identity.h>")));
});

describe("Databases", () => {
  test("store may include them", () => none(check_database_includes([{ path: "store/sqlite.cc", text: "#include <sqlite3.h>\n" }])));
  for (const header of ["<sqlite3.h>", '"duckdb.h"', "<libpq-fe.h>", "<postgresql/libpq-fe.h>"]) {
    test(`another room may not include ${header}`, () =>
      one(check_database_includes([{ path: "object/store.cc", text: `#include ${header}\n` }]), /only store/));
  }
  test("a call is seen in the library", () =>
    one(check_database_symbols("object", "store.cc.o:\n                 U sqlite3_open\n                 U sqlite3_open\n"), /sqlite3_open/));
  test("libpq and DuckDB are seen", () => assert.equal(check_database_symbols("object", " U PQexec\n U duckdb_open\n U _ZN7onefold5queryE\n").length, 2));
  test("store itself may call", () => none(check_database_symbols("store", " U sqlite3_open\n")));
});

describe("Columns that hold a node", () => {
  const columns = (path, text, more = []) => check_node_columns([{ path, text }, ...more], '{"note.node_id", "joined"}');
  const note = "CREATE TABLE note (\n    id IDENTITY,\n    node_id BIGINT NOT NULL,\n    reader_node BIGINT\n);";
  test("one that no list names is found", () => one(columns("note/schema/0001_note.sql", note), /note\.reader_node/));
  test("one that a later migration adds is found", () => one(columns("note/schema/0002_more.sql", "ALTER TABLE note ADD COLUMN writer_node BIGINT;"), /writer_node/));
  test("one of the columns for analysis is found", () => one(columns("columns/event_file.cc", '"position BIGINT, buyer_node BIGINT, "'), /buyer_node/));
  test("what was dropped is gone", () => none(columns("note/schema/0001_note.sql", note, [{ path: "note/schema/0002_drop.sql", text: "DROP TABLE note;" }])));
});

describe("SQL on customers, orders and tickets", () => {
  const sql = (path, text) => check_customer_sql([{ path, text }]);
  test("the four rooms may hold it", () => none(sql("identity/store.cc", 'run("SELECT id FROM node WHERE id = ?");')));
  test("tests may hold it", () => none(sql("import/import_test.cc", 'run("SELECT count(*) FROM customer");')));
  test("a select elsewhere is found", () => one(sql("import/rows.cc", 'run("SELECT id FROM customer WHERE id = ?");'), /customer/));
  test("a small select is found", () => one(sql("import/rows.cc", 'run("select id from record_order");'), /record_order/));
  test("an insert, an update, a join are found", () => {
    one(sql("demo/rows.cc", 'run("INSERT INTO node_activity VALUES (?)");'), /node_activity/);
    one(sql("demo/rows.cc", 'run("UPDATE customer_activity SET n = 1");'), /customer_activity/);
    one(sql("demo/rows.cc", 'run("SELECT 1 FROM source JOIN record_ticket ON 1 = 1");'), /record_ticket/);
  });
  test("a quoted name and a delete are found", () => one(sql("demo/rows.cc", 'run("DELETE FROM \\"customer\\"");'), /customer/));
  test("a raw literal over lines is found", () => one(sql("demo/rows.cc", 'run(R"sql(\n  SELECT *\n  FROM\n    record_order_line\n)sql");'), /record_order_line/));
  test("neighbouring literals are joined", () => one(sql("demo/rows.cc", 'run("SELECT id FROM "\n    "customer");'), /customer/));
  test("a migration elsewhere is found", () => one(sql("import/schema/0001_run.sql", "create table import_run (node_id bigint references node);"), /node/));
  test("a second table after a comma is found", () => one(sql("demo/rows.cc", 'run("SELECT 1 FROM source s, customer c");'), /customer/));
  test("an index on it is found", () => one(sql("import/schema/0002_i.sql", "CREATE UNIQUE INDEX IF NOT EXISTS by_name ON customer (name);"), /customer/));
  test("a condition on a column of that name is free", () => none(sql("import/rows.cc", 'run("SELECT 1 FROM a JOIN b ON node = id");')));
  test("other tables are free", () => none(sql("import/rows.cc", 'run("SELECT id FROM customer_import JOIN import_run ON 1 = 1");')));
  test("speech is no SQL", () => none(sql("import/rows.cc", 'say("Nothing was read from customer rows; update customer fields later");')));
  test("a comment is no SQL", () => none(sql("import/rows.cc", '// "SELECT id FROM customer"\nint x; /* "SELECT id FROM node" */')));
  test("literals are cut rightly", () =>
    assert.deepEqual(string_literals(`char quote = '"'; f("a\\"b" "c", R"x(d"e)x"); // "no"`), ['a"bc', 'd"e']));
});

describe("Committed files", () => {
  const tree = (text) => check_committed([{ path: "docs/page.md", text }]);
  const slash = "/";
  test("a path of one machine is found, with its line", () => {
    one(tree(`first\nsee ${slash}home/someone/onefold`), /page\.md:2/);
    one(tree(`"${slash}work/main/src"`), /one machine/);
  });
  test("a relative path and a URL are free", () => none(tree("see ../work/main, https://example.com/home/page and src/home/x")));
  test("a registry's host is found", () => {
    one(tree(`"resolved": "https://${["registry", "npmjs", "org"].join(".")}/react"`), /registry/);
    one(tree(`deb https://${["deb", "debian", "org"].join(".")}/debian bookworm main`), /registry/);
  });
  test("long files are told", () => {
    const lines = (count) => "x\n".repeat(count);
    none(long_files([{ path: "a.cc", text: lines(lines_max) }]));
    one(long_files([{ path: "a.cc", text: lines(lines_max + 1) }]), /401 lines/);
  });
});
