#include "storage/sqlite/sorter.h"

#include <algorithm>

namespace credvault::storage {
namespace {

bool is_before(const Sorter::Held& a, const Sorter::Held& b) { return a.position < b.position; }

}  // namespace

bool Sorter::add(std::string_view position, const Candidate& candidate) {
    if (capacity_ == 0) return true;
    if (held_.size() == capacity_) {
        if (position >= held_.front().position) return true;
        std::pop_heap(held_.begin(), held_.end(), is_before);
        bytes_ -= size_of(held_.back());
        Held& place = held_.back();
        place.position = position;
        place.record = candidate.record;
        place.rid = candidate.rid;
        place.version = candidate.version;
        place.rank = candidate.rank;
    } else {
        held_.push_back({std::string(position), std::string(candidate.record), candidate.rid,
                         candidate.version, candidate.rank});
    }
    bytes_ += size_of(held_.back());
    // A heap is only needed once something has to leave.
    if (held_.size() == capacity_) {
        if (heaped_) {
            std::push_heap(held_.begin(), held_.end(), is_before);
        } else {
            std::make_heap(held_.begin(), held_.end(), is_before);
            heaped_ = true;
        }
    }
    return bytes_ <= memory_bytes_;
}

std::vector<Sorter::Held>& Sorter::sorted() {
    std::sort(held_.begin(), held_.end(), is_before);
    return held_;
}

}  // namespace credvault::storage
