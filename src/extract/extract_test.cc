#include "extract/extract.h"
#include "identity/identity.h"
#include "object/object_rig.h"
#include "testing/outside.h"

#include <atomic>
#include <filesystem>
#include <gtest/gtest.h>
#include <latch>
#include <thread>

namespace onefold::extract {
namespace {

using namespace std::chrono_literals;

Caller caller_of(std::int64_t user, Role role = Role::viewer) {
    Caller caller;
    caller.principal = {Principal::Kind::user, user, role};
    caller.locale = "en";
    return caller;
}

bool becomes(const std::function<bool()>& condition) {
    for (int i = 0; i < 4000 && !condition(); ++i)
        std::this_thread::sleep_for(5ms);
    return condition();
}

class ExtractTest : public object::ObjectRig {
  protected:
    void SetUp() override {
        object::ObjectRig::SetUp();
        database_.reset();
        database_ = open({change::schema(), company::schema(), object::schema(), object::people_schema(), schema()},
            {.functions = query::functions()});
        keys = std::move(*access::Keys::open(outside.all, folder.path()));
        identity = std::make_unique<identity::Identity>(*keys, outside.clock);
        save({object::order("O1", object::ann, {object::line("tea", "1", "2"), object::line("cup", "2", "3")}),
            object::order("O2", object::bob, {object::line("tea", "5", "2")})});
        extracts = make();
    }
    void TearDown() override {
        go_on();
        extracts.reset();
    }
    std::unique_ptr<Extracts> make(Limits limits = {}) {
        return std::make_unique<Extracts>(Rooms{*database_, outside.all, *identity,
            [this](SourceId) {
                if (holds) {
                    is_held = true;
                    holds.wait(true);
                }
                return std::string("shop");
            },
            folder.file("extracts"),
            [this](std::string_view verb, std::string_view) {
                ++told[std::string(verb)];
                if (before_the_end)
                    std::exchange(before_the_end, {})();
            },
            limits});
    }
    // With its first row nothing goes on until `go_on`.
    void hold() { holds = true; }
    void go_on() {
        holds = false;
        holds.notify_all();
    }
    static Wish orders(Format format = Format::csv) {
        Wish wish;
        wish.words.object = "order";
        wish.words.columns = {"number", "source", "lines"};
        wish.format = format;
        return wish;
    }
    State state_of(ExtractId id) { return extracts->get(admin, id)->state; }
    Extract ended(ExtractId id) {
        EXPECT_TRUE(becomes([&] { return state_of(id) != State::waiting && state_of(id) != State::running; }));
        return *extracts->get(admin, id);
    }
    std::string file_of(ExtractId id) { return folder.file("extracts/" + to_string(id)); }
    std::string stored_state(ExtractId id) {
        std::string state;
        EXPECT_TRUE(database_->read([&](store::Session& session) {
            return session.each(
                "SELECT state FROM extract WHERE id = $1", {id.value}, [&](const store::Row& row) -> Result<> {
                    state = row.text(0);
                    return {};
                });
        }));
        return state;
    }
    void run(std::string_view sql) {
        EXPECT_TRUE(database_->write([&](store::Session& session) -> Result<> {
            TRY(session.execute(sql));
            return {};
        }));
    }
    void begin_held(ExtractId& id) {
        hold();
        ASSERT_TRUE(extracts->start());
        id = extracts->create(one, orders())->id;
        ASSERT_TRUE(becomes([&] { return is_held.load(); }));
    }

