#include "access/access.h"

namespace onefold::access {
namespace {

using namespace std::chrono_literals;
constexpr auto kept_for = 24h * 30;

boost::json::array json_of(const std::vector<std::pair<std::string, std::string>>& headers) {
    boost::json::array list;
    for (const auto& [name, value] : headers) list.push_back(boost::json::array{name, value});
    return list;
}

class StoredReplays : public http::Replays {
  public:
    StoredReplays(store::Database& database, const runtime::Outside& outside) : database_(database), outside_(outside) {}

    Result<std::optional<Known>> begin(const Caller& caller, std::string_view operation, std::string_view key,
        std::string_view body_digest) override {
        const auto now = outside_.clock.now();
        return database_.write([&](store::Session& session) -> Result<std::optional<Known>> {
            TRY(session.execute("DELETE FROM replay WHERE at < $1", {micros_of(now - kept_for)}));
            const auto inserted = TRY(session.execute("INSERT INTO replay (principal, operation, key, body_digest, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                {to_string(caller.principal), std::string(operation), std::string(key), std::string(body_digest), micros_of(now)}));
            if (inserted == 1) return std::nullopt;
            return session.find("SELECT body_digest, status, headers, body FROM replay WHERE principal = $1 AND operation = $2 AND key = $3",
                {to_string(caller.principal), std::string(operation), std::string(key)}, [](const store::Row& row) {
                    Known known{!row.is_null(1), std::string(row.text(0)), {}};
                    if (!known.is_finished) return known;
                    known.answer.status = int(row.integer(1));
                    for (const auto& pair : boost::json::parse(row.text(2)).as_array())
                        known.answer.headers.emplace_back(pair.at(0).as_string(), pair.at(1).as_string());
                    known.answer.body = row.text(3);
                    return known;
                });
        });
    }

    Result<> finish(const Caller& caller, std::string_view operation, std::string_view key, const http::Outgoing& answer) override {
        return database_.write([&](store::Session& session) -> Result<> {
            TRY(session.execute("UPDATE replay SET status = $1, headers = $2, body = $3 WHERE principal = $4 AND operation = $5 AND key = $6",
                {std::int64_t(answer.status), boost::json::serialize(json_of(answer.headers)), answer.body, to_string(caller.principal),
                    std::string(operation), std::string(key)}));
            return {};
        });
    }

    Result<> abandon(const Caller& caller, std::string_view operation, std::string_view key) override {
        return database_.write([&](store::Session& session) -> Result<> {
            TRY(session.execute("DELETE FROM replay WHERE principal = $1 AND operation = $2 AND key = $3",
                {to_string(caller.principal), std::string(operation), std::string(key)}));
            return {};
        });
    }

  private:
    store::Database& database_;
    const runtime::Outside& outside_;
};

} // namespace

std::unique_ptr<http::Replays> make_replays(store::Database& database, const runtime::Outside& outside) {
    return std::make_unique<StoredReplays>(database, outside);
}

} // namespace onefold::access
