#include "storage/sqlite/walk.h"

#include <utility>

#include "storage/sqlite/file_format.h"
#include "storage/sqlite/key_bounds.h"
#include "storage/sqlite/search_walks.h"

namespace credvault::storage {
namespace {

class NothingWalk final : public Walk {
public:
    int next(Connection&, Candidate&) override { return SQLITE_DONE; }
    void pause() override {}
};

/// The records with given ids.
class IdsWalk final : public Walk {
public:
    IdsWalk(std::vector<std::string> ids, std::int64_t collection)
        : ids_(std::move(ids)), collection_(collection) {}

    int next(Connection& connection, Candidate& candidate) override {
        statement_ = &connection[Sql::RecordById];
        while (at_ < ids_.size()) {
            statement_->reset();
            const int code = statement_->bind(1, collection_).bind_text(2, ids_[at_]).step();
            if (code != SQLITE_ROW && code != SQLITE_DONE) return code;
            ++at_;
            if (code == SQLITE_DONE) continue;
            candidate = {statement_->integer(0), statement_->integer(1), statement_->bytes(2), {}, 0};
            return SQLITE_ROW;
        }
        return SQLITE_DONE;
    }
    void pause() override {
        if (statement_ != nullptr) statement_->reset();
    }

private:
    const std::vector<std::string> ids_;
    const std::int64_t collection_;
    std::size_t at_ = 0;
    Statement* statement_ = nullptr;
};

/// All records of a collection in the order of their insertion. Once paused it leaves out what is inserted from then
/// on: writers can't keep it from ending.
class ScanWalk final : public Walk {
public:
    explicit ScanWalk(std::int64_t collection)
        : from_(rid_of(collection, 0)), end_(rid_of(collection + 1, 0)) {}

    int next(Connection& connection, Candidate& candidate) override {
        if (statement_ == nullptr) {
            if (paused_ && !has_last_) {
                const int code = find_last(connection);
                if (code != SQLITE_ROW) return code;
            }
            statement_ = &connection[Sql::Scan];
            statement_->bind(1, from_).bind(2, end_);
        }
        const int code = statement_->step();
        if (code == SQLITE_ROW) {
            candidate = {statement_->integer(0), statement_->integer(1), statement_->bytes(2), {}, 0};
            from_ = candidate.rid + 1;
        }
        return code;
    }
    void pause() override {
        if (statement_ == nullptr) return;
        statement_->reset();
        statement_ = nullptr;
        paused_ = true;
    }

private:
    /// SQLITE_DONE: there are no more.
    int find_last(Connection& connection) {
        Statement& last = connection[Sql::LastRid];
        const int code = last.bind(1, from_).bind(2, end_).step();
        if (code == SQLITE_ROW) end_ = last.integer(0) + 1;
        last.reset();
        has_last_ = code == SQLITE_ROW;
        return code;
    }

    std::int64_t from_;
    std::int64_t end_;
    bool paused_ = false;
    bool has_last_ = false;
    Statement* statement_ = nullptr;
};

/// One range after another of keys under one number, up or down: what the walks over ids and over entries share. The
/// statement's first column is the key.
class RangesWalk : public Walk {
public:
    RangesWalk(std::vector<query::KeyRange> ranges, std::int64_t number, Sql which, bool reverse)
        : ranges_(std::move(ranges)), number_(number), which_(which), reverse_(reverse) {}

    int next(Connection& connection, Candidate& candidate) override {
        while (at_ < ranges_.size()) {
            if (statement_ == nullptr) open(connection);
            const int code = statement_->step();
            on_row_ = code == SQLITE_ROW;
            if (on_row_) return read(connection, *statement_, candidate);
            statement_->reset();
            statement_ = nullptr;
            if (code != SQLITE_DONE) return code;
            ++at_;
        }
        return SQLITE_DONE;
    }
    void pause() override {
        if (statement_ == nullptr) return;
        if (on_row_) continue_behind(statement_->bytes(0));
        statement_->reset();
        statement_ = nullptr;
    }

protected:
    virtual void bind(Statement& statement, const query::KeyRange& range) = 0;
    /// SQLITE_ROW or an extended error code.
    virtual int read(Connection& connection, const Statement& statement, Candidate& candidate) = 0;
    /// Asked when a range is begun, or begun anew on another connection.
    virtual Sql which(const Connection&) { return which_; }

private:
    void open(Connection& connection) {
        statement_ = &connection[which(connection)];
        statement_->bind(1, number_);
        bind(*statement_, ranges_[at_]);
        on_row_ = false;
    }
    void continue_behind(std::string_view key) {
        if (reverse_) {
            ranges_[at_].high = key;
        } else {
            ranges_[at_].low = key;
            ranges_[at_].low += '\0';
        }
    }

