#include "storage/sqlite/schema_writer.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "json/writer.h"
#include "storage/errors.h"
#include "storage/hidden.h"
#include "storage/sqlite/index_filler.h"

namespace credvault::storage {
namespace {

OperationOutcome outcome_of(Effect effect) { return {effect, {}, {}, {}}; }

Result<std::int64_t> new_number(Connection& connection) {
    TRY_VOID(connection.check(connection[Sql::InsertNumber].run(), "numbering"));
    const std::int64_t number = sqlite3_last_insert_rowid(connection.raw());
    if (number > max_number) return too_many("collections and indexes in the life of a database", max_number);
    return number;
}

std::int64_t stored(StoredState state) { return static_cast<std::int64_t>(state); }

StoredState stored_state(IndexState state) {
    switch (state) {
        case IndexState::Building: return StoredState::Building;
        case IndexState::Ready: return StoredState::Ready;
        case IndexState::Failed: return StoredState::Failed;
    }
    return StoredState::Failed;
}

CollectionRef find_by_number(const WriteTransaction& transaction, std::int64_t number) {
    const auto& all = transaction.catalog()->collections();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const CollectionRef& one) { return one->number == number; });
    return found == all.end() ? nullptr : *found;
}

const IndexRef* find_by_number(const StoredCollection& collection, std::int64_t number) {
    for (const IndexRef& index : collection.indexes) {
        if (index->number == number) return &index;
    }
    return nullptr;
}

/// The index in the collection, or null where either is gone.
IndexRef find_index(const WriteTransaction& transaction, std::int64_t collection, std::int64_t index) {
    const CollectionRef within = find_by_number(transaction, collection);
    const IndexRef* const found = within ? find_by_number(*within, index) : nullptr;
    return found != nullptr ? *found : nullptr;
}

Status drop_index(WriteTransaction& transaction, const StoredCollection& collection,
                  const StoredIndex& index) {
    Connection& connection = transaction.connection();
    Statement& statement = connection[Sql::SetIndexState];
    statement.bind(1, index.number).bind(2, stored(StoredState::Dropped)).bind_text(3, "");
    TRY_VOID(connection.check(statement.run(), "dropping an index"));
    transaction.request({ChoreRequest::Kind::SweepIndex, index.number, collection.number});
    return {};
}

/// Registers the index, not yet built.
Result<IndexRef> add_index(WriteTransaction& transaction, const StoredCollection& collection,
                           const IndexSpec& spec, std::int64_t now_ms) {
    Connection& connection = transaction.connection();
    auto index = std::make_shared<StoredIndex>();
    TRY(index->number, new_number(connection));
    index->spec = spec;
    index->created_ms = now_ms;
    index->position = rid_of(collection.number, 0);
    index->last = rid_of(collection.number, transaction.last_sequence());
    index->total = transaction.rows(collection.counts);
    index->counts = std::make_shared<Counts>();
    const std::string text = encode_spec(spec);
    Statement& statement = connection[Sql::InsertIndex];
    statement.bind(1, index->number).bind(2, collection.number).bind_text(3, spec.name).bind_text(4, text);
    statement.bind(5, stored(StoredState::Building)).bind(6, now_ms);
    statement.bind(7, index->position).bind(8, index->last).bind(9, index->total);
    TRY_VOID(connection.check(statement.run(), "creating an index"));
    transaction.set_catalog(transaction.catalog()->with(collection.with_index(index)));
    return IndexRef(std::move(index));
}

Status check_room(const WriteTransaction& transaction) {
    const auto& all = transaction.catalog()->collections();
    const auto shown = static_cast<std::size_t>(
        std::ranges::count_if(all, [](const CollectionRef& one) { return !is_hidden(one->name); }));
    const std::size_t limit = transaction.max_collections();
    return shown < limit ? Status() : Status(too_many("collections in a database", limit));
}

/// Marks what the collection has as dropped, to be removed in the background.
Status drop_contents(WriteTransaction& transaction, const StoredCollection& dropped) {
    Connection& connection = transaction.connection();
    TRY_VOID(connection.check(connection[Sql::DropCollection].bind(1, dropped.number).run(),
                              "dropping a collection"));
    TRY_VOID(transaction.grow(-transaction.stock(dropped.counts)));
    for (const IndexRef& index : dropped.indexes) TRY_VOID(drop_index(transaction, dropped, *index));
    transaction.request({ChoreRequest::Kind::SweepCollection, dropped.number, dropped.number});
    return {};
}

