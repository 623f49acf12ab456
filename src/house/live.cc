#include "house/live.h"

namespace onefold::house {
namespace {

std::string data_of(Position visible) {
    return boost::json::serialize(boost::json::object{{"position", to_string(visible)}});
}

} // namespace

void Live::add_routes(http::Contract& contract, std::function<Position()> visible) {
    contract.add_stream({http::Method::get, "/api/v1/stream", "stream.get", http::may_read, http::not_audited,
                            {"Live: an event `begin` with the position that can be seen, then `position` whenever "
                             "something new can be seen",
                                "实时事件：先推送 begin（当前可见位置），有新数据可见时推送 position"}},
        [this, visible = std::move(visible)](
            const Caller&, const http::Incoming&, std::shared_ptr<http::EventStream> stream) -> Result<> {
            std::lock_guard lock(mutex_);
            forget_closed();
            if (listeners_.size() >= listeners_max)
                return fail(ErrorKind::unavailable, "house.too_many_streams",
                    {"Too many pages are listening.", "实时连接数已满。"});
            const Position now = visible(); // what comes from now on waits for the lock
            stream->send("begin", data_of(now));
            listeners_.push_back({std::move(stream), now});
            return {};
        });
}

void Live::tell(Position visible) {
    const std::string data = data_of(visible);
    std::lock_guard lock(mutex_);
    forget_closed();
    for (auto& [stream, told] : listeners_)
        if (told < visible) {
            stream->send("position", data);
            told = visible;
        }
}

void Live::tell_again(Position visible) {
    const std::string data = data_of(visible);
    std::lock_guard lock(mutex_);
    forget_closed();
    for (auto& [stream, told] : listeners_) {
        stream->send("position", data);
        told = std::max(told, visible);
    }
}

void Live::forget_closed() {
    std::erase_if(listeners_, [](const Listener& listener) { return listener.stream->is_closed(); });
}

void Live::end() {
    std::lock_guard lock(mutex_);
    listeners_.clear();
}

} // namespace onefold::house
