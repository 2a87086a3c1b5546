#include "base/worker_pool.h"

#include <pthread.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "base/log.h"
#include "base/scheduling.h"

namespace credvault {
namespace {

/// A task that throws is a fault of ours; the thread and what waits behind it survive.
void run_guarded(const std::function<void()>& task, const std::string& pool) {
    try {
        task();
    } catch (const std::exception& thrown) {
        log::error("a task threw", {{"pool", pool}, {"what", thrown.what()}});
    } catch (...) {
        log::error("a task threw", {{"pool", pool}});
    }
}

}  // namespace

WorkerPool::WorkerPool(Options options) : options_(std::move(options)) {
    const unsigned threads = std::max(1u, options_.threads);
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { loop(); });
}

WorkerPool::~WorkerPool() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

bool WorkerPool::submit(std::function<void()> task) {
    std::lock_guard lock(mutex_);
    if (stopping_ || queue_.size() >= options_.max_queue) return false;
    queue_.push_back(std::move(task));
    wake_.notify_one();
    return true;
}

std::size_t WorkerPool::queued() const {
    std::lock_guard lock(mutex_);
    return queue_.size();
}

void WorkerPool::loop() {
    pthread_setname_np(pthread_self(), options_.name.substr(0, 15).c_str());
    be_nice(options_.nice);
    for (;;) {
        std::function<void()> task;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
            if (queue_.empty()) return;
            task = std::move(queue_.front());
            queue_.pop_front();
        }
        run_guarded(task, options_.name);
    }
}

}  // namespace credvault
