// An executor for threads that are not I/O threads: tests, commands and background threads that wait for replies.
// One thread runs it; any thread may post to it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

#include "base/reply.h"

namespace credvault {

class RunLoop final : public Executor {
public:
    RunLoop() : scope_(*this) {}

    void post(std::function<void()> work) override;
    /// Runs one posted function, waiting for it if there is none.
    void run_one();
    /// The same, but waits only so long. False: nothing came.
    bool run_one_for(std::chrono::milliseconds wait);
    /// Runs until the reply is there and returns its answer. Call on the thread that made the loop.
    template <class T>
    Result<T> wait(Reply<T> reply) {
        while (!reply.ready()) run_one();
        return reply.take();
    }

private:
    std::mutex mutex_;
    std::condition_variable posted_;
    std::deque<std::function<void()>> queue_;
    ExecutorScope scope_;
};

}  // namespace credvault
