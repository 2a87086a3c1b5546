// The best matches of a text, from the entries of its index: a record is only looked at once it would be among them.
#include <algorithm>
#include <utility>

#include "query/key.h"
#include "storage/sqlite/find_run.h"

namespace credvault::storage {

Result<bool> FindRun::fill_ranked(ReadSession& session, Slice& slice) {
    Candidate candidate;
    for (;;) {
        switch (matches_->next(session.connection(), guard_, slice, candidate)) {
            case Matches::Step::End: return true;
            case Matches::Step::SliceUsed: return false;
            case Matches::Step::Failed: return matches_->error();
            case Matches::Step::Match: TRY_VOID(rank_in(session.connection(), candidate));
        }
    }
}

Status FindRun::rank_in(Connection& connection, const Candidate& candidate) {
    ++matched_;
    position_.clear();
    query::append_key(position_, json::Value(candidate.rank), true);
    position_ += candidate.id_key;
    if (!request_->after.empty() && position_ <= request_->after) return {};
    if (!target_->plan().exact && sorter_->takes(position_)) {
        Statement& statement = connection[Sql::VersionByRid];
        const StatementScope scope(statement);
        const int code = statement.bind(1, candidate.rid).step();
        if (code == SQLITE_DONE) return {};
        if (code != SQLITE_ROW) return connection.error(code, "reading a record");
        ++ranked_examined_;
        TRY(const bool matching, request_->filter.test(json::View(statement.bytes(1))));
        if (!matching) return {};
    }
    if (sorter_->add(position_, candidate)) return {};
    matches_->pause();
    return query_too_large(guard_.memory_bytes(), {});
}

/// Records may have changed since their entries were read; what no longer matches is left out.
Status FindRun::give_ranked(Connection& connection) {
    std::vector<Sorter::Held>& rows = sorter_->sorted();
    std::uint64_t at = std::min<std::uint64_t>(request_->offset, rows.size());
    std::string_view last;
    const std::uint64_t end = std::min<std::uint64_t>(wanted(), rows.size());
    for (; at < end && !stopped_; ++at) {
        TRY_VOID(guard_.check());
        Statement& statement = connection[Sql::VersionByRid];
        const StatementScope scope(statement);
        const int code = statement.bind(1, rows[at].rid).step();
        if (code == SQLITE_DONE) continue;
        if (code != SQLITE_ROW) return connection.error(code, "reading a record");
        ++ranked_examined_;
        const json::View record(statement.bytes(1));
        TRY(const bool matching, request_->filter.test(record));
        if (!matching) continue;
        stopped_ = !give({record, revision_of(rows[at].rid, statement.integer(0)), rows[at].rank});
        last = rows[at].position;
    }
    // The sorter kept one row more than the page takes.
    result_.has_more = at < rows.size() && (result_.stats.returned > 0 || request_->limit == 0);
    if (result_.has_more) result_.next = last;
    if (request_->count_to > 0 && target_->plan().exact) {
        result_.total = std::min(matched_, request_->count_to);
        result_.total_is_exact = matched_ <= request_->count_to;
    } else if (request_->count_to > 0) {
        total_.emplace(request_->filter, request_->count_to);
    }
    sorter_.reset();
    return {};
}

}  // namespace credvault::storage
