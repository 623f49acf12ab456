#pragma once
// What this room's tests of decisions and laws stand on: a world of subjects in a real store, with customers as this
// room sees them.
#include "identity/identity.h"
#include "testing/databases.h"
#include "testing/outside.h"

#include <map>
#include <random>
#include <set>

namespace onefold::identity {

// Who was opened, and who went where.
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

// One source's subject with identifiers written "type[@scope]:value".
inline Subject subject_of(
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

inline const SourceId shop{7}, app{8};

// Verbs and questions over one session; a failure of the store ends the program.
class World {
  public:
    World(store::Session& session, const access::Keys& keys, testing::Clock& clock)
        : session(session), keys_(keys), clock_(clock) {
        clear();
    }

    void clear() {
        for (const std::string table : {"node", "identifier", "claim", "link", "separation", "separation_node",
                 "identity_decision", "identifier_state", "identity_sweep", "identity_touched"})
            VERIFY(session.execute("DELETE FROM " + table));
        ledger.into.clear();
        forget();
    }
    // As a start of the program does.
    void forget() { identity = std::make_unique<Identity>(keys_, clock_); }
    Absorbed absorb(const std::vector<Subject>& subjects) {
        auto absorbed = identity->absorb(session, subjects, ledger);
        VERIFY(absorbed);
        identity->remember(absorbed->learned);
        return std::move(*absorbed);
    }
    std::vector<CustomerId> owners_of(const std::vector<Subject>& subjects) {
        auto owners = identity->list_customers(session, absorb(subjects).nodes, {});
        VERIFY(owners);
        return std::move(*owners);
    }
    Result<Decided> merge(CustomerId a, CustomerId b, std::vector<Edit> edits = {}) {
        return identity->merge(session, {a, b, std::move(edits)}, say(), ledger);
    }
    Result<Decided> unmerge(CustomerId customer, std::vector<NodeId> nodes) {
        return identity->unmerge(session, {customer, std::move(nodes)}, say(), ledger);
    }
    Result<Decided> keep_apart(CustomerId a, CustomerId b) {
        return identity->keep_apart(session, a, b, say(), ledger);
    }
    Result<Decided> undo(DecisionId decision) { return identity->undo(session, decision, say(), ledger); }

    NodeId node(const std::string& key) { return NodeId{ask("SELECT id FROM node WHERE subject_key = $1", {key})}; }
    CustomerId customer(const std::string& key) {
        return CustomerId{ask("SELECT customer_id FROM node WHERE subject_key = $1", {key})};
    }
    bool are_one(const std::string& a, const std::string& b) { return customer(a) == customer(b); }
    std::int64_t ask(std::string_view sql, const store::Values& values = {}) {
        const auto found = session.find_integer(sql, values);
        VERIFY(found);
        return found->value_or(0);
    }
    // Of every node.
    std::map<NodeId, CustomerId> owners() {
        std::map<NodeId, CustomerId> owners;
        VERIFY(session.each("SELECT id, customer_id FROM node", {}, [&](const store::Row& row) -> Result<> {
            owners[NodeId{row.integer(0)}] = CustomerId{row.integer(1)};
            return {};
        }));
        return owners;
    }
    Say say() {
        clock_.advance(std::chrono::milliseconds{1});
        return {"user:1", clock_.now(), ""};
    }

    store::Session& session;
    std::unique_ptr<Identity> identity;
    Ledger ledger;

  private:
    const access::Keys& keys_;
    testing::Clock& clock_;
};

// The same keys in every run, so that digests order identifiers the same way and a law that fails, fails again. Other
// keys than usual: ONEFOLD_SEED=2 build/test/identity_test
struct SameEachTime final : runtime::Random {
    void fill(std::span<unsigned char> bytes) override {
        for (unsigned char& byte : bytes)
            byte = static_cast<unsigned char>(engine());
    }
    static std::uint64_t seed() {
        const char* told = std::getenv("ONEFOLD_SEED");
        return told ? std::strtoull(told, nullptr, 10) : 1;
    }
    std::mt19937_64 engine{seed()};
};

class IdentityRig : public testing::OnBothDatabases {
  protected:
    void SetUp() override {
        keys_ = std::move(
            *access::Keys::open({outside_.clock, same_each_time_, *outside_.files, *outside_.network}, folder_.path()));
        database_ = open({schema()});
    }
    // All of it in one transaction.
    template <class Story>
    void tell(Story story) {
        const auto told = database_->write([&](store::Session& session) -> Result<> {
            World world(session, *keys_, outside_.clock);
            story(world);
            return {};
        });
        ASSERT_TRUE(told) << told.error().message.in("en");
    }

    testing::Folder folder_;
    testing::Outside outside_;
    std::unique_ptr<access::Keys> keys_;
    SameEachTime same_each_time_;
    std::unique_ptr<store::Database> database_;
};

} // namespace onefold::identity
