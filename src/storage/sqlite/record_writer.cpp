#include "storage/sqlite/record_writer.h"

#include <utility>

#include "storage/errors.h"

namespace credvault::storage {
namespace {

std::int64_t size_of(std::string_view text) { return static_cast<std::int64_t>(text.size()); }

OperationOutcome skipped(std::string_view id) {
    OperationOutcome outcome;
    outcome.effect = Effect::Skipped;
    outcome.id = id;
    return outcome;
}

/// Adds what happened to one record to the outcome for all.
void add_up(OperationOutcome& all, const OperationOutcome& one) {
    all.matched += one.matched;
    all.modified += one.modified;
    if (one.effect != Effect::Unchanged) all.effect = one.effect;
    all.warned += one.warned;
    if (all.warning.empty()) all.warning = one.warning;
}

template <class Stored>
std::optional<json::View> record_of(const std::optional<Stored>& stored) {
    return stored ? std::optional(stored->record) : std::nullopt;
}

}  // namespace

void RecordWriter::start(WriteTransaction& transaction, const WriteBatch& batch, std::int64_t now_ms) {
    transaction_ = &transaction;
    batch_ = &batch;
    now_ms_ = now_ms;
    finder_.start(transaction, batch);
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
    TRY(const bool wanted, guard_holds(operation.guard, operation.id, record_of(stored)));
    if (!wanted) return skipped(operation.id);
    if (!stored) return record_not_found(operation.id);
    TRY(const std::string changed, operation.change->apply(stored->record));
    return change(into, operation.id, *stored, json::View(changed));
}

Result<OperationOutcome> RecordWriter::apply(const RemoveRecord& operation) {
    TRY(const CollectionRef from, transaction_->collection(operation.collection));
    TRY(const auto stored, read_checked(*from, operation.id, operation.precondition));
    TRY(const bool wanted, guard_holds(operation.guard, operation.id, record_of(stored)));
    if (!wanted) return skipped(operation.id);
    if (!stored) return record_not_found(operation.id);
    return remove(from, operation.id, *stored);
}

Result<OperationOutcome> RecordWriter::apply(const ModifyMatches& operation) {
    TRY(const CollectionRef in, transaction_->collection(operation.collection));
    TRY(const std::vector<std::string> ids,
        finder_.find(operation.collection, operation.filter, operation.sort, operation.limit));
    if (ids.empty()) return operation.upsert ? upsert(in, *operation.change) : skipped({});
    OperationOutcome all = skipped({});
    all.effect = Effect::Unchanged;
    for (const std::string& id : ids) {
        TRY(const auto stored, read(*in, id));
        if (!stored) continue;
        TRY(const std::string changed, operation.change->apply(stored->record));
        TRY(OperationOutcome one, change(in, id, *stored, json::View(changed)));
        if (operation.limit == 1) return one;
        add_up(all, one);
    }
    return all;
}

Result<OperationOutcome> RecordWriter::apply(const RemoveMatches& operation) {
    TRY(const CollectionRef from, transaction_->collection(operation.collection));
    TRY(const std::vector<std::string> ids,
        finder_.find(operation.collection, operation.filter, operation.sort, operation.limit));
    OperationOutcome all = skipped({});
    for (const std::string& id : ids) {
        TRY(const auto stored, read(*from, id));
        if (!stored) continue;
        TRY(OperationOutcome one, remove(from, id, *stored));
        if (operation.limit == 1) return one;
        add_up(all, one);
    }
    return all;
}

Result<OperationOutcome> RecordWriter::apply(const CheckRecord& operation) {
    TRY(const CollectionRef in, transaction_->collection(operation.collection));
    TRY_VOID(read_checked(*in, operation.id, operation.precondition));
    OperationOutcome checked = skipped(operation.id);
    checked.effect = Effect::Checked;
    return checked;
}

Result<OperationOutcome> RecordWriter::apply(const CheckMatches& operation) {
    const std::uint64_t most = operation.fewer_than > 0 ? no_limit : 1;
    TRY(const std::vector<std::string> ids, finder_.find(operation.collection, operation.filter, {}, most));
    TRY_VOID(check_matches(operation, ids.size()));
    OperationOutcome checked = skipped({});
    checked.effect = Effect::Checked;
    return checked;
}

Result<std::optional<RecordWriter::Stored>> RecordWriter::read(const StoredCollection& collection,
                                                               std::string_view id) {
    RecordLookup lookup(transaction_->places(), transaction_->connection(), collection.number, id);
    const int code = lookup.step();
    if (code == SQLITE_DONE) return std::optional<Stored>();
    if (code != SQLITE_ROW) return transaction_->connection().error(code, "reading a record");
    buffer_.assign(lookup.record());
    return std::optional<Stored>(
        Stored{lookup.rid(), static_cast<std::uint64_t>(lookup.version()), json::View(buffer_)});
}

Result<std::optional<RecordWriter::Stored>> RecordWriter::read_checked(const StoredCollection& collection,
                                                                       std::string_view id,
                                                                       const Precondition& precondition) {
    TRY(std::optional<Stored> stored, read(collection, id));
    const std::optional<Row> row =
        stored ? std::optional(Row{stored->record, stored->revision()}) : std::nullopt;
    TRY_VOID(check_precondition(precondition, id, row));
    return stored;
}

Result<OperationOutcome> RecordWriter::insert(const CollectionRef& collection, std::string id,
                                              const json::View& fields, bool keep_times) {
    TRY(std::string text, new_record(fields, id, now_ms_, keep_times));
    const std::int64_t rid = rid_of(collection->number, transaction_->last_sequence() + 1);
    const json::View record(text);
    TRY(std::string warning, transaction_->check_rule(*collection, record));
    TRY_VOID(entries_.plan(*transaction_, collection, rid, nullptr, &record));
    TRY_VOID(transaction_->grow(
        {1, size_of(text)}));  // The last check: what follows fails by the store's fault alone.
    const Revision revision{static_cast<std::uint64_t>(rid), 1};
    TRY_VOID(transaction_->log_change(*collection, {ChangeKind::Inserted, id, revision, now_ms_, {}, text}));
    Connection& connection = transaction_->connection();
    Statement& statement = connection[Sql::InsertRecord];
    statement.bind(1, rid).bind(2, collection->number).bind_text(3, id).bind(4, 1).bind_text(5, text);
    TRY_VOID(connection.check(statement.run(), "inserting a record"));
    transaction_->places().note(RecordPlaces::key_of(connection.number(), collection->number, id), rid);
    TRY_VOID(entries_.apply(*transaction_));
    transaction_->count(collection->number, collection->counts, 1, size_of(text));
    OperationOutcome done = outcome(Effect::Created, id, revision, std::move(text));
    done.warned = warning.empty() ? 0 : 1;
    done.warning = std::move(warning);
    return done;
}

Result<OperationOutcome> RecordWriter::upsert(const CollectionRef& collection, const RecordChange& change) {
    TRY(const std::string fields, change.insertion());
    const json::View record(fields);
    const auto given = record.find("id");
    std::string id = given ? given->as_string() : transaction_->ulids().next(now_ms_);
    if (given) {
        TRY(const auto stored, read(*collection, id));
        if (stored) return record_exists(id);
    }
    return insert(collection, std::move(id), record, false);
}

Result<OperationOutcome> RecordWriter::remove(const CollectionRef& collection, std::string_view id,
                                              const Stored& stored) {
    TRY_VOID(entries_.plan(*transaction_, collection, stored.rid, &stored.record, nullptr));
    TRY_VOID(transaction_->grow({-1, -size_of(stored.record.text())}));
    transaction_->forget_cached(stored.rid);
    Connection& connection = transaction_->connection();
    TRY_VOID(connection.check(connection[Sql::DeleteRecord].bind(1, stored.rid).run(), "removing a record"));
    TRY_VOID(entries_.apply(*transaction_));
    TRY_VOID(transaction_->log_change(
        *collection, {ChangeKind::Removed, id, stored.revision(), now_ms_, stored.record.text(), {}}));
    transaction_->count(collection->number, collection->counts, -1, -size_of(stored.record.text()));
    return outcome(Effect::Removed, id, stored.revision(), {}, &stored.record);
}

Result<OperationOutcome> RecordWriter::change(const CollectionRef& collection, std::string_view id,
                                              const Stored& stored, const json::View& fields) {
    TRY(std::string text, changed_record(stored.record, fields, now_ms_));
    if (text.empty())
        return outcome(Effect::Unchanged, id, stored.revision(), std::string(stored.record.text()),
                       &stored.record);
    const json::View record(text);
    TRY(std::string warning, transaction_->check_rule(*collection, record));
    TRY_VOID(entries_.plan(*transaction_, collection, stored.rid, &stored.record, &record));
    TRY_VOID(transaction_->grow({0, size_of(text) - size_of(stored.record.text())}));
    Connection& connection = transaction_->connection();
    const Revision revision{static_cast<std::uint64_t>(stored.rid), stored.version + 1};
    transaction_->forget_cached(stored.rid);
    Statement& statement = connection[Sql::UpdateRecord];
    statement.bind(1, stored.rid).bind(2, static_cast<std::int64_t>(revision.version)).bind_text(3, text);
    TRY_VOID(connection.check(statement.run(), "changing a record"));
    TRY_VOID(entries_.apply(*transaction_));
    TRY_VOID(transaction_->log_change(
        *collection, {ChangeKind::Changed, id, revision, now_ms_, stored.record.text(), text}));
    transaction_->count(collection->number, collection->counts, 0,
                        size_of(text) - size_of(stored.record.text()));
    OperationOutcome done = outcome(Effect::Changed, id, revision, std::move(text), &stored.record);
    done.warned = warning.empty() ? 0 : 1;
    done.warning = std::move(warning);
    return done;
}

OperationOutcome RecordWriter::outcome(Effect effect, std::string_view id, const Revision& revision,
                                       std::string record, const json::View* before) const {
    if (!batch_->want_records) record.clear();
    OperationOutcome outcome;
    outcome.effect = effect;
    outcome.id = id;
    outcome.revision = revision;
    outcome.record = std::move(record);
    if (before != nullptr && batch_->want_before) outcome.before = before->text();
    outcome.matched = before == nullptr ? 0 : 1;
    outcome.modified = effect == Effect::Changed || effect == Effect::Removed ? 1 : 0;
    return outcome;
}

}  // namespace credvault::storage