    const Caller one = caller_of(1), other = caller_of(2), admin = caller_of(9, Role::admin);
    testing::Folder folder;
    testing::Outside outside;
    std::unique_ptr<access::Keys> keys;
    std::unique_ptr<identity::Identity> identity;
    std::atomic<bool> holds = false, is_held = false;
    std::map<std::string, int> told;
    std::function<void()> before_the_end;
    std::unique_ptr<Extracts> extracts;
};
ON_BOTH_DATABASES(ExtractTest);

TEST_P(ExtractTest, AListIsWrittenForWhoAskedForIt) {
    ASSERT_TRUE(extracts->start());
    const auto id = extracts->create(one, orders())->id;
    const Extract extract = ended(id);
    EXPECT_EQ(extract.state, State::finished) << (extract.error ? extract.error->in("en") : "");
    EXPECT_EQ(extract.rows, 3);
    const auto path = extracts->path_of(one, id);
    ASSERT_TRUE(path);
    const auto bytes = *outside.files->read_all(*path, 1 << 20);
    EXPECT_EQ(std::int64_t(bytes.size()), extract.bytes);
    EXPECT_NE(bytes.find(",O1,shop,tea,name of tea,1,2,2\r\n"), bytes.npos) << bytes;
    EXPECT_TRUE(extracts->path_of(admin, id));
    EXPECT_EQ(extracts->path_of(other, id).error().code, "extract.no_such_extract");
    EXPECT_EQ(told["extract.write"], 1);
}

TEST_P(ExtractTest, AFileThatIsNotWholeIsNotGiven) {
    ASSERT_TRUE(extracts->start());
    const auto id = extracts->create(one, orders())->id;
    const Extract extract = ended(id);
    ASSERT_TRUE(
        (*outside.files->open(file_of(id), runtime::OpenMode::read_write))->truncate(std::uint64_t(extract.bytes) - 1));
    EXPECT_EQ(extracts->path_of(one, id).error().code, "extract.no_such_extract");
}

TEST_P(ExtractTest, WhatWaitsIsCancelledAtOnce) {
    ExtractId running;
    begin_held(running);
    const auto id = extracts->create(one, orders())->id;
    EXPECT_EQ(extracts->cancel(other, id).error().code, "extract.no_such_extract");
    EXPECT_EQ(state_of(id), State::waiting);
    EXPECT_EQ(extracts->cancel(one, id)->state, State::cancelled);
    EXPECT_EQ(state_of(id), State::cancelled);
    EXPECT_EQ(stored_state(id), "cancelled");
    EXPECT_EQ(extracts->path_of(one, id).error().code, "extract.not_finished");
    for (int i = 0; i < 30; ++i) // its place is free again
        ASSERT_TRUE(extracts->cancel(one, extracts->create(one, orders())->id));
    go_on();
    EXPECT_EQ(ended(running).state, State::finished);
    EXPECT_FALSE(std::filesystem::exists(file_of(id)));
    EXPECT_EQ(extracts->cancel(one, running)->state, State::finished);
}

TEST_P(ExtractTest, WhatRunsIsCancelledForEver) {
    ExtractId id;
    begin_held(id);
    EXPECT_EQ(state_of(id), State::running);
    EXPECT_EQ(extracts->cancel(one, id)->state, State::cancelled);
    EXPECT_EQ(stored_state(id), "cancelled") << "a kill now does not begin it anew";
    EXPECT_EQ(state_of(id), State::cancelled);
    go_on();
    EXPECT_TRUE(becomes([&] { return !std::filesystem::exists(file_of(id)); }));
    EXPECT_EQ(ended(extracts->create(one, orders())->id).state, State::finished) << "the next one";
    EXPECT_EQ(state_of(id), State::cancelled);
}

TEST_P(ExtractTest, WhatAStopCutOffIsBegunAnew) {
    ExtractId running;
    begin_held(running);
    const auto waiting = extracts->create(one, orders(Format::xlsx))->id;
    std::thread stopping([&] { extracts->stop(); });
    std::this_thread::sleep_for(50ms);
    go_on();
    stopping.join();
    EXPECT_EQ(stored_state(waiting), "waiting");
    extracts = make();
    ASSERT_TRUE(extracts->start());
    for (const ExtractId id : {running, waiting}) {
        const Extract extract = ended(id);
        EXPECT_EQ(extract.state, State::finished);
        EXPECT_EQ(extract.rows, 3);
        EXPECT_TRUE(extracts->path_of(one, id));
    }
}

TEST_P(ExtractTest, EachHasThreePlacesAndAllHaveTwenty) {
    for (std::size_t i = 0; i < unfinished_max; ++i)
        ASSERT_TRUE(extracts->create(caller_of(10 + std::int64_t(i / unfinished_of_one_max)), orders()));
    EXPECT_EQ(extracts->create(caller_of(10), orders()).error().message.in("en").substr(0, 2), "3 ");
    const auto refused = extracts->create(one, orders());
    EXPECT_EQ(refused.error().code, "extract.too_many");
    EXPECT_EQ(refused.error().message.in("en").substr(0, 3), "20 ");
}

TEST_P(ExtractTest, PlacesAreTakenByOneAtATime) {
    std::atomic<int> made = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] { made += extracts->create(one, orders()) ? 1 : 0; });
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(made, int(unfinished_of_one_max));
}

