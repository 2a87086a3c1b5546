#include "storage/sqlite/writer_pool.h"

#include <pthread.h>

#include <utility>

namespace credvault::storage {

WriterPool::WriterPool(unsigned threads, std::function<void(const std::shared_ptr<Database>&)> after_turn)
    : after_turn_(std::move(after_turn)) {
    for (unsigned i = 0; i < std::max(1u, threads); ++i) threads_.emplace_back([this] { loop(); });
}

WriterPool::~WriterPool() { stop(); }

void WriterPool::put_in_line(std::shared_ptr<Database> database) {
    {
        std::lock_guard lock(mutex_);
        line_.push_back(std::move(database));
    }
    wake_.notify_one();
}

void WriterPool::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) {
        if (thread.joinable()) thread.join();
    }
}

std::shared_ptr<Database> WriterPool::next() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return stopping_ || !line_.empty(); });
    if (line_.empty()) return nullptr;
    std::shared_ptr<Database> first = std::move(line_.front());
    line_.pop_front();
    return first;
}

void WriterPool::loop() {
    pthread_setname_np(pthread_self(), "writer");
    while (const std::shared_ptr<Database> database = next()) {
        const bool chores_left = database->writer().serve();
        after_turn_(database);
        bool again = chores_left;
        {
            std::lock_guard lock(mutex_);
            again = again && !stopping_;
        }
        if (database->queue().finish_turn(again)) put_in_line(database);
    }
}

}  // namespace credvault::storage
