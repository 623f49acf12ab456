// The checks of the torture, tried on faults that were planted for them: in a history, and in a server that is lied to by its disk.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { History, complaints_about } from "./history.mjs";
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

describe("A planted fault is found", () => {
  test("where acknowledged writes do not reach the disk", async (t) => {
    const told = await cut_off_at_random(t, { kills: 2, is_lied_to: true, tell: () => {} }).then(() => null, (error) => error.message);
    assert.match(String(told), /acknowledged and is lost|the server ended/);
  });
  test("where a duplicate is taken for a new event", async (t) => {
    const told = await send_repeated(t, { events: 2_000, planted: 1, tell: () => {} }).then(() => null, (error) => error.message);
    assert.match(String(told), /never sent/);
  });
});
