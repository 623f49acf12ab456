#include "source/source_parts.h"

namespace onefold::source {
namespace {

constexpr std::string_view columns =
    "SELECT id, name, kind, zone, currency, region, trust, created_at, version, consent, allowed_origins, is_active, "
    "order_scope, (SELECT k.hint FROM write_key k WHERE k.source_id = source.id AND k.revoked_at IS NULL ORDER BY k.id "
    "DESC LIMIT "
    "1) FROM source";

std::vector<std::string> texts_of(std::string_view json) {
    std::vector<std::string> texts;
    boost::system::error_code error;
    const auto parsed = boost::json::parse(json, error);
    if (!error && parsed.is_array())
        for (const auto& one : parsed.get_array())
            if (one.is_string())
                texts.emplace_back(one.get_string());
    return texts;
}

std::string json_of(const std::vector<std::string>& texts) {
    return boost::json::serialize(boost::json::array(texts.begin(), texts.end()));
}

Source source_of(const store::Row& row) {
    Source source;
    source.id = SourceId{row.integer(0)};
    source.name = row.text(1);
    source.kind = kind_named(row.text(2)).value_or(Kind::manual);
    source.zone = row.text(3);
    source.currency = row.text(4);
    source.region = row.text(5);
    source.trust = int(row.integer(6));
    source.created_at = instant_of(row.integer(7));
    source.version = row.integer(8);
    source.consent = row.text(9) == to_string(Consent::required) ? Consent::required : Consent::none;
    source.allowed_origins = texts_of(row.text(10));
    source.is_active = row.integer(11) != 0;
    source.order_scope = row.text(12);
    source.write_key_hint = row.text(13);
    return source;
}

store::Value scope_value(const Source& source) {
    return source.order_scope.empty() ? store::Value{} : store::Value{source.order_scope};
}

} // namespace

Failure no_such_source() {
    return fail(ErrorKind::not_found, "source.no_such_source", {"There is no such source.", "没有这个来源。"});
}

boost::json::object values_of(const Source& source) {
    return {{"name", source.name}, {"kind", to_string(source.kind)}, {"zone", source.zone},
        {"currency", source.currency}, {"region", source.region}, {"trust", source.trust},
        {"consent", to_string(source.consent)},
        {"allowed_origins", boost::json::array(source.allowed_origins.begin(), source.allowed_origins.end())},
        {"is_active", source.is_active}, {"order_scope", source.order_scope}};
}

Result<std::vector<Source>> read_sources(store::Session& session) {
    return session.list(columns, {}, source_of);
}

Result<Source> read_source(store::Session& session, SourceId id) {
    static const std::string sql = fmt::format("{} WHERE id = $1", columns);
    auto found = TRY(session.find(sql, {id.value}, source_of));
    if (!found)
        return no_such_source();
    return std::move(*found);
}

Result<SourceId> insert_source(store::Session& session, const Source& source) {
    return SourceId{
        TRY(session.find_integer(
                "INSERT INTO source (name, kind, zone, currency, region, trust, created_at, version, consent, "
                "allowed_origins, "
                "is_active, order_scope) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $10, $11) RETURNING id",
                {source.name, std::string(to_string(source.kind)), source.zone, source.currency, source.region,
                    std::int64_t(source.trust), micros_of(source.created_at), std::string(to_string(source.consent)),
                    json_of(source.allowed_origins), std::int64_t(source.is_active), scope_value(source)}))
            .value_or(0)};
}

Result<> update_source(store::Session& session, const Source& source) {
    TRY(session.execute("UPDATE source SET zone = $2, currency = $3, region = $4, trust = $5, consent = $6, "
                        "allowed_origins = $7, is_active = $8, version = $9, order_scope = $10 WHERE id = $1",
        {source.id.value, source.zone, source.currency, source.region, std::int64_t(source.trust),
            std::string(to_string(source.consent)), json_of(source.allowed_origins), std::int64_t(source.is_active),
            source.version, scope_value(source)}));
    return {};
}

Result<WriteKey> insert_write_key(
    store::Session& session, SourceId source, std::string_view digest, std::string_view hint, Instant at) {
    const auto id = TRY(session.find_integer(
        "INSERT INTO write_key (source_id, digest, hint, created_at) VALUES ($1, $2, $3, $4) RETURNING id",
        {source.value, store::Blob{std::string(digest)}, std::string(hint), micros_of(at)}));
    return WriteKey{WriteKeyId{id.value_or(0)}, source, std::string(hint), at, {}, {}};
}

Result<std::vector<WriteKey>> read_write_keys(store::Session& session, SourceId source) {
    return session.list("SELECT id, source_id, hint, created_at, last_used_at, revoked_at FROM write_key WHERE "
                        "source_id = $1 ORDER BY id DESC",
        {source.value}, [](const store::Row& row) {
            return WriteKey{WriteKeyId{row.integer(0)}, SourceId{row.integer(1)}, std::string(row.text(2)),
                instant_of(row.integer(3)), row.optional_instant(4), row.optional_instant(5)};
        });
}

} // namespace onefold::source