TEST_P(ExtractTest, AWorkbookThatIsTooLongSaysSo) {
    extracts = make({.workbook_rows_max = 2});
    ASSERT_TRUE(extracts->start());
    const auto id = extracts->create(one, orders(Format::xlsx))->id; // two orders of three lines
    const Extract extract = ended(id);
    EXPECT_EQ(extract.state, State::failed);
    EXPECT_NE(extract.error->in("en").find("Export them as CSV"), std::string::npos) << extract.error->in("en");
    EXPECT_FALSE(std::filesystem::exists(file_of(id)));
    EXPECT_EQ(ended(extracts->create(one, orders())->id).state, State::finished);
    extracts = make({.workbook_rows_max = 1});
    ASSERT_TRUE(extracts->start());
    EXPECT_NE(ended(extracts->create(one, orders(Format::xlsx))->id).error->in("zh-CN").find("CSV"), std::string::npos);
}

TEST_P(ExtractTest, WhatIsKeptOfOneHasALimit) {
    extracts = make({.kept_bytes_max = 100});
    ASSERT_TRUE(extracts->start());
    EXPECT_GT(ended(extracts->create(one, orders())->id).bytes, 100);
    EXPECT_EQ(extracts->create(one, orders()).error().code, "extract.too_much_kept");
    EXPECT_TRUE(extracts->create(other, orders()));
    outside.clock.advance(kept_for + 1s);
    EXPECT_TRUE(extracts->create(one, orders()));
}

TEST_P(ExtractTest, FilesAreGoneAfterADay) {
    ASSERT_TRUE(extracts->start());
    const auto id = extracts->create(one, orders())->id;
    ended(id);
    outside.clock.advance(kept_for - 1s);
    EXPECT_TRUE(extracts->path_of(one, id));
    outside.clock.advance(2s);
    EXPECT_EQ(extracts->path_of(one, id).error().code, "extract.no_such_extract");
    const auto next = extracts->create(one, orders())->id;
    EXPECT_EQ(ended(next).state, State::finished);
    EXPECT_TRUE(becomes([&] { return !std::filesystem::exists(file_of(id)); }));
    EXPECT_EQ(stored_state(id), "");
    EXPECT_TRUE(std::filesystem::exists(file_of(next)));
}

TEST_P(ExtractTest, EachIsListedToWhoAskedForIt) {
    ExtractId first;
    begin_held(first);
    const auto second = extracts->create(one, orders(Format::xlsx))->id;
    ASSERT_TRUE(extracts->create(other, orders()));
    const auto ids_of = [&](const Caller& caller) {
        std::vector<std::int64_t> ids;
        const auto all = *extracts->list(caller);
        for (const Extract& extract : all)
            ids.push_back(extract.id.value);
        return ids;
    };
    EXPECT_EQ(ids_of(one), (std::vector{second.value, first.value}));
    EXPECT_EQ(ids_of(admin), std::vector<std::int64_t>{}) << "only their own";
    const auto listed = *extracts->list(one);
    EXPECT_EQ(listed[0].state, State::waiting);
    EXPECT_EQ(listed[1].state, State::running) << "as it is now, not as it was written";
    go_on();
    ended(second);
    EXPECT_EQ((*extracts->list(one))[1].rows, 3);
    outside.clock.advance(kept_for + 1s);
    EXPECT_EQ(ids_of(one), std::vector<std::int64_t>{});
}

