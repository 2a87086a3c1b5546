// Counts the matches of a filter up to a bound: from the collection's own count where all match, from index entries
// alone where those decide, else record by record. Works in slices. One thread at a time.
#pragma once

#include <cstdint>
#include <optional>

#include "storage/read.h"
#include "storage/sqlite/query_target.h"
#include "storage/sqlite/read_session.h"

namespace credvault::storage {

class Total {
public:
    /// The filter must live as long.
    Total(const query::Filter& filter, std::uint64_t count_to) : filter_(&filter), count_to_(count_to) {}

    /// True: the count is there. Fails with COLLECTION_NOT_FOUND, QUERY_TIMEOUT, QUERY_TOO_LARGE.
    Result<bool> advance(ReadSession& session, std::string_view collection, const WorkGuard& guard,
                         Slice& slice);
    void restart() { *this = Total(*filter_, count_to_); }
    bool holds_in(const Catalog& newer) const { return !target_ || target_->holds_in(newer); }

    std::uint64_t count() const { return found_ < count_to_ ? found_ : count_to_; }
    bool exact() const { return found_ <= count_to_; }
    void add_stats(WorkStats& stats) const;
    /// For explain; null before the first advance().
    const QueryTarget* target() const { return target_ ? &*target_ : nullptr; }

private:
    const query::Filter* filter_;
    std::uint64_t count_to_;
    std::uint64_t found_ = 0;
    std::optional<QueryTarget> target_;
    std::optional<Matches> matches_;
};

}  // namespace credvault::storage
