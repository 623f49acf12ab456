#include "access/access.h"
#include "core/text.h"

namespace onefold::access {
namespace {

using namespace std::chrono_literals;
constexpr auto kept_for = 24h * 30;
constexpr std::string_view purpose = "replay";

std::string text_of(const http::Outgoing& answer) {
    boost::json::array headers;
    for (const auto& [name, value] : answer.headers)
        headers.push_back(boost::json::array{boost::json::value(name), boost::json::value(value)});
    return boost::json::serialize(
        boost::json::object{{"status", answer.status}, {"headers", std::move(headers)}, {"body", answer.body}});
}

http::Outgoing answer_of(std::string_view text) {
    const auto json = boost::json::parse(text);
    http::Outgoing answer{int(json.at("status").as_int64()), {}, std::string(json.at("body").as_string())};
    for (const auto& header : json.at("headers").as_array())
        answer.headers.emplace_back(header.at(0).as_string(), header.at(1).as_string());
    return answer;
}

Error in_doubt() {
    return {ErrorKind::conflict, "access.in_doubt",
        {"Onefold was stopped while it did this. Look whether it is there; if not, ask again with a new key.",
            "系统在处理该请求时停止。请先确认是否已完成；若未完成，请使用新的键重试。"}};
}

// Answers hold what is shown only once (tokens, write keys), so they are sealed.
class StoredReplays : public http::Replays {
  public:
    StoredReplays(store::Database& database, const Keys& keys, const runtime::Outside& outside)
        : database_(database), keys_(keys), outside_(outside) {}

    Result<std::optional<Known>> begin(
        const Caller& caller, std::string_view operation, std::string_view key, std::string_view body_digest) override {
        const auto now = outside_.clock.now();
        const store::Values place = place_of(caller, operation, key);
        const std::string kept_digest = to_hex(keys_.digest(purpose, body_digest)); // a body may hold a password
        return database_.write([&](store::Session& session) -> Result<std::optional<Known>> {
            TRY(session.execute("DELETE FROM replay WHERE at < $1", {micros_of(now - kept_for)}));
            store::Values row = place;
            row.insert(row.end(), {kept_digest, micros_of(now)});
            const auto inserted = TRY(session.execute("INSERT INTO replay (principal, operation, key, body_digest, at) "
                                                      "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                row));
            if (inserted == 1)
                return std::nullopt;
            std::optional<Known> known;
            TRY(session.each(
                "SELECT body_digest, answer, at FROM replay WHERE principal = $1 AND operation = $2 AND key = $3",
                place, [&](const store::Row& found) -> Result<> {
                    known = Known{!found.is_null(1), found.text(0) == kept_digest ? std::string(body_digest) : "", {}};
                    if (found.is_null(1) && found.integer(2) < micros_of(started_at_)) {
                        known->is_finished = true;
                        known->answer = http::outgoing_of(in_doubt(), caller.locale, caller.request_id);
                    }
                    if (!found.is_null(1))
                        known->answer = answer_of(TRY(keys_.open_sealed(purpose, context_of(place), found.blob(1))));
                    return {};
                }));
            return known;
        });
    }

    Result<> finish(
        const Caller& caller, std::string_view operation, std::string_view key, const http::Outgoing& answer) override {
        store::Values row = place_of(caller, operation, key);
        row.push_back(store::Blob{TRY(keys_.seal(purpose, context_of(row), text_of(answer)))});
        return database_.write([&](store::Session& session) -> Result<> {
            TRY(session.execute(
                "UPDATE replay SET answer = $4 WHERE principal = $1 AND operation = $2 AND key = $3", row));
            return {};
        });
    }

    Result<> abandon(const Caller& caller, std::string_view operation, std::string_view key) override {
        return database_.write([&](store::Session& session) -> Result<> {
            TRY(session.execute("DELETE FROM replay WHERE principal = $1 AND operation = $2 AND key = $3",
                place_of(caller, operation, key)));
            return {};
        });
    }

  private:
    static store::Values place_of(const Caller& caller, std::string_view operation, std::string_view key) {
        return {to_string(caller.principal), std::string(operation), std::string(key)};
    }
    static std::string context_of(const store::Values& place) {
        return fmt::format("{}|{}|{}", std::get<std::string>(place[0]), std::get<std::string>(place[1]),
            std::get<std::string>(place[2]));
    }

    store::Database& database_;
    const Keys& keys_;
    const runtime::Outside& outside_;
    const Instant started_at_ = outside_.clock.now(); // one process owns the database: what ran before has ended
};

} // namespace

std::unique_ptr<http::Replays> make_replays(
    store::Database& database, const Keys& keys, const runtime::Outside& outside) {
    return std::make_unique<StoredReplays>(database, keys, outside);
}

} // namespace onefold::access
