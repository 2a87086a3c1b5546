#include "storage/sqlite/record_writer.h"

#include <utility>

#include "storage/errors.h"

namespace credvault::storage {
namespace {

std::int64_t size_of(std::string_view text) { return static_cast<std::int64_t>(text.size()); }

}  // namespace

void RecordWriter::start(WriteTransaction& transaction, const WriteBatch& batch, std::int64_t now_ms) {
    transaction_ = &transaction;
    batch_ = &batch;
    now_ms_ = now_ms;
}

Result<OperationOutcome> RecordWriter::apply(const InsertRecord& operation) {
    TRY(const CollectionRef into, transaction_->collection(operation.collection));
    const json::View fields(operation.record);
    const auto given = fields.find("id");
    if (!given) return insert(into, transaction_->ulids().next(now_ms_), fields, operation.keep_times);
    std::string id = given->as_string();
    TRY(const auto stored, read(*into, id));
    if (stored) return record_exists(id);
    return insert(into, std::move(id), fields, operation.keep_times);
}

Result<OperationOutcome> RecordWriter::apply(const PutRecord& operation) {
    TRY(const CollectionRef into, transaction_->collection(operation.collection));
    TRY(const auto stored, read_checked(*into, operation.id, operation.precondition));
    const json::View fields(operation.record);
    if (stored) return change(into, operation.id, *stored, fields);
    if (!operation.create) return record_not_found(operation.id);
    return insert(into, std::string(operation.id), fields, false);
}

Result<OperationOutcome> RecordWriter::apply(const ModifyRecord& operation) {
    TRY(const CollectionRef into, transaction_->collection(operation.collection));
    TRY(const auto stored, read_checked(*into, operation.id, operation.precondition));
    if (!stored) return record_not_found(operation.id);
    TRY(const std::string changed, operation.change->apply(stored->record));
    return change(into, operation.id, *stored, json::View(changed));
}

Result<OperationOutcome> RecordWriter::apply(const RemoveRecord& operation) {
    TRY(const CollectionRef from, transaction_->collection(operation.collection));
    TRY(const auto stored, read_checked(*from, operation.id, operation.precondition));
    if (!stored) return record_not_found(operation.id);
    TRY_VOID(entries_.plan(*transaction_, from, stored->rid, &stored->record, nullptr));
    Connection& connection = transaction_->connection();
    TRY_VOID(connection.check(connection[Sql::DeleteRecord].bind(1, stored->rid).run(), "removing a record"));
    TRY_VOID(entries_.apply(*transaction_));
    TRY_VOID(transaction_->log_change(
        *from, {ChangeKind::Removed, operation.id, stored->revision(), now_ms_, stored->record.text(), {}}));
    transaction_->count(from->number, from->counts, -1, -size_of(stored->record.text()));
    return outcome(Effect::Removed, operation.id, stored->revision(), {});
}

Result<std::optional<RecordWriter::Stored>> RecordWriter::read(const StoredCollection& collection,
                                                               std::string_view id) {
    Connection& connection = transaction_->connection();
    Statement& statement = connection[Sql::RecordById];
    const StatementScope scope(statement);
    const int code = statement.bind(1, collection.number).bind_text(2, id).step();
    if (code == SQLITE_DONE) return std::optional<Stored>();
    if (code != SQLITE_ROW) return connection.error(code, "reading a record");
    buffer_.assign(statement.bytes(2));
    return std::optional<Stored>(
        Stored{statement.integer(0), static_cast<std::uint64_t>(statement.integer(1)), json::View(buffer_)});
}

Result<std::optional<RecordWriter::Stored>> RecordWriter::read_checked(const StoredCollection& collection,
                                                                       std::string_view id,
                                                                       const Precondition& precondition) {
    TRY(std::optional<Stored> stored, read(collection, id));
    const std::optional<Revision> revision = stored ? std::optional(stored->revision()) : std::nullopt;
    TRY_VOID(check_precondition(precondition, id, revision));
    return stored;
}

Result<OperationOutcome> RecordWriter::insert(const CollectionRef& collection, std::string id,
                                              const json::View& fields, bool keep_times) {
    TRY(std::string text, new_record(fields, id, now_ms_, keep_times));
    const std::int64_t rid = rid_of(collection->number, transaction_->last_sequence() + 1);
    const json::View record(text);
    TRY(std::string warning, transaction_->check_rule(*collection, record));
    TRY_VOID(entries_.plan(*transaction_, collection, rid, nullptr, &record));
    const Revision revision{static_cast<std::uint64_t>(rid), 1};
    TRY_VOID(transaction_->log_change(*collection, {ChangeKind::Inserted, id, revision, now_ms_, {}, text}));
    Connection& connection = transaction_->connection();
    Statement& statement = connection[Sql::InsertRecord];
    statement.bind(1, rid).bind(2, collection->number).bind_text(3, id).bind(4, 1).bind_text(5, text);
    TRY_VOID(connection.check(statement.run(), "inserting a record"));
    TRY_VOID(entries_.apply(*transaction_));
    transaction_->count(collection->number, collection->counts, 1, size_of(text));
    OperationOutcome done = outcome(Effect::Created, id, revision, std::move(text));
    done.warning = std::move(warning);
    return done;
}

Result<OperationOutcome> RecordWriter::change(const CollectionRef& collection, std::string_view id,
                                              const Stored& stored, const json::View& fields) {
    TRY(std::string text, changed_record(stored.record, fields, now_ms_));
    if (text.empty())
        return outcome(Effect::Unchanged, id, stored.revision(), std::string(stored.record.text()));
    const json::View record(text);
    TRY(std::string warning, transaction_->check_rule(*collection, record));
    TRY_VOID(entries_.plan(*transaction_, collection, stored.rid, &stored.record, &record));
    Connection& connection = transaction_->connection();
    const Revision revision{static_cast<std::uint64_t>(stored.rid), stored.version + 1};
    Statement& statement = connection[Sql::UpdateRecord];
    statement.bind(1, stored.rid).bind(2, static_cast<std::int64_t>(revision.version)).bind_text(3, text);
    TRY_VOID(connection.check(statement.run(), "changing a record"));
    TRY_VOID(entries_.apply(*transaction_));
    TRY_VOID(transaction_->log_change(
        *collection, {ChangeKind::Changed, id, revision, now_ms_, stored.record.text(), text}));
    transaction_->count(collection->number, collection->counts, 0,
                        size_of(text) - size_of(stored.record.text()));
    OperationOutcome done = outcome(Effect::Changed, id, revision, std::move(text));
    done.warning = std::move(warning);
    return done;
}

OperationOutcome RecordWriter::outcome(Effect effect, std::string_view id, const Revision& revision,
                                       std::string record) const {
    if (!batch_->want_records) record.clear();
    return {effect, std::string(id), revision, std::move(record)};
}

}  // namespace credvault::storage
