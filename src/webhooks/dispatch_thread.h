// The thread that the dispatcher's work is done on, below the I/O threads in priority. start() and stop() from one
// thread; post() from any.
#pragma once

#include <functional>
#include <mutex>
#include <thread>

#include "base/run_loop.h"
#include "webhooks/dispatcher.h"

namespace credvault::webhooks {

class DispatchThread {
public:
    explicit DispatchThread(Dispatcher& dispatcher) : dispatcher_(dispatcher) {}
    /// Stops.
    ~DispatchThread() { stop(); }
    DispatchThread(const DispatchThread&) = delete;
    DispatchThread& operator=(const DispatchThread&) = delete;

    void start();
    /// Writes down what has come to its end. The sender must have been stopped. Safe to call twice.
    void stop();
    /// Runs it there; nothing where the thread does not run.
    void post(std::function<void()> work);

private:
    void run(RunLoop& loop);

    Dispatcher& dispatcher_;
    std::mutex mutex_;
    RunLoop* loop_ = nullptr;  ///< While the thread runs.
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace credvault::webhooks
