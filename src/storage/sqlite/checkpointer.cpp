#include "storage/sqlite/checkpointer.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "base/log.h"

namespace credvault::storage {
namespace {

constexpr std::int64_t failure_pause_ns = 1'000'000'000;

}  // namespace

Checkpointer::Checkpointer(Context& context) : context_(context), thread_([this] { loop(); }) {}

Checkpointer::~Checkpointer() { stop(); }

void Checkpointer::consider(const std::shared_ptr<Database>& database) {
    if (database->writer().unmoved_log_bytes() < context_.options.checkpoint_bytes) return;
    {
        std::lock_guard lock(mutex_);
        if (stopping_ || monotonic_ns() < resume_ns_) return;
        if (std::find(waiting_.begin(), waiting_.end(), database) != waiting_.end()) return;
        waiting_.push_back(database);
    }
    wake_.notify_one();
}

void Checkpointer::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
        waiting_.clear();
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void Checkpointer::loop() {
    pthread_setname_np(pthread_self(), "checkpointer");
    for (;;) {
        std::shared_ptr<Database> database;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
            if (stopping_) return;
            database = std::move(waiting_.front());
            waiting_.pop_front();
        }
        checkpoint(*database);
    }
}

void Checkpointer::checkpoint(Database& database) {
    const auto connection = Connection::open(database.path(), Connection::Mode::Write, context_.options);
    if (!connection.ok()) return;
    Status done;
    std::unique_lock turn(database.writer().turn(), std::defer_lock);
    if (database.writer().log_bytes() > context_.options.max_log_bytes) turn.lock();
    done = (*connection)->execute("PRAGMA wal_checkpoint(PASSIVE)");
    if (!turn.owns_lock() && done.ok()) {
        turn.lock();
        done = (*connection)->execute("PRAGMA wal_checkpoint(PASSIVE)");
    }
    if (turn.owns_lock() && done.ok()) database.writer().note_checkpoint();
    if (turn.owns_lock()) turn.unlock();
    ++context_.counters.checkpoints;
    if (!done.ok()) {
        std::lock_guard lock(mutex_);
        resume_ns_ = monotonic_ns() + failure_pause_ns;
        log::warning("a checkpoint failed", {{"database", database.id()}, {"cause", done.error().cause}});
        (void)database.note(done.error());
    }
}

}  // namespace credvault::storage
