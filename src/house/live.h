#pragma once
// What people's pages are told while it happens: new positions, over server-sent events; first of all where they begin
// to listen, so that a page knows whether something came while it was on its way.
#include "core/id.h"
#include "http/contract.h"

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace onefold::house {

class Live {
  public:
    void add_routes(http::Contract& contract, std::function<Position()> visible);
    void tell(Position visible); // whoever knows of it already is not told
    // Something that is in no event, as a note, is new.
    void tell_again(Position visible);
    void end();

  private:
    struct Listener {
        std::shared_ptr<http::EventStream> stream;
        Position told;
    };
    void forget_closed();

    static constexpr std::size_t listeners_max = 2000;
    std::mutex mutex_;
    std::vector<Listener> listeners_;
};

} // namespace onefold::house
