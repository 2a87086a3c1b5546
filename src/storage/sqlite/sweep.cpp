// Removes what dropped collections, dropped indexes and failed index builds left in the tables, some rows a step.
#include <algorithm>
#include <string>

#include "base/clock.h"
#include "storage/sqlite/chore.h"
#include "storage/sqlite/schema_writer.h"

namespace credvault::storage {
namespace {

/// How many rows a step removes, so that it takes about the time it may.
class Pace {
public:
    explicit Pace(std::int64_t rows) : rows_(rows) {}
    std::int64_t rows() const { return rows_; }
    void took(std::int64_t ns, std::int64_t budget_ms) {
        const std::int64_t budget_ns = budget_ms * 1'000'000;
        if (ns > budget_ns && rows_ > 50) rows_ /= 2;
        if (ns < budget_ns / 4 && rows_ < 20'000) rows_ *= 2;
    }

private:
    std::int64_t rows_;
};

class IndexSweep final : public Chore {
public:
    IndexSweep(std::int64_t index, bool dropped) : index_(index), dropped_(dropped) {}

    Result<bool> step(WriteTransaction& transaction) override {
        const std::int64_t started_ns = monotonic_ns();
        Connection& connection = transaction.connection();
        TRY(const bool last, sweep(connection));
        pace_.took(monotonic_ns() - started_ns, transaction.options().chunk_ms);
        if (!last) return false;
        if (!dropped_) {
            TRY_VOID(
                connection.execute("UPDATE counts SET rows = 0 WHERE number = " + std::to_string(index_)));
            return true;
        }
        TRY_VOID(connection.check(connection[Sql::DeleteIndex].bind(1, index_).run(), "removing an index"));
        TRY_VOID(connection.check(connection[Sql::DeleteNumber].bind(1, index_).run(), "removing an index"));
        return true;
    }

private:
    /// True: nothing is left.
    Result<bool> sweep(Connection& connection) {
        Statement& nth = connection[Sql::NthEntry];
        const StatementScope scope(nth);
        const int code = nth.bind(1, index_).bind(2, pace_.rows()).step();
        if (code != SQLITE_ROW) {
            TRY_VOID(connection.check(code, "sweeping an index"));
            TRY_VOID(
                connection.check(connection[Sql::DeleteEntries].bind(1, index_).run(), "sweeping an index"));
            return true;
        }
        const std::string bound(nth.bytes(0));
        nth.reset();
        Statement& remove = connection[Sql::DeleteEntriesBelow];
        TRY_VOID(connection.check(remove.bind(1, index_).bind_bytes(2, bound).run(), "sweeping an index"));
        return false;
    }

    const std::int64_t index_;
    const bool dropped_;
    Pace pace_{500};
};

class CollectionSweep final : public Chore {
public:
    explicit CollectionSweep(std::int64_t collection) : collection_(collection) {}

    Result<bool> step(WriteTransaction& transaction) override {
        const std::int64_t started_ns = monotonic_ns();
        Connection& connection = transaction.connection();
        TRY(const bool last, sweep(connection));
        pace_.took(monotonic_ns() - started_ns, transaction.options().chunk_ms);
        if (!last) return false;
        TRY_VOID(connection.check(connection[Sql::DeleteCollection].bind(1, collection_).run(),
                                  "removing a collection"));
        TRY_VOID(connection.check(connection[Sql::DeleteNumber].bind(1, collection_).run(),
                                  "removing a collection"));
        return true;
    }

private:
    Result<bool> sweep(Connection& connection) {
        const std::int64_t first = rid_of(collection_, 0);
        std::int64_t end = rid_of(collection_ + 1, 0);
        bool last = true;
        {
            Statement& nth = connection[Sql::NthRecord];
            const StatementScope scope(nth);
            const int code = nth.bind(1, first).bind(2, end).bind(3, pace_.rows()).step();
            if (code == SQLITE_ROW) {
                end = nth.integer(0);
                last = false;
            } else {
                TRY_VOID(connection.check(code, "sweeping a collection"));
            }
        }
        Statement& remove = connection[Sql::DeleteRecords];
        TRY_VOID(connection.check(remove.bind(1, first).bind(2, end).run(), "sweeping a collection"));
        return last;
    }

    const std::int64_t collection_;
    Pace pace_{500};
};

class CollectionDrop final : public Chore {
public:
    explicit CollectionDrop(std::int64_t collection) : collection_(collection) {}

    Result<bool> step(WriteTransaction& transaction) override {
        const auto& all = transaction.catalog()->collections();
        const auto found = std::ranges::find(all, collection_, &StoredCollection::number);
        if (found == all.end()) return true;
        const std::string name = (*found)->name;
        Result<OperationOutcome> dropped = apply(transaction, DropCollection{name}, now_ms());
        return dropped.ok() ? Result<bool>(true) : std::move(dropped).error();
    }

private:
    const std::int64_t collection_;
};

}  // namespace

std::unique_ptr<Chore> make_collection_drop(std::int64_t collection) {
    return std::make_unique<CollectionDrop>(collection);
}

std::unique_ptr<Chore> make_index_sweep(std::int64_t index, bool dropped) {
    return std::make_unique<IndexSweep>(index, dropped);
}

std::unique_ptr<Chore> make_collection_sweep(std::int64_t collection) {
    return std::make_unique<CollectionSweep>(collection);
}

}  // namespace credvault::storage
