// For tests of the SQLite engine: a directory that goes away, an engine in it, and short ways to write and ask. One
// thread, which also runs the loop that replies come back on.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/run_loop.h"
#include "json/canonical.h"
#include "query/filter.h"
#include "query/sort.h"
#include "storage/sqlite/sqlite_engine.h"

namespace credvault::storage::testing {

class TemporaryDirectory {
public:
    TemporaryDirectory() {
        std::string name = (std::filesystem::temp_directory_path() / "cv_sqlite_XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) std::abort();
        path_ = name;
    }
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

/// Keeps the records it is given as text.
class TextSink final : public RowSink {
public:
    explicit TextSink(std::size_t most = SIZE_MAX) : most_(most) {}
    bool row(const Row& row) override {
        records.emplace_back(row.record.text());
        ids.push_back(row.record.find("id")->as_string());
        revisions.push_back(row.revision);
        return records.size() < most_;
    }
    void restart() override {
        ++restarts;
        records.clear();
        ids.clear();
        revisions.clear();
    }

    std::vector<std::string> records;
    std::vector<std::string> ids;
    std::vector<Revision> revisions;
    int restarts = 0;

private:
    std::size_t most_;
};

/// Replaces the user's fields.
class SetFields final : public RecordChange {
public:
    explicit SetFields(std::string text) : text_(std::move(text)) {}
    Result<std::string> apply(const json::View&) const override { return text_; }

private:
    std::string text_;
};

inline query::Filter filter_of(std::string_view text) {
    const auto canonical = json::canonicalize(text);
    auto filter = query::parse_filter(json::View(*canonical));
    EXPECT_TRUE(filter.ok()) << text;
    return std::move(filter).value();
}

inline IndexSpec index_of(std::string_view name, std::string_view fields, bool unique = false) {
    return {std::string(name), {*query::parse_sort(fields), false}, unique};
}

/// An engine with a database "db" that has a collection "things".
class TestEngine {
public:
    explicit TestEngine(SqliteOptions options = {}) : options_(std::move(options)) {
        options_.directory = directory_.path();
        open();
        EXPECT_TRUE(wait(engine().create_database("db")).ok());
        EXPECT_TRUE(write(CreateCollection{"things", "{}"}).ok());
    }

    Engine& engine() { return *engine_; }
    const std::string& path() const { return directory_.path(); }
    std::string file() const { return directory_.path() + "/db/db.db"; }
    SqliteOptions& options() { return options_; }

    void close() { engine_.reset(); }
    void open() {
        auto opened = open_sqlite_engine(options_);
        ASSERT_TRUE(opened.ok()) << opened.error().message << " " << opened.error().cause;
        engine_ = std::move(opened).value();
    }
    void reopen() {
        close();
        open();
    }

    template <class T>
    Result<T> wait(Reply<T> reply) {
        return loop_.wait(std::move(reply));
    }
    RunLoop& loop() { return loop_; }

    Result<WriteOutcome> write(std::vector<Operation> operations) {
        WriteBatch batch;
        batch.database = "db";
        batch.actor = "tester";
        batch.operations = std::move(operations);
        return wait(engine_->write(batch));
    }
    Result<WriteOutcome> write(Operation operation) {
        return write(std::vector<Operation>{std::move(operation)});
    }
    Result<WriteOutcome> insert(std::string_view record) {
        return write(InsertRecord{"things", record, false});
    }

    /// The record's text; empty where there is none.
    std::string get(std::string_view id) {
        TextSink sink;
        const auto found = wait(engine_->get({"db", "things", id}, sink));
        EXPECT_TRUE(found.ok()) << found.error().message << " " << found.error().cause;
        return found.ok() && *found ? sink.records.at(0) : std::string();
    }
    FindRequest request(std::string_view filter, std::string_view sort = {}) {
        FindRequest request;
        request.database = "db";
        request.collection = "things";
        request.filter = filter_of(filter);
        if (!sort.empty()) request.sort = *query::parse_sort(sort);
        request.limit = no_limit;
        return request;
    }
    std::vector<std::string> ids(std::string_view filter, std::string_view sort = {}) {
        return ids(request(filter, sort));
    }
    std::vector<std::string> ids(const FindRequest& request) {
        TextSink sink;
        const auto found = wait(engine_->find(request, sink));
        EXPECT_TRUE(found.ok()) << found.error().message << " " << found.error().cause;
        return sink.ids;
    }
    std::uint64_t count(std::string_view filter) {
        CountRequest request;
        request.database = "db";
        request.collection = "things";
        request.filter = filter_of(filter);
        const auto counted = wait(engine_->count(request));
        EXPECT_TRUE(counted.ok()) << counted.error().message << " " << counted.error().cause;
        return counted.ok() ? counted->count : 0;
    }
    CollectionInfo info() { return *wait(engine_->describe_collection("db", "things")); }
    /// Waits until the index is no longer being built.
    IndexInfo built(std::string_view name) {
        for (int tries = 0; tries < 2000; ++tries) {
            for (IndexInfo& index : info().indexes) {
                if (index.spec.name == name && index.state != IndexState::Building) return index;
            }
            ::usleep(5'000);
        }
        ADD_FAILURE() << "the index was not built";
        return {};
    }

private:
    TemporaryDirectory directory_;
    SqliteOptions options_;
    RunLoop loop_;
    std::unique_ptr<Engine> engine_;
};

}  // namespace credvault::storage::testing
