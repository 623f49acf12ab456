// What people decide about who is who: identity resolves, and golden records, figures and change rows follow in the
// same transaction.
#include "company/company.h"
#include "core/text.h"
#include "customer/customer.h"
#include "customer/names.h"
#include "customer/noting_book.h"
#include "object/shipped.h"

#include <set>

namespace onefold::customer {
namespace {

constexpr std::size_t value_code_points_max = 1000;
constexpr std::size_t reason_code_points_max = 500;
constexpr std::string_view preview_ends = "customer.preview_ends"; // rolls a preview back

change::Entry entry_of(const identity::Decided& decided) {
    const bool is_undone = decided.is_undone;
    boost::json::array parts;
    for (const auto& [customer, nodes] : decided.parts) {
        boost::json::array ids;
        for (const NodeId node : nodes)
            ids.push_back(boost::json::value(to_string(node)));
        parts.push_back(boost::json::object{{"customer", to_string(customer)}, {"nodes", std::move(ids)}});
    }
    boost::json::object after{{"kind", identity::to_string(decided.kind)}, {"state", is_undone ? "undone" : "made"},
        {"parts", std::move(parts)}};
    change::Entry entry{change::object_ids::identity_decision, decided.id.value, is_undone ? 2 : 1,
        is_undone ? change::Op::update : change::Op::create, std::nullopt, std::move(after)};
    if (is_undone)
        entry.before = boost::json::object{{"kind", identity::to_string(decided.kind)}, {"state", "made"}};
    return entry;
}

boost::json::value field_in(const boost::json::value& facts, const boost::json::value& field) {
    const auto* fact = facts.as_object().if_contains(std::to_string(field.as_int64()));
    return fact ? *fact : boost::json::value{};
}

// The values that people chose, as rows of the node on which they stand: so who said it is told like of what is typed.
Result<> add_chosen(store::Session& session, const identity::Decided& decided, std::vector<change::Entry>& entries) {
    const auto written = TRY(session.find("SELECT edits FROM identity_decision WHERE id = $1", {decided.id.value},
        [](const store::Row& row) { return boost::json::parse(row.text(0)); }));
    std::map<std::int64_t, std::pair<boost::json::object, boost::json::object>> nodes; // before, after
    for (const auto& edit : written->as_array()) {
        const auto node = edit.at("node").as_int64();
        const std::string field = std::to_string(edit.at("field").as_int64());
        auto& [before, after] = nodes[node];
        before[field] = edit.at(decided.is_undone ? "after" : "before");
        after[field] = edit.at(decided.is_undone ? "before" : "after");
    }
    for (auto& [node, sides] : nodes) {
        const auto facts = TRY(session.find("SELECT facts FROM node WHERE id = $1", {node},
            [](const store::Row& row) { return boost::json::parse(row.text(0)); }));
        auto& [before, after] = sides;
        for (const auto& edit : written->as_array()) { // what was typed since then stays
            const std::string field = std::to_string(edit.at("field").as_int64());
            if (edit.at("node").as_int64() == node && after.contains(field) &&
                field_in(*facts, edit.at("field")) != after.at(field)) {
                before.erase(field);
                after.erase(field);
            }
        }
        if (!after.empty())
            entries.push_back({change::object_ids::node, node, decided.id.value, change::Op::update, std::move(before),
                std::move(after)});
    }
    return {};
}

Failure wrong_value(std::string_view code, const std::string& field, LocalText message) {
    return fail(ErrorKind::invalid, code, message, {{"/values/" + field, std::string(code), message}});
}

Result<std::vector<identity::Edit>> edits_of(const std::map<std::string, std::string>& values) {
    std::vector<identity::Edit> edits;
    for (const auto& [code, value] : values) {
        const auto* field = object::find_golden_field(code);
        if (!field)
            return wrong_value("customer.unknown_field", code,
                {fmt::format("There is no field “{}”. Nothing was changed.", beginning_of(code, 64)),
                    fmt::format("没有字段“{}”。未做任何更改。", beginning_of(code, 64))});
        const std::string text{trimmed(value)};
        if (text.empty() || beginning_of(text, value_code_points_max).size() < text.size())
            return wrong_value("customer.bad_value", code,
                {fmt::format("A chosen value has 1 to {} characters. Nothing was changed.", value_code_points_max),
                    fmt::format("所选的值须为 1 至 {} 个字符。未做任何更改。", value_code_points_max)});
        edits.push_back({field->id, text});
    }
    return edits;
}

} // namespace

// The verb of identity, what follows from it, and a preview's way back.
Result<DecisionOutcome> Customers::decide(
    const Caller& caller, std::string reason, Doing doing, const Decide& verb, const Alongside& also) const {
    DecisionOutcome outcome;
    const auto done = database_.write([&](store::Session& session) -> Result<> {
        outcome = {};
        const change::Author author{caller.principal, outside_.clock.now(), "request", caller.request_id};
        NotingBook book;
        if (also.before)
            TRY(also.before(session));
        const auto decided = TRY(verb(session, {to_string(caller.principal), author.at, reason}, book));
        TRY(refresh(session, decided.changed));
        std::vector<change::Entry> entries = TRY(book.entries(session));
        entries.insert(entries.begin(), entry_of(decided));
        if (decided.kind == identity::DecisionKind::merge)
            TRY(add_chosen(session, decided, entries));
        if (also.after)
            std::ranges::copy(TRY(also.after(session, author, decided.id)), std::back_inserter(entries));
        TRY(change::append(session, author, entries));
        outcome.kind = decided.kind;
        for (const auto& [id, nodes] : decided.parts) {
            outcome.parts.push_back({TRY(read(session, id)), nodes});
            if (doing == Doing::preview && book.opened(id))
                outcome.parts.back().customer.id = {};
        }
        if (doing == Doing::preview)
            return fail(ErrorKind::conflict, preview_ends, {});
        outcome.decision = decided.id;
        return {};
    });
    if (!done && done.error().code != preview_ends)
        return fail(done.error());
    return outcome;
}

Result<DecisionOutcome> Customers::merge(
    const Caller& caller, const MergeRequest& request, Doing doing, const Alongside& also) const {
    const auto edits = TRY(edits_of(request.values));
    return decide(
        caller, "", doing,
        [&](store::Session& session, const identity::Say& say, Book& book) -> Result<identity::Decided> {
            const CustomerId customer = TRY(living(session, request.customer));
            const CustomerId other = TRY(living(session, request.other));
            return identity_.merge(session, {customer, other, edits}, say, book);
        },
        also);
}

Result<DecisionOutcome> Customers::keep_apart(
    const Caller& caller, const KeepApartRequest& request, const Alongside& also) const {
    const std::string reason{beginning_of(trimmed(request.reason), reason_code_points_max)};
    return decide(
        caller, reason, Doing::really,
        [&](store::Session& session, const identity::Say& say, Book& book) -> Result<identity::Decided> {
            const CustomerId customer = TRY(living(session, request.customer));
            const CustomerId other = TRY(living(session, request.other));
            return identity_.keep_apart(session, customer, other, say, book);
        },
        also);
}

Result<DecisionOutcome> Customers::unmerge(const Caller& caller, const UnmergeRequest& request, Doing doing) const {
    const std::string reason{beginning_of(trimmed(request.reason), reason_code_points_max)};
    return decide(caller, reason, doing,
        [&](store::Session& session, const identity::Say& say, Book& book) -> Result<identity::Decided> {
            const CustomerId customer = TRY(living(session, request.customer));
            return identity_.unmerge(session, {customer, request.nodes}, say, book);
        });
}

Result<DecisionOutcome> Customers::undo(const Caller& caller, identity::DecisionId decision) const {
    return decide(caller, "", Doing::really,
        [&](store::Session& session, const identity::Say& say, Book& book) -> Result<identity::Decided> {
            return identity_.undo(session, decision, say, book);
        });
}

Result<DecisionPage> Customers::list_decisions(CustomerId id, int limit, const std::string& after) const {
    const std::int64_t edge = after.empty() ? 0 : parse_id(after).value_or(-1);
    if (edge < 0) {
        const LocalText message{"This is no cursor of this list.", "分页游标无效。"};
        return fail(ErrorKind::invalid, "customer.bad_cursor", message, {{"/after", "customer.bad_cursor", message}});
    }
    return database_.read([&](store::Session& session) -> Result<DecisionPage> {
        DecisionPage page;
        page.items =
            TRY(identity_.list_decisions(session, TRY(living(session, id)), identity::DecisionId{edge}, limit + 1));
        if (page.items.size() > std::size_t(limit)) {
            page.items.pop_back();
            page.next = to_string(page.items.back().id);
        }
        std::set<std::string> principals;
        for (const auto& decision : page.items)
            principals.insert({decision.by, decision.undone_by});
        page.names = TRY(names_of(session, principals));
        return page;
    });
}

Result<std::vector<identity::StoredLink>> Customers::why(CustomerId id, NodeId a, NodeId b) const {
    return database_.read([&](store::Session& session) -> Result<std::vector<identity::StoredLink>> {
        const CustomerId customer = TRY(living(session, id));
        for (const auto& [node, path] : {std::pair(a, "/node_a"), std::pair(b, "/node_b")}) {
            const auto owner = TRY(session.find_integer("SELECT customer_id FROM node WHERE id = $1", {node.value}));
            if (owner == customer.value)
                continue;
            const LocalText message{fmt::format("Record {} is none of this customer's.", node.value),
                fmt::format("记录 {} 不属于该客户。", node.value)};
            return fail(
                ErrorKind::not_found, "customer.no_such_record", message, {{path, "customer.no_such_record", message}});
        }
        return identity_.why(session, customer, a, b);
    });
}

} // namespace onefold::customer
