// Whose a record is, asked and written, beside a million customers (ONEFOLD_BENCH_CUSTOMERS) of one record with a
// member number, an address and a phone each.
#include "access/keys.h"
#include "identity/identity_rig.h"

#include <algorithm>
#include <benchmark/benchmark.h>
#include <cstdlib>

namespace onefold::identity {
namespace {

std::int64_t customers() {
    const char* asked = std::getenv("ONEFOLD_BENCH_CUSTOMERS");
    return asked ? std::atoll(asked) : 1'000'000;
}

class City {
  public:
    // Built once, as it takes a minute.
    static City& get() {
        static City city;
        return city;
    }

    Subject anybody() { return resident(std::int64_t(chance_() % std::uint64_t(customers()))); }
    // A record that nobody wrote before, with the phone of somebody.
    Subject newcomer() {
        const std::int64_t who = std::int64_t(chance_() % std::uint64_t(customers()));
        const std::int64_t number = ++newcomers_;
        return subject_of(
            app, fmt::format("n{}", number), {phone_of(who), fmt::format("user_id:{}", number)}, 3000 + number);
    }
    // Durable when it answers.
    void take(const std::vector<Subject>& subjects) {
        Absorbed absorbed;
        VERIFY(database_->write([&](store::Session& session) -> Result<> {
            absorbed = TRY(identity_->absorb(session, subjects, ledger_));
            return {};
        }));
        identity_->remember(absorbed.learned);
    }

  private:
    City() {
        keys_ = std::move(*access::Keys::open(outside_.all, folder_.path()));
        database_ = std::move(*store::Database::open(folder_.file("main.db"), {schema()}));
        identity_ = std::make_unique<Identity>(*keys_, outside_.clock);
        std::vector<Subject> batch;
        for (std::int64_t who = 0; who < customers(); ++who) {
            batch.push_back(resident(who));
            if (batch.size() < 10'000 && who + 1 < customers())
                continue;
            take(batch);
            batch.clear();
        }
    }
    static std::string phone_of(std::int64_t who) { return fmt::format("phone:139{:08}", who); }
    static Subject resident(std::int64_t who) {
        return subject_of(shop, fmt::format("r{}", who),
            {fmt::format("member_no:{}", who), fmt::format("email:p{}@example.com", who), phone_of(who)});
    }

    testing::Folder folder_;
    testing::Outside outside_;
    std::unique_ptr<access::Keys> keys_;
    std::unique_ptr<store::Database> database_;
    std::unique_ptr<Identity> identity_;
    Ledger ledger_;
    std::mt19937_64 chance_{1};
    std::int64_t newcomers_ = 0;
};

// Batches of 5,000 records, of which one in `state.range(0)` is new and joins somebody; 0: none.
void BM_records(benchmark::State& state) {
    constexpr int size = 5000;
    City& city = City::get();
    for (auto _ : state) {
        state.PauseTiming();
        std::vector<Subject> batch;
        for (int i = 0; i < size; ++i)
            batch.push_back(state.range(0) > 0 && i % state.range(0) == 0 ? city.newcomer() : city.anybody());
        state.ResumeTiming();
        city.take(batch);
    }
    state.SetItemsProcessed(state.iterations() * size);
}
BENCHMARK(BM_records)->Arg(0)->Arg(8)->Arg(1)->UseRealTime()->Unit(benchmark::kMillisecond)->Iterations(20);

// One new record alone, durable.
void BM_one_record(benchmark::State& state) {
    City& city = City::get();
    std::vector<double> times_ms;
    for (auto _ : state) {
        state.PauseTiming();
        const std::vector<Subject> one{city.newcomer()};
        state.ResumeTiming();
        const auto began = std::chrono::steady_clock::now();
        city.take(one);
        times_ms.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count());
    }
    std::ranges::sort(times_ms);
    state.SetLabel(fmt::format("p99 {:.1f} ms", times_ms[times_ms.size() * 99 / 100]));
}
BENCHMARK(BM_one_record)->UseRealTime()->Unit(benchmark::kMillisecond)->Iterations(2000);

} // namespace
} // namespace onefold::identity
