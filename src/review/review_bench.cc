// What looking costs where there are many customers: all values once, and then what a batch touched. Of every hundred
// customers ten share a phone with one other and cannot be joined; one in a thousand sits at a switchboard of forty.
#include "identity/identity_rig.h"
#include "review/look.h"
#include "review/review.h"

#include <benchmark/benchmark.h>

namespace onefold::review {
namespace {

using namespace identity;

struct Many {
    explicit Many(std::int64_t customers) {
        keys = std::move(*access::Keys::open(outside.all, folder.path()));
        identity = std::make_unique<Identity>(*keys, outside.clock);
        database = std::move(*store::Database::open(folder.file("main.db"), {identity::schema(), review::schema()}));
        constexpr std::int64_t batch = 5000;
        for (std::int64_t from = 0; from < customers; from += batch)
            VERIFY(database->write([&](store::Session& session) -> Result<> {
                std::vector<Subject> subjects;
                for (std::int64_t i = from; i < std::min(from + batch, customers); ++i) {
                    std::vector<std::string> held{
                        fmt::format("member_no@shop:M{}", i), fmt::format("email:p{}@example.cn", i)};
                    if (i % 10 == 0)
                        held.push_back(fmt::format("phone:139{:08}", i / 20 % 90'000'000 + 1'000'000));
                    if (i % 1000 == 7)
                        held.push_back(fmt::format("phone:021{:08}", 60'000'000 + i / 40'000));
                    subjects.push_back(subject_of(shop, fmt::format("k{}", i), held));
                }
                VERIFY(identity->absorb(session, subjects, ledger));
                return {};
            }));
    }
    // Until nothing is left; how many steps.
    int look_at_all() {
        for (int steps = 0;; ++steps) {
            const Found found = *database->read([](store::Session& session) { return look(session); });
            if (found.is_idle())
                return steps;
            VERIFY(
                database->write([&](store::Session& session) { return take_up(session, found, outside.clock.now()); }));
        }
    }
    std::int64_t ask(std::string_view sql) {
        return (*database->read([&](store::Session& session) { return session.find_integer(sql); })).value_or(0);
    }

    testing::Folder folder;
    testing::Outside outside;
    std::unique_ptr<access::Keys> keys;
    std::unique_ptr<store::Database> database;
    std::unique_ptr<Identity> identity;
    Ledger ledger;
};

Many& many(std::int64_t customers) {
    static std::map<std::int64_t, std::unique_ptr<Many>> all;
    auto& one = all[customers];
    if (!one) {
        one = std::make_unique<Many>(customers);
        one->look_at_all();
    }
    return *one;
}

void BM_all_values(benchmark::State& state) {
    Many& house = many(state.range(0));
    for (auto _ : state) {
        VERIFY(house.database->write([](store::Session& session) -> Result<> {
            TRY(session.execute("DELETE FROM identity_touched"));
            TRY(session.execute("UPDATE review_scan SET position = 0, is_done = 0"));
            return {};
        }));
        house.look_at_all();
    }
    state.counters["values_per_second"] = benchmark::Counter(
        double(house.ask("SELECT COUNT(*) FROM identifier")) * double(state.iterations()), benchmark::Counter::kIsRate);
    state.counters["pairs"] = double(house.ask("SELECT COUNT(*) FROM review_pair"));
}

// 500 records said again something new: each step reads what they touched.
void BM_touched_nodes(benchmark::State& state) {
    Many& house = many(state.range(0));
    std::int64_t first = 1;
    for (auto _ : state) {
        VERIFY(house.database->write([&](store::Session& session) -> Result<> {
            std::vector<NodeId> nodes;
            for (int i = 0; i < 500; ++i)
                nodes.push_back(NodeId{1 + (first += 37) % state.range(0)});
            return note_touched(session, nodes, {}, {});
        }));
        house.look_at_all();
    }
    state.counters["nodes_per_second"] =
        benchmark::Counter(500.0 * double(state.iterations()), benchmark::Counter::kIsRate);
}

void BM_first_page_and_counts(benchmark::State& state) {
    Many& house = many(state.range(0));
    for (auto _ : state)
        VERIFY(house.database->read([](store::Session& session) -> Result<bool> {
            TRY(list_pairs(session, State::open, INT64_MAX, {}, 50));
            TRY(count_pairs(session, Instant{}));
            return true;
        }));
}

BENCHMARK(BM_all_values)->Arg(100'000)->Arg(1'000'000)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_touched_nodes)->Arg(100'000)->Arg(1'000'000)->Iterations(20)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_first_page_and_counts)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

} // namespace
} // namespace onefold::review
