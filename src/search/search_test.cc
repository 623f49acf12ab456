#include "customer/customer_rig.h"
#include "search/search.h"

#include <filesystem>
#include <fstream>

namespace onefold::search {
namespace {

class SearchTest : public customer::CustomerRig {
  protected:
    void TearDown() override { search_.reset(); }
    void start() {
        start_intake();
        search_ =
            std::make_unique<Search>(Rooms{*database_, *keys_, *customers_, outside_.all, {}}, folder_.file("search"));
        search_->start();
    }
    void say(const std::string& user, const std::string& traits, const std::string& type = "identify") {
        append({fmt::format(R"({{"type":"{}","userId":"{}","traits":{{{}}}}})", type, user, traits)});
    }
    // The names of those whom a text finds, the best first, with why: "Anna words".
    std::vector<std::string> names_of(const std::string& text, const std::string& kind = "", std::size_t limit = 10) {
        const auto found = search_->find(text, kind, limit);
        VERIFY(found);
        std::vector<std::string> names;
        for (const Hit& hit : found->hits) {
            const auto* name = hit.customer.fields.if_contains("name");
            names.push_back(
                fmt::format("{} {}", name ? std::string_view(name->as_string()) : "-", to_string(hit.match)));
        }
        return names;
    }
    // Once the follower has it.
    void expect_found(const std::string& text, const std::vector<std::string>& expected) {
        take_in();
        std::vector<std::string> names;
        for (int i = 0; i < 500 && (names = names_of(text)) != expected; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
        EXPECT_EQ(names, expected) << text;
    }
    Caller somebody() const {
        Caller caller;
        caller.principal = {Principal::Kind::user, 1, Role::admin};
        return caller;
    }
    std::unique_ptr<Search> search_;
};
ON_BOTH_DATABASES(SearchTest);

TEST_P(SearchTest, FindsByWhatPeopleRemember) {
    start();
    say("u1", R"("name":"王小明","phone":"13907554321","company":"苏州新星机械")");
    say("u2", R"("name":"Anna Meyer","email":"anna@nova.example.com")");
    for (const char* text : {"王小", "wxm", "wangxiao", "4321", "王 新星"})
        expect_found(text, {"王小明 words"});
    for (const char* text : {"suzhouxin", "szxx", "新星"}) // and the firm itself
        expect_found(text, {"王小明 words", "苏州新星机械 words"});
    expect_found("王小明", {"王小明 whole"});
    expect_found("13907554321", {"王小明 identifier"});
    expect_found("+86 139 0755 4321", {"王小明 identifier"});
    expect_found("anna@nova.example.com", {"Anna Meyer identifier"});
    expect_found("user_id:u2", {"Anna Meyer identifier"});
    expect_found("meyer an", {"Anna Meyer words"});
    expect_found("王晓明", {"王小明 similar"}); // sounds the same
    expect_found("Anna Meier", {"Anna Meyer similar"});
    expect_found("nobody", {});
    EXPECT_EQ(search_->find(std::string(101, 'x'), "", 10).error().code, "search.too_long");
    EXPECT_TRUE(names_of("   ").empty());
}

TEST_P(SearchTest, FollowsWhatBecomesOfACustomer) {
    start();
    say("u1", R"("name":"Anna Meyer")");
    say("u2", R"("name":"Anna Berg")");
    expect_found("berg", {"Anna Berg words"});
    say("u2", R"("name":"Anna Stein")");
    expect_found("stein", {"Anna Stein words"});
    expect_found("berg", {});
    const auto merged =
        customers_->merge(somebody(), {find("user_id:u1"), find("user_id:u2"), {}}, customer::Doing::really);
    ASSERT_TRUE(merged);
    expect_found("anna", {"Anna Stein words"});
    expect_found("meyer", {});
    ASSERT_TRUE(customers_->undo(somebody(), merged->decision));
    expect_found("meyer", {"Anna Meyer words"});
}

TEST_P(SearchTest, ANumberThatComesLaterIsFoundByItsEnd) {
    start();
    say("u1", R"("name":"Anna Meyer")");
    expect_found("meyer", {"Anna Meyer words"});
    say("u1", R"("phone":"13907554321")");
    expect_found("4321", {"Anna Meyer words"});
    for (const char* number : {"13907554321", "13907558765"}) // a browser of which nothing else is known
        append({fmt::format(R"({{"type":"identify","anonymousId":"a1","traits":{{"phone":"{}"}}}})", number)});
    expect_found("8765", {"Anna Meyer words"});
}

TEST_P(SearchTest, WhoWasSeenLastComesFirstAndKindsCanBeAskedFor) {
    start();
    for (int i = 0; i < 30; ++i)
        append({fmt::format(
            R"({{"type":"identify","userId":"u{}","traits":{{"name":"Lin {}"}},"timestamp":"2025-01-{:02}T00:00:00Z"}})",
            i, i, 1 + (i * 7) % 30)});
    append({R"({"type":"group","userId":"u1","groupId":"g","traits":{"name":"Lin Motors"}})"});
    take_in();
    expect_found("lin motors", {"Lin Motors whole"});
    // Behind u1, who was seen just now, whoever was seen last; that is written a moment later.
    std::vector<std::string> names;
    for (int i = 0; i < 500 && (names = names_of("lin", "person", 3))[1] != "Lin 17 words"; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    EXPECT_EQ(names, (std::vector<std::string>{"Lin 1 words", "Lin 17 words", "Lin 4 words"}));
    EXPECT_EQ(names_of("lin", "organisation"), (std::vector<std::string>{"Lin Motors words"}));
    EXPECT_EQ(search_->find("lin", "", 5)->count, 31);
}

TEST_P(SearchTest, ALostOrBrokenIndexComesBackAndAnotherDatabasesIsNotUsed) {
    start();
    say("u1", R"("name":"Anna Meyer")");
    expect_found("meyer", {"Anna Meyer words"});
    const std::string file = folder_.file("search/search.sqlite");
    for (const bool is_gone : {true, false}) {
        search_.reset();
        if (is_gone)
            std::filesystem::remove_all(folder_.file("search"));
        else
            std::ofstream(file) << std::string(20'000, 'x');
        start();
        expect_found("meyer", {"Anna Meyer words"});
    }
    search_.reset();
    {
        const auto other = Index::open(file, "another database");
        VERIFY(other);
        EXPECT_EQ(*(*other)->count(), 0);
    }
    start();
    expect_found("meyer", {"Anna Meyer words"});
}

TEST_P(SearchTest, ItIsMadeAnewWhenSomebodySaysSo) {
    start();
    say("u1", R"("name":"Anna Meyer")");
    expect_found("meyer", {"Anna Meyer words"});
    search_->begin_rebuild();
    for (int i = 0; i < 1000 && !search_->status().last_rebuilt; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    const auto status = search_->status();
    ASSERT_TRUE(status.last_rebuilt);
    EXPECT_EQ(status.last_rebuilt->customers, 1);
    EXPECT_EQ(status.customers, 1);
    EXPECT_EQ(status.made_anew, 1);
    EXPECT_EQ(status.state, State::following);
    EXPECT_EQ(names_of("meyer"), (std::vector<std::string>{"Anna Meyer words"}));
}

TEST_P(SearchTest, OrdersAndTicketsAreFoundByTheirNumber) {
    start();
    say("u1", R"("name":"Anna Meyer")");
    take_in();
    save({order("N-1", node_of(find("user_id:u1")), "2026-01-01T00:00:00Z", "5")});
    const auto found = search_->find("N-1", "", 10);
    ASSERT_TRUE(found);
    ASSERT_EQ(found->records.size(), 1u);
    EXPECT_EQ(found->records[0].record.object, "order");
    ASSERT_TRUE(found->records[0].customer);
    EXPECT_EQ(found->records[0].customer->id, find("user_id:u1"));
    EXPECT_TRUE(search_->find("N-2", "", 10)->records.empty());
}

TEST_P(SearchTest, WhatWasFoundIsMarked) {
    start();
    say("u1", R"("name":"王小明","phone":"13907554321")");
    expect_found("wangx", {"王小明 words"});
    EXPECT_EQ(search_->find("wangx", "", 10)->hits[0].marks, (std::vector<Mark>{{Field::name, 0, 2, {}}}));
    const auto marks = search_->find("4321", "", 10)->hits[0].marks;
    ASSERT_EQ(marks.size(), 1u);
    EXPECT_EQ(std::pair(marks[0].from, marks[0].to), std::pair(std::int64_t{10}, std::int64_t{14}));
    EXPECT_TRUE(marks[0].identifier);
}

} // namespace
} // namespace onefold::search
