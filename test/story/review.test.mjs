// Who may be one, told from outside: pairs that the rules left open come into the queue, are merged, kept apart, put off and taken back; two
// colleagues do not undo each other's word; a switchboard floods nothing; a kill loses nothing. On both databases.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Leftovers, Server, Tracker, fresh_folder, run, seeing } from "./onefold.mjs";
import { both_databases } from "./postgres.mjs";

const databases = both_databases();

const day = (number) => `2026-03-0${number}T08:00:00Z`;

for (const name of databases.names)
  describe(`Review on ${name}`, { concurrency: 1 }, () => {
    const mine = new Leftovers();
    const folder = fresh_folder(mine);
    let server, api, web, options;
    const begin = async () => {
      server = await Server.start(folder, options);
      api = server.api({ token: (await run(["token", "create", "t", "--role", "editor", "--data", folder])).last_word });
    };
    before(async () => {
      options = databases.words_of(name);
      await begin();
      mine.after(() => server.stop());
      web = new Tracker(server.api(), (await run(["source", "create", "web", "--kind", "tracker", "--data", folder])).last_word);
    });
    after(() => mine.run());

    const say = (userId, traits, at = 1) => web.send("identify", { userId, traits, timestamp: day(at) });
    const customer = async (user, last) => (await api.get(`/api/v1/customers?identifier=user_id:${user}`, last && seeing(last))).body.items[0];
    const queue = async (state = "open") => (await api.get(`/api/v1/reviews?limit=200&state=${state}`)).body.items;
    /** What the queue holds once it has come to rest. */
    const until = async (is_so, what) => {
      for (const deadline = Date.now() + 20_000; ; await new Promise((done) => setTimeout(done, 100))) {
        const pairs = await queue();
        if (is_so(pairs)) return pairs;
        assert.ok(Date.now() < deadline, `${what}: ${JSON.stringify(pairs)}`);
      }
    };
    const pair_of = async (a, b) => {
      const ids = [(await customer(a)).id, (await customer(b)).id].toSorted();
      const of = (pair) => [pair.customer, pair.other].toSorted().join() === ids.join();
      return (await until((pairs) => pairs.some(of), `${a} and ${b}`)).find(of);
    };
    const decide = (pair, verb, body = {}, version = pair.version) => api.send("POST", `/api/v1/reviews/${pair.id}/${verb}`, body, { "if-match": String(version) });

    test("two numbers and one phone are a question, a family's tablet another, a switchboard none", async () => {
      await say("u1", { name: "Lin Mei", phone: "+8613912345678", city: "Wuhan" });
      let last = await say("u2", { name: "Lin Mai", phone: "+8613912345678", city: "Xi'an" }, 2);
      for (const one of ["u3", "u4"]) last = await web.send("identify", { userId: one, anonymousId: "tablet", traits: { name: one }, timestamp: day(3) });
      for (let i = 0; i < 14; ++i) last = await say(`office${i}`, { name: `Clerk ${i}`, phone: "+862061230000" });
      await customer("u1", last);
      await pair_of("u1", "u2");
      await pair_of("u3", "u4");
      const pairs = await until((all) => all.length === 2, "the office is no pair"); // the first clerks were few
      assert.deepEqual(pairs.map(({ doubts }) => doubts), [["conflict"], ["weak"]], "what speaks more comes first");
      assert.deepEqual([pairs[0].identifier ?? null, pairs[1].name], [null, "u3"], "who has a name is called by it");
      const { body: detail } = await api.get(`/api/v1/reviews/${pairs[0].id}`);
      assert.deepEqual(detail.evidence.map(({ identifier, doubt, sources, other_sources }) => [identifier.value, doubt, sources, other_sources]), [["+8613912345678", "conflict", [{ source: "web", records: 1 }], [{ source: "web", records: 1 }]]]);
      assert.deepEqual([detail.customer.fields.city, detail.other.fields.city], ["Wuhan", "Xi'an"]);
      assert.equal((await api.get("/api/v1/reviews/progress")).body.open, 2);
    });

    test("it is read page by page", async () => {
      const first = (await api.get("/api/v1/reviews?limit=1")).body;
      const second = (await api.get(`/api/v1/reviews?limit=1&after=${first.next}`)).body;
      assert.notEqual(first.items[0].id, second.items[0].id);
      assert.equal(second.next ?? null, null);
    });

    test("merged with a value that was chosen, told who chose it, and taken back", async () => {
      const pair = await pair_of("u1", "u2");
      const merged = await decide(pair, "merge", { values: { city: "Wuhan" } });
      assert.equal(merged.status, 200, JSON.stringify(merged.body));
      assert.equal(merged.body.state, "merged");
      assert.deepEqual(merged.body.customers, [pair.customer]);
      assert.equal((await customer("u2")).id, pair.customer);
      assert.ok(!(await queue()).some(({ id }) => id === pair.id), "it is out of the queue when the answer comes");
      const origin = (await api.get(`/api/v1/customers/${pair.customer}/provenance`)).body.items.find(({ field }) => field === "city");
      assert.match(origin.by, /^token:/, "a chosen value names who chose it");
      const { body: told } = await api.get(`/api/v1/reviews/${pair.id}`);
      assert.deepEqual([told.state, told.decision], ["merged", merged.body.decision]);
      assert.equal((await api.get("/api/v1/reviews/progress")).body.decided_today, 1);
      assert.equal((await decide(pair, "keep_apart")).body.error.code, "review.settled");
      assert.equal((await api.post(`/api/v1/identity_decisions/${merged.body.decision}/undo`)).status, 200);
      const back = await pair_of("u1", "u2");
      assert.equal(back.id, pair.id, "a link to a pair stays good");
      assert.equal((await customer("u2")).fields.city, "Xi'an");
    });

    test("kept apart, whatever comes later, and taken back", async () => {
      const pair = await pair_of("u1", "u2");
      const apart = await decide(pair, "keep_apart", { reason: "sisters" });
      assert.equal(apart.status, 200, JSON.stringify(apart.body));
      assert.deepEqual([apart.body.state, apart.body.customers.length], ["apart", 2]);
      const last = await say("u2", { email: "mei@example.com" }, 4);
      await say("u1", { email: "mei@example.com" }, 4);
      await customer("u1", last);
      await until((pairs) => pairs.length === 1, "only the tablet is left");
      for (const one of [pair.customer, pair.other]) assert.deepEqual((await api.get(`/api/v1/customers/${one}/decisions`)).body.items.map(({ kind, reason, may_undo }) => [kind, reason ?? null, may_undo])[0], ["keep_apart", "sisters", true]);
      assert.equal((await api.post(`/api/v1/identity_decisions/${apart.body.decision}/undo`)).status, 200);
      const back = await pair_of("u1", "u2");
      assert.ok(back.version > pair.version);
      assert.equal((await decide(back, "keep_apart", {}, pair.version)).body.error.code, "review.changed", "what was seen is not what is there");
    });

    test("put off, it waits until its day or until something changes", async () => {
      const pair = await pair_of("u3", "u4");
      assert.equal((await decide(pair, "later", { until: "2020-01-01T00:00:00Z" })).body.error.code, "review.bad_until");
      const later = await decide(pair, "later", {});
      assert.equal(later.body.state, "later");
      assert.deepEqual((await queue("later")).map(({ id }) => id), [pair.id]);
      assert.equal((await queue()).some(({ id }) => id === pair.id), false);
      await say("u4", { city: "Ningbo" }, 5);
      const back = await pair_of("u3", "u4");
      const { version } = (await decide(back, "later", { until: new Date(Date.now() + 1500).toISOString() })).body;
      assert.ok(version > back.version);
      await pair_of("u3", "u4");
      const again = await decide(await pair_of("u3", "u4"), "later", { until: "2099-01-01T00:00:00Z" });
      const reopened = await decide(pair, "reopen", {}, again.body.version);
      assert.equal(reopened.body.state, "open");
    });

    test("of two colleagues the second learns that it is decided", async () => {
      const pair = await pair_of("u3", "u4");
      const both = await Promise.all([decide(pair, "merge"), decide(pair, "keep_apart")]);
      assert.deepEqual(both.map(({ status }) => status).toSorted(), [200, 412], JSON.stringify(both.map(({ body }) => body)));
      assert.ok(["review.settled"].includes(both.find(({ status }) => status === 412).body.error.code));
      await api.post(`/api/v1/identity_decisions/${both.find(({ status }) => status === 200).body.decision}/undo`);
      await pair_of("u3", "u4");
    });

    test("a pair that is decided elsewhere leaves, and a kill in between loses nothing", async () => {
      const before = (await queue()).map(({ customer: a, other: b }) => `${a} ${b}`).toSorted();
      let last;
      for (let i = 0; i < 40; ++i) last = await say(`twin${i}`, { name: `Twin ${i}`, email: `twin${i >> 1}@example.com` });
      await customer("twin39", last);
      await server.kill();
      await begin();
      const pairs = await until((all) => all.length === before.length + 20, "twenty pairs of twins");
      const twins = pairs.filter(({ name: who }) => who?.startsWith("Twin"));
      assert.equal(twins.length, 20);
      const [gone] = twins;
      assert.equal((await api.post(`/api/v1/customers/${gone.customer}/merge`, { other: gone.other })).status, 200);
      await until((all) => !all.some(({ id }) => id === gone.id), "merged on its page");
      const answer = await api.get(`/api/v1/reviews/${gone.id}`);
      assert.deepEqual([answer.status, answer.body.error.code], [404, "review.no_such_pair"]);
    });

    test("who may only read sees the queue and decides nothing", async () => {
      const viewer = server.api({ token: (await run(["token", "create", "v", "--role", "viewer", "--data", folder])).last_word });
      const { items } = (await viewer.get("/api/v1/reviews")).body;
      assert.ok(items.length > 0);
      const refused = await viewer.send("POST", `/api/v1/reviews/${items[0].id}/keep_apart`, {}, { "if-match": String(items[0].version) });
      assert.equal(refused.status, 403);
    });
  });
