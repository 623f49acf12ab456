#include "http/bind.h"
#include "source/origin.h"
#include "source/source.h"

namespace onefold::source {

BOOST_DESCRIBE_ENUM(Consent, none, required)

namespace {

struct SourceView {
    SourceId id;
    std::string name, kind, zone, currency, region;
    std::int64_t trust;
    Consent consent;
    std::vector<std::string> allowed_origins;
    bool is_active;
    std::optional<std::string> order_scope; // null: its own name
    Instant created_at;
    std::string write_key_hint;
    std::int64_t version;
};
BOOST_DESCRIBE_STRUCT(SourceView, (),
    (id, name, kind, zone, currency, region, trust, consent, allowed_origins, is_active, order_scope, created_at,
        write_key_hint, version))

struct NewSourceView : SourceView {
    std::string write_key;
};
BOOST_DESCRIBE_STRUCT(NewSourceView, (SourceView), (write_key))

struct SourceList {
    std::vector<SourceView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(SourceList, (), (items, next))

struct CreateSource {
    std::string name, kind;
    std::optional<std::string> zone, currency, region;
};
BOOST_DESCRIBE_STRUCT(CreateSource, (), (name, kind, zone, currency, region))

struct GetSource {
    SourceId id;
};
BOOST_DESCRIBE_STRUCT(GetSource, (), (id))

struct UpdateSource {
    SourceId id;
    std::int64_t if_match;
    std::optional<std::string> zone, currency, region;
    std::optional<std::int64_t> trust;
    std::optional<Consent> consent;
    std::optional<std::vector<std::string>> allowed_origins;
    std::optional<bool> is_active;
    std::optional<std::string> order_scope; // "" for its own name
    static http::Rules rules() {
        return {{.member = "trust", .minimum = 0, .maximum = 100},
            {.member = "allowed_origins", .length_max = std::int64_t(allowed_origins_max)}};
    }
};
BOOST_DESCRIBE_STRUCT(
    UpdateSource, (), (id, if_match, zone, currency, region, trust, consent, allowed_origins, is_active, order_scope))

struct WriteKeyView {
    WriteKeyId id;
    SourceId source_id;
    std::string hint;
    Instant created_at;
    std::optional<Instant> last_used_at, revoked_at;
};
BOOST_DESCRIBE_STRUCT(WriteKeyView, (), (id, source_id, hint, created_at, last_used_at, revoked_at))

struct NewWriteKeyView : WriteKeyView {
    std::string write_key;
};
BOOST_DESCRIBE_STRUCT(NewWriteKeyView, (WriteKeyView), (write_key))

struct WriteKeyList {
    std::vector<WriteKeyView> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(WriteKeyList, (), (items, next))

struct RevokeWriteKey {
    WriteKeyId id;
};
BOOST_DESCRIBE_STRUCT(RevokeWriteKey, (), (id))

SourceView view_of(const Source& source) {
    return {source.id, source.name, std::string(to_string(source.kind)), source.zone, source.currency, source.region,
        source.trust, source.consent, source.allowed_origins, source.is_active,
        source.order_scope.empty() ? std::nullopt : std::optional(source.order_scope), source.created_at,
        source.write_key_hint, source.version};
}

WriteKeyView view_of(const WriteKey& key) {
    return {key.id, key.source_id, key.hint, key.created_at, key.last_used_at, key.revoked_at};
}

SourceEdit edit_of(const UpdateSource& request) {
    SourceEdit edit{request.zone, request.currency, request.region, {}, request.consent, request.allowed_origins,
        request.is_active, request.order_scope};
    if (request.trust)
        edit.trust = int(*request.trust);
    return edit;
}

// What people set of a source, and its keys.
void add_setting_routes(http::Contract& contract, Sources& sources) {
    using http::Method;
    contract.add<UpdateSource, SourceView>(
        {Method::patch, "/api/v1/sources/{id}", "source.update", http::may_administer, http::audited{"source.update"},
            {"Change a source; its name stays, being the scope of its identifiers",
                "修改来源（名称是其标识的范围，不可修改）"}},
        [&sources](const Caller& caller, const UpdateSource& request) -> Result<SourceView> {
            return view_of(TRY(sources.update(caller, request.id, request.if_match, edit_of(request))));
        });
    contract.add<GetSource, WriteKeyList>(
        {Method::get, "/api/v1/sources/{id}/write_keys", "write_key.list", http::may_administer, http::not_audited,
            {"The write keys of a source, the newest first", "来源的写入密钥（最新在前）"}},
        [&sources](const Caller&, const GetSource& request) -> Result<WriteKeyList> {
            WriteKeyList answer;
            for (const WriteKey& key : TRY(sources.list_write_keys(request.id)))
                answer.items.push_back(view_of(key));
            return answer;
        });
    contract.add<GetSource, NewWriteKeyView>(
        {Method::post, "/api/v1/sources/{id}/write_keys", "write_key.create", http::may_administer,
            http::audited{"write_key.create"},
            {"A further write key, shown once; the others stay valid", "新增写入密钥（仅显示一次，原有密钥仍有效）"},
            http::Creates::something},
        [&sources](const Caller& caller, const GetSource& request) -> Result<NewWriteKeyView> {
            const auto fresh = TRY(sources.create_write_key(caller, request.id));
            return NewWriteKeyView{view_of(fresh.write_key), fresh.secret};
        });
    contract.add<RevokeWriteKey, WriteKeyView>(
        {Method::post, "/api/v1/write_keys/{id}/revoke", "write_key.revoke", http::may_administer,
            http::audited{"write_key.revoke"}, {"Revoke a write key, at once", "立即吊销写入密钥"}},
        [&sources](const Caller& caller, const RevokeWriteKey& request) -> Result<WriteKeyView> {
            return view_of(TRY(sources.revoke_write_key(caller, request.id)));
        });
}

} // namespace

void Sources::add_routes(http::Contract& contract) {
    using http::Method;
    contract.add<http::Nothing, SourceList>(
        {Method::get, "/api/v1/sources", "source.list", http::may_read, http::not_audited, {"All sources", "所有来源"}},
        [this](const Caller&, const http::Nothing&) -> Result<SourceList> {
            SourceList answer;
            for (const Source& source : list())
                answer.items.push_back(view_of(source));
            return answer;
        });
    contract.add<GetSource, SourceView>({Method::get, "/api/v1/sources/{id}", "source.get", http::may_read,
                                            http::not_audited, {"One source", "单个来源"}},
        [this](
            const Caller&, const GetSource& request) -> Result<SourceView> { return view_of(TRY(get(request.id))); });
    contract.add<CreateSource, NewSourceView>(
        {Method::post, "/api/v1/sources", "source.create", http::may_administer, http::audited{"source.create"},
            {"Create a source; its write key is shown once", "创建来源（写入密钥仅显示一次）"},
            http::Creates::something},
        [this](const Caller& caller, const CreateSource& request) -> Result<NewSourceView> {
            const auto fresh =
                TRY(create(caller, {request.name, TRY(kind_named(request.kind)), request.zone.value_or(""),
                                       request.currency.value_or(""), request.region.value_or("")}));
            return NewSourceView{view_of(fresh.source), fresh.write_key};
        });
    add_setting_routes(contract, *this);
}

} // namespace onefold::source
