#include "customer/customer_rig.h"

namespace onefold::customer {
namespace {

class Notes : public CustomerRig {
  protected:
    void SetUp() override {
        CustomerRig::SetUp();
        append({R"({"type":"identify","userId":"u1","traits":{"name":"Ann"},"timestamp":"2025-05-01T00:00:00Z"})",
            R"({"type":"identify","userId":"u2","traits":{"name":"Bob"},"timestamp":"2025-05-02T00:00:00Z"})"});
        take_in();
        ann_ = find("user_id:u1");
        bob_ = find("user_id:u2");
    }
    static Caller editor(std::int64_t id = 1) {
        Caller caller;
        caller.principal = {Principal::Kind::user, id, Role::editor};
        return caller;
    }
    note::Note write(CustomerId customer, std::string text, bool is_pinned = false) {
        auto note = customers_->create_note(editor(), customer, {std::move(text), is_pinned});
        VERIFY(note);
        outside_.clock.advance(std::chrono::seconds{1});
        return std::move(*note);
    }
    std::vector<std::string> texts(CustomerId customer) {
        auto listing = customers_->list_notes(customer, 200, "");
        VERIFY(listing);
        std::vector<std::string> texts;
        for (const note::Note& one : listing->page.items)
            texts.push_back(one.text);
        return texts;
    }
    change::Author author(std::int64_t user = 1) {
        return {{Principal::Kind::user, user, Role::editor}, outside_.clock.now(), "request", "r"};
    }
    template <class Work>
    auto in(Work work) {
        return database_->write(work);
    }

