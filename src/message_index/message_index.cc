#include "message_index/message_index.h"

#include "message_index/merge_plan.h"
#include "message_index/shelf.h"
#include "runtime/priority.h"

#include <algorithm>
#include <condition_variable>
#include <fmt/format.h>
#include <thread>

namespace onefold::message_index {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t unwritten_max = 16;
constexpr auto patience = 2s;
constexpr auto retry_interval = 1s;
constexpr std::uint64_t keys_between_rests = 1 << 16;

// Gives the keys of one run, ascending, page by page.
class RunReader {
  public:
    explicit RunReader(RunPointer run) : run_(std::move(run)) {}
    // nullptr at the end.
    Result<const MessageKey*> head() {
        while (at_ == keys_.size()) {
            if (page_ == run_->page_count())
                return nullptr;
            keys_ = TRY(run_->read_page(page_++));
            at_ = 0;
        }
        return &keys_[at_];
    }
    void next() { ++at_; }

  private:
    RunPointer run_;
    std::size_t page_ = 0, at_ = 0;
    std::vector<MessageKey> keys_;
};

class RunIndex final : public MessageIndex {
  public:
    RunIndex(const runtime::Outside& outside, std::string folder, const KeySource& source, std::uint64_t secret_mark)
        : files_(outside.files), folder_(std::move(folder)), source_(source), secret_mark_(secret_mark) {}

    ~RunIndex() override {
        {
            const std::lock_guard lock{mutex_};
            is_stopping_ = true;
        }
        changed_.notify_all();
        if (worker_.joinable())
            worker_.join();
    }

    Result<> start() {
        TRY(take_runs());
        for (const Range& segment : source_.sealed())
            if (!is_covered(segment))
                shelf_.add(TRY(make_layer(segment)));
        worker_ = std::thread([this] { work(); });
        return {};
    }

    void restore(const MessageKey& key) override { active_.insert(key); }

    Result<bool> insert(const MessageKey& key) override {
        if (!active_.insert(key))
            return false;
        const auto known = is_in_layers(key);
        if (!known || *known)
            active_.erase(key);
        if (!known)
            return fail(known.error());
        return !*known;
    }

    Result<bool> is_known(const MessageKey& key) override {
        return active_.contains(key) ? Result<bool>(true) : is_in_layers(key);
    }

    void prefetch(const MessageKey& key) const override {
        for (const Layer& layer : mine_)
            if (layer.run)
                layer.run->prefetch(key);
    }

    void erase(const MessageKey& key) override { active_.erase(key); }

    void seal(const Range& segment) override {
        shelf_.add({segment, std::make_shared<const MessageSet>(std::exchange(active_, {})), nullptr});
        tell_worker();
        std::unique_lock lock{mutex_};
        changed_.wait_for(lock, patience, [&] { return unwritten() <= unwritten_max; });
    }

    void drop_before(std::uint64_t position) override {
        for (const Layer& layer : shelf_.drop_before(position))
            if (layer.run)
                (void)files_.remove(path_of(layer.range)); // the next start removes what stays
    }

    Figures figures() const override {
        Figures figures;
        for (const Layer& layer : shelf_.layers()) {
            figures.messages += layer.size();
            figures.runs += layer.run ? 1 : 0;
            figures.unwritten += layer.set ? 1 : 0;
            figures.memory_bytes += layer.run ? layer.run->memory_bytes() : layer.size() * 32;
        }
        return figures;
    }

    bool wait_until_idle(std::chrono::milliseconds timeout) const override {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(
            lock, timeout, [&] { return is_idle_ && unwritten() == 0 && !next_merge(shelf_.layers()); });
    }

  private:
    std::string path_of(const Range& range) const { return fmt::format("{}/{}", folder_, run_name(range)); }

    std::size_t unwritten() const {
        return std::size_t(std::ranges::count_if(shelf_.layers(), [](const Layer& layer) { return bool(layer.set); }));
    }

    bool is_covered(const Range& segment) const {
        return std::ranges::any_of(shelf_.layers(), [&](const Layer& layer) { return layer.range.holds(segment); });
    }

