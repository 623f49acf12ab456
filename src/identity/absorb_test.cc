#include "identity/identity.h"
#include "testing/databases.h"
#include "testing/outside.h"

#include <map>
#include <random>
#include <set>

namespace onefold::identity {
namespace {

// Customers as this room sees them: who was opened, and who went where.
struct Ledger : CustomerBook {
    std::map<CustomerId, CustomerId> into; // 0: lives
    Result<std::vector<CustomerId>> open(store::Session&, const std::vector<NodeKind>& kinds) override {
        std::vector<CustomerId> opened;
        for (std::size_t i = 0; i < kinds.size(); ++i) {
            opened.push_back(CustomerId{std::int64_t(into.size()) + 1});
            into[opened.back()] = {};
        }
        return opened;
    }
    Result<> move(store::Session&, const std::vector<Move>& moves) override {
        for (const Move& move : moves)
            into[move.customer] = move.into;
        return {};
    }
};

constexpr CustomerId first{1}, second{2}, nobody{0};
constexpr SourceId shop{7}, app{8};

// One source's subject with identifiers written "type[@scope]:value".
Subject subject_of(
    SourceId source, std::string key, const std::vector<std::string>& references, std::int64_t at_s = 1000) {
    Subject subject{source, NodeKind::person, std::move(key), {}, {}, instant_of(at_s * 1'000'000), "log:1"};
    for (const std::string& text : references) {
        const auto reference = parse_reference(text);
        VERIFY(reference);
        const auto normal = normalise(*reference->type.type, reference->value, "CN");
        VERIFY(normal);
        subject.identifiers.push_back(
            {reference->type.type, reference->type.scope.value_or(""), normal->value, normal->is_blocked});
    }
    return subject;
}

class Absorb : public testing::OnBothDatabases {
  protected:
    void SetUp() override {
        keys_ = std::move(*access::Keys::open(outside_.all, folder_.path()));
        identity_ = std::make_unique<Identity>(*keys_, outside_.clock);
        start_anew();
    }
    void start_anew() {
        if (!database_)
            database_ = open({schema()});
        ledger_ = {};
        ASSERT_TRUE(database_->write([](store::Session& session) -> Result<> {
            for (const std::string table : {"node", "identifier", "claim", "link", "separation", "identifier_state"})
                TRY(session.execute("DELETE FROM " + table));
            return {};
        }));
    }
    Absorbed absorb(const std::vector<Subject>& subjects) {
        auto absorbed =
            database_->write([&](store::Session& session) { return identity_->absorb(session, subjects, ledger_); });
        VERIFY(absorbed);
        return std::move(*absorbed);
    }
    CustomerId customer_of(const std::string& key) {
        return CustomerId{ask("SELECT customer_id FROM node WHERE subject_key = $1", {key})};
    }
    std::int64_t ask(std::string_view sql, const store::Values& values = {}) {
        const auto found = database_->read([&](store::Session& session) { return session.find_integer(sql, values); });
        VERIFY(found);
        return found->value_or(0);
    }
    Lineage lineage_of(CustomerId customer) {
        auto lineage = database_->read([&](store::Session& session) { return identity_->lineage(session, customer); });
        VERIFY(lineage);
        return std::move(*lineage);
    }
    // Which subjects are one, whatever their customers' numbers are.
    std::set<std::set<std::string>> partition() {
        std::map<std::int64_t, std::set<std::string>> parts;
        const auto read = database_->read([&](store::Session& session) {
            return session.each(
                "SELECT source_id, subject_key, customer_id FROM node", {}, [&](const store::Row& row) -> Result<> {
                    parts[row.integer(2)].insert(fmt::format("{}/{}", row.integer(0), row.text(1)));
                    return {};
                });
        });
        VERIFY(read);
        std::set<std::set<std::string>> all;
        for (const auto& [customer, keys] : parts)
            all.insert(keys);
        return all;
    }

