// What questions really cost. A QueryLog is told of every question that was answered: slow ones go to the program's log
// with the facts of their plan, and those that looked at far more than they gave are added up by the index that would
// have helped them. Values are never kept, only the filter's shape. Bounded in memory; thread-safe; a question that is
// quick and frugal costs two comparisons and takes no lock.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "query/planner.h"
#include "storage/read.h"

namespace credvault::storage {

struct QueryLogOptions {
    std::int64_t slow_ms = 500;          ///< From there on a question is logged; 0: none is.
    std::uint64_t wasteful_rows = 1000;  ///< Records and entries examined from which advice is considered …
    std::uint64_t wasteful_factor = 10;  ///< … where they are so many times those that were given.
    std::size_t max_advice = 1000;       ///< Kept in all; beyond it the cheapest goes.
};

/// A question, as far as the log speaks of it.
struct Question {
    std::string_view kind;  ///< "find", "count".
    std::string_view database;
    std::string_view collection;
    query::QueryShape shape;
};

/// An index that would have helped, and what its lack has cost since the server started.
struct IndexAdvice {
    std::string fields;  ///< As in "status,-created_at".
    std::string filter;  ///< The shape of the latest filter.
    std::uint64_t queries = 0;
    std::uint64_t examined = 0;  ///< Records and index entries.
    std::uint64_t returned = 0;
    std::int64_t elapsed_ns = 0;
    std::int64_t last_ms = 0;  ///< When it was last missed.
};

/// Work that asks more than one question: a pipeline, an update. Its questions are told of as well, each by itself.
struct WholeOperation {
    std::string_view kind;  ///< "aggregate", "distinct", "update", "delete".
    std::string_view database;
    std::string_view collection;
    query::QueryShape shape;  ///< Of how it begins.
    std::string stages = {};  ///< Of a pipeline: "$match,$group".
};

class QueryLog {
public:
    explicit QueryLog(QueryLogOptions options) : options_(options) {}

    void note(const Question& question, const WorkStats& stats);
    /// Writes a line where it was slow; makes no advice.
    void note_whole(const WholeOperation& operation, const WorkStats& stats) const;
    bool is_slow(std::int64_t elapsed_ns) const {
        return options_.slow_ms > 0 && elapsed_ns >= options_.slow_ms * 1'000'000;
    }
    /// Of one collection, the costliest first.
    std::vector<IndexAdvice> advice(std::string_view database, std::string_view collection) const;
    /// What was said of a collection that is gone, or with an empty name of all in the database.
    void forget(std::string_view database, std::string_view collection = {});

private:
    using Place = std::tuple<std::string, std::string, std::string>;  ///< Database, collection, fields.

    static void write_line(const WholeOperation& operation, const WorkStats& stats);
    void add_advice(const Question& question, const WorkStats& stats);
    void make_room();

    const QueryLogOptions options_;
    mutable std::mutex mutex_;
    std::map<Place, IndexAdvice> advice_;
};

}  // namespace credvault::storage
