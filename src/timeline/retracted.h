#pragma once
// Which entries the log tells no longer, by position, until neither runs nor memory hold them. Every answer leaves
// them out; upkeep writes runs anew without them and forgets them then.
//
// Also in the file `retracted`: parts of count u32, crc32c of what follows u32, positions i64, one behind the other. A
// part that a kill cut off was never acknowledged.
#include "runtime/runtime.h"
#include "timeline/interval.h"

#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace onefold::timeline {

// Positions in few sorted parts, each at least twice as long as the next: to add costs little, however many there are.
class PositionSet {
  public:
    void add(std::vector<Position> more);
    bool has(Position position) const;
    bool has_any(const Interval& interval) const;
    std::size_t size() const;
    std::vector<Position> list() const; // sorted

  private:
    using Part = std::vector<Position>;
    std::vector<std::shared_ptr<const Part>> parts_;
};

// Thread-safe.
class Retracted {
  public:
    Retracted(runtime::Files& files, std::string folder) : files_(files), folder_(std::move(folder)) {}
    static constexpr std::string_view file = "retracted";

    Result<> open();
    Result<> clear();
    Result<> add(std::vector<Position> positions); // durable when it returns
    // None where nothing is retracted. Whoever reads entries takes it before them.
    std::shared_ptr<const PositionSet> now() const;
    // Leaves those of `some` for which `stays` is false.
    Result<> forget(const PositionSet& some, const std::function<bool(Position)>& stays);

  private:
    std::string path() const { return folder_ + "/" + std::string(file); }
    Result<> replace(PositionSet positions);
    void show(PositionSet positions);

    runtime::Files& files_;
    const std::string folder_;
    std::mutex writing_;
    std::uint64_t bytes_ = 0; // of the file that count
    mutable std::mutex mutex_;
    std::shared_ptr<const PositionSet> positions_;
};

} // namespace onefold::timeline
