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
    // `receive_bytes`: how much the system takes for it while it does not read; 0 for as much as is usual.
    Peer(Loop& loop, int port, int receive_bytes = 0);
    ~Peer();
    Peer(const Peer&) = delete;

    void send(std::string_view bytes);
    void close();
    void stop_reading();                    // leaves what comes in the socket
    std::string sip(std::size_t bytes_max); // takes so much of that
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
    unsigned reading_; // EPOLLIN, or 0 where it does not read
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
