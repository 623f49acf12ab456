#pragma once
// What an evaluation works with: the record it is about, the moment it happens at, and how much it may take.
#include "core/time.h"
#include "formula/value.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::formula {

// A record as formulas see it; the slots are those of its Shape. What it hands out lives as long as it does.
class Record {
  public:
    virtual ~Record() = default;
    virtual Value value(std::size_t slot) const = 0;
    virtual const Record* related(std::size_t slot) const = 0; // nullptr: nobody
    virtual std::span<const Record* const> records(std::size_t slot) const = 0;
};

// Which days the company works.
class Calendar {
  public:
    virtual ~Calendar() = default;
    virtual bool is_working_day(Date day) const = 0;
};
const Calendar& monday_to_friday();

struct Moment {
    Instant now;
    Zone zone = {}; // whose days and hours are meant
    const Calendar* calendar = &monday_to_friday();

    Date date_of(Instant at) const;
    Instant start_of(Date day) const;
    Date today() const { return date_of(now); }
};

struct Budget {
    std::int64_t steps = 1'000'000;
    std::chrono::milliseconds time{50};
    std::size_t bytes = 16 << 20;
    std::chrono::steady_clock::time_point (*clock)() = std::chrono::steady_clock::now;
};

// The memory and the budget of one evaluation at a time; kept for the next one, so that it costs nothing to begin. The
// moment is the same as long as the run lives.
class Run {
  public:
    explicit Run(const Moment& moment, const Budget& budget = {}) : moment_(moment), budget_(budget) {}
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    const Moment& moment() const { return moment_; }
    // Forgets every value that it handed out.
    void begin();

    // False once the budget is spent; the evaluation ends with `spent()` then.
    bool step(std::int64_t count = 1) {
        steps_ += count;
        return steps_ < next_look_ || look();
    }
    // Work on so many bytes.
    bool step_over(std::size_t bytes) { return step(std::int64_t(bytes / 64)); }
    Value spent() const { return Value(&spent_); }
    Value give_up(Why why) {
        spend(why);
        return spent();
    }
    // Whether so much more memory may be taken.
    bool may_take(std::size_t bytes) const { return bytes <= budget_.bytes - bytes_; }

    // Memory without a value yet; nullptr when there is no more.
    char* room_for(std::size_t bytes);
    // A copy in this run's memory, or the trouble that there is no more of it.
    Value text(std::string_view text);
    Value list(std::span<const Value> values);

    // No value, because of that, at the place of the function that is called.
    Value fail(Why why, std::string_view detail = {});
    Value fail(Why why, Span at, std::string_view detail);
    Value result(const Result<Decimal>& number); // out_of_range, division_by_zero
    void set_at(Span at) { at_ = at; }

    // What does not depend on the record is computed once a run, under the number of its part. Only what lies in the
    // Value itself.
    const Value* find_known(std::uint64_t part) const {
        const auto& kept = known_[part % known_.size()];
        return kept.part == part ? &kept.value : nullptr;
    }
    void keep_known(std::uint64_t part, const Value& value) { known_[part % known_.size()] = {part, value}; }

    const Record& scope(std::size_t index) const { return *scopes_[index]; }
    void enter(const Record& record) { scopes_.push_back(&record); }
    void leave() { scopes_.pop_back(); }

  private:
    bool look();
    bool spend(Why why);

    const Moment& moment_;
    Budget budget_;
    std::int64_t steps_ = 0, next_look_ = first_look;
    std::chrono::steady_clock::time_point begun_;
    bool is_spent_ = false;
    std::size_t bytes_ = 0;
    std::vector<std::unique_ptr<char[]>> chunks_;
    char* free_ = nullptr;
    std::size_t left_ = 0;
    std::vector<const Record*> scopes_;
    struct Known {
        std::uint64_t part = 0;
        Value value;
    };
    std::array<Known, 64> known_; // by their numbers; of two in one place the later stays
    Span at_;
    Trouble spent_{Why::steps, {}, {}};

    static constexpr std::int64_t first_look = 1024;
};

// A text that grows within the run's budget.
class Draft {
  public:
    explicit Draft(Run& run) : run_(run) {}
    // False once there is no more of the budget.
    bool add(std::string_view part) {
        if (run_.step_over(part.size()) && run_.may_take(text_.size() + part.size())) {
            text_ += part;
            return true;
        }
        is_over_ = true;
        return false;
    }
    Value value() { return is_over_ ? run_.give_up(Why::memory) : run_.text(text_); }

  private:
    Run& run_;
    std::string text_;
    bool is_over_ = false;
};

} // namespace onefold::formula
