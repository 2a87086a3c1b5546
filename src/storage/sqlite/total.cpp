#include "storage/sqlite/total.h"

#include <algorithm>
#include <utility>

namespace credvault::storage {
namespace {
const query::Sort no_sort;
}

Result<bool> Total::advance(ReadSession& session, std::string_view collection, const WorkGuard& guard,
                            Slice& slice) {
    if (!target_) {
        TRY(target_, QueryTarget::make(session.catalog(), collection, {*filter_, no_sort, true, false}));
        if (filter_->matches_everything()) {
            found_ =
                static_cast<std::uint64_t>(std::max<std::int64_t>(0, target_->collection().counts->rows));
            return true;
        }
        matches_ = target_->matches(*filter_, true);
    }
    if (!matches_) return true;
    Candidate candidate;
    while (found_ <= count_to_) {
        switch (matches_->next(session.connection(), guard, slice, candidate)) {
            case Matches::Step::Match: ++found_; break;
            case Matches::Step::End: return true;
            case Matches::Step::SliceUsed: return false;
            case Matches::Step::Failed: return matches_->error();
        }
    }
    matches_->pause();
    return true;
}

void Total::add_stats(WorkStats& stats) const {
    if (!matches_) return;
    stats.entries_examined += matches_->entries_examined();
    stats.records_examined += matches_->records_examined();
}

}  // namespace credvault::storage
