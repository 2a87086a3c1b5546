#include <algorithm>
#include <utility>

#include "documents/held_rows.h"
#include "documents/merge_source.h"

namespace credvault::documents {
namespace {

constexpr std::size_t bytes_at_once = 1024 * 1024;

/// The ids of records.
class IdSink final : public storage::RowSink {
public:
    explicit IdSink(std::vector<std::string>& ids) : ids_(ids) {}
    bool row(const storage::Row& row) override {
        ids_.push_back(row.record.find("id")->as_string());
        return true;
    }
    void restart() override { ids_.clear(); }

private:
    std::vector<std::string>& ids_;
};

}  // namespace

Reply<bool> OutSource::next(query::Batch&) {
    CO_TRY_VOID(context_.check_collection(stage_.into, CollectionUse::Write, stage_.where()));
    // Everything is there before anything is replaced: a pipeline that fails leaves the collection as it is, and one
    // may replace the collection that it reads.
    query::Batch documents;
    query::MemoryShare memory(context_.work);
    for (bool more = true; more;) {
        const query::BatchRoom room{query::BatchRoom().documents, documents.text().size() + bytes_at_once};
        documents.set_room(room);
        CO_TRY(more, co_await from_->next(documents));
        if (!memory.set(documents.text().size())) co_return context_.work.too_large(stage_.where());
    }
    CO_TRY_VOID(co_await replace(documents));
    co_return false;
}

Reply<void> OutSource::read_ids(std::uint64_t count) {
    storage::FindRequest request;
    request.database = context_.database->id;
    request.collection = stage_.into;
    request.limit = count;
    request.limits = context_.limits();
    IdSink sink(ids_);
    CO_TRY_VOID(co_await context_.find(request, sink));
    co_return Status();
}

Reply<std::vector<storage::Operation>> OutSource::emptying(std::size_t documents) {
    std::vector<storage::Operation> operations;
    Result<storage::CollectionInfo> info =
        co_await context_.engine.describe_collection(context_.database->id, stage_.into);
    storage::CreateCollection create;
    create.name = stage_.into;
    if (!info.ok() && info.error().code == ErrorCode::COLLECTION_NOT_FOUND) {
        operations.emplace_back(create);
        co_return operations;
    }
    if (!info.ok()) co_return std::move(info).error();
    info_ = std::move(*info);
    const std::uint64_t one_by_one =
        storage::max_batch_operations - std::min(documents, storage::max_batch_operations);
    if (info_.records <= one_by_one) {
        CO_TRY_VOID(co_await read_ids(one_by_one + 1));
    }
    if (info_.records <= one_by_one && ids_.size() <= one_by_one) {
        for (const std::string& id : ids_) {
            storage::RemoveRecord remove;
            remove.collection = stage_.into;
            remove.id = id;
            operations.emplace_back(remove);
        }
        co_return operations;
    }
    storage::DropCollection drop;
    drop.name = stage_.into;
    operations.emplace_back(drop);
    create.options = info_.options;
    operations.emplace_back(create);
    for (const storage::IndexInfo& index : info_.indexes) {
        storage::CreateIndex make;
        make.collection = stage_.into;
        make.spec = index.spec;
        operations.emplace_back(make);
    }
    co_return operations;
}

Reply<void> OutSource::replace(const query::Batch& documents) {
    CO_TRY(std::vector<storage::Operation> operations, co_await emptying(documents.size()));
    std::size_t next = 0;
    while (next < documents.size() || !operations.empty()) {
        for (; next < documents.size() && operations.size() < storage::max_batch_operations; ++next) {
            storage::InsertRecord insert;
            insert.collection = stage_.into;
            insert.record = documents[next].text();
            operations.emplace_back(insert);
        }
        storage::WriteBatch batch;
        batch.database = context_.database->id;
        batch.actor = context_.actor;
        batch.operations = std::exchange(operations, {});
        CO_TRY_VOID(co_await context_.engine.write(batch));
    }
    co_return Status();
}

}  // namespace credvault::documents