/// For as long as the change log speaks of it.
Status keep_name(Connection& connection, const StoredCollection& dropped, std::int64_t sequence) {
    Statement& former = connection[Sql::KeepFormerCollection];
    former.bind(1, dropped.number).bind_text(2, dropped.name).bind(3, sequence);
    return connection.check(former.run(), "keeping a dropped collection's name");
}

/// Of a hidden collection nothing is told until it is published.
Status log_catalogue(WriteTransaction& transaction, const StoredCollection& collection, ChangeKind kind,
                     std::int64_t now_ms, std::string_view index = {}, std::string_view after = {}) {
    if (is_hidden(collection.name)) return {};
    TRY_VOID(transaction.log_change(collection, {kind, index, {}, now_ms, {}, after}));
    return {};
}

Status log_state(WriteTransaction& transaction, const StoredCollection& collection,
                 const StoredIndex& index) {
    const std::string& name = index.spec.name;
    if (index.state == IndexState::Ready)
        return log_catalogue(transaction, collection, ChangeKind::IndexReady, now_ms(), name);
    if (index.state != IndexState::Failed) return {};
    std::string why;
    json::Writer(why).begin_object().key("message").string(index.failure).end_object();
    return log_catalogue(transaction, collection, ChangeKind::IndexFailed, now_ms(), name, why);
}

/// Builds the index of a small collection at once.
Status build_now(WriteTransaction& transaction, std::int64_t collection, const StoredIndex& index) {
    FillRange range{index.position, index.last, INT64_MAX};
    Filled filled;
    do {
        TRY(filled, fill_index(transaction, index, range));
        TRY_VOID(set_index_flags(transaction, collection, index.number, filled.multikey, filled.cut));
        range.after = filled.position;
    } while (!filled.complete && filled.failure.empty());
    if (filled.failure.empty()) {
        return set_index_state(transaction, collection, index.number, IndexState::Ready, {});
    }
    transaction.request({ChoreRequest::Kind::SweepFailedIndex, index.number, collection});
    return set_index_state(transaction, collection, index.number, IndexState::Failed, filled.failure);
}

}  // namespace

Result<OperationOutcome> apply(WriteTransaction& transaction, const CreateCollection& operation,
                               std::int64_t now_ms) {
    if (transaction.catalog()->find(operation.name)) return collection_exists(operation.name);
    if (!is_hidden(operation.name)) TRY_VOID(check_room(transaction));
    Connection& connection = transaction.connection();
    auto collection = std::make_shared<StoredCollection>();
    TRY(collection->number, new_number(connection));
    collection->name = operation.name;
    collection->set_options(operation.options);
    collection->created_ms = now_ms;
    collection->counts = std::make_shared<Counts>();
    Statement& statement = connection[Sql::InsertCollection];
    statement.bind(1, collection->number)
        .bind_text(2, operation.name)
        .bind_text(3, operation.options)
        .bind(4, now_ms);
    TRY_VOID(connection.check(statement.run(), "creating a collection"));
    TRY_VOID(log_catalogue(transaction, *collection, ChangeKind::Created, now_ms));
    transaction.set_catalog(transaction.catalog()->with(std::move(collection)));
    return outcome_of(Effect::Created);
}

Result<OperationOutcome> apply(WriteTransaction& transaction, const AlterCollection& operation,
                               std::int64_t now_ms) {
    TRY(const CollectionRef old, transaction.collection(operation.name));
    Connection& connection = transaction.connection();
    Statement& statement = connection[Sql::AlterCollection];
    TRY_VOID(connection.check(statement.bind(1, old->number).bind_text(2, operation.options).run(),
                              "altering a collection"));
    auto changed = std::make_shared<StoredCollection>(*old);
    changed->set_options(operation.options);
    if (old->options != operation.options)
        TRY_VOID(log_catalogue(transaction, *old, ChangeKind::Altered, now_ms));
    transaction.set_catalog(transaction.catalog()->with(std::move(changed)));
    return outcome_of(Effect::Changed);
}

Result<OperationOutcome> apply(WriteTransaction& transaction, const DropCollection& operation,
                               std::int64_t now_ms) {
    TRY(const CollectionRef dropped, transaction.collection(operation.name));
    TRY_VOID(drop_contents(transaction, *dropped));
    TRY(const std::int64_t sequence,
        transaction.log_change(*dropped, {ChangeKind::Dropped, {}, {}, now_ms, {}, {}}));
    TRY_VOID(keep_name(transaction.connection(), *dropped, sequence));
    transaction.set_catalog(transaction.catalog()->without(operation.name));
    return outcome_of(Effect::Removed);
}

