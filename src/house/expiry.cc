#include "house/expiry.h"

#include "company/company.h"

#include <spdlog/spdlog.h>

namespace onefold::house {
namespace {

using namespace std::chrono_literals;

constexpr auto first_after = 1min;
constexpr auto interval = 1h;

} // namespace

void Expiry::wait_for(std::string reader, std::function<Position()> checkpoint) {
    readers_.emplace_back(std::move(reader), std::move(checkpoint));
}

void Expiry::start() {
    thread_ = std::thread([this] { run(); });
}

void Expiry::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    stopping_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

Result<> Expiry::check() {
    const auto company = TRY(database_.read([](store::Session& session) { return company::get_company(session); }));
    if (company.event_retention_days == 0)
        return {};
    for (const auto& [reader, checkpoint] : readers_)
        log_.keep_from(reader, checkpoint());
    const auto gone = TRY(log_.expire(clock_.now() - std::chrono::days{company.event_retention_days}));
    if (gone > 0)
        spdlog::info("house.expiry: {} files of events older than {} days are deleted; the event log begins at {}",
            gone, company.event_retention_days, log_.begin().value);
    return {};
}

void Expiry::run() {
    std::unique_lock lock(mutex_);
    for (std::chrono::milliseconds pause = first_after; !stopping_.wait_for(lock, pause, [&] { return is_stopping_; });
        pause = interval) {
        lock.unlock();
        if (auto checked = check(); !checked)
            spdlog::warn("house.expiry: {} {}", checked.error().code, checked.error().message.in("en"));
        lock.lock();
    }
}

} // namespace onefold::house
