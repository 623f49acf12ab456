#include "store/statistics.h"

#include <spdlog/spdlog.h>

namespace onefold::store {
namespace {

using namespace std::chrono_literals;

constexpr auto look_every = 1s, look_again_after_failure = 30s;

// Changed by half of what was counted last, and by so much that it matters.
constexpr std::string_view grown = "SELECT format('%I.%I', s.schemaname, s.relname) FROM pg_stat_user_tables s JOIN "
                                   "pg_class c ON c.oid = s.relid WHERE s.schemaname = current_schema() AND "
                                   "s.n_mod_since_analyze >= 1000 AND s.n_mod_since_analyze >= 0.5 * "
                                   "GREATEST(c.reltuples, 0) ORDER BY s.relid";

} // namespace

Statistics::Statistics(std::unique_ptr<PostgresConnection> connection)
    : connection_(std::move(connection)), thread_([this] { serve(); }) {}

Statistics::~Statistics() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    stopped_.notify_one();
    thread_.join();
}

bool Statistics::is_stopping() {
    const std::lock_guard lock(mutex_);
    return is_stopping_;
}

void Statistics::serve() {
    for (std::chrono::seconds pause = look_every;;) {
        {
            std::unique_lock lock(mutex_);
            if (stopped_.wait_for(lock, pause, [this] { return is_stopping_; }))
                return;
        }
        const auto refreshed = refresh();
        connection_->forget_failure();
        if (!refreshed) {
            connection_->rollback();
            spdlog::warn("statistics of the database: {}", refreshed.error().message.in("en"));
        }
        pause = refreshed ? look_every : look_again_after_failure;
    }
}

Result<> Statistics::refresh() {
    std::vector<std::string> tables;
    TRY(connection_->begin_reading());
    TRY(connection_->each(grown, {}, [&](const Row& row) -> Result<> {
        tables.emplace_back(row.text(0));
        return {};
    }));
    TRY(connection_->commit());
    Result<> done;
    for (const std::string& table : tables) {
        if (is_stopping())
            return {};
        if (auto counted = count_anew(table); !counted) { // those behind it are counted all the same
            connection_->forget_failure();
            connection_->rollback();
            done = std::move(counted);
        }
    }
    return done;
}

Result<> Statistics::count_anew(const std::string& table) {
    TRY(connection_->begin_writing());
    TRY(connection_->control("SET LOCAL statement_timeout = '10s'"));
    TRY(connection_->control("ANALYZE " + table));
    return connection_->commit();
}

} // namespace onefold::store