    // The widest first, so that what a merge left behind is known by lying within its outcome.
    Result<> take_runs() {
        std::vector<Range> ranges;
        for (const std::string& name : TRY(files_.list(folder_))) {
            if (name.ends_with(".ids.new"))
                TRY(files_.remove(fmt::format("{}/{}", folder_, name)));
            if (const auto range = range_from(name))
                ranges.push_back(*range);
        }
        std::ranges::stable_sort(ranges, std::greater<>{}, [](const Range& range) { return range.to - range.from; });
        const auto sealed = source_.sealed();
        for (const Range& range : ranges) {
            RunPointer run;
            if (fits(range, sealed))
                run = Run::open(files_, folder_, range, secret_mark_).value_or(nullptr);
            if (run)
                shelf_.add({range, nullptr, std::move(run)});
            else
                TRY(files_.remove(path_of(range)));
        }
        return {};
    }

    // Whether a run of this range is of this log, and of a part that no other run holds.
    bool fits(const Range& range, const std::vector<Range>& sealed) const {
        const auto begins_at = [&](const Range& segment) { return segment.from == range.from; };
        const bool begins =
            !sealed.empty() && (range.from < sealed.front().from || std::ranges::any_of(sealed, begins_at));
        const bool ends = std::ranges::any_of(sealed, [&](const Range& segment) { return segment.to == range.to; });
        const auto layers = shelf_.layers();
        return begins && ends && std::ranges::none_of(layers, [&](const Layer& layer) {
            return layer.range.from < range.to && range.from < layer.range.to;
        });
    }

    // A run made from the log; the keys in memory where it cannot be written now.
    Result<Layer> make_layer(const Range& segment) {
        auto set = std::make_shared<MessageSet>();
        for (const MessageKey& key : TRY(source_.keys_of(segment)))
            set->insert(key);
        if (auto run = write_run(segment, *set))
            return Layer{segment, nullptr, std::move(*run)};
        return Layer{segment, std::move(set), nullptr};
    }

    // The run as it was written, or nothing of it.
    Result<RunPointer> opened(const Range& range, const Result<>& written) {
        if (written)
            return Run::open(files_, folder_, range, secret_mark_);
        (void)files_.remove(path_of(range) + ".new");
        return fail(written.error());
    }

    Result<RunPointer> write_run(const Range& range, const MessageSet& set) { return opened(range, write(range, set)); }

    Result<> write(const Range& range, const MessageSet& set) {
        auto writer = TRY(RunWriter::begin(files_, folder_, range, set.size(), secret_mark_));
        for (const MessageKey& key : set.sorted())
            TRY(writer.add(key));
        return writer.finish();
    }

    Result<bool> is_in_layers(const MessageKey& key) {
        for (bool was_repaired = false;; was_repaired = true) {
            if (my_version_ != shelf_.version()) {
                my_version_ = shelf_.version();
                mine_ = shelf_.layers();
            }
            const auto found = find(key);
            if (found || was_repaired)
                return found;
            TRY(repair_what_is_damaged());
        }
    }

    Result<bool> find(const MessageKey& key) const {
        for (auto layer = mine_.rbegin(); layer != mine_.rend(); ++layer)
            if (layer->set ? layer->set->contains(key) : TRY(layer->run->contains(key)))
                return true;
        return false;
    }

    // Reads every page of every run, and makes the runs again in which one does not hold.
    Result<> repair_what_is_damaged() {
        for (const Layer& layer : shelf_.layers())
            if (layer.run && !is_whole(*layer.run))
                TRY(repair(layer));
        tell_worker();
        return {};
    }

    static bool is_whole(const Run& run) {
        for (std::size_t page = 0; page < run.page_count(); ++page)
            if (!run.read_page(page))
                return false;
        return true;
    }

    Result<> repair(const Layer& damaged) {
        Layers made;
        for (const Range& segment : source_.sealed())
            if (damaged.range.holds(segment))
                made.push_back(TRY(make_layer(segment)));
        if (shelf_.replace(damaged.range, made) && !(made.size() == 1 && made[0].range == damaged.range))
            (void)files_.remove(path_of(damaged.range));
        return {};
    }

    void tell_worker() {
        const std::lock_guard lock{mutex_};
        ++work_;
        changed_.notify_all();
    }

