// The records that match a filter, in the order of a walk: the walk's records less those that the filter refuses and
// those that came before. Works in slices. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_set>

#include "query/filter.h"
#include "storage/sqlite/walk.h"
#include "storage/sqlite/work_guard.h"

namespace credvault::storage {

class Matches {
public:
    enum class Step : std::uint8_t { Match, End, SliceUsed, Failed };

    struct Source {
        std::unique_ptr<Walk> walk;
        std::optional<query::Filter> filter;  ///< None: all match.
        bool distinct = true;                 ///< The walk gives no record twice.
        bool keys_only = false;
    };
    explicit Matches(Source source) : source_(std::move(source)) {}
    Matches(Matches&&) = default;
    Matches& operator=(Matches&&) = default;
    ~Matches() {
        if (source_.walk) pause();
    }

    /// The next match. On Failed error() says why; on SliceUsed the walk has been paused.
    Step next(Connection& connection, const WorkGuard& guard, Slice& slice, Candidate& candidate);
    void pause() { source_.walk->pause(); }
    /// All that is nearer than this has been given (Access::Near).
    double reach() const { return source_.walk->reach(); }
    /// Takes the error of the last step.
    Error error() { return *std::move(error_); }

    std::uint64_t entries_examined() const { return entries_; }
    std::uint64_t records_examined() const { return records_; }

private:
    /// False where the filter fails too; error_ says why.
    bool accepts(const Candidate& candidate);
    std::uint64_t steps_between_looks() const;
    bool may_go_on(const WorkGuard& guard, const Slice& slice);

    Source source_;
    std::unordered_set<std::int64_t> seen_;
    std::uint64_t entries_ = 0;
    std::uint64_t records_ = 0;
    std::optional<Error> error_;
};

}  // namespace credvault::storage
