// Routes of the golden record: edits by hand, where values come from, and the rules that choose them.
#include "company/company.h"
#include "customer/edit.h"
#include "customer/refold.h"
#include "customer/view.h"
#include "object/shipped.h"
#include "survivorship/survivorship.h"

namespace onefold::customer {
namespace {

// `fields`: a text or number typed, null to hide what sources say. `automatic`: sources decide again. `verified`: the
// present value is right.
struct EditCustomer {
    CustomerId id;
    std::int64_t if_match;
    std::optional<boost::json::object> fields;
    std::optional<std::vector<std::string>> automatic, verified, unverified;
    std::optional<std::vector<IdentifierId>> verified_identifiers, unverified_identifiers;
    static http::Rules rules() {
        return {{.member = "automatic", .length_max = 100}, {.member = "verified", .length_max = 100},
            {.member = "unverified", .length_max = 100}, {.member = "verified_identifiers", .length_max = 100},
            {.member = "unverified_identifiers", .length_max = 100}};
    }
};
BOOST_DESCRIBE_STRUCT(EditCustomer, (),
    (id, if_match, fields, automatic, verified, unverified, verified_identifiers, unverified_identifiers))

struct OriginView {
    std::string value, source;
    NodeId record;
    Instant at;
    bool is_verified;
};
BOOST_DESCRIBE_STRUCT(OriginView, (), (value, source, record, at, is_verified))

// `value` is null where a person hides the field. `rule` says what decided, `why` the same in words, `policy` the rule
// of the field.
struct FieldOriginView {
    std::string field;
    std::optional<std::string> value;
    std::string source;
    NodeId record;
    Instant at;
    std::optional<std::string> by, by_name;
    std::string rule, policy;
    LocalText why;
    bool is_verified;
    std::optional<std::string> verified_by, verified_by_name;
    std::optional<Instant> verified_at;
    std::vector<OriginView> others;
};
BOOST_DESCRIBE_STRUCT(FieldOriginView, (),
    (field, value, source, record, at, by, by_name, rule, policy, why, is_verified, verified_by, verified_by_name,
        verified_at, others))

struct ProvenanceView {
    std::int64_t version;
    std::vector<FieldOriginView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(ProvenanceView, (), (version, items, next))

struct GetProvenance {
    CustomerId id;
};
BOOST_DESCRIBE_STRUCT(GetProvenance, (), (id))

struct GetHistory {
    CustomerId id;
    std::string code;
};
BOOST_DESCRIBE_STRUCT(GetHistory, (), (id, code))

struct FieldEventView {
    Instant at;
    std::string kind;
    std::optional<std::string> value, source;
    NodeId record;
    std::optional<std::string> by, by_name;
};
BOOST_DESCRIBE_STRUCT(FieldEventView, (), (at, kind, value, source, record, by, by_name))

struct FieldHistoryView {
    std::vector<FieldEventView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(FieldHistoryView, (), (items, next))

struct RuleView {
    std::string field, rule;
    std::vector<std::string> sources;
    bool is_verified_first;
};
BOOST_DESCRIBE_STRUCT(RuleView, (), (field, rule, sources, is_verified_first))

struct RefoldView {
    bool is_running;
    std::int64_t percent;
};
BOOST_DESCRIBE_STRUCT(RefoldView, (), (is_running, percent))

struct SurvivorshipView {
    std::int64_t version;
    std::vector<RuleView> fields;
    RefoldView refold;
};
BOOST_DESCRIBE_STRUCT(SurvivorshipView, (), (version, fields, refold))

struct RuleDraft {
    std::string field, rule;
    std::optional<std::vector<std::string>> sources;
    std::optional<bool> is_verified_first;
};
BOOST_DESCRIBE_STRUCT(RuleDraft, (), (field, rule, sources, is_verified_first))

// Fields that are not named get the default: the most trusted source, then the newest value.
struct UpdateSurvivorship {
    std::int64_t if_match;
    std::vector<RuleDraft> fields;
    static http::Rules rules() { return {{.member = "fields", .length_max = 200}}; }
};
BOOST_DESCRIBE_STRUCT(UpdateSurvivorship, (), (if_match, fields))

struct PreviewSurvivorship {
    std::vector<RuleDraft> fields;
    static http::Rules rules() { return {{.member = "fields", .length_max = 200}}; }
};
BOOST_DESCRIBE_STRUCT(PreviewSurvivorship, (), (fields))

struct ExampleView {
    CustomerId customer;
    std::optional<std::string> name;
    std::string field;
    std::optional<std::string> before, after;
};
BOOST_DESCRIBE_STRUCT(ExampleView, (), (customer, name, field, before, after))

struct ChangedFieldView {
    std::string field;
    std::int64_t changed;
};
BOOST_DESCRIBE_STRUCT(ChangedFieldView, (), (field, changed))

struct RulesPreviewView {
    std::int64_t sampled, changed;
    std::vector<ChangedFieldView> fields;
    std::vector<ExampleView> examples;
};
BOOST_DESCRIBE_STRUCT(RulesPreviewView, (), (sampled, changed, fields, examples))

std::optional<std::string> text_or_null(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

Result<std::optional<std::string>> typed_text(const std::string& code, const boost::json::value& json) {
    if (json.is_null())
        return std::optional<std::string>();
    if (json.is_string())
        return std::optional(std::string(json.get_string()));
    if (json.is_int64() || json.is_uint64())
        return std::optional(boost::json::serialize(json));
    const LocalText message{
        "A value is a text, a whole number or null. Nothing was changed.", "值须为文本、整数或 null。未做任何更改。"};
    return fail(
        ErrorKind::invalid, "customer.bad_value", message, {{"/fields/" + code, "customer.bad_value", message}});
}

Result<EditRequest> request_of(const EditCustomer& request) {
    EditRequest edit{request.id, request.if_match, {}, request.automatic.value_or(std::vector<std::string>{}),
        request.verified.value_or(std::vector<std::string>{}), request.unverified.value_or(std::vector<std::string>{}),
        request.verified_identifiers.value_or(std::vector<IdentifierId>{}),
        request.unverified_identifiers.value_or(std::vector<IdentifierId>{})};
    if (request.fields)
        for (const auto& [code, value] : *request.fields)
            edit.fields[std::string(code)] = TRY(typed_text(std::string(code), value));
    return edit;
}

using Names = std::map<std::string, std::string>;

std::optional<std::string> name_of(const Names& names, const std::string& principal) {
    const auto found = names.find(principal);
    return found == names.end() ? std::nullopt : std::optional(found->second);
}

FieldOriginView view_of(const FieldOrigin& origin, const Names& names, const survivorship::Policy& policy,
    const survivorship::SourceName& source_name) {
    const bool is_hidden = origin.rule == "hidden";
    const auto id = object::find_golden_field(origin.field)->id;
    FieldOriginView view{origin.field, is_hidden ? std::nullopt : std::optional(origin.winner.value),
        source_name(origin.winner.source), origin.winner.record, origin.winner.at, text_or_null(origin.by),
        name_of(names, origin.by), origin.rule, std::string(survivorship::to_string(policy.of(id).rule)),
        survivorship::reason_text(origin.rule), origin.verified_at.has_value(), text_or_null(origin.verified_by),
        name_of(names, origin.verified_by), origin.verified_at, {}};
    for (const Origin& other : origin.others)
        view.others.push_back({other.value, source_name(other.source), other.record, other.at, other.is_verified});
    return view;
}

FieldEventView view_of(const FieldEvent& event, const Names& names, const survivorship::SourceName& source_name) {
    return {event.at, event.kind, text_or_null(event.value),
        event.source ? std::optional(source_name(*event.source)) : std::nullopt, event.record, text_or_null(event.by),
        name_of(names, event.by)};
}

std::vector<survivorship::WrittenRule> written_of(const std::vector<RuleDraft>& drafts) {
    std::vector<survivorship::WrittenRule> written;
    for (const RuleDraft& draft : drafts)
        written.push_back({draft.field, draft.rule, draft.sources.value_or(std::vector<std::string>{}),
            draft.is_verified_first.value_or(false)});
    return written;
}

RulesPreviewView view_of(const RulesPreview& preview) {
    RulesPreviewView view{preview.sampled, preview.changed, {}, {}};
    for (const auto& [field, changed] : preview.changed_by_field)
        view.fields.push_back({field, changed});
    for (const auto& example : preview.examples)
        view.examples.push_back(
            {example.customer, text_or_null(example.name), example.field, example.before, example.after});
    return view;
}

} // namespace

void Customers::add_golden_routes(http::Contract& contract) {
    using http::Method;
    const auto source_name = [this](SourceId id) { return this->source_name(id); };
    contract.add<EditCustomer, CustomerDetail>(
        {Method::patch, "/api/v1/customers/{id}", "customer.update", http::may_edit, http::audited{"customer.update"},
            {"Type values by hand, hide wrong ones, go back to automatic, mark as verified",
                "人工修改、隐藏、恢复自动取值或标记已验证"}},
        [this](const Caller& caller, const EditCustomer& request) -> Result<CustomerDetail> {
            TRY(edit(caller, TRY(request_of(request))));
            return detail_of(TRY(get(request.id)), TRY(get_provenance(request.id)));
        });
    contract.add<GetProvenance, ProvenanceView>(
        {Method::get, "/api/v1/customers/{id}/provenance", "customer.provenance", http::may_read, http::not_audited,
            {"Where each value comes from, why it stands, and what it beat", "各字段的来源、取值依据及其他候选值"}},
        [this, source_name](const Caller&, const GetProvenance& request) -> Result<ProvenanceView> {
            const Origins origins = TRY(this->origins(request.id));
            const auto policy =
                TRY(database_.read([](store::Session& session) { return survivorship::get(session); })).policy;
            ProvenanceView view{origins.version, {}, {}};
            for (const FieldOrigin& origin : origins.fields)
                view.items.push_back(view_of(origin, origins.names, policy, source_name));
            return view;
        });
    contract.add<GetHistory, FieldHistoryView>({Method::get, "/api/v1/customers/{id}/fields/{code}/history",
                                                   "customer.field_history", http::may_read, http::not_audited,
                                                   {"What people and sources said of one field, the newest first",
                                                       "某字段的人工修改与各来源的值（最新在前）"}},
        [this, source_name](const Caller&, const GetHistory& request) -> Result<FieldHistoryView> {
            const FieldHistory history = TRY(this->history(request.id, request.code));
            FieldHistoryView view;
            for (const FieldEvent& event : history.items)
                view.items.push_back(view_of(event, history.names, source_name));
            return view;
        });
    add_survivorship_routes(contract);
    survivorship::add_conflict_routes(contract, database_, outside_, source_name);
}

void Customers::add_survivorship_routes(http::Contract& contract) {
    using http::Method;
    const auto find_source = [this](std::string_view name) -> std::optional<SourceId> {
        const auto source = sources_.find(name);
        return source ? std::optional(source->id) : std::nullopt;
    };
    const auto read = [this](store::Session& session) -> Result<SurvivorshipView> {
        const auto stored = TRY(survivorship::get(session));
        const RefoldState refold = TRY(Refold::state(session, sources_));
        SurvivorshipView view{stored.version, {}, {refold.is_running, refold.percent}};
        for (auto& rule : survivorship::written(stored.policy, [this](SourceId id) { return source_name(id); }))
            view.fields.push_back({rule.field, rule.rule, rule.sources, rule.is_verified_first});
        return view;
    };
    contract.add<http::Nothing, SurvivorshipView>(
        {Method::get, "/api/v1/survivorship", "survivorship.get", http::may_read, http::not_audited,
            {"By which rule each field's value is chosen", "各字段的取值规则"}},
        [this, read](const Caller&, const http::Nothing&) -> Result<SurvivorshipView> { return database_.read(read); });
    contract.add<UpdateSurvivorship, SurvivorshipView>(
        {Method::put, "/api/v1/survivorship", "survivorship.update", http::may_administer,
            http::audited{"survivorship.update"},
            {"Set the rules; golden records are made anew in the background",
                "设置取值规则（客户数据将在后台重新计算）"}},
        [this, find_source, read](const Caller& caller, const UpdateSurvivorship& request) -> Result<SurvivorshipView> {
            const auto policy = TRY(survivorship::policy_written(written_of(request.fields), find_source));
            const auto author = company::author_of(caller, outside_);
            return database_.write([&](store::Session& session) -> Result<SurvivorshipView> {
                TRY(survivorship::update(session, author, request.if_match, policy));
                return read(session);
            });
        });
    contract.add<PreviewSurvivorship, RulesPreviewView>(
        {Method::post, "/api/v1/survivorship/preview", "survivorship.preview", http::may_administer, http::not_audited,
            {"How many of a sample of customers other rules would change", "预览规则变更对抽样客户的影响"}},
        [this, find_source](const Caller&, const PreviewSurvivorship& request) -> Result<RulesPreviewView> {
            return view_of(
                TRY(preview_rules(TRY(survivorship::policy_written(written_of(request.fields), find_source)))));
        });
}

} // namespace onefold::customer