    CustomerId ann_, bob_;
};
ON_BOTH_DATABASES(Notes);

using Texts = std::vector<std::string>;

TEST_P(Notes, PinnedOnesComeFirstThenTheNewest) {
    write(ann_, "first");
    write(ann_, "pinned", true);
    write(ann_, "  last\n");
    EXPECT_EQ(texts(ann_), (Texts{"pinned", "last", "first"}));
    EXPECT_EQ(texts(bob_), Texts{});
    EXPECT_EQ(customers_->list_notes(CustomerId{999}, 10, "").error().code, "customer.no_such_customer");
}

TEST_P(Notes, StandOnTheTimelineAmongWhatHappened) {
    const auto told = [&](CustomerId id, int limit, const TimelineFilter& filter = {}) {
        std::string all, after;
        do {
            const auto page = customers_->timeline(id, limit, after, filter);
            EXPECT_TRUE(page);
            for (const TimelineItem& item : page->items)
                all += (item.kind == "note" ? std::string(item.properties.at("text").as_string()) : item.kind) + " ";
            after = page->next;
        } while (!after.empty());
        return all;
    };
    const auto move_to = [&](std::string_view time) {
        outside_.clock.advance(*parse_rfc3339(time) - outside_.clock.now());
    };
    move_to("2025-05-03T00:00:00Z");
    const auto called = write(ann_, "called", true);
    move_to("2025-05-04T00:01:00Z");
    append({R"({"type":"page","userId":"u1","name":"Shoes","timestamp":"2025-05-04T00:00:00Z"})"});
    take_in();
    move_to("2025-05-05T00:00:00Z");
    const auto wrote = write(ann_, "wrote");
    const auto same = in([&](store::Session& session) {
        return note::create(session, {author().principal, wrote.at, "request", "r"}, node_of(ann_), {"again", false});
    });
    ASSERT_TRUE(same);
    for (const int limit : {1, 2, 3, 200})
        EXPECT_EQ(told(ann_, limit), "again wrote page called identify ") << limit;
    EXPECT_EQ(told(ann_, 2, {.kinds = {"note"}}), "again wrote called ");
    EXPECT_EQ(told(ann_, 2, {.kinds = {"page", "note"}, .to = *parse_rfc3339("2025-05-05T00:00:00Z")}), "page called ");
    EXPECT_EQ(told(ann_, 2, {.from = *parse_rfc3339("2025-05-04T00:00:00Z")}), "again wrote page ");
    EXPECT_EQ(told(ann_, 2, {.name = "Shoes"}), "page ");
    EXPECT_EQ(told(ann_, 2, {.sources = {"web"}}), "page identify ");
    const auto kinds = [&] {
        std::string all;
        const auto facets = customers_->timeline_facets(ann_);
        for (const auto& [kind, count] : facets->kinds)
            all += fmt::format("{} {}, ", kind, count);
        return all;
    };
    EXPECT_EQ(kinds(), "note 3, identify 1, page 1, ");
    const auto first = customers_->timeline(ann_, 1, "", {.kinds = {"note"}, .to = wrote.at});
    EXPECT_EQ(boost::json::serialize(first->items.front().properties),
        fmt::format(R"({{"id":"{}","text":"called","is_pinned":true,"by":"user:1"}})", called.id.value));

    ASSERT_TRUE(in([&](store::Session& session) {
        return note::update(session, author(), wrote.id, 1, {.text = "wrote twice"});
    }));
    ASSERT_TRUE(in([&](store::Session& session) { return note::archive(session, author(), same->id); }));
    EXPECT_EQ(told(ann_, 2), "wrote twice page called identify ");
    EXPECT_EQ(kinds(), "note 2, identify 1, page 1, ");

    const auto merged = customers_->merge(editor(), {ann_, bob_, {}}, Doing::really);
    ASSERT_TRUE(merged);
    EXPECT_EQ(told(ann_, 2), "wrote twice page called identify identify ");
    write(ann_, "of both");
    ASSERT_TRUE(customers_->undo(editor(), merged->decision));
    EXPECT_EQ(told(ann_, 2), "of both wrote twice page called identify ");
    EXPECT_EQ(told(bob_, 2), "identify ");
}

TEST_P(Notes, PagesHoldEachNoteOnceWhateverIsPinnedAndOfTheSameMoment) {
    std::set<std::string> all;
    for (int i = 0; i < 23; ++i) {
        ASSERT_TRUE(customers_->create_note(editor(), i % 3 ? ann_ : bob_, {fmt::format("note {}", i), i % 5 == 0}));
        all.insert(fmt::format("note {}", i));
    }
    ASSERT_TRUE(customers_->merge(editor(), {ann_, bob_, {}}, Doing::really));
    std::set<std::string> seen;
    std::string after;
    int pages = 0, pinned = 0;
    bool was_plain = false;
    do {
        const auto listing = customers_->list_notes(ann_, 5, after);
        ASSERT_TRUE(listing);
        for (const note::Note& one : listing->page.items) {
            EXPECT_TRUE(seen.insert(one.text).second) << one.text;
            EXPECT_FALSE(one.is_pinned && was_plain);
            was_plain |= !one.is_pinned;
            pinned += one.is_pinned;
        }
        after = listing->page.next;
        ASSERT_LT(++pages, 10);
    } while (!after.empty());
    EXPECT_EQ(seen, all);
    EXPECT_EQ(pinned, 5);
    for (const std::string bad : {"x", "1_2", "1_2_", "1_2_3_4", "1_2_x"})
        EXPECT_EQ(customers_->list_notes(ann_, 5, bad).error().code, "note.bad_cursor") << bad;
}

TEST_P(Notes, FollowAMergeAndComeBackOnAnUnmerge) {
    write(ann_, "of Ann");
    write(bob_, "of Bob");
    const auto merged = customers_->merge(editor(), {ann_, bob_, {}}, Doing::really);
    ASSERT_TRUE(merged);
    EXPECT_EQ(texts(ann_), (Texts{"of Bob", "of Ann"}));
    EXPECT_EQ(texts(bob_), (Texts{"of Bob", "of Ann"})) << "the merged id answers for the survivor";
    write(bob_, "of both");
    EXPECT_EQ(texts(ann_), (Texts{"of both", "of Bob", "of Ann"}));
    ASSERT_TRUE(customers_->undo(editor(), merged->decision));
    EXPECT_EQ(texts(ann_), (Texts{"of both", "of Ann"})) << "written on the customer that kept its id";
    EXPECT_EQ(texts(bob_), Texts{"of Bob"});
}

TEST_P(Notes, AnEditKeepsEveryVersionAndRefusesOneThatDidNotSeeTheLast) {
    const note::Note made = write(ann_, "called");
    auto edited = in([&](store::Session& session) {
        return note::update(session, author(2), made.id, 1, {"called twice", std::nullopt});
    });
    ASSERT_TRUE(edited);
    EXPECT_EQ(edited->by, "user:1");
    EXPECT_EQ(edited->edited_by, "user:2");
    EXPECT_EQ(in([&](store::Session& session) {
        return note::update(session, author(3), made.id, 1, {"never called", std::nullopt});
    })
                  .error()
                  .code,
        "note.version_changed");
    const auto pinned =
        in([&](store::Session& session) { return note::update(session, author(3), made.id, 2, {std::nullopt, true}); });
    ASSERT_TRUE(pinned);
    EXPECT_EQ(pinned->edited_by, "user:2") << "a pin is no edit of what was said";
    const auto versions =
        database_->read([&](store::Session& session) { return note::list_versions(session, made.id, 10); });
    ASSERT_TRUE(versions);
    ASSERT_EQ(versions->size(), 3u);
    EXPECT_EQ((*versions)[0].is_pinned, true);
    EXPECT_EQ((*versions)[1].text, "called twice");
    EXPECT_EQ((*versions)[1].by, "user:2");
    EXPECT_EQ((*versions)[2].text, "called");
}

TEST_P(Notes, ADeletedNoteIsGoneUntilItIsRestored) {
    const note::Note made = write(ann_, "called", true);
    const auto archive = [&] {
        return in([&](store::Session& session) { return note::archive(session, author(), made.id); });
    };
    ASSERT_TRUE(archive());
    EXPECT_EQ(texts(ann_), Texts{});
    EXPECT_EQ(archive().error().code, "note.no_such_note");
    EXPECT_EQ(
        in([&](store::Session& session) { return note::update(session, author(), made.id, 2, {"x", std::nullopt}); })
            .error()
            .code,
        "note.no_such_note");
    const auto restore = [&] {
        return in([&](store::Session& session) { return note::restore(session, author(), made.id); });
    };
    ASSERT_TRUE(restore());
    EXPECT_EQ(restore()->version, 3) << "a second time changes nothing";
    EXPECT_EQ(texts(ann_), Texts{"called"});
}

TEST_P(Notes, ATextMustSaySomethingAndHasAnEnd) {
    const auto write = [&](std::string text) {
        return customers_->create_note(editor(), ann_, {std::move(text), false});
    };
    EXPECT_EQ(write(" \n　").error().code, "note.bad_text");
    std::string longest;
    for (std::size_t i = 0; i < note::text_code_points_max; ++i)
        longest += "字";
    EXPECT_TRUE(write(longest));
    EXPECT_EQ(write(longest + "字").error().code, "note.bad_text");
    EXPECT_EQ(write("").error().message.in("zh-CN"), "请先填写内容，未保存。");
}

} // namespace
} // namespace onefold::customer
