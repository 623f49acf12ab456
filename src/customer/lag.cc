#include "customer/lag.h"

#include <algorithm>
#include <cmath>

namespace onefold::customer {
namespace {

constexpr double first_us = 100;
constexpr double steps_a_doubling = 4;

} // namespace

int LagMeter::bucket_of(std::chrono::microseconds lag) {
    const double times = double(lag.count()) / first_us;
    return times <= 1 ? 0 : std::min(int(std::ceil(std::log2(times) * steps_a_doubling)), buckets - 1);
}

std::chrono::milliseconds LagMeter::upper_of(int bucket) {
    const auto upper_us = first_us * std::exp2(bucket / steps_a_doubling);
    return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double, std::micro>(upper_us));
}

void LagMeter::turn(Steady now) {
    if (now - present_.since < window)
        return;
    past_ = now - present_.since < 2 * window ? present_ : Window{now - window, {}, 0};
    present_ = {now, {}, 0};
}

void LagMeter::add(std::chrono::microseconds lag, Steady now) {
    turn(now);
    ++present_.counts[std::size_t(bucket_of(lag))];
    ++present_.total;
}

Lag LagMeter::read(Steady now) const {
    LagMeter meter = *this;
    meter.turn(now);
    const std::uint64_t total = meter.present_.total + meter.past_.total;
    Lag lag;
    const std::chrono::duration<double> span = now - meter.past_.since;
    lag.events_per_second = span.count() > 0 ? double(total) / std::min(span.count(), 60.0) : 0;
    std::uint64_t seen = 0;
    bool has_median = false;
    for (int bucket = 0; bucket < buckets && total > 0; ++bucket) {
        seen += meter.present_.counts[std::size_t(bucket)] + meter.past_.counts[std::size_t(bucket)];
        if (!has_median && seen * 2 >= total) {
            lag.median = upper_of(bucket);
            has_median = true;
        }
        if (seen * 100 >= total * 99) {
            lag.p99 = upper_of(bucket);
            break;
        }
    }
    return lag;
}

} // namespace onefold::customer
