#include "documents/out_source.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "documents/id_sink.h"
#include "storage/hidden.h"

namespace credvault::documents {
namespace {

/// What is written in one batch; more goes into a hidden collection, in parts that let other writers in between.
constexpr std::size_t bytes_at_once = 16 * 1024 * 1024;
constexpr query::BatchRoom part_room{2'000, 1024 * 1024};

bool same_definition(const storage::CollectionInfo& a, const storage::CollectionInfo& b) {
    return a.options == b.options && a.created_ms == b.created_ms &&
           std::ranges::equal(
               a.indexes, b.indexes, [](const storage::IndexInfo& one, const storage::IndexInfo& other) {
                   return one.spec.name == other.spec.name && one.created_ms == other.created_ms;
               });
}

}  // namespace

Reply<bool> OutSource::next(query::Batch&) {
    CO_TRY_VOID(context_.check_collection(stage_.into, CollectionUse::Write, stage_.where()));
    // Nothing is replaced before everything is there: a pipeline that fails leaves the collection as it is, and one may
    // replace the collection that it reads.
    const query::BatchRoom room{storage::max_batch_operations,
                                std::min(bytes_at_once, context_.work.bounds().memory_bytes / 4)};
    query::Batch documents(room);
    query::MemoryShare memory(context_.work);
    CO_TRY(const bool more, co_await from_->next(documents));
    if (!memory.set(documents.text().size())) co_return context_.work.too_large(stage_.where());
    CO_TRY(old_, co_await definition());
    if (!more) {
        CO_TRY(const bool fits, co_await read_ids(storage::max_batch_operations - documents.size()));
        if (fits) {
            CO_TRY_VOID(co_await replace_records(documents));
            co_return false;
        }
    }
    CO_TRY_VOID(co_await replace_collection(documents, more));
    co_return false;
}

Reply<std::optional<storage::CollectionInfo>> OutSource::definition() {
    Result<storage::CollectionInfo> info =
        co_await context_.engine.describe_collection(context_.database->id, stage_.into);
    if (info.ok()) co_return std::optional(*std::move(info));
    if (info.error().code != ErrorCode::COLLECTION_NOT_FOUND) co_return std::move(info).error();
    co_return std::optional<storage::CollectionInfo>();
}

/// Whether the collection's records are at most so many; then ids_ has them.
Reply<bool> OutSource::read_ids(std::uint64_t most) {
    if (!old_) co_return true;
    if (old_->records > most) co_return false;
    storage::FindRequest request;
    request.database = context_.database->id;
    request.collection = stage_.into;
    request.limit = most + 1;
    request.limits = context_.limits();
    IdSink sink;
    CO_TRY_VOID(co_await context_.find(request, sink));
    ids_ = std::move(sink.ids);
    co_return ids_.size() <= most;
}

/// All in one batch.
Reply<void> OutSource::replace_records(const query::Batch& documents) {
    std::vector<storage::Operation> operations;
    if (!old_) operations.emplace_back(storage::CreateCollection{stage_.into, "{}"});
    for (const std::string& id : ids_) operations.emplace_back(storage::RemoveRecord{stage_.into, id, {}});
    // Making the collection takes an operation of its own.
    const std::size_t in_batch =
        std::min(documents.size(), storage::max_batch_operations - operations.size());
    if (in_batch < documents.size()) co_return co_await replace_collection(documents, false);
    append_inserts(operations, stage_.into, documents, 0, in_batch);
    co_return co_await write(std::move(operations), context_.once);
}

/// Into a hidden collection that takes the place of the old one in the end.
Reply<void> OutSource::replace_collection(const query::Batch& first, bool more) {
    const std::string hidden = storage::hidden_name(now_ms());
    CO_TRY_VOID(co_await make(hidden));
    Status done = co_await fill(hidden, first, more);
    if (done.ok()) done = co_await publish(hidden);
    if (done.ok()) co_return done;
    std::vector<storage::Operation> drop;
    drop.emplace_back(storage::DropCollection{hidden});
    (void)co_await write(std::move(drop),
                         std::nullopt);  // Where this fails, the next start of the server does it.
    co_return done;
}

Reply<void> OutSource::make(const std::string& hidden) {
    std::vector<storage::Operation> operations;
    const std::string_view options = old_ ? std::string_view(old_->options) : std::string_view("{}");
    operations.emplace_back(storage::CreateCollection{hidden, options});
    if (old_) {
        for (const storage::IndexInfo& index : old_->indexes)
            operations.emplace_back(storage::CreateIndex{hidden, index.spec});
    }
    co_return co_await write(std::move(operations), std::nullopt);
}

Reply<void> OutSource::fill(const std::string& hidden, const query::Batch& first, bool more) {
    for (std::size_t begin = 0; begin < first.size(); begin += part_room.documents) {
        const std::size_t end = std::min(first.size(), begin + part_room.documents);
        std::vector<storage::Operation> operations;
        append_inserts(operations, hidden, first, begin, end);
        CO_TRY_VOID(co_await write(std::move(operations), std::nullopt));
    }
    query::Batch part(part_room);
    while (more) {
        part.clear();
        CO_TRY(more, co_await from_->next(part));
        if (part.empty()) break;
        std::vector<storage::Operation> operations;
        append_inserts(operations, hidden, part, 0, part.size());
        CO_TRY_VOID(co_await write(std::move(operations), std::nullopt));
    }
    co_return Status();
}

Reply<void> OutSource::publish(const std::string& hidden) {
    CO_TRY(const std::optional<storage::CollectionInfo> now, co_await definition());
    if (now.has_value() != old_.has_value() || (now && !same_definition(*now, *old_))) {
        co_return Error(ErrorCode::WRITE_CONFLICT,
                        "The collection's options or indexes were changed while its new records were made",
                        stage_.where());
    }
    std::vector<storage::Operation> operations;
    operations.emplace_back(storage::PublishCollection{hidden, stage_.into});
    co_return co_await write(std::move(operations), context_.once);
}

void OutSource::append_inserts(std::vector<storage::Operation>& operations, std::string_view into,
                               const query::Batch& documents, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
        operations.emplace_back(storage::InsertRecord{into, documents[i].text()});
}

Reply<void> OutSource::write(std::vector<storage::Operation> operations,
                             std::optional<storage::Idempotency> once) {
    if (operations.empty() && !once) co_return Status();
    storage::WriteBatch batch;
    batch.database = context_.database->id;
    batch.actor = context_.actor;
    batch.operations = std::move(operations);
    batch.idempotency = std::move(once);
    CO_TRY_VOID(co_await context_.engine.write(batch));
    co_return Status();
}

}  // namespace credvault::documents
