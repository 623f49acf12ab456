// Decisions about a customer of 1,000 records, half of which go, and the longest answer to why.
#include "access/keys.h"
#include "identity/identity_rig.h"

#include <benchmark/benchmark.h>

namespace onefold::identity {
namespace {

constexpr int records = 1000;

// Each record shares a phone with the one before and an address with the one behind it: the longest chain there is.
struct House {
    House() {
        keys = std::move(*access::Keys::open(outside.all, folder.path()));
        database = std::move(*store::Database::open(folder.file("main.db"), {schema()}));
        for (int i = 0; i < records; ++i)
            subjects.push_back(subject_of(shop, fmt::format("n{}", i),
                {fmt::format("phone:139{:08}", 12345 + i / 2), fmt::format("email:p{}@example.cn", (i + 1) / 2)},
                i + 1));
    }
    testing::Folder folder;
    testing::Outside outside;
    std::unique_ptr<access::Keys> keys;
    std::unique_ptr<store::Database> database;
    std::vector<Subject> subjects;
};

template <class Story>
void tell(House& house, Story story) {
    VERIFY(house.database->write([&](store::Session& session) -> Result<> {
        World world(session, *house.keys, house.outside.clock);
        world.absorb(house.subjects);
        story(world);
        return {};
    }));
}

void BM_unmerge_half_of_1000_and_undo(benchmark::State& state) {
    House house;
    tell(house, [&](World& world) {
        std::vector<NodeId> half;
        for (int i = 0; i < records; i += 2)
            half.push_back(world.node(fmt::format("n{}", i)));
        for (auto _ : state) {
            const auto decided = world.unmerge(world.customer("n0"), half);
            VERIFY(decided);
            VERIFY(world.undo(decided->id));
        }
    });
}
BENCHMARK(BM_unmerge_half_of_1000_and_undo)->Unit(benchmark::kMillisecond);

void BM_why_through_1000(benchmark::State& state) {
    House house;
    tell(house, [&](World& world) {
        const NodeId a = world.node("n0"), b = world.node(fmt::format("n{}", records - 1));
        for (auto _ : state) {
            const auto chain = world.identity->why(world.session, world.customer("n0"), a, b);
            VERIFY(chain && chain->size() + 1 == records);
        }
    });
}
BENCHMARK(BM_why_through_1000)->Unit(benchmark::kMillisecond);

} // namespace
} // namespace onefold::identity
