#include "source/source.h"

#include "core/text.h"
#include "source/origin.h"
#include "source/source_parts.h"

namespace onefold::source {
namespace {

Result<> check_name(std::string_view name) {
    const bool is_good =
        !name.empty() && length_of(name) <= 100 && name.find_first_of("@:\r\n\t") == std::string_view::npos;
    if (is_good)
        return {};
    const LocalText message{"A source has a name of 1 to 100 characters without @ and colon.",
        "来源名称应为 1 至 100 个字符，不能包含 @ 和冒号。"};
    return fail(ErrorKind::invalid, "source.bad_name", message, {{"/name", "source.bad_name", message}});
}

Result<> check_region(std::string_view region) {
    if (region.size() == 2 && std::ranges::all_of(region, [](char c) { return c >= 'A' && c <= 'Z'; }))
        return {};
    const LocalText message{
        "A region is the two capital letters of a country, such as CN.", "地区应为两个大写字母的国家代码，例如 CN。"};
    return fail(ErrorKind::invalid, "source.bad_region", message, {{"/region", "source.bad_region", message}});
}

Failure version_changed(std::int64_t present) {
    return fail(ErrorKind::precondition_failed, "source.version_changed",
        {fmt::format("Somebody else changed this source in the meantime (it is version {} now). Nothing was saved; "
                     "load it again and repeat your change.",
             present),
            fmt::format("其他人刚刚修改过此来源（现为第 {} 版）。你的修改未保存，请重新加载后再改。", present)});
}

Result<std::vector<std::string>> origins_of(const std::vector<std::string>& texts) {
    std::vector<std::string> origins;
    for (const std::string& text : texts)
        if (std::string origin = TRY(origin_of(text)); std::ranges::find(origins, origin) == origins.end())
            origins.push_back(std::move(origin));
    return origins;
}

// An error that says at which input it stands.
template <class T>
Result<T> at_input(Result<T> result, const char* path) {
    if (!result && result.error().fields.empty())
        result.error().fields.push_back({path, result.error().code, result.error().message});
    return result;
}

Result<> check_order_scope(std::string_view scope) {
    const bool is_good =
        is_valid_utf8(scope) && length_of(scope) <= 100 && scope.find_first_of("@:\r\n\t") == std::string_view::npos;
    if (is_good)
        return {};
    const LocalText message{"The scope of order numbers has at most 100 characters without @ and colon.",
        "单号范围最多 100 个字符，不能包含 @ 和冒号。"};
    return fail(
        ErrorKind::invalid, "source.bad_order_scope", message, {{"/order_scope", "source.bad_order_scope", message}});
}

// `source` as `edit` wants it.
Result<Source> edited(Source source, const SourceEdit& edit) {
    if (edit.zone)
        source.zone = TRY(at_input(Zone::named(*edit.zone), "/zone")).name();
    if (edit.currency) {
        TRY(at_input(company::check_currency(*edit.currency), "/currency"));
        source.currency = *edit.currency;
    }
    if (edit.region) {
        TRY(check_region(*edit.region));
        source.region = *edit.region;
    }
    if (edit.allowed_origins)
        source.allowed_origins = TRY(origins_of(*edit.allowed_origins));
    if (edit.order_scope) {
        TRY(check_order_scope(*edit.order_scope));
        source.order_scope = trimmed(*edit.order_scope);
    }
    source.trust = std::clamp(edit.trust.value_or(source.trust), 0, 100);
    source.consent = edit.consent.value_or(source.consent);
    source.is_active = edit.is_active.value_or(source.is_active);
    ++source.version;
    return source;
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

std::string_view to_string(Consent consent) {
    return consent == Consent::required ? "required" : "none";
}

void Sources::Parts::put(const Source& source) {
    auto& present = by_id[source.id];
    if (present && present->version > source.version)
        return;
    present = std::make_shared<const Source>(source);
    by_name[source.name] = source.id;
}

Sources::Sources(store::Database& database, const access::Keys& keys, const runtime::Outside& outside)
    : parts_(new Parts{database, keys, outside}) {}
Sources::~Sources() = default;

Result<> Sources::load() {
    std::unique_lock lock(parts_->mutex);
    return parts_->database.read([&](store::Session& session) -> Result<> {
        for (const Source& source : TRY(read_sources(session)))
            parts_->put(source);
        return session.each("SELECT source_id, digest, id FROM write_key WHERE revoked_at IS NULL", {},
            [&](const store::Row& row) -> Result<> {
                parts_->by_key_digest[std::string(row.blob(1))] =
                    std::make_unique<KeyUse>(SourceId{row.integer(0)}, WriteKeyId{row.integer(2)});
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
        source.zone = TRY(at_input(Zone::named(source.zone), "/zone")).name();
    if (!source.currency.empty())
        TRY(at_input(company::check_currency(source.currency), "/currency"));
    TRY(check_region(source.region));
    source.created_at = author.at;
    const Secret secret = make_secret(parts_->keys, parts_->outside.random);
    source.write_key_hint = secret.hint;

    const WriteKey key = TRY(parts_->database.write([&](store::Session& session) -> Result<WriteKey> {
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
        source.id = TRY(insert_source(session, source));
        TRY(change::append(session, author,
            {{change::object_ids::source, source.id.value, 1, change::Op::create, std::nullopt, values_of(source)}}));
        return insert_write_key(session, source.id, secret.digest, secret.hint, author.at);
    }));
    std::unique_lock lock(parts_->mutex);
    parts_->put(source);
    parts_->by_key_digest[secret.digest] = std::make_unique<KeyUse>(source.id, key.id);
    return NewSource{source, secret.text};
}

Result<Source> Sources::update(const Caller& caller, SourceId id, std::int64_t version, const SourceEdit& edit) {
    const auto author = company::author_of(caller, parts_->outside);
    const Source after = TRY(parts_->database.write([&](store::Session& session) -> Result<Source> {
        const Source before = TRY(read_source(session, id));
        if (before.kind == Kind::manual)
            return no_such_source();
        if (before.version != version)
            return version_changed(before.version);
        Source changed = TRY(edited(before, edit));
        TRY(update_source(session, changed));
        TRY(change::append(session, author,
            {{change::object_ids::source, id.value, changed.version, change::Op::update, values_of(before),
                values_of(changed)}}));
        return changed;
    }));
    std::unique_lock lock(parts_->mutex);
    parts_->put(after);
    return after;
}

Result<Source> Sources::get(SourceId id) const {
    return *TRY(share(id));
}

Result<std::shared_ptr<const Source>> Sources::share(SourceId id) const {
    std::shared_lock lock(parts_->mutex);
    const auto found = parts_->by_id.find(id);
    if (found == parts_->by_id.end())
        return no_such_source();
    return found->second;
}

std::optional<Source> Sources::find(std::string_view name) const {
    std::shared_lock lock(parts_->mutex);
    const auto found = parts_->by_name.find(name);
    return found == parts_->by_name.end() ? std::nullopt : std::optional(*parts_->by_id.at(found->second));
}

std::vector<Source> Sources::list() const {
    std::shared_lock lock(parts_->mutex);
    std::vector<Source> all;
    for (const auto& [id, source] : parts_->by_id)
        if (source->kind != Kind::manual)
            all.push_back(*source);
    return all;
}

std::vector<std::string> Sources::regions() const {
    std::shared_lock lock(parts_->mutex);
    std::set<std::string> regions;
    for (const auto& [id, source] : parts_->by_id)
        regions.insert(source->region);
    return {regions.begin(), regions.end()};
}

} // namespace onefold::source
