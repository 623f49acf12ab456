#include "event_log/writer.h"

#include "event_log/spare.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>

namespace onefold::event_log {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t group_bytes_max = 8 << 20;
constexpr std::uint64_t reserve_bytes = 8 << 20;
constexpr auto mark_interval = 1s;

[[noreturn]] void end_process(const Error& error) {
    fmt::print(stderr, "onefold: the event log cannot be written, so the process ends: {}\n", error.message.in("en"));
    std::fflush(stderr);
    ::_exit(74);
}

bool is_passing(const Error& error) {
    return error.kind == ErrorKind::storage_full || error.kind == ErrorKind::unavailable;
}

Failure busy(int retry_after_s) {
    Error error{ErrorKind::unavailable, "event_log.busy",
        {"Events arrive faster than the disk can take them. Nothing of this request was stored; send it again a little "
         "later.",
            "事件到达的速度超过了磁盘的写入速度。本次请求的内容均未保存，请稍后重发。"}};
    error.retry_after_s = retry_after_s;
    return fail(std::move(error));
}

Failure full() {
    return fail(ErrorKind::storage_full, "event_log.full",
        {"The disk is full, or nearly so. Nothing of this request was stored; what is stored already is safe and "
         "readable. "
         "Events are taken again as soon as there is space.",
            "磁盘已满或即将写满。本次请求的内容均未保存；此前已保存的内容是安全的，仍可读取。腾出空间后会自动恢复接收"
            "。"});
}

// What passes by itself becomes an answer; anything else ends the process.
Failure answer_to(const Error& error) {
    if (!is_passing(error))
        end_process(error);
    return error.kind == ErrorKind::storage_full ? full() : busy(1);
}

} // namespace

void DurableEnd::advance(std::uint64_t position) {
    {
        const std::lock_guard lock{mutex_};
        position_.store(position, std::memory_order_release);
    }
    moved_.notify_all();
}

bool DurableEnd::wait_beyond(std::uint64_t position, std::chrono::milliseconds timeout) const {
    std::unique_lock lock{mutex_};
    return moved_.wait_for(lock, timeout, [&] { return position_.load(std::memory_order_relaxed) > position; });
}

Writer::Writer(Setup setup, SegmentList& segments, DurableEnd& durable)
    : outside_(setup.outside),
      folder_(std::move(setup.folder)),
      options_(setup.options),
      segments_(segments),
      durable_(durable),
      end_(setup.end),
      mark_(setup.mark),
      marked_at_(outside_.clock.monotonic()),
      file_(std::move(setup.file)),
      messages_(setup.messages) {
    if (file_) {
        base_ = segments_.holding(end_.position).base;
        reserved_ = offset();
    }
    durable_.advance(end_.position);
    thread_ = std::thread([this] { run(); });
}

Writer::~Writer() {
    {
        const std::lock_guard lock{mutex_};
        is_stopping_ = true;
    }
    arrived_.notify_one();
    thread_.join();
}

void Writer::submit(Batch batch) {
    if (auto queued = queue(batch); !queued)
        batch.done(fail(queued.error()));
}

Result<> Writer::queue(Batch& batch) {
    batch.queued_at = outside_.clock.monotonic();
    const std::lock_guard lock{mutex_};
    TRY(find_room(batch.frames.size(), batch.entries.size(), batch.queued_at));
    waiting_bytes_ += batch.frames.size();
    waiting_events_ += batch.entries.size();
    queue_.push_back(std::move(batch));
    arrived_.notify_one();
    return {};
}

// One batch is always let in where nothing waits, however large it is.
Result<> Writer::find_room(std::size_t bytes, std::size_t events, Time now) const {
    if (waiting_bytes_ == 0)
        return {};
    const auto behind = age(now);
    if (behind <= options_.queue_age_max && waiting_bytes_ + bytes <= options_.queue_bytes_max &&
        waiting_events_ + events <= options_.queue_events_max)
        return {};
    ++refused_;
    return busy(int(std::clamp<std::int64_t>(std::chrono::ceil<std::chrono::seconds>(behind).count(), 1, 30)));
}

