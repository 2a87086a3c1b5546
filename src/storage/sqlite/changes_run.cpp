#include "storage/sqlite/changes_run.h"

#include <utility>

#include "storage/errors.h"
#include "storage/sqlite/file_format.h"

namespace credvault::storage {
namespace {

/// So many changes of other collections are passed over before a page ends without being full.
constexpr std::uint64_t max_looked_at = 50'000;

std::uint64_t count_of(std::int64_t stored) { return static_cast<std::uint64_t>(stored); }

}  // namespace

Result<bool> ChangesRun::advance(ReadSession& session, Slice slice) {
    Connection& connection = session.connection();
    TRY_VOID(look_at_ends(connection));
    if (request_->limit == 0) return true;
    return read(connection, slice);
}

/// Where the log begins and ends. Between two slices it may have been trimmed.
Status ChangesRun::look_at_ends(Connection& connection) {
    Statement& range = connection[Sql::ChangesRange];
    const StatementScope scope(range);
    if (const int code = range.step(); code != SQLITE_ROW)
        return connection.error(code, "reading the change log");
    const std::int64_t first = range.integer(0);
    page_.oldest = first > 0 ? count_of(first - 1) : 0;
    page_.horizon = count_of(range.integer(1));
    if (!std::exchange(started_, true)) page_.position = request_->after.value_or(page_.oldest);
    if (page_.position < page_.oldest) return changes_gone();
    return page_.position > page_.horizon ? Status(position_ahead()) : Status();
}

bool ChangesRun::is_wanted(std::int64_t operation) const {
    if ((operation & hidden_change) != 0) return false;
    return request_->catalogue || !is_of_catalogue(static_cast<ChangeKind>(operation));
}

Result<bool> ChangesRun::read(Connection& connection, Slice& slice) {
    Statement& rows = connection[Sql::ChangesUp];
    const StatementScope scope(rows);
    rows.bind(1, static_cast<std::int64_t>(page_.position));
    int code = SQLITE_ROW;
    while ((code = rows.step()) == SQLITE_ROW) {
        const std::size_t before = bytes_;
        if (is_wanted(rows.integer(3))) {
            TRY(Named collection, collection_of(connection, rows.integer(1)));
            if (request_->collection.empty() || collection.name == request_->collection)
                TRY_VOID(add(connection, rows, std::move(collection)));
        }
        page_.position = count_of(rows.integer(0));
        const bool full = page_.changes.size() == request_->limit || bytes_ >= request_->max_bytes;
        if (full || ++looked_at_ == max_looked_at) return true;
        slice.take_record(bytes_ - before);
        if (slice.is_used_up()) return false;
    }
    TRY_VOID(connection.check(code, "reading the change log"));
    return true;
}

Result<ChangesRun::Named> ChangesRun::collection_of(Connection& connection, std::int64_t number) {
    const auto known = collections_.find(number);
    if (known != collections_.end()) return known->second;
    Statement& statement = connection[Sql::CollectionName];
    const StatementScope scope(statement);
    const int code = statement.bind(1, number).step();
    if (code == SQLITE_DONE) return database_damaged("changes of an unknown collection");
    if (code != SQLITE_ROW) return connection.error(code, "reading a collection's name");
    const Named named{std::string(statement.bytes(0)), statement.integer(1) != 0};
    return collections_.emplace(number, named).first->second;
}

Status ChangesRun::add(Connection& connection, const Statement& row, Named collection) {
    Change change;
    change.sequence = count_of(row.integer(0));
    change.collection = std::move(collection.name);
    change.id = row.bytes(2);
    change.kind = static_cast<ChangeKind>(row.integer(3));
    change.time_ms = row.integer(4);
    change.actor = row.bytes(5);
    change.revision = {count_of(row.integer(6)), count_of(row.integer(7))};
    if (request_->images) {
        if (!row.is_null(8)) change.before = row.bytes(8);
        if (!row.is_null(9)) change.after = row.bytes(9);
    }
    if (request_->current && collection.live && is_of_record(change.kind))
        TRY_VOID(add_current(connection, row.integer(1), change));
    bytes_ += sizeof(Change) + change.id.size();
    if (change.before) bytes_ += change.before->size();
    if (change.after) bytes_ += change.after->size();
    if (change.current) bytes_ += change.current->text.size();
    page_.changes.push_back(std::move(change));
    return {};
}

Status ChangesRun::add_current(Connection& connection, std::int64_t collection, Change& change) {
    Statement& statement = connection[Sql::RecordById];
    const StatementScope scope(statement);
    const int code = statement.bind(1, collection).bind_text(2, change.id).step();
    if (code == SQLITE_DONE) return {};
    if (code != SQLITE_ROW) return connection.error(code, "reading a changed record");
    const Revision revision{count_of(statement.integer(0)), count_of(statement.integer(1))};
    change.current.emplace(CurrentRecord{std::string(statement.bytes(2)), revision});
    return {};
}

}  // namespace credvault::storage
