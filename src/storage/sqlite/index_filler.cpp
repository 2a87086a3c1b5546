#include "storage/sqlite/index_filler.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "storage/errors.h"
#include "storage/record.h"
#include "storage/sqlite/entry_changes.h"

namespace credvault::storage {
namespace {

constexpr std::size_t records_between_looks = 16;
constexpr std::size_t max_gathered_bytes = 8 * 1024 * 1024;

struct Gathered {
    query::IndexEntry entry;
    std::int64_t rid;
};

class Filler {
public:
    Filler(WriteTransaction& transaction, const StoredIndex& index, const FillRange& range)
        : transaction_(transaction), index_(index), range_(range), started_ns_(monotonic_ns()) {
        filled_.position = range.after;
    }

    Result<Filled> run() {
        TRY_VOID(gather());
        if (filled_.failure.empty()) TRY_VOID(write());
        transaction_.count(index_.number, index_.counts, added_, length_);
        return std::move(filled_);
    }

private:
    /// Reading takes up to a third of the time: writing what was read takes longer.
    bool time_is_up() const { return monotonic_ns() - started_ns_ > range_.budget_ns / 3; }

    Status gather() {
        Connection& connection = transaction_.connection();
        Statement& statement = connection[Sql::Scan];
        const StatementScope scope(statement);
        statement.bind(1, range_.after + 1).bind(2, range_.last + 1);
        int code = SQLITE_ROW;
        while ((code = statement.step()) == SQLITE_ROW) {
            TRY_VOID(gather_record(statement.integer(0), json::View(statement.bytes(2))));
            if (!filled_.failure.empty()) return {};
            const bool look = filled_.records % records_between_looks == 0;
            if ((look && time_is_up()) || bytes_ > max_gathered_bytes) return {};
        }
        TRY_VOID(connection.check(code, "reading records for an index"));
        filled_.complete = true;
        return {};
    }

    Status gather_record(std::int64_t rid, const json::View& record) {
        Result<query::IndexKeys> keys = query::index_keys(record, index_.spec.keys);
        if (!keys.ok()) {
            std::string id;
            filled_.failure = unindexable_in_build(json::View(record).find("id")->decoded(id), keys.error());
            return {};
        }
        filled_.multikey |= keys->multikey;
        filled_.cut |= keys->cut;
        for (query::IndexEntry& entry : keys->entries) {
            bytes_ += entry.key.size() + sizeof(Gathered);
            gathered_.push_back({std::move(entry), rid});
        }
        filled_.position = rid;
        ++filled_.records;
        return {};
    }

    Status write() {
        std::sort(gathered_.begin(), gathered_.end(),
                  [](const Gathered& a, const Gathered& b) { return a.entry.key < b.entry.key; });
        for (const Gathered& one : gathered_) {
            if (index_.spec.unique) TRY_VOID(check_unique(one));
            if (!filled_.failure.empty()) return {};
            TRY(const bool is_new, insert_entry(transaction_.connection(), index_, one.entry, one.rid));
            added_ += is_new ? 1 : 0;
            length_ += is_new ? length_of(one.entry) : 0;
        }
        return {};
    }

    Status check_unique(const Gathered& one) {
        Connection& connection = transaction_.connection();
        TRY(const bool taken, is_taken(connection, index_, one.entry, one.rid));
        if (!taken) return {};
        Statement& statement = connection[Sql::RecordByRid];
        const StatementScope scope(statement);
        const int code = statement.bind(1, one.rid).step();
        if (code != SQLITE_ROW) return connection.error(code, "reading a record again");
        filled_.failure = duplicate_in_build(index_.spec, json::View(statement.bytes(0)));
        return {};
    }

    WriteTransaction& transaction_;
    const StoredIndex& index_;
    const FillRange range_;
    const std::int64_t started_ns_;
    Filled filled_;
    std::vector<Gathered> gathered_;
    std::size_t bytes_ = 0;
    std::int64_t added_ = 0;
    std::int64_t length_ = 0;
};

}  // namespace

Result<Filled> fill_index(WriteTransaction& transaction, const StoredIndex& index, const FillRange& range) {
    return Filler(transaction, index, range).run();
}

}  // namespace credvault::storage
