#pragma once
// One blocking connection to a port of loopback.
#include "load/answer.h"

#include <chrono>
#include <string>

namespace onefold::load {

class Caller {
  public:
    explicit Caller(int port) : port_(port) {}
    ~Caller() { close(); }
    Caller(const Caller&) = delete;

    // Connects where there is no connection; false where that or the sending fails.
    bool send(std::string_view bytes);
    void end_sending();
    // nullopt where the other side closed, or nothing complete came in time.
    std::optional<Answer> receive(std::chrono::milliseconds timeout);
    // Reads until the other side closes; false where it does not in time.
    bool drain(std::chrono::milliseconds timeout);
    void close();

  private:
    bool connect();

    int port_;
    int descriptor_ = -1;
    std::string in_;
};

} // namespace onefold::load
