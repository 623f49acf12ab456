#include "http/bind.h"
#include "source/source.h"

namespace onefold::source {
namespace {

struct SourceView {
    SourceId id;
    std::string name, kind, zone, currency, region;
    Instant created_at;
    std::string write_key_hint;
    std::int64_t version;
};
BOOST_DESCRIBE_STRUCT(SourceView, (), (id, name, kind, zone, currency, region, created_at, write_key_hint, version))

struct NewSourceView {
    SourceId id;
    std::string name, kind, zone, currency, region;
    Instant created_at;
    std::string write_key_hint;
    std::int64_t version;
    std::string write_key;
};
BOOST_DESCRIBE_STRUCT(
    NewSourceView, (), (id, name, kind, zone, currency, region, created_at, write_key_hint, version, write_key))

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

SourceView view_of(const Source& source) {
    return {source.id, source.name, std::string(to_string(source.kind)), source.zone, source.currency, source.region,
        source.created_at, source.write_key_hint, source.version};
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
            const auto view = view_of(fresh.source);
            return NewSourceView{view.id, view.name, view.kind, view.zone, view.currency, view.region, view.created_at,
                view.write_key_hint, view.version, fresh.write_key};
        });
}

} // namespace onefold::source
