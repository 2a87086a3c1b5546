#include "base/executor.h"

#include <utility>

namespace credvault {
namespace {
thread_local Executor* current_executor = nullptr;
}

Executor* Executor::current() { return current_executor; }

ExecutorScope::ExecutorScope(Executor& executor) : previous_(std::exchange(current_executor, &executor)) {}

ExecutorScope::~ExecutorScope() { current_executor = previous_; }

}  // namespace credvault
