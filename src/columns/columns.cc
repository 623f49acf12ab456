#include "columns/columns.h"

#include "columns/parts.h"

namespace onefold::columns {

using namespace std::chrono_literals;

std::string_view to_string(State state) {
    switch (state) {
    case State::opening:
        return "opening";
    case State::following:
        return "following";
    case State::rebuilding:
        return "rebuilding";
    case State::standing:
        return "standing";
    }
    return "standing";
}

Columns::Columns(Origin origin, std::function<Result<Zone>()> zone, const runtime::Outside& outside, Options options)
    : parts_(new Parts{std::move(origin), std::move(zone), outside, std::move(options)}) {}

Columns::~Columns() {
    stop();
}

void Columns::start() {
    parts_->follower = std::thread([this] { parts_->follow(); });
}

void Columns::stop() {
    {
        const std::lock_guard lock(parts_->mutex);
        parts_->is_stopping = true;
        parts_->moved.notify_all();
        for (const Question& question : parts_->questions)
            question.connection->interrupt();
    }
    for (std::thread* thread : {&parts_->follower, &parts_->rebuilder})
        if (thread->joinable())
            thread->join();
}

Status Columns::status() const {
    const std::lock_guard lock(parts_->mutex);
    Status status = parts_->told;
    status.end = parts_->origin.visible();
    if (status.trouble)
        status.state = State::standing;
    else if (parts_->is_second_made)
        status.state = State::rebuilding;
    else if (!parts_->is_open || parts_->is_broken)
        status.state = State::opening;
    else if (parts_->first_goal) {
        const std::int64_t first = parts_->origin.log.begin().value;
        status.state = State::rebuilding;
        status.percent = int(100 * std::max<std::int64_t>(0, status.position.value - first) /
                             std::max<std::int64_t>(1, parts_->first_goal->value - first));
    } else {
        status.state = State::following;
        status.percent = 100;
    }
    return status;
}

namespace {

Failure not_open() {
    Error error{ErrorKind::unavailable, "columns.not_open",
        {"The columns for analysis are being opened or rebuilt. Try again in a moment; no data is affected.",
            "分析数据正在打开或重建，请稍后重试；数据不受影响。"}};
    error.retry_after_s = 1;
    return fail(std::move(error));
}

} // namespace

Result<> Columns::ask(const std::function<Result<>(store::ColumnsConnection&)>& question) {
    const std::shared_lock shared(parts_->file_mutex);
    if (!parts_->live || parts_->is_broken)
        return not_open();
    const auto connection = TRY(parts_->live->file->connect());
    std::list<Question>::iterator entry;
    {
        const std::lock_guard lock(parts_->mutex);
        entry = parts_->questions.insert(
            parts_->questions.end(), {connection.get(), std::chrono::steady_clock::now() + 30s});
    }
    const auto answer = question(*connection);
    const std::lock_guard lock(parts_->mutex);
    parts_->questions.erase(entry);
    if (!answer && answer.error().code == "columns.damaged") {
        parts_->is_broken = true;
        parts_->moved.notify_all();
        return not_open();
    }
    return answer;
}

bool Columns::wait_until_visible(Position position, std::chrono::milliseconds timeout) const {
    std::unique_lock lock(parts_->mutex);
    return parts_->moved.wait_for(lock, timeout, [&] { return parts_->told.position >= position; });
}

Result<> Columns::rebuild() {
    return parts_->begin_rebuild("asked");
}

Result<> Columns::forget(const std::vector<Position>& positions) {
    const std::lock_guard my_turn(parts_->turn);
    {
        const std::lock_guard lock(parts_->mutex);
        if (parts_->is_second_made)
            parts_->forgotten.insert(parts_->forgotten.end(), positions.begin(), positions.end());
    }
    if (!parts_->live || parts_->is_broken)
        return {};
    return parts_->live->file->forget(positions);
}

Result<> probe_file(const std::string& path, const store::Columns::Limits& limits) {
    const auto columns = TRY(store::Columns::open(path, limits));
    const auto connection = TRY(columns->connect());
    TRY(connection->execute("CHECKPOINT"));
    for (const char* question : {"SELECT position, format, zone FROM applied", "SELECT * FROM event_type",
             "SELECT * FROM event_property", "SELECT MAX(position) FROM event", "SELECT * FROM copied",
             "SELECT MAX(id) FROM customer_copy", "SELECT MAX(id) FROM node_copy"})
        TRY(connection->each(question, {}, [](const store::Row&) -> Result<> { return {}; }));
    return {};
}

} // namespace onefold::columns
