// Where suspended work goes on. A thread that resumes coroutines (an I/O thread, a pool worker, a test) makes itself
// the current executor; whoever answers from elsewhere posts back to it. post() is safe from any thread.
#pragma once

#include <functional>

namespace credvault {

class Executor {
public:
    virtual ~Executor() = default;
    /// Runs the function later on this executor's own thread. Never runs it before returning.
    virtual void post(std::function<void()> work) = 0;

    /// The executor of the calling thread, or null where it has none.
    static Executor* current();
};

/// Makes an executor current for the calling thread while the scope lives; scopes nest.
class ExecutorScope {
public:
    explicit ExecutorScope(Executor& executor);
    ~ExecutorScope();
    ExecutorScope(const ExecutorScope&) = delete;
    ExecutorScope& operator=(const ExecutorScope&) = delete;

private:
    Executor* previous_;
};

}  // namespace credvault
