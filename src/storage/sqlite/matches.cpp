#include "storage/sqlite/matches.h"

#include <utility>

namespace credvault::storage {
namespace {

constexpr std::uint64_t usual_steps_between_looks = 64;
constexpr std::size_t bytes_of_a_seen_rid = 40;

}  // namespace

Matches::Step Matches::next(Connection& connection, const WorkGuard& guard, Slice& slice,
                            Candidate& candidate) {
    for (;;) {
        if (slice.is_used_up() ||
            ((entries_ + records_) % steps_between_looks() == 0 && !may_go_on(guard, slice))) {
            pause();
            return error_ ? Step::Failed : Step::SliceUsed;
        }
        const int code = source_.walk->next(connection, candidate);
        if (code == SQLITE_DONE) {
            pause();
            return Step::End;
        }
        if (code != SQLITE_ROW) {
            error_ = source_.walk->failure();
            if (!error_) error_ = connection.error(code, "reading");
            pause();
            return Step::Failed;
        }
        if (candidate.passed_over) {
            ++entries_;
            slice.take_key();
            continue;
        }
        if (source_.keys_only) {
            ++entries_;
            slice.take_key();
        } else {
            ++records_;
            slice.take_record(candidate.record.size());
        }
        if (accepts(candidate)) return Step::Match;
        if (error_) {
            pause();
            return Step::Failed;
        }
    }
}

bool Matches::accepts(const Candidate& candidate) {
    if (!source_.distinct && !seen_.insert(candidate.rid).second) return false;
    if (!source_.filter) return true;
    Result<bool> matching = source_.filter->test(json::View(candidate.record));
    if (matching.ok()) return *matching;
    error_ = std::move(matching).error();
    return false;
}

std::uint64_t Matches::steps_between_looks() const {
    // One expression may take as long as many records without any.
    return source_.filter && source_.filter->has_expressions() ? 1 : usual_steps_between_looks;
}

/// Looks at the clock.
bool Matches::may_go_on(const WorkGuard& guard, const Slice& slice) {
    if (const Status checked = guard.check(); !checked.ok()) {
        error_ = checked.error();
        return false;
    }
    if (seen_.size() * bytes_of_a_seen_rid > guard.memory_bytes()) {
        error_ = query_too_large(guard.memory_bytes(), {});
        return false;
    }
    return slice.may_go_on_at(monotonic_ns());
}

}  // namespace credvault::storage