    testing::Folder folder_;
    testing::Outside outside_;
    std::unique_ptr<access::Keys> keys_;
    std::unique_ptr<Identity> identity_;
    std::unique_ptr<store::Database> database_;
    Ledger ledger_;
};
ON_BOTH_DATABASES(Absorb);

TEST_P(Absorb, OnePhoneInTwoSourcesIsOneCustomer) {
    absorb({subject_of(shop, "a", {"member_no@shop:1", "phone:13912345678"})});
    const auto absorbed = absorb({subject_of(app, "b", {"user_id:u1", "phone:+86 139 1234 5678"})});
    EXPECT_EQ(customer_of("a"), first);
    EXPECT_EQ(customer_of("b"), first);
    EXPECT_EQ(ledger_.into.size(), 1u);
    EXPECT_EQ(absorbed.changed, std::vector{first}); // no fact came, but a type of identifier
    EXPECT_TRUE(absorbed.regrouped.empty());         // and nobody lost a node
    auto named = subject_of(app, "c", {"phone:13912345678"});
    named.facts = {{FieldId{10}, "王芳", named.at}};
    EXPECT_EQ(absorb({named}).changed, (std::vector{first}));
    const auto lineage = lineage_of(first);
    ASSERT_EQ(lineage.links.size(), 2u);
    EXPECT_EQ(lineage.links[0].rule, "same_phone");
    EXPECT_EQ(lineage.links[0].identifier->value, "+8613912345678");
}

TEST_P(Absorb, TheOlderCustomerKeepsItsIdAndTheOtherSaysWhereItWent) {
    absorb({subject_of(shop, "a", {"member_no@shop:1"})});
    absorb({subject_of(app, "b", {"user_id:u1"})});
    EXPECT_EQ(customer_of("b"), second);
    const auto absorbed = absorb(
        {subject_of(app, "b", {"user_id:u1", "phone:13912345678"}), subject_of(shop, "a", {"phone:13912345678"})});
    EXPECT_EQ(customer_of("a"), first);
    EXPECT_EQ(customer_of("b"), first);
    EXPECT_EQ(ledger_.into.at(second), first);
    EXPECT_EQ(absorbed.changed, (std::vector{first, second}));
}

TEST_P(Absorb, ACustomerThatIsPartedAgainRevivesItsOldId) {
    absorb({subject_of(shop, "a", {"phone:13912345678"}, 1)});
    absorb({subject_of(shop, "b", {"phone:13912345679"}, 2)});
    absorb({subject_of(app, "between", {"phone:13912345678", "phone:13912345679"}, 3)});
    EXPECT_EQ(customer_of("b"), first);
    EXPECT_EQ(ledger_.into.at(second), first);
    absorb({subject_of(shop, "a", {"member_no@shop:1"}, 4), subject_of(shop, "b", {"member_no@shop:2"}, 4)});
    EXPECT_EQ(customer_of("a"), first);
    EXPECT_EQ(customer_of("between"), first);
    EXPECT_EQ(customer_of("b"), second);
    EXPECT_EQ(ledger_.into.at(second), nobody);
    EXPECT_EQ(lineage_of(first).links.size(), 1u);
}

TEST_P(Absorb, PlaceholdersJoinNobody) {
    absorb({subject_of(shop, "a", {"member_no@shop:1", "phone:13800138000"})});
    absorb({subject_of(shop, "b", {"member_no@shop:2", "phone:13800138000"}),
        subject_of(app, "c", {"user_id:u", "phone:13800138000"})});
    EXPECT_EQ(ledger_.into.size(), 3u);
    EXPECT_EQ(ask("SELECT COUNT(*) FROM identifier WHERE state = 'blocked'"), 1);
}

TEST_P(Absorb, LateEvidenceSaysWhoWasFirst) {
    absorb({subject_of(shop, "a", {"member_no@shop:1", "phone:13912345678"}, 10)});
    absorb({subject_of(shop, "b", {"member_no@shop:2", "phone:13912345678"}, 20)});
    absorb({subject_of(app, "caller", {"phone:13912345678"}, 30)});
    EXPECT_EQ(customer_of("caller"), first);
    const auto absorbed = absorb({subject_of(shop, "b", {"phone:13912345678"}, 5)});
    EXPECT_EQ(customer_of("caller"), second);
    EXPECT_EQ(absorbed.changed, (std::vector{first, second}));
    EXPECT_EQ(ask("SELECT first_at FROM node WHERE subject_key = 'b'"), 5'000'000);
}

TEST_P(Absorb, TheSameSubjectsAgainChangeNothing) {
    auto one = subject_of(shop, "a", {"member_no@shop:1", "phone:13912345678"});
    one.facts = {{FieldId{10}, "王芳", one.at}};
    const std::vector subjects{
        one, subject_of(app, "b", {"phone:13912345678"}), subject_of(app, "c", {"email:c@example.cn"})};
    const auto before = absorb(subjects);
    const auto counts = [&] {
        return std::tuple(ask("SELECT COUNT(*) FROM node"), ask("SELECT COUNT(*) FROM claim"),
            ask("SELECT COUNT(*) FROM link"), ledger_.into.size());
    };
    const auto rows = counts();
    const auto after = absorb(subjects);
    EXPECT_TRUE(after.changed.empty());
    EXPECT_EQ(after.nodes, before.nodes);
    EXPECT_EQ(counts(), rows);
}

TEST_P(Absorb, WhatIsKnownIsSaidAgainYearsLaterWithoutAWrite) {
    auto one = subject_of(shop, "a", {"member_no@shop:1", "phone:13912345678"});
    const auto before = absorb({one});
    one.at += std::chrono::years{2};
    const auto after =
        database_->read([&](store::Session& session) { return identity_->absorb(session, {one}, ledger_); });
    ASSERT_TRUE(after) << after.error().message.in("en");
    EXPECT_EQ(after->nodes, before.nodes);
}

TEST_P(Absorb, ANewFactChangesItsCustomerAndAnOlderOneDoesNot) {
    auto subject = subject_of(shop, "a", {"member_no@shop:1"}, 100);
    subject.facts = {{FieldId{10}, "王芳", subject.at}};
    absorb({subject});
    subject.facts = {{FieldId{10}, "older", subject.at - std::chrono::seconds{1}}};
    EXPECT_TRUE(absorb({subject}).changed.empty());
    subject.facts = {{FieldId{10}, "王小芳", subject.at + std::chrono::seconds{1}}};
    EXPECT_EQ(absorb({subject}).changed, (std::vector{first}));
    EXPECT_EQ(lineage_of(first).nodes.at(0).facts.at(0).value, "王小芳");
}

TEST_P(Absorb, APersonAndAnOrganisationWithOneKeyAreTwoNodes) {
    auto firm = subject_of(shop, "k", {"user_id:1"});
    firm.kind = NodeKind::organisation;
    const auto absorbed = absorb({subject_of(shop, "k", {"user_id:1"}), firm});
    EXPECT_NE(absorbed.nodes[0], absorbed.nodes[1]);
    EXPECT_EQ(ledger_.into.size(), 2u);
}

TEST_P(Absorb, ASeparationHoldsAgainstTheNextEvent) {
    const auto absorbed =
        absorb({subject_of(shop, "a", {"phone:13912345678"}), subject_of(shop, "b", {"phone:13912345678"})});
    ASSERT_TRUE(database_->write([&](store::Session& session) {
        return session.execute(
            "INSERT INTO separation (node_a, node_b, made_by, at, reason) VALUES ($1, $2, 'user:1', 0, 'two people')",
            {absorbed.nodes[1].value, absorbed.nodes[0].value});
    }));
    absorb({subject_of(shop, "b", {"user_id:b"})});
    EXPECT_NE(customer_of("a"), customer_of("b"));
}

TEST_P(Absorb, WhoIsNewAndAloneIsOpenedWithWhatWasSaid) {
    auto subject = subject_of(shop, "a", {"member_no@shop:1", "email:a@example.cn"});
    subject.facts = {{FieldId{10}, "王芳", subject.at}};
    const auto absorbed =
        absorb({subject, subject_of(app, "b", {"email:b@example.cn"}), subject_of(app, "c", {"email:b@example.cn"})});
    ASSERT_EQ(absorbed.opened.size(), 1u);
    EXPECT_EQ(absorbed.opened[0].customer, customer_of("a"));
    EXPECT_EQ(absorbed.opened[0].node.node, absorbed.nodes[0]);
    EXPECT_EQ(absorbed.opened[0].node.facts.at(0).value, "王芳");
    EXPECT_EQ(absorbed.changed, (std::vector{customer_of("b")}));
    EXPECT_EQ(ask("SELECT anchor_of FROM node WHERE subject_key = 'a'"), customer_of("a").value);
}

TEST_P(Absorb, AStrongIdentifierThatNobodyElseHoldsMayPartItsHolder) {
    absorb({subject_of(shop, "a", {"member_no@shop:1", "phone:13912345678"}),
        subject_of(app, "b", {"phone:13912345678"})});
    EXPECT_EQ(customer_of("a"), customer_of("b"));
    absorb({subject_of(app, "b", {"member_no@shop:2"})});
    EXPECT_NE(customer_of("a"), customer_of("b"));
    absorb({subject_of(app, "b", {"device:d"})}); // and a weak one changes nothing
    EXPECT_NE(customer_of("a"), customer_of("b"));
}

TEST_P(Absorb, AChainOfMoreThanAThousandPartsAtOneOfItsValues) {
    std::vector<Subject> subjects;
    for (int i = 0; i < 1000; ++i)
        subjects.push_back(subject_of(shop, fmt::format("k{}", i),
            {fmt::format("email:p{}@example.cn", i), fmt::format("email:p{}@example.cn", i + 1)}, i + 1));
    absorb({subjects.begin(), subjects.begin() + 400});
    absorb({subjects.begin() + 400, subjects.end()});
    EXPECT_EQ(ask("SELECT COUNT(DISTINCT customer_id) FROM node"), 1);
    absorb({subject_of(app, "one more", {"email:p1000@example.cn"})});
    EXPECT_EQ(ask("SELECT COUNT(*) FROM identifier WHERE state = 'shared'"), 1);
    EXPECT_EQ(ask("SELECT COUNT(*) FROM identifier_state WHERE cause = 'too_wide' AND ended_at IS NULL"), 1);
    EXPECT_EQ(ask("SELECT COUNT(DISTINCT customer_id) FROM node"), 2);
    EXPECT_EQ(customer_of("k0"), first);
}

TEST_P(Absorb, FindsCustomersByValueInEveryScopeOrInOne) {
    absorb({subject_of(shop, "a", {"member_no@shop:17850"}),
        subject_of(app, "b", {"member_no@app:17850", "phone:13912345678"})});
    const auto found = [&](const std::string& reference) {
        const auto customers = database_->read([&](store::Session& session) {
            return identity_->find_customers(session, *parse_reference(reference), {"CN"});
        });
        EXPECT_TRUE(customers);
        return std::set<CustomerId>(customers->begin(), customers->end());
    };
    EXPECT_EQ(found("member_no:17850.0").size(), 2u);
    EXPECT_EQ(found("member_no@app:17850"), (std::set{customer_of("b")}));
    EXPECT_EQ(found("phone:139-1234-5678"), (std::set{customer_of("b")}));
    EXPECT_TRUE(found("member_no@other:17850").empty());
}

// ---- the law: any order of arrival, in any batches, gives the same customers ----

std::vector<Subject> random_history(std::mt19937_64& engine) {
    const auto below = [&](std::uint64_t n) { return engine() % n; };
    std::vector<Subject> history;
    for (auto n = 10 + below(30); n > 0; --n) {
        std::vector<std::string> references;
        for (auto m = 1 + below(3); m > 0; --m)
            switch (below(5)) {
            case 0:
                references.push_back(fmt::format("member_no@shop:{}", below(5)));
                break;
            case 1:
                references.push_back(fmt::format("user_id:u{}", below(6)));
                break;
            case 2:
                references.push_back(fmt::format("email:p{}@example.cn", below(6)));
                break;
            case 3:
                references.push_back(fmt::format("anonymous_id:b{}", below(4)));
                break;
            default:
                references.push_back(fmt::format("phone:1391234567{}", below(6)));
            }
        Subject subject =
            subject_of(below(2) ? shop : app, fmt::format("k{}", below(12)), references, std::int64_t(1 + below(50)));
        subject.facts = {{FieldId{std::int64_t(10 + below(3))}, fmt::format("v{}", below(4)), subject.at}};
        history.push_back(std::move(subject));
    }
    return history;
}

TEST_P(Absorb, TheOrderOfArrivalDoesNotMatter) {
    std::mt19937_64 engine{7};
    const int histories = GetParam() == store::Dialect::sqlite ? 60 : 12;
    for (int i = 0; i < histories; ++i) {
        auto history = random_history(engine);
        start_anew();
        absorb(history);
        const auto expected = partition();
        for (int order = 0; order < 3; ++order) {
            std::ranges::shuffle(history, engine);
            start_anew();
            for (std::size_t at = 0; at < history.size();) {
                const auto size = std::min<std::size_t>(1 + engine() % 8, history.size() - at);
                absorb({history.begin() + std::ptrdiff_t(at), history.begin() + std::ptrdiff_t(at + size)});
                at += size;
            }
            ASSERT_EQ(partition(), expected) << "history " << i;
            for (const auto& [customer, into] : ledger_.into) {
                const auto nodes = ask("SELECT COUNT(*) FROM node WHERE customer_id = $1", {customer.value});
                ASSERT_EQ(nodes > 0, into == nobody) << "customer " << customer.value;
            }
        }
    }
}

} // namespace
} // namespace onefold::identity
