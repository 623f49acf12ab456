// The real program, with real data, in Debian's Chromium: all of it in both languages, on a desk's screen and on a phone's,
// and every page once more on PostgreSQL. Pictures of every page are left in build/test-results/pictures.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Leftovers, Server, Tracker, fresh_folder } from "../story/onefold.mjs";
import { Postgres } from "../story/postgres.mjs";
import { copy_folder, data_words_of, fill, write_files } from "./company.mjs";
import { pass } from "./pass.mjs";
import { Visitor, open_browser } from "./visitor.mjs";
import { walk } from "./walk.mjs";

const leftovers = new Leftovers();
const filled = fresh_folder(leftovers);
const files = fresh_folder(leftovers);
let browser, postgres, keys, data_words;

/** A `before` whose failure leaves nothing behind that would keep the process waiting. */
const prepare = (kept, work) =>
  before(async () => {
    try {
      await work();
    } catch (thrown) {
      await kept.run();
      throw thrown;
    }
  });

prepare(leftovers, async () => {
  browser = await open_browser();
  leftovers.after(() => browser.close());
  postgres = await Postgres.start();
  leftovers.after(() => postgres.stop());
  await write_files(files);
  data_words = data_words_of(files);
  keys = await fill(filled, files, { is_large: true });
});
after(() => leftovers.run());

/** The first step that fails is told; those that stand on it fail at once. */
function steps(at) {
  let broken = null;
  return (name, work) =>
    test(name, { timeout: 90_000 }, async () => {
      assert.equal(broken, null, "a step before this one failed");
      try {
        await work();
        at.visitor.is_content();
      } catch (thrown) {
        broken = name;
        await at.visitor?.picture_of_failure();
        throw thrown;
      }
    });
}

function tell(name, { language, width, serve, story }) {
  describe(`${name}, ${language}, ${width} px`, { concurrency: 1 }, () => {
    const at = {};
    const mine = new Leftovers();
    prepare(mine, async () => {
      const { server, write_key, token } = await serve(mine);
      mine.after(() => server.stop());
      const tracker_with = (key) => Object.assign(new Tracker(server.api(), key), { with_key: tracker_with });
      Object.assign(at, { server, api: server.api({ token }), tracker: tracker_with(write_key) });
      at.visitor = await Visitor.arrive(browser, server, { language, width, name, data_words });
      mine.after(() => at.visitor.leave());
    });
    after(() => mine.run());
    story(steps(at), at, { language, is_phone: width < 768 });
  });
}

const on_sqlite = async (t) => {
  const folder = join(fresh_folder(t), "data");
  copy_folder(filled, folder);
  return { server: await Server.start(folder), ...keys };
};

const on_postgres = async (t) => {
  const folder = fresh_folder(t);
  const server = await Server.start(folder, ["--database", postgres.make_database()]);
  return { server, ...(await fill(folder, files, { is_large: false })) };
};
const every_way = [["zh-CN", 1440], ["en", 390], ["zh-CN", 390], ["en", 1440]];
describe("the console in a browser", { concurrency: 2 }, () => {
  for (const [language, width] of every_way) tell("SQLite", { language, width, serve: on_sqlite, story: walk });
  for (const [language, width] of [["en", 1440], ["zh-CN", 390]]) tell("PostgreSQL", { language, width, serve: on_postgres, story: pass });
});
