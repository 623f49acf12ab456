#include "store/writer.h"

#include "store/failure.h"

#include <chrono>

namespace onefold::store {
namespace {

constexpr std::size_t group_jobs_max = 500;
constexpr std::chrono::milliseconds group_work_max{5};

} // namespace

Writer::Writer(std::unique_ptr<Connection> connection, std::size_t waiting_max)
    : connection_(std::move(connection)), waiting_max_(waiting_max), thread_([this] { serve(); }) {}

Writer::~Writer() {
    {
        std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    arrived_.notify_one();
    thread_.join();
}

Result<> Writer::write(const Work& work) {
    VERIFY(std::this_thread::get_id() != thread_.get_id());
    auto job = std::make_shared<Job>();
    job->work = &work;
    auto answer = job->answer.get_future();
    {
        std::lock_guard lock(mutex_);
        if (waiting_.size() >= waiting_max_)
            return fail(busy("too many writes wait"));
        waiting_.push_back(std::move(job));
    }
    arrived_.notify_one();
    return answer.get();
}

void Writer::serve() {
    while (true) {
        std::shared_ptr<Job> first;
        {
            std::unique_lock lock(mutex_);
            arrived_.wait(lock, [this] { return is_stopping_ || !waiting_.empty(); });
            if (waiting_.empty())
                return;
            first = std::move(waiting_.front());
            waiting_.pop_front();
        }
        run_group(std::move(first));
        connection_->settle();
    }
}

std::shared_ptr<Writer::Job> Writer::next() {
    std::lock_guard lock(mutex_);
    if (waiting_.empty())
        return nullptr;
    auto job = std::move(waiting_.front());
    waiting_.pop_front();
    return job;
}

void Writer::run_group(std::shared_ptr<Job> first) {
    const auto began = std::chrono::steady_clock::now();
    Jobs done;
    Jobs answered;
    for (auto job = std::move(first); job; job = next()) {
        job->outcome = run_job(*job, done);
        const bool is_lost = !connection_->is_in_transaction();
        if (job->outcome)
            done.push_back(job);
        else if (is_lost) {
            for (auto& other : done)
                other->outcome = job->outcome;
            answered.insert(answered.end(), done.begin(), done.end());
            done.clear();
        }
        if (!job->outcome)
            answered.push_back(job);
        if (answered.size() + done.size() >= group_jobs_max)
            break;
        if (std::chrono::steady_clock::now() - began > group_work_max)
            break;
    }
    if (connection_->is_in_transaction()) {
        Result<> committed = done.empty() ? (connection_->rollback(), Result<>{}) : connection_->commit();
        if (committed && !done.empty()) {
            commits_ += 1;
            writes_ += done.size();
        }
        if (!committed) {
            connection_->rollback();
            for (auto& job : done)
                job->outcome = committed;
        }
    }
    for (auto& job : done)
        job->answer.set_value(std::move(job->outcome));
    for (auto& job : answered)
        job->answer.set_value(std::move(job->outcome));
}

// The first of a transaction needs no savepoint: what it did is all that there is to undo.
Result<> Writer::run_job(Job& job, const Jobs& done_before) {
    connection_->forget_failure();
    if (!connection_->is_in_transaction())
        TRY(connection_->begin_writing());
    if (!done_before.empty())
        TRY(connection_->control("SAVEPOINT job"));
    Result<> outcome = run(*job.work, *connection_);
    if (outcome && connection_->is_in_transaction() && !done_before.empty())
        outcome = connection_->control("RELEASE job");
    if (outcome && !connection_->is_in_transaction())
        outcome = fail(failed("the transaction ended early"));
    if (!outcome)
        undo(done_before);
    connection_->forget_failure();
    return outcome;
}

void Writer::undo(const Jobs& done_before) {
    if (!connection_->is_in_transaction())
        return;
    if (!done_before.empty() && connection_->control("ROLLBACK TO job") && connection_->control("RELEASE job"))
        return;
    connection_->rollback();
}

} // namespace onefold::store