std::chrono::milliseconds Writer::age(Time now) const {
    if (waiting_bytes_ == 0)
        return {};
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        now - (writing_since_ ? *writing_since_ : queue_.front().queued_at));
}

Result<> Writer::check_room() const {
    const auto now = outside_.clock.monotonic();
    const std::lock_guard lock{mutex_};
    return find_room(0, 0, now);
}

Writer::Waiting Writer::waiting() const {
    const auto now = outside_.clock.monotonic();
    const std::lock_guard lock{mutex_};
    return {waiting_bytes_, waiting_events_, age(now), refused_};
}

void Writer::run() {
    while (auto group = next_group()) {
        auto answers = write_group(*group);
        const bool has_written = std::ranges::any_of(
            *group, [](const Batch& one) { return !one.entries.empty() && one.wish == Batch::Wish::append; });
        if (has_written)
            has_space_ = answers.back() || answers.back().error().kind != ErrorKind::storage_full;
        release();
        for (std::size_t i = 0; i < group->size(); ++i)
            (*group)[i].done(std::move(answers[i]));
        mark_now_and_then();
    }
    close();
}

std::optional<Writer::Group> Writer::next_group() {
    std::unique_lock lock{mutex_};
    const auto has_work = [&] { return is_stopping_ || !queue_.empty(); };
    if (end_ == mark_)
        arrived_.wait(lock, has_work);
    else
        arrived_.wait_for(lock, mark_interval, has_work);
    if (queue_.empty() && is_stopping_)
        return std::nullopt;
    Group group;
    while (!queue_.empty() && (group.empty() || writing_bytes_ + queue_.front().frames.size() <= group_bytes_max)) {
        writing_bytes_ += queue_.front().frames.size();
        writing_events_ += queue_.front().entries.size();
        group.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    if (!group.empty())
        writing_since_ = group.front().queued_at;
    return group;
}

void Writer::release() {
    const std::lock_guard lock{mutex_};
    writing_since_.reset();
    waiting_bytes_ -= std::exchange(writing_bytes_, 0);
    waiting_events_ -= std::exchange(writing_events_, 0);
}

Writer::Answers Writer::write_group(const Group& group) {
    Answers answers;
    answers.reserve(group.size());
    std::span<const Batch> left{group};
    while (!left.empty()) {
        const std::uint64_t filled = file_ ? offset() : options_.segment_bytes;
        std::uint64_t bytes = 0;
        std::size_t count = 0;
        while (count < left.size() &&
               (filled + bytes == 0 || filled + bytes + left[count].frames.size() <= options_.segment_bytes))
            bytes += left[count++].frames.size();
        if (count > 0) {
            commit(left.first(count), answers);
            left = left.subspan(count);
        } else if (auto rotated = rotate(); !rotated) {
            answers.resize(group.size(), answer_to(rotated.error()));
            break;
        }
    }
    return answers;
}

Result<> Writer::rotate() {
    if (file_) {
        TRY(file_->truncate(offset()));
        sync();
    }
    TRY(write_mark(outside_.files, folder_, high_water_mark_file, end_));
    mark_ = end_;
    const std::string path = fmt::format("{}/{}", folder_, segment_name(end_.position));
    auto file = TRY(outside_.files.open(path, runtime::OpenMode::create));
    TRY(outside_.files.sync_folder(folder_));
    const message_index::Range sealed{base_, end_.position};
    const bool is_first = !file_;
    file_ = std::move(file);
    base_ = end_.position;
    reserved_ = 0;
    segments_.add({base_, path});
    if (messages_ && !is_first)
        messages_->seal(sealed);
    return {};
}

void Writer::commit(std::span<const Batch> batches, Answers& answers) {
    buffer_.clear();
    new_keys_.clear();
    Digest chain = end_.chain;
    const std::size_t first = answers.size();
    for (const Batch& batch : batches) {
        auto assembled = batch.wish == Batch::Wish::ask ? answer(batch) : assemble(batch, chain);
        if (!assembled)
            return give_up(answers, first, batches.size(), fail(assembled.error()));
        answers.push_back(std::move(assembled));
    }
    if (!buffer_.empty()) {
        if (auto written = write(buffer_); !written)
            return give_up(answers, first, batches.size(), answer_to(written.error()));
        end_ = {end_.position + buffer_.size(), chain};
        durable_.advance(end_.position);
    }
    for (std::size_t i = first; i < answers.size(); ++i)
        answers[i]->end = Position{std::int64_t(end_.position)};
}

void Writer::give_up(Answers& answers, std::size_t first, std::size_t count, const Failure& failure) {
    for (const auto& key : new_keys_)
        messages_->erase(key);
    answers.resize(first);
    answers.resize(first + count, failure);
}

Result<Appended> Writer::assemble(const Batch& batch, Digest& chain) {
    constexpr std::size_t keys_ahead = 8;
    Appended answer;
    answer.positions.reserve(batch.entries.size());
    std::size_t from = 0;
    for (std::size_t i = 0; i < batch.entries.size(); ++i) {
        const auto& [length, key] = batch.entries[i];
        if (messages_ && i + keys_ahead < batch.entries.size() && batch.entries[i + keys_ahead].key)
            messages_->prefetch(*batch.entries[i + keys_ahead].key);
        if (key && !TRY(messages_->insert(*key))) {
            answer.positions.push_back(Position{});
        } else {
            if (key)
                new_keys_.push_back(*key);
            const std::size_t at = buffer_.size();
            const std::uint64_t position = end_.position + at;
            buffer_.append(batch.frames, from, length);
            chain = seal_frame({buffer_.data() + at, length}, position, at == 0 ? begins_group_flag : 0, chain);
            answer.positions.push_back(Position{std::int64_t(position)});
        }
        from += length;
    }
    return answer;
}

Result<Appended> Writer::answer(const Batch& question) {
    Appended answer;
    for (const auto& [length, key] : question.entries) {
        const bool is_known = key && messages_ && TRY(messages_->is_known(*key));
        answer.positions.push_back(is_known ? Position{} : Position{std::int64_t(end_.position)});
    }
    return answer;
}

Result<> Writer::write(std::string_view bytes) {
    TRY(reserve(offset() + bytes.size()));
    const auto written = file_->write_at(offset(), bytes);
    if (written)
        sync();
    if (written || !is_passing(written.error()))
        return written;
    if (auto cut = file_->truncate(offset()); !cut)
        end_process(cut.error());
    reserved_ = offset();
    return written;
}

// The first that fails is the last, also of a full disk: nobody knows what was kept, and another sync would not tell.
void Writer::sync() {
    if (auto synced = file_->sync_data(); !synced)
        end_process(synced.error());
}

Result<> Writer::reserve(std::uint64_t bytes) {
    if (bytes <= reserved_)
        return {};
    TRY(check_space());
    const std::uint64_t ahead = std::max(bytes, std::min(bytes + reserve_bytes, options_.segment_bytes));
    auto allocated = file_->allocate(ahead);
    reserved_ = ahead;
    if (!allocated && is_passing(allocated.error()) && ahead > bytes) {
        allocated = file_->allocate(bytes);
        reserved_ = bytes;
    }
    if (!allocated)
        reserved_ = offset();
    return allocated;
}

Result<> Writer::check_space() const {
    if (!options_.is_sparing_space)
        return {};
    const auto space = TRY(outside_.files.space(folder_));
    if (space.free_bytes >= spared_bytes(space.bytes))
        return {};
    return fail(ErrorKind::storage_full, "event_log.nearly_full", {"The disk is nearly full.", "磁盘即将写满。"});
}

void Writer::mark_now_and_then() {
    const auto now = outside_.clock.monotonic();
    if (end_ == mark_ || now - marked_at_ < mark_interval)
        return;
    marked_at_ = now;
    const auto written = write_mark(outside_.files, folder_, high_water_mark_file, end_);
    if (written)
        mark_ = end_;
    else if (!is_passing(written.error()))
        end_process(written.error());
}

// Everything acknowledged is durable by now; what fails here only leaves more for the next start to check.
void Writer::close() {
    if (!file_)
        return;
    if (reserved_ > offset() && file_->truncate(offset()))
        if (!file_->sync_data())
            return;
    if (end_ != mark_)
        (void)write_mark(outside_.files, folder_, high_water_mark_file, end_);
}

} // namespace onefold::event_log
