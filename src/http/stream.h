#pragma once
// Server-sent events on their way to one connection. Private to this room.
#include "http/connection.h"

#include <string>

namespace onefold::http {

inline constexpr std::size_t stream_bytes_waiting_max = 1 << 20; // a peer that reads slower than that is cut

class LiveStream : public EventStream {
  public:
    explicit LiveStream(std::shared_ptr<Bell> bell) : bell_(std::move(bell)) {}
    void send(std::string_view event, std::string_view data) override;
    bool is_closed() const override;
    void close();
    std::string take();

  private:
    mutable std::mutex mutex_;
    std::shared_ptr<Bell> bell_;
    std::string waiting_;
    bool is_closed_ = false;
};

} // namespace onefold::http