TEST_P(ExtractTest, WhatIsOverCanBeDeleted) {
    ExtractId id;
    begin_held(id);
    EXPECT_EQ(extracts->remove(other, id).error().code, "extract.no_such_extract");
    EXPECT_EQ(extracts->remove(one, id).error().code, "extract.not_over");
    go_on();
    EXPECT_EQ(ended(id).state, State::finished);
    ASSERT_TRUE(extracts->remove(one, id));
    EXPECT_FALSE(std::filesystem::exists(file_of(id)));
    EXPECT_EQ(extracts->get(one, id).error().code, "extract.no_such_extract");
    EXPECT_EQ(extracts->path_of(admin, id).error().code, "extract.no_such_extract");
    EXPECT_EQ(extracts->remove(one, id).error().code, "extract.no_such_extract");
    EXPECT_TRUE(extracts->list(one)->empty());
    EXPECT_NE(extracts->create(one, orders())->id, id) << "its id is not given anew";
}

TEST_P(ExtractTest, WhatIsDeletedTakesNoPlace) {
    extracts = make({.kept_bytes_max = 100});
    ASSERT_TRUE(extracts->start());
    const auto id = extracts->create(one, orders())->id;
    ended(id);
    ASSERT_EQ(extracts->create(one, orders()).error().code, "extract.too_much_kept");
    ASSERT_TRUE(extracts->remove(one, id));
    EXPECT_TRUE(extracts->create(one, orders()));
}

TEST_P(ExtractTest, AFileWhoseDeletionWasCutOffGoesAtTheStart) {
    ASSERT_TRUE(extracts->start());
    const auto id = extracts->create(one, orders())->id;
    ended(id);
    extracts->stop();
    run("UPDATE extract SET state = 'deleted'");
    extracts = make();
    ASSERT_TRUE(extracts->start());
    EXPECT_TRUE(becomes([&] { return !std::filesystem::exists(file_of(id)); }));
}

TEST_P(ExtractTest, WhatIsInTheFolderAndNobodyKnowsGoesAtTheStart) {
    ASSERT_TRUE(outside.files->make_folder(folder.file("extracts")));
    ASSERT_TRUE(outside.files->replace(folder.file("extracts/777"), "left by a kill"));
    ASSERT_TRUE(outside.files->replace(folder.file("extracts/lxw_left"), "likewise"));
    ASSERT_TRUE(extracts->start());
    EXPECT_TRUE(becomes([&] { return std::filesystem::is_empty(folder.file("extracts")); }));
}

TEST_P(ExtractTest, AnEndThatCannotBeWrittenIsTriedAgain) {
    std::atomic<bool> is_away = false;
    before_the_end = [&] {
        run("ALTER TABLE extract RENAME TO extract_away");
        is_away = true;
    };
    ASSERT_TRUE(extracts->start());
    const auto id = extracts->create(one, orders())->id;
    ASSERT_TRUE(becomes([&] { return is_away.load(); }));
    std::this_thread::sleep_for(100ms);
    EXPECT_EQ(state_of(id), State::running);
    run("ALTER TABLE extract_away RENAME TO extract");
    EXPECT_EQ(ended(id).state, State::finished);
    EXPECT_TRUE(extracts->path_of(one, id));
}

TEST_P(ExtractTest, WhatIsWrongInsideIsNotShown) {
    ASSERT_TRUE(extracts->start());
    ASSERT_TRUE(outside.files->remove_folder(folder.file("extracts")));
    const Extract extract = ended(extracts->create(one, orders())->id);
    EXPECT_EQ(extract.state, State::failed);
    EXPECT_EQ(extract.error->in("en"), "The file could not be written. Tell your administrator.");
}

} // namespace
} // namespace onefold::extract
