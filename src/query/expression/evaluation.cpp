#include "query/expression/evaluation.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/clock.h"

namespace credvault::query {
namespace {

constexpr std::uint64_t steps_between_checks = 4096;

}  // namespace

Evaluation::Evaluation() : Evaluation(credvault::now_ms()) {}

Evaluation::Evaluation(std::int64_t now_ms, const EvaluationLimits& limits,
                       const std::atomic<bool>* cancelled)
    : now_ms_(now_ms), limits_(limits), cancelled_(cancelled) {
    begin(json::View("{}"));
}

void Evaluation::begin(const json::View& root) { begin(Item(root)); }

void Evaluation::begin(Item root) {
    root_ = std::move(root);
    until_check_ = std::min(limits_.max_work, steps_between_checks);
    work_ = limits_.max_work - until_check_;
    memory_ = 0;
}

void Evaluation::set_variable(std::size_t slot, Item value) {
    need_variables(slot + 1);
    variables_[slot] = std::move(value);
}

bool Evaluation::spend_slowly(std::uint64_t steps) {
    if (cancelled_ != nullptr && cancelled_->load(std::memory_order_relaxed)) return false;
    steps -= until_check_;
    if (steps >= work_) {
        until_check_ = 0;
        work_ = 0;
        return false;
    }
    work_ -= steps;
    until_check_ = std::min(work_, steps_between_checks);
    work_ -= until_check_;
    return true;
}

Error Evaluation::exhausted() const {
    if (cancelled_ != nullptr && cancelled_->load(std::memory_order_relaxed)) {
        return Error(ErrorCode::QUERY_TIMEOUT, "The query was cancelled");
    }
    return Error(ErrorCode::QUERY_TOO_LARGE, "The expression needs more than the " +
                                                 std::to_string(limits_.max_work) +
                                                 " steps that it may take on one record");
}

Status Evaluation::charge(std::size_t bytes) {
    if (bytes > limits_.max_memory || memory_ > limits_.max_memory - bytes) return too_large();
    memory_ += bytes;
    return {};
}

Error Evaluation::too_large() const {
    return Error(ErrorCode::QUERY_TOO_LARGE, "The expression builds more than the " +
                                                 std::to_string(limits_.max_memory) +
                                                 " bytes that it may hold for one record");
}

}  // namespace credvault::query
