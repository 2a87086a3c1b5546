#include "storage/contract_engine.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/run_loop.h"
#include "json/canonical.h"
#include "storage/memory/memory_engine.h"
#include "storage/record.h"

namespace credvault::storage {
namespace {

/// Answers as the memory engine does, but where a test has put something else.
class Scripted final : public Engine {
public:
    Reply<std::vector<std::string>> list_databases() override {
        if (listed) return *listed;
        return memory.list_databases();
    }
    Reply<void> create_database(std::string_view database) override {
        return memory.create_database(database);
    }
    Reply<void> drop_database(std::string_view database) override {
        if (error) return Error(*error);
        return memory.drop_database(database);
    }
    Reply<DatabaseInfo> describe_database(std::string_view database) override {
        if (error) return Error(*error);
        return memory.describe_database(database);
    }
    Reply<std::vector<CollectionInfo>> list_collections(std::string_view database) override {
        if (collections) return *collections;
        return memory.list_collections(database);
    }
    Reply<CollectionInfo> describe_collection(std::string_view database,
                                              std::string_view collection) override {
        return memory.describe_collection(database, collection);
    }
    Reply<bool> get(const RecordKey& key, RowSink& sink) override {
        if (on_get) return on_get(sink);
        return memory.get(key, sink);
    }
    Reply<FindResult> find(const FindRequest& request, RowSink& sink) override {
        if (on_find) return on_find(sink);
        return memory.find(request, sink);
    }
    Reply<CountResult> count(const CountRequest& request) override {
        if (counted) return *counted;
        return memory.count(request);
    }
    Reply<WriteOutcome> write(const WriteBatch& batch) override {
        if (on_write) return on_write(batch);
        return memory.write(batch);
    }
    std::vector<StoreHealth> health() const override { return memory.health(); }
    EngineMetrics metrics() const override { return memory.metrics(); }
    Reply<ChangesPage> changes(const ChangesRequest& wanted) override { return memory.changes(wanted); }
    void set_record_rules(const RecordRules* rules) override { memory.set_record_rules(rules); }
    void set_quotas(Quotas* quotas) override { memory.set_quotas(quotas); }
    void set_commit_listener(CommitListener* listener) override { memory.set_commit_listener(listener); }
    void hold_changes(std::string_view database, std::optional<std::uint64_t> position) override {
        memory.hold_changes(database, position);
    }
    void stop() override { memory.stop(); }

    MemoryEngine memory;
    std::optional<Error> error;
    std::optional<std::vector<std::string>> listed;
    std::optional<std::vector<CollectionInfo>> collections;
    std::optional<CountResult> counted;
    std::function<Result<bool>(RowSink&)> on_get;
    std::function<Result<FindResult>(RowSink&)> on_find;
    std::function<Result<WriteOutcome>(const WriteBatch&)> on_write;
};

class Rows final : public RowSink {
public:
    bool row(const Row& row) override {
        texts.emplace_back(row.record.text());
        return texts.size() < stop_after;
    }
    void restart() override { texts.clear(); }
    std::vector<std::string> texts;
    std::size_t stop_after = 1000;
};

std::string record(std::string_view id, int n) {
    const std::string fields = R"({"n":)" + std::to_string(n) + "}";
    return *new_record(json::View(fields), id, 1'769'860'800'000, false);
}

class Contract : public testing::Test {
protected:
    Contract() {
        request.database = "db_1";
        request.collection = "things";
        request.limit = 5;
        batch.database = "db_1";
        batch.operations.push_back(CreateCollection{"things", "{}"});
        EXPECT_TRUE(loop.wait(engine.create_database("db_1")).ok());
        EXPECT_TRUE(loop.wait(engine.write(batch)).ok());
        batch.operations.clear();
    }
    ~Contract() override { EXPECT_EQ(reports, expected_reports); }

