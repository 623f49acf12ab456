// The checks of the torture, tried on faults that were planted for them: in a history, and in a server that is lied to by its disk.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { History, complaints_about } from "./history.mjs";
import { missing_in } from "../story/said.mjs";
import { complaints_about_decisions } from "./decisions.mjs";
import { hits_in } from "./hits.mjs";
import { cut_off_at_random } from "./kills.mjs";
import { send_repeated } from "./repeated.mjs";

const history_of = (...requests) => Object.assign(new History(), { requests: requests.map(([state, ...ids]) => ({ state, ids })) });
const one = (complaints, word) => {
  assert.equal(complaints.length, 1, JSON.stringify(complaints));
  assert.match(complaints[0], word);
};

describe("A history", () => {
  const sound = history_of(["ok", "a", "b"], ["unknown", "c", "d"], ["unknown", "e", "f"], ["fail", "g"]);
  test("that is kept has no complaint", () => assert.deepEqual(complaints_about(sound, ["a", "b", "e", "f"]), []));
  test("an acknowledged message that is not there is found", () => one(complaints_about(sound, ["a", "e", "f"]), /b was acknowledged and is lost/));
  test("a message that is there twice is found", () => one(complaints_about(sound, ["a", "b", "a"]), /a is stored 2 times/));
  test("a request that is there in part is found", () => one(complaints_about(sound, ["a", "b", "c"]), /1 of 2 messages/));
  test("a refused message that is there is found", () => one(complaints_about(sound, ["a", "b", "g"]), /g was refused and is stored/));
  test("a message of nobody is found", () => one(complaints_about(sound, ["a", "b", "x"]), /x is stored and was never sent/));
  test("a request that was repeated and then acknowledged may be there once", () => assert.deepEqual(complaints_about(history_of(["unknown", "a"], ["ok", "a"]), ["a"]), []));
});

describe("Decisions", () => {
  const part = (...nodes) => ({ fields: { name: nodes.join("+") }, identifiers: [], nodes });
  const [a, b, both] = [part("1"), part("2"), part("1", "2")];
  const cut = (pending) => ({ parts: [a, b], known: new Map([["7", false], ["8", true]]), pending });
  const merge = { kind: "merge", before: [a, b], after: [both] };
  const ledger = (...more) => new Map([["7", false], ["8", true], ...more]);
  test("that stand, whole or not at all, have no complaint", () => {
    assert.deepEqual(complaints_about_decisions(cut(null), { parts: [b, a], decisions: ledger() }), []);
    assert.deepEqual(complaints_about_decisions(cut(merge), { parts: [a, b], decisions: ledger() }), []);
    assert.deepEqual(complaints_about_decisions(cut(merge), { parts: [both], decisions: ledger(["9", false]) }), []);
    assert.deepEqual(complaints_about_decisions(cut({ kind: "undo", decision: "7", after: [both] }), { parts: [both], decisions: ledger(["7", true]) }), []);
  });
  test("of which one is lost are found", () => one(complaints_about_decisions(cut(null), { parts: [a, b], decisions: new Map([["7", false]]) }), /8 was acknowledged and is lost/));
  test("of which one came undone are found", () => one(complaints_about_decisions(cut(null), { parts: [a, b], decisions: ledger(["8", false]) }), /8 is standing/));
  test("that stand in customers and not in the ledger are found", () => one(complaints_about_decisions(cut(merge), { parts: [both], decisions: ledger() }), /0 decisions beyond/));
  test("that stand in the ledger and not in customers are found", () => one(complaints_about_decisions(cut(merge), { parts: [a, b], decisions: ledger(["9", false]) }), /1 decisions beyond/));
  test("that left a golden record half written are found", () => one(complaints_about_decisions(cut(merge), { parts: [{ ...both, fields: { name: "1" } }], decisions: ledger() }), /neither as before nor as after/));
});

describe("What a server says", () => {
  const then = { customers: [{ id: "1", fields: { name: "Lin" }, timeline: [] }] };
  test("may become more", () => assert.deepEqual(missing_in({ ...then, more: 1, customers: [{ ...then.customers[0], more: null }] }, then), []));
  test("is missed where it is less or other", () => {
    one(missing_in({ customers: [] }, { customers: [1] }).slice(1), /customers\/0: undefined instead of 1/);
    one(missing_in({ customers: [{ ...then.customers[0], fields: { name: "Li" } }] }, then), /"Li" instead of "Lin"/);
    one(missing_in({ customers: [...then.customers, 2] }, then), /2 instead of 1/);
  });
});

describe("What strace tells", () => {
  const told = [
    "12 1796010910.741000 fdatasync(7</data/log/1.log>) = 0",
    "12 1796010910.742000 fdatasync(7</data/log/1.log>) = -1 ENOSPC (No space left on device) (INJECTED)",
    "13 1796010910.743000 fsync(9</data/log> <unfinished ...>",
    "12 1796010910.744000 fdatasync(8</data/main.db-wal> <unfinished ...>",
    "13 1796010910.745000 <... fsync resumed>) = -1 EIO (Input/output error) (INJECTED)",
    '14 1796010910.746000 openat(AT_FDCWD</>, "/data/x", O_RDONLY) = -1 EIO (Input/output error) (INJECTED)',
    "12 1796010910.747000 +++ exited with 74 +++", "",
  ].join("\n");
  test("is read as calls that failed, by thread, time and file", () =>
    assert.deepEqual(hits_in(told).map(({ thread, at_ms, path }) => [thread, Math.round(at_ms) % 1000, path]), [["12", 742, "/data/log/1.log"], ["13", 745, "/data/log"], ["14", 746, undefined]]));
});

describe("A planted fault is found", () => {
  test("where acknowledged writes do not reach the disk", async (t) => {
    const told = await cut_off_at_random(t, { kills: 2, is_lied_to: true, tell: () => {} }).then(() => null, (error) => error.message);
    assert.match(String(told), /acknowledged and is lost|the server ended|event_log.recovery_needed/);
  });
  test("where a duplicate is taken for a new event", async (t) => {
    const told = await send_repeated(t, { events: 2_000, planted: 1, tell: () => {} }).then(() => null, (error) => error.message);
    assert.match(String(told), /never sent/);
  });
});
