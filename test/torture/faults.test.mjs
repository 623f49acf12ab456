// The quick part of the torture: what must hold before a change lands. The long part is script/torture.
import { after, before, describe, test } from "node:test";
import { Postgres } from "../story/postgres.mjs";
import { cut_off_backups } from "./backups.mjs";
import { bear_a_slow_disk } from "./crowds.mjs";
import { cut_off_deciding } from "./decisions.mjs";
import { fill_the_disk } from "./full_disk.mjs";
import { cut_off_at_random } from "./kills.mjs";
import { send_repeated } from "./repeated.mjs";
import { stop_under_load } from "./stops.mjs";
import { cut_off_upgrades } from "./upgrades.mjs";

const seed = Number(process.env.ONEFOLD_SEED ?? Date.now() % 1_000_000);
const tell = (figures) => console.log(`  ${JSON.stringify(figures)} (seed ${seed})`);

describe("Nothing acknowledged is lost, and nothing is stored or counted twice", () => {
  test("when the plug is pulled 20 times at random moments, during imports too", (t) => cut_off_at_random(t, { kills: 20, seed, tell }));
  test("when the disk runs full under load, which reads do not feel, and has space again", (t) => fill_the_disk(t, { rounds: 2, tell }));
  test("when the disk is slower than may be waited for, and what comes is refused at once", (t) => bear_a_slow_disk(t, { seconds: 5, tell }));
  test("when five senders repeat 20,000 messages in no order", (t) => send_repeated(t, { events: 20_000, tell }));
  test("when SIGTERM comes under load, and no answer is cut", (t) => stop_under_load(t, { stops: 3, tell }));
});

describe("Whole or not at all", () => {
  let postgres;
  before(async () => (postgres = await Postgres.start()));
  after(() => postgres.stop());
  test("a decision, when the plug is pulled 10 times while people decide", (t) => cut_off_deciding(t, { kills: 10, seed, tell }));
  test("a decision on PostgreSQL, 5 times", (t) => cut_off_deciding(t, { kills: 5, seed, postgres, tell }));
  test("a backup that is killed 20 times", (t) => cut_off_backups(t, { kills: 20, seed, tell }));
  test("a backup of PostgreSQL, 4 times", (t) => cut_off_backups(t, { kills: 4, seed, postgres, tell }));
  test("the upgrade of an earlier version's folder, 6 times on each database", (t) => cut_off_upgrades(t, { kills: 6, tell }));
});
