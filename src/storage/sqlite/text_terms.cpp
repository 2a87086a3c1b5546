#include "storage/sqlite/text_terms.h"

#include <algorithm>
#include <utility>

#include "query/key_bytes.h"
#include "storage/sqlite/key_bounds.h"

namespace credvault::storage {
namespace {

/// So many keys are counted by one statement.
constexpr std::int64_t keys_at_once = 4096;
/// Counting a key costs a part of what walking over it does.
constexpr std::int64_t counted_for_one = 4;

}  // namespace

int terms_with_prefix(Connection& connection, std::int64_t index, std::string_view prefix,
                      std::vector<std::string>& terms) {
    std::string low;
    query::append_term_prefix(low, prefix);
    const std::string high = prefix_end(low);
    Statement& statement = connection[Sql::PostingsUp];
    for (;;) {
        const StatementScope scope(statement);
        const int code = statement.bind(1, index).bind_bytes(2, low).bind_bytes(3, high).bind(4, 1).step();
        if (code == SQLITE_DONE) return SQLITE_OK;
        if (code != SQLITE_ROW) return code;
        if (terms.size() == max_prefix_terms) return SQLITE_ABORT;
        const std::string_view key = statement.bytes(0);
        const std::string_view term = key.substr(0, key.find(query::string_end) + 1);
        terms.emplace_back(term);
        low = prefix_end(term);
    }
}

Error prefix_too_short(std::string_view prefix) {
    return Error(ErrorCode::QUERY_TOO_LARGE, "More than " + std::to_string(max_prefix_terms) +
                                                 " words begin with '" + query::shown_name(prefix) +
                                                 "'; search for a longer beginning");
}

query::TextStatistics statistics_of(const StoredCollection& collection, const StoredIndex& index,
                                    std::vector<std::uint64_t> entries) {
    // Counts are added up apart from each other, and may be off by what is being written.
    const auto count = [](std::int64_t value) {
        return static_cast<std::uint64_t>(std::max<std::int64_t>(0, value));
    };
    return {count(collection.counts->rows), count(index.counts->bytes), std::move(entries)};
}

TermCounting::TermCounting(const query::TextQuery& text, std::int64_t index)
    : index_(index), entries_(text.terms().size()) {
    for (const query::SearchTerm& term : text.terms()) {
        Range& range = ranges_.emplace_back();
        if (term.prefix) {
            query::append_term_prefix(range.low, term.text);
        } else {
            query::append_term(range.low, term.text);
        }
        range.high = prefix_end(range.low);
    }
}

Result<bool> TermCounting::advance(Connection& connection, const WorkGuard& guard, Slice& slice) {
    Statement& statement = connection[Sql::CountKeys];
    while (at_ < ranges_.size()) {
        TRY_VOID(guard.check());
        if (slice.is_used_up() || !slice.may_go_on_at(monotonic_ns())) return false;
        Range& range = ranges_[at_];
        const StatementScope scope(statement);
        statement.bind(1, index_).bind_bytes(2, range.low).bind_bytes(3, range.high).bind(4, keys_at_once);
        const int code = statement.step();
        if (code != SQLITE_ROW) return connection.error(code, "counting the entries of a term");
        const std::int64_t keys = statement.integer(0);
        entries_[at_] += static_cast<std::uint64_t>(keys);
        for (std::int64_t i = 0; i <= keys; i += counted_for_one) slice.take_key();
        if (keys < keys_at_once) {
            ++at_;
        } else {
            range.low = statement.bytes(1);
            range.low += '\0';
        }
    }
    return true;
}

}  // namespace credvault::storage
