#include "import/dry_run.h"

#include "object/shipped.h"

namespace onefold::import {
namespace {

identity::Subject subject_of(const DryRun::News& news, SourceId source) {
    identity::Subject subject{
        source, news.subject->kind, news.subject->key, news.subject->identifiers, {}, news.at, "dry run"};
    for (const auto& [code, value] : news.subject->facts)
        subject.facts.push_back({object::find_golden_field(code)->id, value, news.at});
    return subject;
}

std::string name_in(const boost::json::object& fields) {
    const auto* name = fields.if_contains("name");
    return name && name->is_string() ? std::string(name->as_string()) : "";
}

std::string name_in(const RowSubject& subject) {
    const auto found = std::ranges::find(subject.facts, "name", &std::pair<std::string, std::string>::first);
    return found == subject.facts.end() ? "" : found->second;
}

// Hears who is a new customer and which customers become one.
class WatchingBook final : public customer::Book {
  public:
    WatchingBook(std::set<CustomerId>& opened, std::map<CustomerId, CustomerId>& taken_in)
        : opened_(opened), taken_in_(taken_in) {}
    Result<std::vector<CustomerId>> open(
        store::Session& session, const std::vector<identity::NodeKind>& kinds) override {
        return noted(TRY(Book::open(session, kinds)));
    }
    Result<std::vector<CustomerId>> reserve(
        store::Session& session, const std::vector<identity::NodeKind>& kinds) override {
        return noted(TRY(Book::reserve(session, kinds)));
    }
    Result<> move(store::Session& session, const std::vector<Move>& moves) override {
        for (const Move& move : moves)
            if (move.into)
                taken_in_[move.into] = move.customer;
        return Book::move(session, moves);
    }

  private:
    std::vector<CustomerId> noted(std::vector<CustomerId> customers) {
        opened_.insert(customers.begin(), customers.end());
        return customers;
    }
    std::set<CustomerId>& opened_;
    std::map<CustomerId, CustomerId>& taken_in_;
};

} // namespace

Result<DryRun::Outcome> DryRun::outcome_of(const std::vector<News>& news) const {
    std::vector<identity::Subject> subjects;
    for (const News& each : news)
        subjects.push_back(subject_of(each, source_.id));
    std::optional<Outcome> outcome;
    const auto done = rooms_.database.write([&](store::Session& session) -> Result<> {
        Outcome found;
        WatchingBook book(found.opened, found.taken_in);
        const identity::Identity& identity = rooms_.customers.identity();
        const auto absorbed = TRY(identity.absorb(session, subjects, book));
        found.customers = TRY(identity.list_customers(session, absorbed.nodes, absorbed.learned));
        outcome = std::move(found);
        return fail(ErrorKind::conflict, "import.dry_run", {}); // takes it back
    });
    if (!outcome)
        return fail(done.error());
    return std::move(*outcome);
}

Result<> DryRun::look(const std::vector<News>& news) {
    if (news.empty())
        return {};
    const Outcome outcome = TRY(outcome_of(news));
    std::set<CustomerId> met;
    for (std::size_t i = 0; i < news.size(); ++i) {
        const CustomerId customer = outcome.customers[i], before = news[i].before;
        const bool is_earlier = meets_earlier(*news[i].subject);
        const auto taken_in = outcome.taken_in.find(customer);
        if (before && before != customer) {
            ++import_.merged;
            TRY(tell(news[i], customer));
        } else if (before && taken_in != outcome.taken_in.end() && !outcome.opened.contains(taken_in->second)) {
            ++import_.merged;
            TRY(tell(news[i], taken_in->second));
        } else if (!before && !outcome.opened.contains(customer)) {
            ++import_.joined;
            TRY(tell(news[i], customer));
        } else if (!before && (!met.insert(customer).second || is_earlier)) {
            ++import_.joined_in_file;
        }
    }
    return {};
}

bool DryRun::meets_earlier(const RowSubject& subject) {
    bool meets = false;
    for (const auto& value : subject.identifiers) {
        if (value.is_blocked || !value.type->is_joining || value.type->strength == identity::Strength::weak)
            continue;
        const std::string digest =
            rooms_.keys.digest("import", fmt::format("{}\n{}\n{}", value.type->code, value.scope, value.value));
        std::uint64_t number = 0;
        std::memcpy(&number, digest.data(), sizeof number);
        meets |= !joining_.insert(number).second;
    }
    return meets;
}

Result<> DryRun::tell(const News& news, CustomerId customer) {
    if (import_.joins.size() >= joins_kept_max)
        return {};
    const auto known = rooms_.customers.get(customer);
    if (!known)
        return {}; // gone since
    Joined joined{news.line, name_in(*news.subject), customer, name_in(known->fields), "", ""};
    for (const auto& value : news.subject->identifiers)
        for (const auto& held : known->identifiers)
            if (joined.type.empty() && held.type == value.type->code && held.value == value.value) {
                joined.type = held.type;
                joined.value = value.type->is_secret ? "" : held.value;
            }
    import_.joins.push_back(std::move(joined));
    return {};
}

} // namespace onefold::import
