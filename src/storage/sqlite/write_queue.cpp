#include "storage/sqlite/write_queue.h"

#include <utility>
#include <variant>

#include "storage/errors.h"

namespace credvault::storage {
namespace {

template <class... Visitors>
struct Overloaded : Visitors... {
    using Visitors::operator()...;
};
template <class... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

}  // namespace

Result<bool> WriteQueue::push(PendingWrite write) {
    std::lock_guard lock(mutex_);
    if (closed_) return *closed_;
    const SqliteOptions& options = context_.options;
    const bool full = waiting_.size() >= options.max_queued_batches ||
                      (!waiting_.empty() && bytes_ + write.bytes > options.max_queued_bytes);
    if (full) return overloaded("the write queue is full");
    bytes_ += write.bytes;
    waiting_.push_back(std::move(write));
    ++context_.counters.write_queue;
    return !std::exchange(in_line_, true);
}

bool WriteQueue::request() {
    std::lock_guard lock(mutex_);
    return !closed_ && !std::exchange(in_line_, true);
}

std::optional<PendingWrite> WriteQueue::pop() {
    std::lock_guard lock(mutex_);
    if (waiting_.empty()) return {};
    PendingWrite first = std::move(waiting_.front());
    waiting_.pop_front();
    bytes_ -= first.bytes;
    --context_.counters.write_queue;
    return first;
}

bool WriteQueue::finish_turn(bool again) {
    std::lock_guard lock(mutex_);
    in_line_ = !waiting_.empty() || (again && !closed_);
    return in_line_;
}

std::vector<PendingWrite> WriteQueue::close(const Error& why) {
    std::lock_guard lock(mutex_);
    closed_ = why;
    context_.counters.write_queue -= waiting_.size();
    std::vector<PendingWrite> left(std::make_move_iterator(waiting_.begin()),
                                   std::make_move_iterator(waiting_.end()));
    waiting_.clear();
    bytes_ = 0;
    return left;
}

bool WriteQueue::idle() const {
    std::lock_guard lock(mutex_);
    return !in_line_ && waiting_.empty();
}

std::size_t WriteQueue::size() const {
    std::lock_guard lock(mutex_);
    return waiting_.size();
}

std::size_t batch_bytes(const WriteBatch& batch) {
    constexpr std::size_t overhead = 64;
    std::size_t bytes = 0;
    for (const Operation& operation : batch.operations) {
        bytes +=
            overhead + std::visit(Overloaded{[](const InsertRecord& insert) { return insert.record.size(); },
                                             [](const PutRecord& put) { return put.record.size(); },
                                             [](const auto&) { return std::size_t{0}; }},
                                  operation);
    }
    return bytes;
}

}  // namespace credvault::storage
