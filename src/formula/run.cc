#include "formula/run.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace onefold::formula {
namespace {

constexpr std::size_t chunk_bytes = 16 << 10;
constexpr std::int64_t steps_between_looks = 1024;

class MondayToFriday : public Calendar {
  public:
    bool is_working_day(Date day) const override { return std::chrono::weekday{day}.iso_encoding() <= 5; }
};

} // namespace

const Calendar& monday_to_friday() {
    static const MondayToFriday calendar;
    return calendar;
}

Date Moment::date_of(Instant at) const {
    return Date{std::chrono::floor<std::chrono::days>(zone.local_of(at)).time_since_epoch()};
}

Instant Moment::start_of(Date day) const {
    return zone.instant_of_local(std::chrono::local_time<std::chrono::microseconds>{day.time_since_epoch()});
}

void Run::begin() {
    steps_ = 0;
    next_look_ = first_look;
    is_spent_ = false;
    bytes_ = 0;
    scopes_.clear();
    if (chunks_.size() > 1)
        chunks_.resize(1);
    free_ = chunks_.empty() ? nullptr : chunks_.front().get();
    left_ = chunks_.empty() ? 0 : chunk_bytes;
}

bool Run::look() {
    if (is_spent_)
        return false;
    if (steps_ >= budget_.steps)
        return spend(Why::steps);
    const auto now = budget_.clock();
    if (next_look_ == first_look)
        begun_ = now;
    if (now - begun_ > budget_.time)
        return spend(Why::time);
    next_look_ = std::min(budget_.steps, steps_ + steps_between_looks);
    return true;
}

bool Run::spend(Why why) {
    if (is_spent_)
        return false;
    is_spent_ = true;
    next_look_ = 0;
    spent_.why = why;
    return false;
}

char* Run::room_for(std::size_t bytes) {
    bytes = (bytes + 15) & ~std::size_t(15);
    if (is_spent_ || !may_take(bytes)) {
        spend(Why::memory);
        return nullptr;
    }
    bytes_ += bytes;
    if (bytes > left_) {
        const std::size_t size = std::max(bytes, chunk_bytes);
        // The first chunk is kept from run to run, so it has the usual size.
        if (chunks_.empty() && size > chunk_bytes)
            chunks_.push_back(std::make_unique_for_overwrite<char[]>(chunk_bytes));
        chunks_.push_back(std::make_unique_for_overwrite<char[]>(size));
        free_ = chunks_.back().get();
        left_ = size;
    }
    char* const room = free_;
    free_ += bytes;
    left_ -= bytes;
    return room;
}

Value Run::text(std::string_view text) {
    if (text.empty())
        return Value(std::string_view(""));
    char* const room = step_over(text.size()) ? room_for(text.size()) : nullptr;
    if (!room)
        return spent();
    std::memcpy(room, text.data(), text.size());
    return Value(std::string_view(room, text.size()));
}

Value Run::list(std::span<const Value> values) {
    if (values.empty())
        return Value(Value::List{});
    char* const room = room_for(values.size_bytes());
    if (!room)
        return spent();
    auto* const first = reinterpret_cast<Value*>(room);
    std::uninitialized_copy(values.begin(), values.end(), first);
    return Value(Value::List(first, values.size()));
}

Value Run::fail(Why why, std::string_view detail) {
    return fail(why, at_, detail);
}

Value Run::fail(Why why, Span at, std::string_view detail) {
    const Value kept = text(detail.substr(0, 300));
    char* const room = kept.is_error() ? nullptr : room_for(sizeof(Trouble));
    if (!room)
        return spent();
    return Value(new (room) Trouble{why, at, kept.get<std::string_view>()});
}

Value Run::result(const Result<Decimal>& number) {
    if (number)
        return Value(*number);
    return fail(number.error().code == "decimal.division_by_zero" ? Why::division_by_zero : Why::out_of_range);
}

} // namespace onefold::formula
