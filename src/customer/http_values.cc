#include "customer/values.h"
#include "customer/view.h"

namespace onefold::identity {
BOOST_DESCRIBE_ENUM(ValueState, open, blocked, shared)
BOOST_DESCRIBE_ENUM(StateCause, placeholder, frequency, too_wide, hand)
} // namespace onefold::identity

namespace onefold::customer {
namespace {

enum class StateWish { open, blocked, shared, automatic };
BOOST_DESCRIBE_ENUM(StateWish, open, blocked, shared, automatic)

struct ListValues {
    std::optional<identity::ValueState> state;
    std::optional<std::string> type, value, after;
    std::optional<std::int64_t> limit;
    static http::Rules rules() {
        return {{.member = "limit", .minimum = 1, .maximum = 200}, {.member = "value", .length_max = 256}};
    }
};
BOOST_DESCRIBE_STRUCT(ListValues, (), (state, type, value, after, limit))

struct GetValue {
    IdentifierId id;
    std::optional<std::string> after;
    std::optional<std::int64_t> limit;
    static http::Rules rules() { return {{.member = "limit", .minimum = 1, .maximum = 200}}; }
};
BOOST_DESCRIBE_STRUCT(GetValue, (), (id, after, limit))

// `automatic` takes back what people said: it is again as the rules have it. `preview` changes nothing.
struct SetValueState {
    IdentifierId id;
    StateWish state;
    std::optional<std::string> reason;
    std::optional<bool> preview;
};
BOOST_DESCRIBE_STRUCT(SetValueState, (), (id, state, reason, preview))

// Without a cause nothing was ever said of it: it joins. `records` is counted up to 1,000, `customers` among those.
struct ValueView {
    IdentifierId id;
    std::string type;
    std::optional<std::string> scope;
    std::string value;
    identity::ValueState state;
    std::optional<identity::StateCause> cause;
    std::optional<std::string> by, by_name, reason;
    std::optional<Instant> since;
    std::int64_t records, customers;
    bool has_more_records;
};
BOOST_DESCRIBE_STRUCT(ValueView, (),
    (id, type, scope, value, state, cause, by, by_name, reason, since, records, customers, has_more_records))

struct ValueListView {
    std::vector<ValueView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(ValueListView, (), (items, next))

struct HolderView {
    NodeId node;
    std::string source;
    CustomerId customer;
    std::optional<std::string> name;
    Instant first_at;
};
BOOST_DESCRIBE_STRUCT(HolderView, (), (node, source, customer, name, first_at))

struct ValueDetailView {
    ValueView value;
    std::vector<HolderView> holders;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(ValueDetailView, (), (value, holders, next))

// So many customers hang together with its holders, before and after.
struct ValueOutcomeView {
    IdentifierId identifier;
    identity::ValueState before, after;
    identity::StateCause cause;
    std::int64_t customers_before, customers_after;
};
BOOST_DESCRIBE_STRUCT(ValueOutcomeView, (), (identifier, before, after, cause, customers_before, customers_after))

constexpr std::int64_t shown_records_max = 1000;

std::optional<std::string> text_or_null(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

ValueView view_of(const identity::StoredValue& value, const std::map<std::string, std::string>& names) {
    const IdentifierView shown = customer::view_of(
        identity::StoredIdentifier{value.type, value.scope, value.value, std::string(to_string(value.state))});
    const auto name = names.find(value.by);
    return {value.id, shown.type, shown.scope, shown.value, value.state, value.cause, text_or_null(value.by),
        name == names.end() ? std::nullopt : std::optional(name->second), text_or_null(value.reason), value.since,
        std::min(value.records, shown_records_max), value.customers, value.records > shown_records_max};
}

Result<std::int64_t> cursor_of(const std::optional<std::string>& after) {
    if (!after || after->empty())
        return 0;
    if (const auto id = parse_id(*after))
        return *id;
    const LocalText message{"This is no cursor of this list.", "分页游标无效。"};
    return fail(ErrorKind::invalid, "customer.bad_cursor", message, {{"/after", "customer.bad_cursor", message}});
}

Result<identity::ValueFilter> filter_of(const ListValues& request) {
    identity::ValueFilter filter{request.state, request.type.value_or(""), request.value.value_or(""),
        TRY(cursor_of(request.after)), int(request.limit.value_or(50))};
    if (!filter.type.empty())
        if (const auto type = identity::parse_type(filter.type); !type)
            return fail(ErrorKind::invalid, type.error().code, type.error().message,
                {{"/type", type.error().code, type.error().message}});
    return filter;
}

std::optional<identity::ValueState> state_of(StateWish wish) {
    switch (wish) {
    case StateWish::open:
        return identity::ValueState::open;
    case StateWish::blocked:
        return identity::ValueState::blocked;
    case StateWish::shared:
        return identity::ValueState::shared;
    case StateWish::automatic:
        return std::nullopt;
    }
    return std::nullopt;
}

} // namespace

void Values::add_routes(http::Contract& contract) {
    using http::Method;
    contract.add<ListValues, ValueListView>(
        {Method::get, "/api/v1/identifiers", "identifier.list", http::may_read, http::not_audited,
            {"Values that do not join, the newest first; with `value`, whatever is written so",
                "不参与合并的标识值（最新在前）；给出 value 时列出所有写法相同的值"}},
        [this](const Caller&, const ListValues& request) -> Result<ValueListView> {
            const auto found = TRY(list(TRY(filter_of(request))));
            ValueListView answer{{}, found.page.next ? std::optional(std::to_string(found.page.next)) : std::nullopt};
            for (const auto& value : found.page.items)
                answer.items.push_back(view_of(value, found.names));
            return answer;
        });
    contract.add<GetValue, ValueDetailView>(
        {Method::get, "/api/v1/identifiers/{id}", "identifier.get", http::may_read, http::not_audited,
            {"A value, whether it joins and why, and the records that hold it",
                "标识值、是否参与合并及原因、持有它的记录"}},
        [this](const Caller&, const GetValue& request) -> Result<ValueDetailView> {
            const auto found =
                TRY(get(request.id, NodeId{TRY(cursor_of(request.after))}, int(request.limit.value_or(50))));
            ValueDetailView answer{view_of(found.value, found.names), {}, std::nullopt};
            for (const auto& [holder, source, name] : found.holders)
                answer.holders.push_back({holder.node, source, holder.customer, text_or_null(name), holder.first_at});
            if (found.has_more)
                answer.next = to_string(found.holders.back().holder.node);
            return answer;
        });
    contract.add<SetValueState, ValueOutcomeView>(
        {Method::post, "/api/v1/identifiers/{id}/state", "identifier.set_state", http::may_edit,
            http::audited{"identifier.set_state"}, {"Say whether a value joins records", "设定一个标识值是否参与合并"}},
        [this](const Caller& caller, const SetValueState& request, http::Answer& answer) -> Result<ValueOutcomeView> {
            answer.is_preview = request.preview.value_or(false);
            const auto decided = TRY(decide(caller, request.id, state_of(request.state), request.reason.value_or(""),
                answer.is_preview ? Doing::preview : Doing::really));
            return ValueOutcomeView{request.id, decided.before, decided.after, decided.cause,
                std::int64_t(decided.customers_before), std::int64_t(decided.customers_after)};
        });
    add_policy_routes(contract);
}

} // namespace onefold::customer
