#include "base/run_loop.h"

#include <utility>

namespace credvault {

void RunLoop::post(std::function<void()> work) {
    // Under the lock: once the work is seen, its answer may end the loop's life.
    std::lock_guard lock(mutex_);
    queue_.push_back(std::move(work));
    posted_.notify_one();
}

void RunLoop::run_one() {
    std::function<void()> work;
    {
        std::unique_lock lock(mutex_);
        posted_.wait(lock, [this] { return !queue_.empty(); });
        work = std::move(queue_.front());
        queue_.pop_front();
    }
    work();
}

bool RunLoop::run_one_for(std::chrono::milliseconds wait) {
    std::function<void()> work;
    {
        std::unique_lock lock(mutex_);
        if (!posted_.wait_for(lock, wait, [this] { return !queue_.empty(); })) return false;
        work = std::move(queue_.front());
        queue_.pop_front();
    }
    work();
    return true;
}

}  // namespace credvault
