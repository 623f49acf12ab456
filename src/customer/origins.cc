// How a customer's values came to stand there: provenance and history.
#include "change/change.h"
#include "company/company.h"
#include "customer/customer.h"
#include "customer/edit.h"
#include "object/shipped.h"

namespace onefold::customer {
namespace {

constexpr int changes_max = 500;        // of one edits node
constexpr std::size_t events_max = 200; // of one field

Origin origin_of(const boost::json::value& said) {
    return {std::string(said.at("value").as_string()), SourceId{said.at("source").to_number<std::int64_t>()},
        NodeId{said.at("node").to_number<std::int64_t>()}, instant_of(said.at("at").to_number<std::int64_t>()),
        said.as_object().contains("is_verified")};
}

// What was written of fields on nodes of people, by whom; read once a node.
class Spoken {
  public:
    explicit Spoken(store::Session& session) : session_(session) {}

    Result<const std::vector<change::Change>*> of(NodeId node) {
        const auto [place, is_first] = nodes_.try_emplace(node);
        if (is_first)
            place->second =
                TRY(change::list_of(session_, change::object_ids::node, node.value, INT64_MAX, changes_max));
        return &place->second;
    }
    // Who wrote what stands there since `at`; "" where nobody knows any more.
    Result<std::string> by(NodeId node, FieldId field, Instant at) {
        for (const change::Change& change : *TRY(of(node))) {
            const auto* fact = change.entry.after ? change.entry.after->if_contains(to_string(field)) : nullptr;
            if (fact && fact->is_object() && fact->at("at").to_number<std::int64_t>() == micros_of(at))
                return change.principal;
        }
        return std::string();
    }

  private:
    store::Session& session_;
    std::map<NodeId, std::vector<change::Change>> nodes_;
};

void add_name(store::Session& session, std::map<std::string, std::string>& names, const std::string& principal) {
    if (!principal.empty() && !names.contains(principal))
        if (auto name = company::name_of(session, principal))
            names[principal] = std::move(*name);
}

Result<FieldOrigin> field_origin(const object::GoldenField& field, const boost::json::value& golden, Spoken& spoken) {
    FieldOrigin origin{
        std::string(field.code), std::string(golden.at("rule").as_string()), origin_of(golden), {}, "", false, "", {}};
    for (const auto& other : golden.at("others").as_array())
        origin.others.push_back(origin_of(other));
    if (origin.winner.source == source::manual)
        origin.by = TRY(spoken.by(origin.winner.record, field.id, origin.winner.at));
    if (const auto* verified = golden.as_object().if_contains("verified")) {
        const NodeId node{verified->at("node").to_number<std::int64_t>()};
        origin.verified_at = instant_of(verified->at("at").to_number<std::int64_t>());
        origin.verified_by = TRY(spoken.by(node, field.id, *origin.verified_at));
        origin.is_verified_by_hand = node != origin.winner.record || origin.winner.source == source::manual;
    }
    return origin;
}

FieldEvent event_of(const change::Change& change, const boost::json::value& fact, NodeId node) {
    FieldEvent event{change.at, "automatic", "", std::nullopt, node, change.principal};
    if (!fact.is_object())
        return event;
    const auto& said = fact.get_object();
    event.value = said.at("v").as_string();
    const auto* mark = said.if_contains("m");
    const std::string_view meaning = mark ? std::string_view(mark->as_string()) : std::string_view();
    if (meaning == "hidden")
        event.kind = "hidden";
    else if (meaning == "confirmed" || meaning == "verified")
        event.kind = "confirmed";
    else if (!event.value.empty())
        event.kind = "typed";
    return event;
}

} // namespace

Result<Origins> Customers::origins(CustomerId id) const {
    return database_.read([&](store::Session& session) -> Result<Origins> {
        struct Stored {
            std::int64_t version;
            std::string provenance;
        };
        const auto stored =
            TRY(session.find("SELECT version, provenance FROM customer WHERE id = $1", {TRY(living(session, id)).value},
                [](const store::Row& row) { return Stored{row.integer(0), std::string(row.text(1))}; }));
        VERIFY(stored);
        Origins origins{stored->version, {}, {}};
        Spoken spoken(session);
        const auto parsed = boost::json::parse(stored->provenance);
        for (const object::GoldenField& field : object::golden_fields()) {
            const auto* golden = parsed.as_object().if_contains(to_string(field.id));
            if (!golden)
                continue;
            origins.fields.push_back(TRY(field_origin(field, *golden, spoken)));
            add_name(session, origins.names, origins.fields.back().by);
            add_name(session, origins.names, origins.fields.back().verified_by);
        }
        return origins;
    });
}

Result<FieldHistory> Customers::history(CustomerId id, const std::string& code) const {
    const auto* field = object::find_golden_field(code);
    if (!field) {
        const LocalText message{"There is no such field.", "没有这个字段。"};
        return fail(ErrorKind::not_found, "customer.unknown_field", message);
    }
    return database_.read([&](store::Session& session) -> Result<FieldHistory> {
        FieldHistory history;
        Spoken spoken(session);
        const auto facts = TRY(identity_.list_facts(session, {TRY(living(session, id))}));
        for (const auto& node : facts.front()) {
            std::set<Instant> told;
            if (node.source == source::manual)
                for (const change::Change& change : *TRY(spoken.of(node.node)))
                    if (const auto* fact =
                            change.entry.after ? change.entry.after->if_contains(to_string(field->id)) : nullptr) {
                        history.items.push_back(event_of(change, *fact, node.node));
                        if (fact->is_object())
                            told.insert(instant_of(fact->at("at").to_number<std::int64_t>()));
                        add_name(session, history.names, change.principal);
                    }
            for (const identity::Fact& fact : node.facts) {
                if (fact.field != field->id || fact.value.empty() || told.contains(fact.at))
                    continue;
                const bool is_by_hand = node.source == source::manual; // chosen in a merge
                history.items.push_back({fact.at, is_by_hand ? "typed" : "said", fact.value,
                    is_by_hand ? std::nullopt : std::optional(node.source), node.node, ""});
            }
        }
        std::ranges::stable_sort(history.items, std::ranges::greater{}, &FieldEvent::at);
        if (history.items.size() > events_max)
            history.items.resize(events_max);
        return history;
    });
}

} // namespace onefold::customer
