#pragma once
// Many connections to one port of loopback, in one thread, by epoll.
#include "load/answer.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace onefold::load {

using Clock = std::chrono::steady_clock;

class Loop;

class Peer {
  public:
    Peer(Loop& loop, int port);
    ~Peer();
    Peer(const Peer&) = delete;

    void send(std::string_view bytes);
    void close();
    void stop_reading(); // leaves what comes in the socket
    bool is_open() const { return descriptor_ >= 0; }

    std::function<void(const Answer&)> on_answer;
    std::function<void()> on_end; // the other side closed, or refused

  private:
    friend class Loop;
    void ready(unsigned events);
    void write();
    void read();
    void end();
    void watch(unsigned events);

    Loop& loop_;
    int descriptor_;
    unsigned watched_ = 0;
    std::string in_, out_;
};

class Loop {
  public:
    Loop();
    ~Loop();
    // Calls `tick` after every wait (1 ms at most) until it returns false.
    void run(const std::function<bool()>& tick);

  private:
    friend class Peer;
    int descriptor_;
};

} // namespace onefold::load
