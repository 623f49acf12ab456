#include "search/search.h"

#include "core/text.h"
#include "customer/newest_seen.h"
#include "search/follower.h"

#include <set>

namespace onefold::search {
namespace {

constexpr std::size_t text_code_points_max = 100;
constexpr int records_max = 5; // of each object

Error too_long() {
    const LocalText message{fmt::format("Search for at most {} characters.", text_code_points_max),
        fmt::format("搜索内容最多 {} 个字符。", text_code_points_max)};
    return {ErrorKind::invalid, "search.too_long", message, {{"/q", "search.too_long", message}}};
}

std::vector<Mark> marks_in(const customer::Customer& customer, std::string_view text) {
    std::vector<Mark> marks;
    for (const Field field : {Field::name, Field::company, Field::email, Field::phone})
        if (const auto* value = customer.fields.if_contains(code_of(field)); value && value->is_string())
            for (const Mark& mark : marks_of({field, std::string(value->as_string())}, text))
                marks.push_back(mark);
    for (const auto& identifier : customer.identifiers)
        if (identifier.type == "phone" || identifier.type == "email")
            for (Mark mark :
                marks_of({identifier.type == "phone" ? Field::phone : Field::email, identifier.value}, text)) {
                mark.identifier = identifier.id;
                marks.push_back(mark);
            }
    return marks;
}

} // namespace

struct Search::Asking {
    std::string_view text, kind;
    std::size_t limit;
};

std::string_view to_string(Match match) {
    switch (match) {
    case Match::identifier:
        return "identifier";
    case Match::whole:
        return "whole";
    case Match::words:
        return "words";
    case Match::similar:
        break;
    }
    return "similar";
}

std::string_view to_string(State state) {
    switch (state) {
    case State::opening:
        return "opening";
    case State::filling:
        return "filling";
    case State::following:
        return "following";
    case State::standing:
        break;
    }
    return "standing";
}

Search::Search(const Rooms& rooms, std::string folder)
    : rooms_(rooms), follower_(std::make_unique<Follower>(rooms, std::move(folder))) {}

Search::~Search() {
    stop();
}

void Search::start() {
    follower_->start();
}

void Search::stop() {
    follower_->stop();
}

Status Search::status() const {
    return follower_->status();
}

void Search::begin_rebuild() {
    follower_->begin_rebuild();
}

// Who holds the text as an identifier of any type: by its digest, in identity's own tables.
Result<std::vector<CustomerId>> Search::holders_of(std::string_view text) const {
    return rooms_.database.read([&](store::Session& session) -> Result<std::vector<CustomerId>> {
        std::set<CustomerId> holders;
        const auto add = [&](const identity::Reference& reference) {
            const auto found = rooms_.customers.identity().find_customers(session, reference, {"CN", ""});
            if (found) // what is no value of this type may be one of another
                holders.insert(found->begin(), found->end());
        };
        if (const auto reference = identity::parse_reference(text))
            add(*reference);
        for (const identity::IdentifierType* type : identity::identifier_types())
            add({{type, std::nullopt}, std::string(text)});
        return std::vector<CustomerId>(holders.begin(), holders.end());
    });
}

// A number is written with a digit and without a blank.
Result<std::vector<RecordHit>> Search::numbered(std::string_view text) const {
    std::vector<RecordHit> hits;
    if (text.find_first_of("0123456789") == text.npos || text.find(' ') != text.npos)
        return hits;
    return rooms_.database.read([&](store::Session& session) -> Result<std::vector<RecordHit>> {
        std::vector<NodeId> nodes;
        for (auto& record : TRY(object::find_by_number(session, std::string(text), records_max))) {
            nodes.push_back(record.node);
            hits.push_back({std::move(record), std::nullopt});
        }
        const auto owners = TRY(rooms_.customers.identity().list_customers(session, nodes, {}));
        for (std::size_t i = 0; i < hits.size(); ++i)
            if (nodes[i] && owners[i])
                hits[i].customer = TRY(rooms_.customers.get(owners[i]));
        return std::move(hits);
    });
}

Result<> Search::add(const std::vector<CustomerId>& customers, Match match, const Asking& asking, Found& found) const {
    if (customers.empty() || found.hits.size() == asking.limit)
        return {};
    // Those who are there already are left out below; so are a few who became somebody else's a moment ago.
    const std::size_t wanted = asking.limit + found.hits.size();
    const auto newest = TRY(rooms_.database.read(
        [&](store::Session& session) { return customer::newest_among(session, customers, wanted); }));
    for (const CustomerId id : newest) {
        const bool is_there = std::ranges::any_of(found.hits, [&](const Hit& hit) { return hit.customer.id == id; });
        if (is_there || found.hits.size() == asking.limit)
            continue;
        auto customer = rooms_.customers.get(id);
        if (!customer || customer->state != "active" || (!asking.kind.empty() && customer->kind != asking.kind))
            continue;
        auto marks = marks_in(*customer, asking.text);
        found.hits.push_back({std::move(*customer), match, std::move(marks)});
    }
    return {};
}

Result<Found> Search::find(std::string_view text, const std::string& kind, std::size_t limit) const {
    const std::string_view asked = trimmed(text);
    if (beginning_of(asked, text_code_points_max).size() < asked.size())
        return fail(too_long());
    Found found;
    const auto index = follower_->index();
    found.is_complete = index && status().state == State::following;
    if (asked.empty())
        return found;
    const Asking asking{asked, kind, limit};
    if (kind.empty())
        found.records = TRY(numbered(asked));
    TRY(add(TRY(holders_of(asked)), Match::identifier, asking, found));
    const Question question = question_of(asked, all_fields);
    if (!index || question.is_blank()) {
        found.count = std::int64_t(found.hits.size());
        return found;
    }
    TRY(add(TRY(index->find(question.whole, kind)).customers, Match::whole, asking, found));
    const Holders exact = TRY(index->find(exact_needs(question), kind));
    found.is_complete = found.is_complete && exact.is_whole;
    TRY(add(exact.customers, Match::words, asking, found));
    found.count = std::int64_t(std::max(exact.customers.size(), found.hits.size()));
    if (found.hits.size() == limit)
        return found;
    SimilarWords similar;
    for (const Asked& one : question.asked)
        if (!one.word.empty())
            similar[one.word] = TRY(index->similar_words(one.word));
    TRY(add(TRY(index->find(similar_needs(question, similar), kind)).customers, Match::similar, asking, found));
    return found;
}

} // namespace onefold::search
