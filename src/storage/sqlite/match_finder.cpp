#include "storage/sqlite/match_finder.h"

#include <algorithm>
#include <utility>

#include "json/writer.h"
#include "storage/errors.h"
#include "storage/record.h"
#include "storage/sqlite/query_target.h"
#include "storage/sqlite/work_guard.h"

namespace credvault::storage {
namespace {

/// Keeps the ids that are wanted of the matches as they come.
class FoundIds {
public:
    FoundIds(const query::Sort& sort, bool first_only, bool in_order)
        : sort_(sort), first_only_(first_only), in_order_(in_order) {}

    /// False: the answer is known.
    bool add(const json::View& record) {
        if (first_only_ && !in_order_) {
            std::string position;
            query::append_position(position, record, sort_);
            if (!ids_.empty() && position > first_position_) return true;
            first_position_ = std::move(position);
            ids_.clear();
        }
        std::string id;
        json::append_decoded(id, record_id_escaped(record));
        ids_.push_back(std::move(id));
        return !(first_only_ && in_order_);
    }
    std::size_t size() const { return ids_.size(); }
    std::vector<std::string> take() {
        std::ranges::sort(ids_);
        return std::move(ids_);
    }

private:
    const query::Sort& sort_;
    bool first_only_;
    bool in_order_;
    std::vector<std::string> ids_;
    std::string first_position_;
};

}  // namespace

void MatchFinder::start(WriteTransaction& transaction, const WriteBatch& batch) {
    transaction_ = &transaction;
    batch_ = &batch;
    examined_ = 0;
}

Result<std::vector<std::string>> MatchFinder::find(std::string_view collection, const query::Filter& filter,
                                                   const query::Sort& sort, std::uint64_t limit) {
    const query::QueryShape shape{filter, sort, limit == no_limit, limit != no_limit};
    TRY(const QueryTarget target, QueryTarget::make(transaction_->catalog(), collection, shape));
    Matches matches = target.matches(filter, false);
    const WorkGuard guard(WorkLimits{}, transaction_->options());
    Slice slice;
    slice.rows = static_cast<std::int64_t>(batch_->max_examined - examined_) * Slice::row_cost;
    slice.bytes = Slice::unbounded;
    FoundIds found(sort, limit == 1, target.plan().ordered);
    Candidate candidate;
    for (bool more = true; more;) {
        switch (matches.next(transaction_->connection(), guard, slice, candidate)) {
            case Matches::Step::End: more = false; break;
            case Matches::Step::SliceUsed:
                return write_examines_too_many(batch_->max_examined, query::advised_index(shape));
            case Matches::Step::Failed: return matches.error();
            case Matches::Step::Match: more = found.add(json::View(candidate.record)); break;
        }
        if (found.size() > batch_->max_matched) return too_many_matches(batch_->max_matched);
    }
    matches.pause();
    examined_ += matches.records_examined();
    return found.take();
}

}  // namespace credvault::storage
