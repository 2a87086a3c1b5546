// What a text index has of a search's terms: which ones begin so, and how many entries there are. One thread at a
// time.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/text/text_ranking.h"
#include "storage/sqlite/catalog.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/work_guard.h"

namespace credvault::storage {

/// So many terms a prefix may begin.
constexpr std::size_t max_prefix_terms = 1'000;

/// Appends the bytes that begin the keys of each term with this prefix. SQLITE_OK, SQLITE_ABORT where there are over
/// max_prefix_terms, or an extended error code.
int terms_with_prefix(Connection& connection, std::int64_t index, std::string_view prefix,
                      std::vector<std::string>& terms);
/// QUERY_TOO_LARGE.
Error prefix_too_short(std::string_view prefix);

/// What a ranking by a text index is to know, where the search's terms have so many entries in it.
query::TextStatistics statistics_of(const StoredCollection& collection, const StoredIndex& index,
                                    std::vector<std::uint64_t> entries);

/// Counts the entries of each term of a search, in slices.
class TermCounting {
public:
    TermCounting(const query::TextQuery& text, std::int64_t index);

    /// True: counted. Fails with QUERY_TIMEOUT, or by the store's fault.
    Result<bool> advance(Connection& connection, const WorkGuard& guard, Slice& slice);
    std::vector<std::uint64_t> take() { return std::move(entries_); }

private:
    struct Range {
        std::string low;
        std::string high;
    };

    std::int64_t index_;
    std::vector<Range> ranges_;  ///< One for each term; moves up as it is counted.
    std::vector<std::uint64_t> entries_;
    std::size_t at_ = 0;
};

}  // namespace credvault::storage
