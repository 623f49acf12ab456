#include "store/checkpointer.h"

#include <chrono>
#include <utility>

namespace onefold::store {
namespace {

constexpr std::chrono::milliseconds pause{200};
constexpr int rounds_max = 5; // each copies what was written during the one before it

} // namespace

Checkpointer::Checkpointer(std::unique_ptr<SqliteConnection> connection, std::shared_ptr<WalFrames> wal_frames)
    : connection_(std::move(connection)), wal_frames_(std::move(wal_frames)), thread_([this] { serve(); }) {}

Checkpointer::~Checkpointer() {
    {
        std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    stopped_.notify_one();
    thread_.join();
}

void Checkpointer::copy_until(int left) {
    for (int round = 0; round < rounds_max; ++round) {
        const std::lock_guard copying(wal_frames_->copying);
        if (wal_frames_->waiting() <= left) // also where the log has just begun anew
            return;
        const int before = wal_frames_->copied;
        if (!connection_->checkpoint() || wal_frames_->copied <= before)
            return; // somebody still reads what is older
    }
}

// Copies when much has gathered, when the writer pauses, and before the log is begun anew.
void Checkpointer::serve() {
    int seen = 0;
    std::unique_lock lock(mutex_);
    while (!stopped_.wait_for(lock, pause, [this] { return is_stopping_; })) {
        const int written = wal_frames_->written;
        const bool is_pause = written == std::exchange(seen, written);
        if (!is_pause && written < WalFrames::worth_restarting && wal_frames_->waiting() < WalFrames::worth_copying)
            continue;
        lock.unlock();
        copy_until(is_pause ? 0 : WalFrames::few / 2);
        lock.lock();
    }
}

} // namespace onefold::store
