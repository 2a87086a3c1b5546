#include "documents/change_hub.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"

namespace credvault::documents {

void ChangeHub::join(Listener& listener) {
    std::lock_guard lock(mutex_);
    listeners_.push_back(&listener);
}

bool ChangeHub::leave(Listener& listener) {
    wake(listener);
    std::lock_guard lock(mutex_);
    std::erase(listeners_, &listener);
    return listeners_.empty();
}

std::optional<std::vector<SliceRef>> ChangeHub::behind(std::uint64_t position, bool needs_records) const {
    std::lock_guard lock(mutex_);
    std::vector<SliceRef> found;
    if (end_ && position >= *end_) return found;
    for (auto slice = slices_.rbegin(); slice != slices_.rend(); ++slice) {
        if (needs_records && !(*slice)->with_records) return {};
        found.push_back(*slice);
        if ((*slice)->from > position) continue;
        std::reverse(found.begin(), found.end());
        return found;
    }
    return {};
}

Reply<Woken> ChangeHub::wait(const Listener& listener, std::uint64_t position) {
    std::lock_guard lock(mutex_);
    if (ended_) return Woken::Ended;
    if (end_ && *end_ > position) return Woken::Changes;
    waiting_.push_back({&listener, {}, monotonic_ns()});
    return waiting_.back().completer.reply();
}

void ChangeHub::wake(const Listener& listener) {
    std::lock_guard lock(mutex_);
    std::erase_if(waiting_, [&](const Waiting& one) {
        if (one.listener != &listener) return false;
        one.completer.complete(Woken::Ended);
        return true;
    });
}

void ChangeHub::begin(std::uint64_t position) {
    std::lock_guard lock(mutex_);
    if (!end_) end_ = position;
}

void ChangeHub::add(SliceRef slice) {
    std::lock_guard lock(mutex_);
    end_ = slice->to;
    bytes_ += slice->bytes;
    slices_.push_back(std::move(slice));
    while (bytes_ > buffer_bytes_ && slices_.size() > 1) {
        bytes_ -= slices_.front()->bytes;
        slices_.pop_front();
    }
    wake_all(Woken::Changes);
}

void ChangeHub::begin_anew(std::uint64_t position) {
    std::lock_guard lock(mutex_);
    slices_.clear();
    bytes_ = 0;
    end_ = position;
    wake_all(Woken::Changes);
}

std::optional<std::uint64_t> ChangeHub::end_position() const {
    std::lock_guard lock(mutex_);
    return end_;
}

bool ChangeHub::wants_records() const {
    std::lock_guard lock(mutex_);
    return std::any_of(listeners_.begin(), listeners_.end(),
                       [](const Listener* one) { return one->needs_records; });
}

std::size_t ChangeHub::listeners() const {
    std::lock_guard lock(mutex_);
    return listeners_.size();
}

std::optional<std::uint64_t> ChangeHub::least_position() const {
    std::lock_guard lock(mutex_);
    std::optional<std::uint64_t> least;
    for (const Listener* one : listeners_) {
        const std::uint64_t position = one->position.load(std::memory_order_relaxed);
        if (!least || position < *least) least = position;
    }
    return least;
}

void ChangeHub::tell_idle(std::int64_t started_ns) {
    std::lock_guard lock(mutex_);
    std::erase_if(waiting_, [&](const Waiting& one) {
        if (one.since_ns >= started_ns) return false;
        one.completer.complete(Woken::Idle);
        return true;
    });
}

void ChangeHub::end() {
    std::lock_guard lock(mutex_);
    ended_ = true;
    wake_all(Woken::Ended);
}

void ChangeHub::wake_all(Woken why) {
    for (const Waiting& one : waiting_) one.completer.complete(why);
    waiting_.clear();
}

}  // namespace credvault::documents
