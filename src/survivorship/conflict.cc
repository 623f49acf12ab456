// Conflicts as rows: written, changed and taken away when customers are folded.
#include "object/shipped.h"
#include "survivorship/survivorship.h"

#include <map>
#include <set>

namespace onefold::survivorship {
namespace {

struct Row {
    std::int64_t id = 0;
    std::string content, claims;
};
using Rows = std::map<std::string, Row, std::less<>>; // by field

// What it is about, without times: equal contents mean that nothing new was said.
std::string content_of(FieldId field, const std::vector<Claimed>& claims) {
    std::set<std::pair<std::int64_t, std::string>> said;
    for (const Claimed& claim : claims)
        said.emplace(claim.source.value, normal_form(field, claim.value));
    boost::json::array content;
    for (const auto& [source, normal] : said)
        content.push_back(boost::json::array{source, normal});
    return boost::json::serialize(content);
}

std::string claims_of(const std::vector<Claimed>& claims) {
    boost::json::array json;
    for (const Claimed& claim : claims)
        json.push_back(
            boost::json::object{{"value", claim.value}, {"source", claim.source.value}, {"at", micros_of(claim.at)}});
    return boost::json::serialize(json);
}

// What is to be written, all customers together.
struct Writes {
    std::vector<store::Values> inserts, reopened, updates, deletes;

    void add(CustomerId customer, std::string_view field, const GoldenValue& golden, Rows& rows, Instant now) {
        std::string content = content_of(golden.field, golden.conflict), claims = claims_of(golden.conflict);
        const auto found = rows.find(field);
        if (found == rows.end()) {
            inserts.push_back(
                {customer.value, std::string(field), std::move(content), std::move(claims), micros_of(now)});
            return;
        }
        if (found->second.content != content)
            reopened.push_back({std::move(content), std::move(claims), micros_of(now), found->second.id});
        else if (found->second.claims != claims)
            updates.push_back({std::move(claims), found->second.id});
        rows.erase(found);
    }
};

Result<std::vector<Rows>> list_rows(store::Session& session, const std::vector<Conflicts>& folded) {
    std::vector<Rows> rows(folded.size());
    std::vector<store::Values> keys;
    for (const Conflicts& one : folded)
        keys.push_back({one.customer.value});
    TRY(session.each_many("SELECT id, field, content, claims FROM conflict WHERE customer_id = $1", keys,
        [&](std::size_t index, const store::Row& row) -> Result<> {
            rows[index][std::string(row.text(1))] = {
                row.integer(0), std::string(row.text(2)), std::string(row.text(3))};
            return {};
        }));
    return rows;
}

struct Standing {
    std::string state;
    std::int64_t version = 0;
};

} // namespace

Result<> write_conflicts(store::Session& session, const std::vector<Conflicts>& folded, Instant now) {
    const bool has_new = std::ranges::any_of(folded, [](const Conflicts& one) {
        return std::ranges::any_of(one.golden, [](const GoldenValue& value) { return !value.conflict.empty(); });
    });
    if (folded.empty() || (!has_new && !TRY(session.find_integer("SELECT id FROM conflict LIMIT 1"))))
        return {};
    auto rows = TRY(list_rows(session, folded));
    Writes writes;
    for (std::size_t i = 0; i < folded.size(); ++i) {
        for (const GoldenValue& value : folded[i].golden)
            if (const auto* field = object::find_golden_field(value.field); field && !value.conflict.empty())
                writes.add(folded[i].customer, field->code, value, rows[i], now);
        for (const auto& [field, row] : rows[i])
            writes.deletes.push_back({row.id});
    }
    TRY(session.execute_many("INSERT INTO conflict (customer_id, field, state, content, claims, since, version) VALUES "
                             "($1, $2, 'open', $3, $4, $5, 1)",
        writes.inserts));
    TRY(session.execute_many("UPDATE conflict SET state = 'open', content = $1, claims = $2, since = $3, version = "
                             "version + 1, left_by = NULL, left_at = NULL WHERE id = $4",
        writes.reopened));
    TRY(session.execute_many("UPDATE conflict SET claims = $1 WHERE id = $2", writes.updates));
    TRY(session.execute_many("DELETE FROM conflict WHERE id = $1", writes.deletes));
    return {};
}

Result<> forget_conflicts(store::Session& session, const std::vector<CustomerId>& customers) {
    std::vector<store::Values> keys;
    for (const CustomerId customer : customers)
        keys.push_back({customer.value});
    TRY(session.execute_many("DELETE FROM conflict WHERE customer_id = $1", keys));
    return {};
}

Result<> attend(
    store::Session& session, const change::Author& author, ConflictId id, std::int64_t version, Attention attention) {
    const auto found = TRY(session.find("SELECT state, version FROM conflict WHERE id = $1", {id.value},
        [](const store::Row& row) { return Standing{std::string(row.text(0)), row.integer(1)}; }));
    if (!found)
        return fail(ErrorKind::not_found, "survivorship.no_such_conflict",
            {"This conflict is no more: the sources agree, or somebody has chosen. Nothing was changed.",
                "该冲突已不存在：各来源已一致，或已有人选定。未做任何更改。"});
    if (found->version != version)
        return fail(ErrorKind::precondition_failed, "survivorship.conflict_changed",
            {"A source has said something else in the meantime. Nothing was changed; load the conflict again.",
                "其间有来源给出了新的值。未做任何更改，请重新加载。"});
    const std::string state = attention == Attention::left ? "left" : "open";
    const bool is_left = attention == Attention::left;
    TRY(session.execute(
        "UPDATE conflict SET state = $1, version = version + 1, left_by = $2, left_at = $3 WHERE id = $4",
        {state, is_left ? store::Value{to_string(author.principal)} : store::Value{},
            is_left ? store::Value{micros_of(author.at)} : store::Value{}, id.value}));
    return change::append(session, author,
        {{change::object_ids::conflict, id.value, version + 1, change::Op::update,
            boost::json::object{{"state", found->state}}, boost::json::object{{"state", state}}}});
}

} // namespace onefold::survivorship