    /// The call was answered with INTERNAL, and this was reported.
    template <class T>
    void expect_broken(const Result<T>& answer, const std::string& report) {
        ASSERT_FALSE(answer.ok());
        EXPECT_EQ(answer.error().code, ErrorCode::INTERNAL);
        EXPECT_EQ(answer.error().message.find(report), std::string::npos) << "what is wrong is private";
        expected_reports.push_back(report);
        EXPECT_EQ(reports, expected_reports);
    }
    void expect_broken_find(std::function<Result<FindResult>(RowSink&)> find, const std::string& report) {
        inner.on_find = std::move(find);
        expect_broken(loop.wait(engine.find(request, rows)), "find: " + report);
    }
    void expect_broken_batch(Operation operation, const std::string& report) {
        batch.operations = {std::move(operation)};
        expect_broken(loop.wait(engine.write(batch)), "write: " + report);
    }

    RunLoop loop;
    Scripted inner;
    std::vector<std::string> reports;
    std::vector<std::string> expected_reports;
    ContractEngine engine{inner, [this](const std::string& what) { reports.push_back(what); }};
    Rows rows;
    FindRequest request;
    WriteBatch batch;
};

FindResult answer(std::uint64_t returned) {
    FindResult result;
    result.stats.returned = returned;
    return result;
}

TEST_F(Contract, lets_good_answers_through) {
    const std::string one = record("1", 1);
    const std::string two = record("2", 2);
    inner.on_find = [&](RowSink& sink) -> Result<FindResult> {
        sink.row({json::View(one), {1, 1}});
        sink.restart();
        sink.row({json::View(one), {1, 1}});
        sink.row({json::View(two), {2, 1}});
        return answer(2);
    };
    EXPECT_TRUE(loop.wait(engine.find(request, rows)).ok());
    EXPECT_EQ(rows.texts.size(), 2u);
    inner.on_find = [](RowSink&) { return Error(ErrorCode::QUERY_TIMEOUT); };
    EXPECT_EQ(loop.wait(engine.find(request, rows)).error().code, ErrorCode::QUERY_TIMEOUT);
    inner.on_find = [](RowSink&) { return Error(ErrorCode::STORAGE_FULL); };
    EXPECT_EQ(loop.wait(engine.find(request, rows)).error().code, ErrorCode::STORAGE_FULL);
}

TEST_F(Contract, wants_rows_in_order_and_once) {
    const std::string one = record("1", 1);
    const std::string two = record("2", 2);
    const auto both = [&](const std::string& first, const std::string& second) {
        return [&](RowSink& sink) -> Result<FindResult> {
            sink.row({json::View(first), {1, 1}});
            sink.row({json::View(second), {2, 1}});
            return answer(2);
        };
    };
    expect_broken_find(both(two, one), "rows out of order or repeated");
    expect_broken_find(both(one, one), "rows out of order or repeated");
    request.sort = *query::parse_sort(std::string_view("-n"));
    expect_broken_find(both(one, two), "rows out of order or repeated");
    request.any_order = true;
    expect_broken_find(both(one, one), "a record that came twice");
    inner.on_find = both(one, two);
    EXPECT_TRUE(loop.wait(engine.find(request, rows)).ok());
}

TEST_F(Contract, wants_a_record_once_even_if_it_has_moved) {
    const std::string before = record("1", 1);
    const std::string after = record("1", 2);
    request.sort = *query::parse_sort(std::string_view("n"));
    expect_broken_find(
        [&](RowSink& sink) -> Result<FindResult> {
            sink.row({json::View(before), {1, 1}});
            sink.row({json::View(after), {1, 1}});
            return answer(2);
        },
        "a record that came twice");
}

TEST_F(Contract, wants_rows_behind_the_position_asked_for) {
    const std::string one = record("1", 1);
    query::append_position(request.after, json::View(record("5", 1)), {});
    expect_broken_find(
        [&](RowSink& sink) -> Result<FindResult> {
            sink.row({json::View(one), {1, 1}});
            return answer(1);
        },
        "rows out of order or repeated");
}

TEST_F(Contract, wants_rows_that_are_records) {
    const auto giving = [](std::string text, Revision revision) {
        return [=](RowSink& sink) -> Result<FindResult> {
            sink.row({json::View(text), revision});
            return answer(1);
        };
    };
    expect_broken_find(giving(R"({"id": "1"})", {1, 1}), "text that is not canonical");
    expect_broken_find(giving(R"({"id":"1"})", {1, 1}),
                       "a record without the platform's fields in their places");
    expect_broken_find(giving(record("1", 1), {1, 2}), "a revision that is not the record's version");
    expect_broken_find(giving(record("1", 1), {0, 1}), "a row without an incarnation");
}

TEST_F(Contract, wants_no_more_rows_than_were_wanted) {
    const auto giving = [](int count) {
        return [=](RowSink& sink) -> Result<FindResult> {
            for (int i = 0; i < count; ++i) {
                const std::string text = record(std::to_string(i), i);
                sink.row({json::View(text), {1, 1}});
            }
            return answer(static_cast<std::uint64_t>(count));
        };
    };
    expect_broken_find(giving(6), "more rows than the limit");
    rows.texts.clear();
    rows.stop_after = 2;
    expect_broken_find(giving(3), "a row after the sink wanted no more");
    rows.texts.clear();
    inner.on_find = giving(2);
    EXPECT_TRUE(loop.wait(engine.find(request, rows)).ok());
}

TEST_F(Contract, wants_answers_that_fit) {
    expect_broken_find([](RowSink&) { return answer(1); }, "a count of rows that is not theirs");
    expect_broken_find(
        [](RowSink&) {
            FindResult result;
            result.next = "x";
            return result;
        },
        "a next position without more rows");
    expect_broken_find(
        [](RowSink&) {
            FindResult result;
            result.has_more = true;
            return result;
        },
        "more rows, but none given");
    const std::string one = record("1", 1);
    expect_broken_find(
        [&](RowSink& sink) {
            sink.row({json::View(one), {1, 1}});
            FindResult result = answer(1);
            result.has_more = true;
            result.next = "x";
            return result;
        },
        "a next position that is not the last row's");
    request.count_to = 10;
    expect_broken_find([](RowSink&) { return FindResult(); }, "a total that was not asked for, or none");
    const auto total = [](std::uint64_t n, bool exact) {
        return [=](RowSink&) {
            FindResult result;
            result.total = n;
            result.total_is_exact = exact;
            return result;
        };
    };
    expect_broken_find(total(11, true), "a total beyond the bound");
    expect_broken_find(total(9, false), "an inexact total below the bound");
    expect_broken_find([](RowSink&) { return Error(ErrorCode::DUPLICATE_KEY); },
                       "the undeclared error DUPLICATE_KEY");
}

TEST_F(Contract, sees_calls_after_the_reply) {
    RowSink* kept = nullptr;
    inner.on_find = [&](RowSink& sink) {
        kept = &sink;
        return answer(0);
    };
    EXPECT_TRUE(loop.wait(engine.find(request, rows)).ok());
    const std::string one = record("1", 1);
    EXPECT_FALSE(kept->row({json::View(one), {1, 1}}));
    kept->restart();
    EXPECT_TRUE(rows.texts.empty());
    expected_reports = {"a row after the reply", "a restart after the reply"};
}

TEST_F(Contract, wants_get_to_give_its_row) {
    const RecordKey key{"db_1", "things", "1"};
    inner.on_get = [](RowSink&) { return true; };
    expect_broken(loop.wait(engine.get(key, rows)), "get: an answer that does not fit the rows");
    inner.on_get = [](RowSink&) { return Error(ErrorCode::RECORD_NOT_FOUND); };
    expect_broken(loop.wait(engine.get(key, rows)), "get: the undeclared error RECORD_NOT_FOUND");
}

TEST_F(Contract, checks_the_other_answers) {
    inner.listed = {"a", "system"};
    expect_broken(loop.wait(engine.list_databases()), "list_databases: the system database in the list");
    inner.collections = {CollectionInfo{"b", "{}", 0, 0, 0, {}}, CollectionInfo{"a", "{}", 0, 0, 0, {}}};
    expect_broken(loop.wait(engine.list_collections("db_1")),
                  "list_collections: collections that are not sorted by name");
    inner.counted = CountResult{3, false, {}};
    CountRequest count;
    count.database = "db_1";
    count.collection = "things";
    count.count_to = 5;
    expect_broken(loop.wait(engine.count(count)), "count: a count that does not fit its bound");
    inner.error = Error(ErrorCode::ALREADY_EXISTS);
    expect_broken(loop.wait(engine.describe_database("db_1")),
                  "describe_database: the undeclared error ALREADY_EXISTS");
}

TEST_F(Contract, checks_arguments) {
    const std::string long_name(65, 'a');
    for (const char* database : {"", "Upper", "a-b", "a/b", long_name.c_str()}) {
        expect_broken(loop.wait(engine.describe_database(database)),
                      "describe_database: a database id that is none");
    }
    expect_broken(loop.wait(engine.drop_database("system")), "drop_database: the system database dropped");
    request.after = "nonsense";
    expect_broken(loop.wait(engine.find(request, rows)), "find: a position without an id");
    request.sort = *query::parse_sort(std::string_view("a"));
    expect_broken(loop.wait(engine.find(request, rows)), "find: a position that does not fit the sort");
    request.any_order = true;
    expect_broken(loop.wait(engine.find(request, rows)), "find: a position where any order will do");
}

TEST_F(Contract, checks_batches) {
    expect_broken(loop.wait(engine.write(batch)), "write: a batch of 0 operations");
    expect_broken_batch(InsertRecord{"things", "{ }", false}, "text that is not canonical");
    expect_broken_batch(InsertRecord{"things", "[]", false}, "text that is no object");
    expect_broken_batch(InsertRecord{"things", R"({"id":5})", false}, "an id that is no string");
    expect_broken_batch(PutRecord{"things", "..", "{}", true, {}},
                        "an id that check_id refuses: A record's id can't be '.' or '..'");
    expect_broken_batch(ModifyRecord{"things", "1", nullptr, {}}, "a modification without a change");
    expect_broken_batch(CreateCollection{"1st", "{}"}, "a name that is none");
    expect_broken_batch(AlterCollection{"things", "{\"a\":1.50}"}, "text that is not canonical");
    batch.operations = {InsertRecord{"things", "{}", false}};
    batch.idempotency = Idempotency{"key", "f", 1, {}};
    expect_broken(loop.wait(engine.write(batch)), "write: an idempotency key without an answer");
}

TEST_F(Contract, checks_outcomes) {
    const auto giving = [&](OperationOutcome outcome) {
        inner.on_write = [outcome](const WriteBatch&) {
            WriteOutcome all;
            all.operations = {outcome};
            all.time_ms = 1;
            return all;
        };
    };
    const InsertRecord insertion{"things", "{}", false};
    giving({Effect::Changed, "1", {1, 1}, {}});
    expect_broken_batch(insertion, "an impossible effect");
    giving({Effect::Created, "", {1, 1}, {}});
    expect_broken_batch(insertion, "an outcome without the record's id");
    giving({Effect::Created, "1", {0, 1}, {}});
    expect_broken_batch(insertion, "an outcome without a revision");
    batch.want_records = true;
    giving({Effect::Created, "1", {1, 1}, {}});
    expect_broken_batch(insertion, "a record in the outcome that is not wanted, or none where it is");
    giving({Effect::Created, "1", {1, 1}, record("2", 1)});
    expect_broken_batch(insertion, "a record that is not the outcome's");
    inner.on_write = [](const WriteBatch&) { return Error(ErrorCode::DUPLICATE_KEY, "m", "email"); };
    batch.operations = {insertion, insertion};
    expect_broken(loop.wait(engine.write(batch)), "write: an error that does not name its operation");
    inner.on_write = [](const WriteBatch&) { return Error(ErrorCode::DUPLICATE_KEY, "m", "1.email"); };
    EXPECT_EQ(loop.wait(engine.write(batch)).error().code, ErrorCode::DUPLICATE_KEY);
}

TEST_F(Contract, checks_what_changes_make) {
    struct Sloppy final : RecordChange {
        Result<std::string> apply(const json::View&) const override { return std::string("{ }"); }
    } const change;
    inner.on_write = {};
    batch.operations = {InsertRecord{"things", R"({"id":"1"})", false}};
    EXPECT_TRUE(loop.wait(engine.write(batch)).ok());
    batch.operations = {ModifyRecord{"things", "1", &change, {}}};
    const auto refused = loop.wait(engine.write(batch));
    EXPECT_EQ(refused.error().code, ErrorCode::INTERNAL);
    expected_reports = {"change: text that is not canonical"};
}

}  // namespace
}  // namespace credvault::storage
