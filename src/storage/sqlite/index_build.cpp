// Builds an index in the background, step by step, and stores how far it is.
#include <algorithm>

#include "storage/sqlite/chore.h"
#include "storage/sqlite/index_filler.h"
#include "storage/sqlite/schema_writer.h"

namespace credvault::storage {
namespace {

class IndexBuild final : public Chore {
public:
    IndexBuild(std::int64_t collection, std::int64_t index) : collection_(collection), index_(index) {}

    Result<bool> step(WriteTransaction& transaction) override {
        const IndexRef index = find(transaction);
        if (!index || index->state != IndexState::Building) return true;
        if (!started_) {
            position_ = index->position;
            started_ = true;
        }
        counts_ = index->counts;
        transaction.set_actor({});
        const FillRange range{position_, index->last, transaction.options().chunk_ms * 1'000'000};
        TRY(filled_, fill_index(transaction, *index, range));
        TRY_VOID(set_index_flags(transaction, collection_, index_, filled_.multikey, filled_.cut));
        if (!filled_.failure.empty()) {
            transaction.request({ChoreRequest::Kind::SweepFailedIndex, index_, collection_});
            TRY_VOID(set_index_state(transaction, collection_, index_, IndexState::Failed, filled_.failure));
            return true;
        }
        TRY_VOID(save_progress(transaction.connection()));
        if (!filled_.complete) return false;
        TRY_VOID(set_index_state(transaction, collection_, index_, IndexState::Ready, {}));
        return true;
    }

    void committed() override {
        if (!counts_) return;
        position_ = filled_.position;
        counts_->done += filled_.records;
    }

private:
    IndexRef find(const WriteTransaction& transaction) const {
        for (const CollectionRef& collection : transaction.catalog()->collections()) {
            if (collection->number != collection_) continue;
            for (const IndexRef& index : collection->indexes) {
                if (index->number == index_) return index;
            }
        }
        return nullptr;
    }

    Status save_progress(Connection& connection) const {
        Statement& statement = connection[Sql::SetIndexProgress];
        statement.bind(1, index_).bind(2, filled_.position).bind(3, counts_->done + filled_.records);
        return connection.check(statement.run(), "storing an index build's progress");
    }

    const std::int64_t collection_;
    const std::int64_t index_;
    bool started_ = false;
    std::int64_t position_ = 0;
    std::shared_ptr<Counts> counts_;
    Filled filled_;
};

}  // namespace

std::unique_ptr<Chore> make_index_build(std::int64_t collection, std::int64_t index) {
    return std::make_unique<IndexBuild>(collection, index);
}

}  // namespace credvault::storage
