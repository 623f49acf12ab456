#pragma once
// What people's pages are told while it happens: new positions, over server-sent events.
#include "core/id.h"
#include "http/contract.h"

#include <memory>
#include <mutex>
#include <vector>

namespace onefold::house {

class Live {
  public:
    void add_routes(http::Contract& contract);
    void tell(Position visible);
    void end();

  private:
    static constexpr std::size_t streams_max = 2000;
    std::mutex mutex_;
    std::vector<std::shared_ptr<http::EventStream>> streams_;
};

} // namespace onefold::house