Result<OperationOutcome> apply(WriteTransaction& transaction, const PublishCollection& operation,
                               std::int64_t now_ms) {
    TRY(const CollectionRef hidden, transaction.collection(operation.hidden));
    const CollectionRef replaced = transaction.catalog()->find(operation.name);
    if (!replaced) TRY_VOID(check_room(transaction));
    auto published = std::make_shared<StoredCollection>(*hidden);
    published->name = operation.name;
    if (replaced) published->created_ms = replaced->created_ms;
    Connection& connection = transaction.connection();
    Statement& rename = connection[Sql::RenameCollection];
    rename.bind(1, published->number).bind_text(2, published->name).bind(3, published->created_ms);
    TRY_VOID(connection.check(rename.run(), "publishing a collection"));
    if (!replaced) TRY_VOID(log_catalogue(transaction, *published, ChangeKind::Created, now_ms));
    TRY(const std::int64_t sequence,
        transaction.log_change(*published, {ChangeKind::Replaced, {}, {}, now_ms, {}, {}}));
    if (replaced) {
        TRY_VOID(drop_contents(transaction, *replaced));
        TRY_VOID(keep_name(connection, *replaced, sequence));
    }
    transaction.set_catalog(transaction.catalog()->without(operation.hidden)->with(std::move(published)));
    return outcome_of(Effect::Changed);
}

Result<OperationOutcome> apply(WriteTransaction& transaction, const CreateIndex& operation,
                               std::int64_t now_ms) {
    TRY(const CollectionRef collection, transaction.collection(operation.collection));
    TRY_VOID(check_index(operation.spec));
    if (collection->find_index(operation.spec.name) != nullptr) return index_exists(operation.spec.name);
    for (const IndexRef& other : collection->indexes) {
        const bool second = operation.spec.keys.type == query::IndexType::Text &&
                            other->spec.keys.type == query::IndexType::Text;
        if (second) return second_text_index(other->spec.name);
    }
    const std::size_t limit = transaction.max_indexes();
    if (collection->indexes.size() >= limit) return too_many("indexes in a collection", limit);
    TRY_VOID(log_catalogue(transaction, *collection, ChangeKind::IndexCreated, now_ms, operation.spec.name));
    TRY(const IndexRef index, add_index(transaction, *collection, operation.spec, now_ms));
    if (index->total <= static_cast<std::int64_t>(transaction.options().instant_index_records)) {
        TRY_VOID(build_now(transaction, collection->number, *index));
    } else {
        transaction.request({ChoreRequest::Kind::BuildIndex, index->number, collection->number});
    }
    return outcome_of(Effect::Created);
}

Result<OperationOutcome> apply(WriteTransaction& transaction, const DropIndex& operation,
                               std::int64_t now_ms) {
    TRY(const CollectionRef collection, transaction.collection(operation.collection));
    const StoredIndex* const index = collection->find_index(operation.name);
    if (index == nullptr) return index_not_found(operation.name);
    TRY_VOID(drop_index(transaction, *collection, *index));
    TRY_VOID(log_catalogue(transaction, *collection, ChangeKind::IndexDropped, now_ms, operation.name));
    transaction.set_catalog(transaction.catalog()->with(collection->without_index(index->number)));
    return outcome_of(Effect::Removed);
}

Status set_index_state(WriteTransaction& transaction, std::int64_t collection, std::int64_t index,
                       IndexState state, const std::string& failure) {
    const IndexRef old = find_index(transaction, collection, index);
    if (!old) return {};
    Connection& connection = transaction.connection();
    Statement& statement = connection[Sql::SetIndexState];
    statement.bind(1, index).bind(2, stored(stored_state(state))).bind_text(3, failure);
    TRY_VOID(connection.check(statement.run(), "setting an index's state"));
    auto changed = std::make_shared<StoredIndex>(*old);
    changed->state = state;
    changed->failure = failure;
    const CollectionRef within = find_by_number(transaction, collection);
    TRY_VOID(log_state(transaction, *within, *changed));
    transaction.set_catalog(transaction.catalog()->with(within->with_index(std::move(changed))));
    return {};
}

Status set_index_flags(WriteTransaction& transaction, std::int64_t collection, std::int64_t index,
                       bool multikey, bool cut) {
    const IndexRef old = find_index(transaction, collection, index);
    if (!old || ((old->multikey || !multikey) && (old->cut || !cut))) return {};
    Connection& connection = transaction.connection();
    Statement& statement = connection[Sql::SetIndexFlags];
    statement.bind(1, index).bind(2, old->multikey || multikey).bind(3, old->cut || cut);
    TRY_VOID(connection.check(statement.run(), "marking an index"));
    transaction.raise_flags(*find_by_number(transaction, collection), *old, multikey, cut);
    return {};
}

}  // namespace credvault::storage
