// Questions to an engine and their answers. Rows go to a sink, in whose call a row's view is valid and no longer.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "json/view.h"
#include "query/filter.h"
#include "query/sort.h"

namespace credvault::storage {

/// Tells one content of a record from every other that it ever had under its id, also after delete and insert anew.
struct Revision {
    std::uint64_t incarnation = 0;  ///< Unique to each insertion within the database.
    std::uint64_t version = 0;      ///< The record's _version.

    friend bool operator==(const Revision&, const Revision&) = default;
};

struct RecordKey {
    std::string_view database;
    std::string_view collection;
    std::string_view id;
};

struct Row {
    json::View record;
    Revision revision;
    double rank =
        0;  ///< The score of the filter's $text or the distance of its $near, where it was asked for.
};

/// Takes rows, from one thread at a time but not always the same one.
class RowSink {
public:
    virtual ~RowSink() = default;
    /// Returns false when it wants no more after this one.
    virtual bool row(const Row& row) = 0;
    /// Forget the rows so far; they come again. Only before the reply is ready.
    virtual void restart() = 0;
};

/// Bounds on one question's work. The engine caps them by its own configuration.
struct WorkLimits {
    std::int64_t timeout_ms = 30'000;              ///< QUERY_TIMEOUT past it.
    std::size_t memory_bytes = 64 * 1024 * 1024;   ///< For sorting; QUERY_TOO_LARGE past it.
    const std::atomic<bool>* cancelled = nullptr;  ///< Where set and true: stop with QUERY_TIMEOUT.
};

constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();

struct FindRequest {
    std::string_view database;
    std::string_view collection;
    query::Filter filter;
    query::Sort sort;
    bool any_order = false;    ///< Rows may come in any order; no `next` then.
    std::uint64_t limit = 20;  ///< no_limit: all.
    std::uint64_t offset = 0;  ///< Matches to leave out first.
    std::string
        after;  ///< Only rows whose position (query::append_position) is greater; empty: from the start.
    std::uint64_t count_to = 0;  ///< Also count all matches, up to this many (0: don't; no_limit: all).
    bool explain = false;        ///< Fill WorkStats::plan and advice.
    bool want_rank = false;      ///< Fill Row::rank, also where the sort does not need it.
    WorkLimits limits;

    bool needs_rank() const { return want_rank || query::has_rank(sort); }
};

/// How a question was answered.
struct WorkStats {
    std::string index;  ///< Its name; empty where none was used.
    std::uint64_t entries_examined = 0;
    std::uint64_t records_examined = 0;
    std::uint64_t returned = 0;
    std::int64_t elapsed_ns = 0;
    bool sorted = false;  ///< In memory.
    std::string plan;     ///< One line; with explain.
    std::string advice;   ///< Fields of an index that would help; with explain.
};

struct FindResult {
    bool has_more = false;
    std::string next;  ///< The position of the last row given, where has_more.
    std::optional<std::uint64_t> total;
    bool total_is_exact = true;  ///< False: at least `total`.
    WorkStats stats;
};

struct CountRequest {
    std::string_view database;
    std::string_view collection;
    query::Filter filter;
    std::uint64_t count_to = no_limit;
    bool explain = false;
    WorkLimits limits;
};

struct CountResult {
    std::uint64_t count = 0;
    bool exact = true;
    WorkStats stats;
};

}  // namespace credvault::storage