    std::vector<query::KeyRange> ranges_;
    const std::int64_t number_;
    const Sql which_;
    const bool reverse_;
    std::size_t at_ = 0;
    Statement* statement_ = nullptr;
    bool on_row_ = false;
};

class IdRangeWalk final : public RangesWalk {
public:
    IdRangeWalk(std::vector<query::KeyRange> ids, const WalkTarget& target, bool reverse)
        : RangesWalk(std::move(ids), target.collection,
                     target.keys_only ? (reverse ? Sql::IdsDown : Sql::IdsUp)
                                      : (reverse ? Sql::RecordsDown : Sql::RecordsUp),
                     reverse),
          keys_only_(target.keys_only) {}

private:
    void bind(Statement& statement, const query::KeyRange& range) override {
        statement.bind_text(2, range.low).bind_text(3, range.high);
    }
    int read(Connection&, const Statement& statement, Candidate& candidate) override {
        candidate.rid = statement.integer(1);
        if (keys_only_) return SQLITE_ROW;
        candidate.version = statement.integer(2);
        candidate.record = statement.bytes(3);
        return SQLITE_ROW;
    }

    const bool keys_only_;
};

/// Where the connection may use the cache of records it walks the keys alone, and looks for each record there first.
class IndexWalk final : public RangesWalk {
public:
    IndexWalk(const query::Plan& plan, const WalkTarget& target)
        : RangesWalk(closed(plan.ranges), target.index,
                     target.keys_only ? (plan.reverse ? Sql::KeysDown : Sql::KeysUp)
                                      : (plan.reverse ? Sql::EntriesDown : Sql::EntriesUp),
                     plan.reverse),
          keys_only_(target.keys_only),
          keys_(plan.reverse ? Sql::KeysDown : Sql::KeysUp),
          mark_(plan.only_marked ? (plan.reverse ? greatest_mark : least_mark) : 0) {}

private:
    static std::vector<query::KeyRange> closed(std::vector<query::KeyRange> ranges) {
        for (query::KeyRange& range : ranges) {
            if (range.high.empty()) range.high = top_bound;
        }
        return ranges;
    }
    void bind(Statement& statement, const query::KeyRange& range) override {
        statement.bind_bytes(2, range.low).bind_bytes(3, range.high).bind(4, mark_);
    }
    Sql which(const Connection& connection) override {
        looks_up_ = !keys_only_ && connection.cached();
        return looks_up_ ? keys_ : RangesWalk::which(connection);
    }
    int read(Connection& connection, const Statement& statement, Candidate& candidate) override {
        candidate.rid = statement.integer(1);
        candidate.passed_over = false;
        if (keys_only_) return SQLITE_ROW;
        if (looks_up_) return look_up(connection, candidate);
        candidate.version = statement.integer(2);
        candidate.record = statement.bytes(3);
        return SQLITE_ROW;
    }
    int look_up(Connection& connection, Candidate& candidate) {
        if (const auto version = connection.cached().find(candidate.rid, text_)) {
            candidate.version = static_cast<std::int64_t>(*version);
            candidate.record = text_;
            return SQLITE_ROW;
        }
        Statement& row = connection[Sql::VersionByRid];
        const int code = row.bind(1, candidate.rid).step();
        if (code == SQLITE_ROW) {
            candidate.version = row.integer(0);
            text_ = row.bytes(1);
            candidate.record = text_;
            connection.cached().keep(candidate.rid, candidate.version, text_);
        }
        row.reset();
        candidate.passed_over = code == SQLITE_DONE;
        return code == SQLITE_DONE ? SQLITE_ROW : code;
    }

    const bool keys_only_;
    const Sql keys_;
    const std::int64_t mark_;
    bool looks_up_ = false;
    std::string text_;
};

std::vector<query::KeyRange> ids_of(const std::vector<query::KeyRange>& encoded) {
    std::vector<query::KeyRange> ids;
    for (const query::KeyRange& range : encoded) {
        IdBounds bounds = id_bounds(range);
        ids.push_back({std::move(bounds.low), std::move(bounds.high)});
    }
    return ids;
}

}  // namespace

std::unique_ptr<Walk> make_walk(const query::Plan& plan, const WalkTarget& target) {
    switch (plan.access) {
        case query::Access::Nothing: return std::make_unique<NothingWalk>();
        case query::Access::Ids: return std::make_unique<IdsWalk>(plan.ids, target.collection);
        case query::Access::IdRange:
            return std::make_unique<IdRangeWalk>(ids_of(plan.ranges), target, plan.reverse);
        case query::Access::Index: return std::make_unique<IndexWalk>(plan, target);
        case query::Access::Scan: return std::make_unique<ScanWalk>(target.collection);
        case query::Access::Text: return make_text_walk(plan, target);
        case query::Access::Near: return make_near_walk(plan, target);
    }
    return std::make_unique<NothingWalk>();
}

}  // namespace credvault::storage
