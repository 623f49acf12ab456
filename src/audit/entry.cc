#include "audit/entry.h"

#include "core/text.h"

#include <set>

namespace onefold::audit {
namespace {

constexpr std::size_t target_code_points_max = 300;

std::string_view name_of(change::Op op) {
    switch (op) {
    case change::Op::create:
        return "create";
    case change::Op::update:
        return "update";
    case change::Op::delete_:
        return "delete";
    }
    return "update";
}

// The keys on one side only, or with another value.
boost::json::array changed_fields(const change::Entry& entry) {
    static const boost::json::object nothing;
    const boost::json::object& before = entry.before ? *entry.before : nothing;
    const boost::json::object& after = entry.after ? *entry.after : nothing;
    std::set<std::string_view> fields;
    for (const auto& [field, value] : before)
        if (const auto* now = after.if_contains(field); !now || *now != value)
            fields.insert(field);
    for (const auto& [field, value] : after)
        if (!before.contains(field))
            fields.insert(field);
    boost::json::array list;
    for (const std::string_view field : fields)
        list.push_back(boost::json::value(field));
    return list;
}

} // namespace

std::string entry_of(const Caller& caller, Instant at, std::string_view verb, std::string_view target, int status) {
    return boost::json::serialize(
        boost::json::object{{"at", to_rfc3339(at)}, {"principal", to_string(caller.principal)}, {"verb", verb},
            {"target", beginning_of(target, target_code_points_max)}, {"status", status},
            {"request_id", caller.request_id}, {"address", caller.address}});
}

std::string entry_of(const change::Change& change) {
    const change::Entry& entry = change.entry;
    return boost::json::serialize(boost::json::object{{"at", to_rfc3339(change.at)}, {"seq", change.seq},
        {"principal", change.principal}, {"cause", fmt::format("{}:{}", change.cause_kind, change.cause_id)},
        {"object", to_string(entry.object)}, {"record", std::to_string(entry.record)}, {"version", entry.version},
        {"op", name_of(entry.op)}, {"fields", changed_fields(entry)}});
}

std::string entry_of_restored_database(Instant at, std::int64_t seq) {
    return boost::json::serialize(boost::json::object{{"at", to_rfc3339(at)}, {"seq", seq},
        {"principal", to_string(Principal{Principal::Kind::system})}, {"verb", "database.restored"}});
}

std::optional<std::int64_t> seq_of(std::string_view entry) {
    boost::system::error_code error;
    const auto json = boost::json::parse(entry, error);
    const auto* object = error ? nullptr : json.if_object();
    const auto* seq = object ? object->if_contains("seq") : nullptr;
    return seq && seq->is_int64() ? std::optional(seq->get_int64()) : std::nullopt;
}

} // namespace onefold::audit
