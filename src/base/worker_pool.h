// A fixed set of threads, niced below the I/O threads, for work that takes longer than an I/O thread may spend: scans,
// index builds, compression of large things. submit() is safe from any thread; the queue is bounded.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/reply.h"

namespace credvault {

class WorkerPool {
public:
    struct Options {
        std::string name;              ///< Thread names, at most 12 characters.
        unsigned threads = 1;          ///< At least 1.
        std::size_t max_queue = 1024;  ///< Waiting tasks; beyond it submit() refuses.
        int nice = 5;                  ///< Added to the threads' nice value (Linux, per thread).
    };

    explicit WorkerPool(Options options);
    /// Finishes what is queued, then joins.
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    /// Queues a task. Returns false where the queue is full or the pool is stopping; the task is then not run. What a
    /// task throws is logged.
    bool submit(std::function<void()> task);
    std::size_t queued() const;

    /// Runs `work` (returning Result<T>) on the pool and answers on the caller's executor; OVERLOADED if the queue is
    /// full. An exception becomes INTERNAL. `work` and what it captures are gone before the answer is there.
    template <class T, class F>
    Reply<T> run(F work);

private:
    void loop();

    Options options_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> queue_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

template <class T, class F>
Reply<T> WorkerPool::run(F work) {
    Completer<T> completer;
    // The shared pointer is for std::function, which copies; only this one copy is ever run.
    auto once = std::make_shared<std::optional<F>>(std::move(work));
    const bool queued = submit([completer, once] {
        Result<T> result = [&]() -> Result<T> {
            try {
                return (**once)();
            } catch (const std::exception& thrown) {
                return Error(ErrorCode::INTERNAL, {}, {}, thrown.what());
            } catch (...) {
                return Error(ErrorCode::INTERNAL, {}, {}, "unknown exception");
            }
        }();
        once->reset();
        completer.complete(std::move(result));
    });
    if (!queued) {
        Error error(ErrorCode::OVERLOADED, "The server has too much queued work; try again shortly");
        error.retry_after_seconds = 1;
        return error;
    }
    return completer.reply();
}

}  // namespace credvault