    void work() {
        runtime::give_way(runtime::Urgency::request);
        std::unique_lock lock{mutex_};
        while (!is_stopping_) {
            const std::uint64_t seen = work_;
            is_idle_ = false;
            lock.unlock();
            const auto did = do_one();
            lock.lock();
            is_idle_ = true;
            changed_.notify_all();
            if (!did)
                changed_.wait_for(lock, retry_interval, [&] { return is_stopping_; });
            else if (!*did)
                changed_.wait(lock, [&] { return is_stopping_ || work_ != seen; });
        }
    }

    // Whether there was something to do.
    Result<bool> do_one() {
        const Layers layers = shelf_.layers();
        if (TRY(write_one_of(layers)))
            return true;
        const auto plan = next_merge(layers);
        if (!plan)
            return false;
        const Layers merged(
            layers.begin() + std::ptrdiff_t(plan->first), layers.begin() + std::ptrdiff_t(plan->first + plan->count));
        const auto run = merge(merged);
        if (!run && run.error().code == "message_index.damaged")
            TRY(repair_what_is_damaged());
        if (!run)
            return fail(run.error());
        place((*run)->range(), *run);
        for (const Layer& layer : merged)
            TRY(files_.remove(path_of(layer.range)));
        return true;
    }

    // The first of those in memory, if there is any.
    Result<bool> write_one_of(const Layers& layers) {
        const auto unwritten = std::ranges::find_if(layers, [](const Layer& layer) { return bool(layer.set); });
        if (unwritten == layers.end())
            return false;
        place(unwritten->range, TRY(write_run(unwritten->range, *unwritten->set)));
        return true;
    }

    static std::optional<MergePlan> next_merge(const Layers& layers) {
        std::vector<std::uint64_t> sizes;
        for (const Layer& layer : layers)
            sizes.push_back(layer.size());
        return plan_merge(sizes);
    }

    // What was forgotten while its run was written goes again.
    void place(const Range& range, RunPointer run) {
        if (!shelf_.replace(range, {{range, nullptr, std::move(run)}}))
            (void)files_.remove(path_of(range));
        const std::lock_guard lock{mutex_};
        changed_.notify_all(); // who seals may wait for room
    }

    Result<RunPointer> merge(const Layers& layers) {
        const Range range{layers.front().range.from, layers.back().range.to};
        return opened(range, write_merged(range, layers));
    }

    Result<> write_merged(const Range& range, const Layers& layers) {
        std::uint64_t keys = 0;
        std::vector<RunReader> readers;
        for (const Layer& layer : layers) {
            keys += layer.run->size();
            readers.emplace_back(layer.run);
        }
        auto writer = TRY(RunWriter::begin(files_, folder_, range, keys, secret_mark_));
        auto began = std::chrono::steady_clock::now();
        for (std::uint64_t count = 1;; ++count) {
            RunReader* least = nullptr;
            const MessageKey* key = nullptr;
            for (RunReader& reader : readers)
                if (const MessageKey* head = TRY(reader.head()); head && (!key || *head < *key)) {
                    key = head;
                    least = &reader;
                }
            if (!key)
                break;
            TRY(writer.add(*key));
            least->next();
            if (count % keys_between_rests == 0) {
                if (make_way(began))
                    return fail(
                        ErrorKind::unavailable, "message_index.stopping", {"The index ends.", "索引正在关闭。"});
                TRY(write_one_of(shelf_.layers())); // memory waits for it
                began = std::chrono::steady_clock::now();
            }
        }
        return writer.finish();
    }

    // Nobody waits for a merge. Whether it must end.
    bool make_way(std::chrono::steady_clock::time_point began) {
        const auto work = std::chrono::steady_clock::now() - began;
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, runtime::rest_a_work * work, [&] { return is_stopping_; });
    }

    runtime::Files& files_;
    const std::string folder_;
    const KeySource& source_;
    const std::uint64_t secret_mark_;
    Shelf shelf_;

    // The log's writer's own.
    MessageSet active_;
    Layers mine_;
    std::uint64_t my_version_ = 0;

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::uint64_t work_ = 0;
    bool is_idle_ = false;
    bool is_stopping_ = false;
    std::thread worker_;
};

} // namespace

Result<std::unique_ptr<MessageIndex>> MessageIndex::open(
    const runtime::Outside& outside, const std::string& folder, const KeySource& source, std::uint64_t secret_mark) {
    auto index = std::make_unique<RunIndex>(outside, folder, source, secret_mark);
    TRY(index->start());
    return index;
}

} // namespace onefold::message_index
