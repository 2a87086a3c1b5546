#include "webhooks/log_cursor.h"

namespace credvault::webhooks {

void LogCursor::begin(const Progress& progress) {
    begun_ = true;
    read_to_ = position_ = progress.position;
    pending_.clear();
    ahead_ = 0;
    settled_before_ = {progress.done.begin(), progress.done.end()};
}

void LogCursor::settle(std::uint64_t sequence) {
    const auto found = pending_.find(sequence);
    if (found == pending_.end() || found->second == 0) return;
    if (--found->second == 0) ++ahead_;
    changed_ = true;
    move();
}

void LogCursor::move() {
    while (!pending_.empty() && pending_.begin()->second == 0) {
        position_ = pending_.begin()->first;
        pending_.erase(pending_.begin());
        --ahead_;
    }
    if (pending_.empty() && read_to_ > position_) position_ = read_to_;
    settled_before_.erase(settled_before_.begin(), settled_before_.upper_bound(position_));
}

void LogCursor::read(std::uint64_t to) {
    if (to <= read_to_) return;
    read_to_ = to;
    changed_ = true;
    move();
}

void LogCursor::skip(std::uint64_t to) {
    read_to_ = std::max(read_to_, to);
    changed_ = true;
    move();
}

Progress LogCursor::progress() {
    changed_ = false;
    Progress progress;
    progress.position = position_;
    for (const auto& [sequence, left] : pending_) {
        if (left == 0) progress.done.push_back(sequence);
    }
    for (const std::uint64_t sequence : settled_before_) {
        if (!pending_.contains(sequence)) progress.done.push_back(sequence);
    }
    return progress;
}

}  // namespace credvault::webhooks
