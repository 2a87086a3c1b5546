// Speaks to an engine as a test wants to: waits for each answer, makes canonical text and keeps it as long as requests
// need it, reports an unexpected error as a failure. Each thread has a store of its own.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/run_loop.h"
#include "query/filter.h"
#include "query/sort.h"
#include "storage/engine.h"

namespace credvault::storage::suite {

/// Canonical text of JSON as a person writes it; fails the test where it is none.
std::string canonical(std::string_view json);
query::Filter filter_of(std::string_view json);
query::Sort sort_of(std::string_view comma_separated);
IndexSpec index_of(std::string name, std::string_view fields, bool unique = false, bool sparse = false);

struct StoredRow {
    std::string text;
    Revision revision;
};

/// Keeps rows, and wants no more after `stop_after` of them.
class KeepingSink final : public RowSink {
public:
    explicit KeepingSink(std::uint64_t stop_after = no_limit) : stop_after_(stop_after) {}
    bool row(const Row& row) override {
        rows.push_back({std::string(row.record.text()), row.revision});
        return rows.size() < stop_after_;
    }
    void restart() override { rows.clear(); }
    std::vector<std::string> ids() const;

    std::vector<StoredRow> rows;

private:
    std::uint64_t stop_after_;
};

struct Page {
    Result<FindResult> result;
    std::vector<StoredRow> rows;
    std::vector<std::string> ids;
};

class Store {
public:
    Store(Engine& engine, std::string database, std::string collection)
        : engine_(engine),
          loop_(thread_loop()),
          database_(std::move(database)),
          collection_(std::move(collection)) {}

    Engine& engine() { return engine_; }
    template <class T>
    Result<T> wait(Reply<T> reply) {
        return loop_.wait(std::move(reply));
    }
    /// Keeps the text as long as the store lives.
    std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }
    std::string_view json(std::string_view text) { return keep(canonical(text)); }

    // Operations on the store's collection.
    InsertRecord insertion(std::string_view record) { return {collection_, json(record), false}; }
    PutRecord put(std::string_view id, std::string_view record, bool create = false,
                  Precondition condition = {}) {
        return {collection_, keep(std::string(id)), json(record), create, std::move(condition)};
    }
    RemoveRecord removal(std::string_view id, Precondition condition = {}) {
        return {collection_, keep(std::string(id)), std::move(condition)};
    }
    ModifyRecord modification(std::string_view id, const RecordChange& change, Precondition condition = {}) {
        return {collection_, keep(std::string(id)), &change, std::move(condition)};
    }
    CreateIndex index(IndexSpec spec) { return {collection_, std::move(spec)}; }

    WriteBatch batch(std::vector<Operation> operations);
    Result<WriteOutcome> write(std::vector<Operation> operations);
    /// Writes one operation that must succeed.
    OperationOutcome must(Operation operation);
    /// Writes operations of which one must fail.
    Error refused(std::vector<Operation> operations);

    void make();
    void insert_all(const std::vector<std::string>& records);
    /// Creates an index and waits until it is built.
    IndexInfo build(IndexSpec spec);
    IndexInfo wait_for_index(std::string_view name);
    CollectionInfo describe();

    std::optional<StoredRow> get(std::string_view id);
    FindRequest request(std::string_view filter = "{}", std::string_view sort = "");
    Page find(const FindRequest& request, std::uint64_t stop_after = no_limit);
    /// All ids that match, in order.
    std::vector<std::string> ids(std::string_view filter = "{}", std::string_view sort = "");
    std::uint64_t count(std::string_view filter = "{}");

private:
    /// One for all stores of a thread: an answer comes to the loop that was current when it was asked for.
    static RunLoop& thread_loop();

    Engine& engine_;
    RunLoop& loop_;
    std::string database_;
    std::string collection_;
    std::deque<std::string> texts_;
};

/// The id of a stored record, decoded.
std::string id_of(const std::string& record);

}  // namespace credvault::storage::suite
