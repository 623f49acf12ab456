#include "source/source.h"

#include "core/text.h"

#include <shared_mutex>

namespace onefold::source {
namespace {

boost::json::object values_of(const Source& source) {
    return {{"name", source.name}, {"kind", to_string(source.kind)}, {"zone", source.zone},
        {"currency", source.currency}, {"region", source.region}, {"trust", source.trust}};
}

Result<> check_name(std::string_view name) {
    const bool is_good =
        !name.empty() && length_of(name) <= 100 && name.find_first_of("@:\r\n\t") == std::string_view::npos;
    if (is_good)
        return {};
    const LocalText message{"A source has a name of 1 to 100 characters without @ and colon.",
        "来源名称应为 1 至 100 个字符，不能包含 @ 和冒号。"};
    return fail(ErrorKind::invalid, "source.bad_name", message, {{"/name", "source.bad_name", message}});
}

} // namespace

std::string_view to_string(Kind kind) {
    switch (kind) {
    case Kind::tracker:
        return "tracker";
    case Kind::api:
        return "api";
    case Kind::file:
        return "file";
    case Kind::manual:
        return "manual";
    }
    return "file";
}

Result<Kind> kind_named(std::string_view name) {
    for (const Kind kind : {Kind::tracker, Kind::api, Kind::file})
        if (to_string(kind) == name)
            return kind;
    const LocalText message{
        fmt::format("\"{}\" is not a kind of source; there are tracker, api and file.", name.substr(0, 40)),
        fmt::format("没有“{}”这种来源；可选：tracker、api、file。", name.substr(0, 40))};
    return fail(ErrorKind::invalid, "source.unknown_kind", message, {{"/kind", "source.unknown_kind", message}});
}

struct Sources::Parts {
    store::Database& database;
    const access::Keys& keys;
    const runtime::Outside& outside;
    mutable std::shared_mutex mutex;
    std::map<SourceId, Source> by_id;
    std::map<std::string, SourceId, std::less<>> by_name;
    std::unordered_map<std::string, SourceId> by_key_digest;
};

Sources::Sources(store::Database& database, const access::Keys& keys, const runtime::Outside& outside)
    : parts_(new Parts{database, keys, outside}) {}
Sources::~Sources() = default;

Result<> Sources::load() {
    std::unique_lock lock(parts_->mutex);
    return parts_->database.read([&](store::Session& session) -> Result<> {
        const auto all = TRY(session.list(
            "SELECT id, name, kind, zone, currency, region, trust, created_at, version FROM source", {},
            [](const store::Row& row) {
                return Source{SourceId{row.integer(0)}, std::string(row.text(1)),
                    kind_named(row.text(2)).value_or(Kind::manual), std::string(row.text(3)), std::string(row.text(4)),
                    std::string(row.text(5)), int(row.integer(6)), instant_of(row.integer(7)), "", row.integer(8)};
            }));
        for (const Source& source : all) {
            parts_->by_id[source.id] = source;
            parts_->by_name[source.name] = source.id;
        }
        return session.each("SELECT source_id, digest, hint FROM write_key WHERE revoked_at IS NULL ORDER BY id", {},
            [&](const store::Row& row) -> Result<> {
                parts_->by_key_digest[std::string(row.blob(1))] = SourceId{row.integer(0)};
                parts_->by_id[SourceId{row.integer(0)}].write_key_hint = row.text(2);
                return {};
            });
    });
}

Result<NewSource> Sources::create(const Caller& caller, const SourceDraft& draft) {
    const auto author = company::author_of(caller, parts_->outside);
    Source source{{}, std::string(trimmed(draft.name)), draft.kind, draft.zone, draft.currency,
        draft.region.empty() ? "CN" : draft.region};
    TRY(check_name(source.name));
    if (!source.zone.empty())
        source.zone = TRY(Zone::named(source.zone)).name();
    if (!source.currency.empty())
        TRY(company::check_currency(source.currency));
    source.created_at = author.at;
    const std::string write_key = "ofk_" + parts_->outside.random.token(24);
    const std::string digest = parts_->keys.digest("write_key", write_key);
    source.write_key_hint = write_key.substr(write_key.size() - 4);

    TRY(parts_->database.write([&](store::Session& session) -> Result<> {
        const auto company = TRY(company::get_company(session));
        if (source.zone.empty())
            source.zone = company.zone;
        if (source.currency.empty())
            source.currency = company.currency;
        const auto taken = TRY(session.find_integer("SELECT id FROM source WHERE name = $1", {source.name}));
        if (taken) {
            const LocalText message{fmt::format("There is a source \"{}\" already.", source.name),
                fmt::format("已有名为“{}”的来源。", source.name)};
            return fail(ErrorKind::conflict, "source.name_taken", message, {{"/name", "source.name_taken", message}});
        }
        source.id = SourceId{
            TRY(session.find_integer("INSERT INTO source (name, kind, zone, currency, region, trust, created_at, "
                                     "version) VALUES ($1, $2, $3, $4, $5, $6, $7, 1) RETURNING id",
                    {source.name, std::string(to_string(source.kind)), source.zone, source.currency, source.region,
                        std::int64_t(source.trust), micros_of(author.at)}))
                .value_or(0)};
        TRY(session.execute("INSERT INTO write_key (source_id, digest, hint, created_at) VALUES ($1, $2, $3, $4)",
            {source.id.value, store::Blob{digest}, source.write_key_hint, micros_of(author.at)}));
        return change::append(session, author,
            {{change::object_ids::source, source.id.value, 1, change::Op::create, std::nullopt, values_of(source)}});
    }));
    std::unique_lock lock(parts_->mutex);
    parts_->by_id[source.id] = source;
    parts_->by_name[source.name] = source.id;
    parts_->by_key_digest[digest] = source.id;
    return NewSource{source, write_key};
}

Result<Source> Sources::get(SourceId id) const {
    std::shared_lock lock(parts_->mutex);
    const auto found = parts_->by_id.find(id);
    if (found == parts_->by_id.end())
        return fail(ErrorKind::not_found, "source.no_such_source", {"There is no such source.", "没有这个来源。"});
    return found->second;
}

std::optional<Source> Sources::find(std::string_view name) const {
    std::shared_lock lock(parts_->mutex);
    const auto found = parts_->by_name.find(name);
    return found == parts_->by_name.end() ? std::nullopt : std::optional(parts_->by_id.at(found->second));
}

std::optional<Source> Sources::find_by_write_key(std::string_view write_key) const {
    const auto digest = parts_->keys.digest("write_key", write_key);
    std::shared_lock lock(parts_->mutex);
    const auto found = parts_->by_key_digest.find(digest);
    return found == parts_->by_key_digest.end() ? std::nullopt : std::optional(parts_->by_id.at(found->second));
}

std::vector<Source> Sources::list() const {
    std::shared_lock lock(parts_->mutex);
    std::vector<Source> all;
    for (const auto& [id, source] : parts_->by_id)
        if (source.kind != Kind::manual)
            all.push_back(source);
    return all;
}

std::vector<std::string> Sources::regions() const {
    std::shared_lock lock(parts_->mutex);
    std::set<std::string> regions;
    for (const auto& [id, source] : parts_->by_id)
        regions.insert(source.region);
    return {regions.begin(), regions.end()};
}

} // namespace onefold::source
