// Which types of identifiers a customer has, as its row says it: after random lives the same as the identifiers say.
#include "customer/customer_rig.h"
#include "customer/held_types.h"
#include "object/listing.h"
#include "object/shipped.h"
#include "query/run.h"

#include <random>

namespace onefold::customer {
namespace {

// The same objects, asked for by the identifiers themselves.
class ByIdentifiers final : public query::Catalogue {
  public:
    ByIdentifiers() {
        customer_ = *object::shipped_catalogue().find_object("customer");
        for (auto& field : customer_.fields)
            field.held.clear();
    }
    const query::ObjectEntry* find_object(std::string_view code) const override {
        return code == "customer" ? &customer_ : object::shipped_catalogue().find_object(code);
    }
    const query::ObjectEntry* find_object(ObjectId id) const override {
        return id == customer_.id ? &customer_ : object::shipped_catalogue().find_object(id);
    }

  private:
    query::ObjectEntry customer_;
};

class HeldTypes : public CustomerRig {
  protected:
    std::size_t below(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(dice_); }
    template <class T>
    const T& any(const std::vector<T>& list) {
        return list[below(list.size())];
    }
    std::vector<CustomerId> living() {
        auto ids = database_->read([](store::Session& session) {
            return session.list("SELECT id FROM customer WHERE state = 'active' ORDER BY id", {},
                [](const store::Row& row) { return CustomerId{row.integer(0)}; });
        });
        VERIFY(ids);
        return std::move(*ids);
    }
    void something_comes_in() {
        std::string traits;
        if (below(2))
            traits += fmt::format(R"(,"email":"p{}@example.com")", below(30));
        if (below(2))
            traits += fmt::format(R"(,"phone":"139123456{:02}")", below(30));
        if (below(3) == 0)
            traits += R"(,"name":"Ann")";
        const std::string user = below(3) ? fmt::format(R"("userId":"u{}",)", below(30)) : "";
        append({fmt::format(
            R"({{"type":"identify",{}"anonymousId":"a{}","timestamp":"2025-05-01T00:00:00Z","traits":{{{}}}}})", user,
            below(60), traits.empty() ? "" : traits.substr(1))});
        take_in();
    }
    void somebody_decides() {
        const auto ids = living();
        const CustomerId one = any(ids), other = any(ids);
        if (below(2)) {
            if (const auto merged = customers_->merge(caller_, {one, other, {}}, Doing::really))
                merges_.push_back(merged->decision);
        } else if (!merges_.empty() && below(2)) {
            (void)customers_->undo(caller_, any(merges_));
        } else {
            const auto nodes = database_->read(
                [&](store::Session& session) { return customers_->identity().list_nodes(session, one); });
            VERIFY(nodes);
            (void)customers_->unmerge(caller_, {one, {any(*nodes)}, ""}, Doing::really);
        }
    }
    std::string rows_of(std::string_view condition, const query::Catalogue& catalogue) {
        query::Query question{
            .object = "customer", .select = {{{"id"}}}, .sort = {{{"id"}, query::Direction::ascending}}};
        question.filter = *object::condition_of(std::nullopt, std::string(condition));
        question.now = outside_.clock.now();
        question.page.limit = 1000;
        const auto table =
            database_->read([&](store::Session& session) { return query::run(session, question, catalogue); });
        if (!table)
            return std::string(table.error().message.in("en"));
        std::string all;
        for (const auto& row : table->rows)
            all += boost::json::serialize(row[0]) + " ";
        return all;
    }

    std::mt19937_64 dice_{5};
    Caller caller_{.principal = {Principal::Kind::local, 0, Role::admin}};
    std::vector<identity::DecisionId> merges_;
};
ON_BOTH_DATABASES(HeldTypes);

TEST_P(HeldTypes, AreWhatTheIdentifiersSayAfterRandomLives) {
    const ByIdentifiers by_identifiers;
    std::size_t some = 0, asked = 0;
    for (int act = 0; act < 120; ++act) {
        if (act < 30 || below(3))
            something_comes_in();
        else
            somebody_decides();
        ASSERT_EQ(wrong_types(*database_), "") << "after " << act;
        if (act % 10 != 9)
            continue;
        const auto living_now = living().size();
        for (const std::string_view condition :
            {R"(HAS(identifier_types, "phone"))", R"(NOT HAS(identifier_types, "phone"))",
                R"(HASALL(identifier_types, "phone", "email"))", R"(HAS(identifier_types, "user_id", "email"))",
                R"(HAS(identifier_types, "user"))", R"(HAS(identifier_types, "email phone"))",
                R"(HAS(identifier_types, ""))", R"(HASALL(identifier_types, ""))",
                R"(NOT HASALL(identifier_types, "anonymous_id", "email"))", R"(HAS(identifier_types, name))"}) {
            const std::string rows = rows_of(condition, by_identifiers);
            EXPECT_EQ(rows_of(condition, object::shipped_catalogue()), rows) << condition;
            const auto met = std::size_t(std::ranges::count(rows, ' '));
            some += met > 0 && met < living_now;
            ++asked;
        }
    }
    EXPECT_GT(some * 4, asked);
    EXPECT_GT(merges_.size(), 5u);
}

TEST_P(HeldTypes, WhatAnEarlierReleaseStoredIsFilledIn) {
    for (int i = 0; i < 30; ++i)
        something_comes_in();
    close_all();
    is_started_ = false;
    open_all(); // as it is now
    const auto drop = database_->write([](store::Session& session) -> Result<> {
        if (session.dialect() == store::Dialect::sqlite)
            TRY(session.execute("DROP INDEX customer_to_filter"));
        TRY(session.execute("ALTER TABLE customer DROP COLUMN identifier_types"));
        TRY(session.execute("ALTER TABLE node DROP COLUMN identifier_types"));
        if (session.dialect() == store::Dialect::sqlite)
            TRY(session.execute("CREATE INDEX customer_to_filter ON customer (id, state, kind)"));
        TRY(session.execute("DELETE FROM migration WHERE name IN ('0011_held_types', '0007_held_types')"));
        return {};
    });
    ASSERT_TRUE(drop) << drop.error().message.in("en");
    close_all();
    open_all();
    EXPECT_EQ(wrong_types(*database_), "");
    EXPECT_NE(rows_of(R"(HAS(identifier_types, "email"))", object::shipped_catalogue()), "");
}

} // namespace
} // namespace onefold::customer
