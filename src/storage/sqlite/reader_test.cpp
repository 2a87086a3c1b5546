// Reading: held transactions, the inline budget, slices on workers, bounds of work.
#include "storage/sqlite/reader.h"

#include <gmock/gmock.h>

#include <deque>
#include <thread>

#include "storage/sqlite/sqlite_testing.h"

namespace credvault::storage {
namespace {

using ::testing::ElementsAre;
using testing::filter_of;
using ::testing::HasSubstr;
using testing::index_of;
using testing::TestEngine;
using testing::TextSink;

void fill(TestEngine& test, int records) {
    for (int first = 0; first < records; first += 500) {
        std::vector<std::string> texts;
        std::vector<Operation> operations;
        for (int i = first; i < std::min(records, first + 500); ++i) {
            texts.push_back("{\"id\":\"r" + std::to_string(100000 + i) +
                            "\",\"n\":" + std::to_string(i * 37 % records) + "}");
        }
        for (const std::string& text : texts) operations.push_back(InsertRecord{"things", text});
        ASSERT_TRUE(test.write(std::move(operations)).ok());
    }
}

TEST(Reader, SeesAWriteThatAnotherThreadWasToldOf) {
    TestEngine test;
    ASSERT_TRUE(test.insert(R"({"id":"a"})").ok());
    for (int i = 0; i < 50; ++i) {
        // The read transaction of this thread is held: its loop does not turn in between.
        ASSERT_NE(test.get("a"), "");
        const std::string id = "b" + std::to_string(i);
        std::thread([&] {
            RunLoop loop;
            const std::string text = "{\"id\":\"" + id + "\"}";
            WriteBatch batch;
            batch.database = "db";
            batch.operations.push_back(InsertRecord{"things", text});
            ASSERT_TRUE(loop.wait(test.engine().write(batch)).ok());
        }).join();
        ASSERT_NE(test.get(id), "") << "the write was answered before the read began";
    }
}

TEST(Reader, GivesTheThreadAwayBeyondTheBudget) {
    SqliteOptions options;
    options.inline_rows = 100;
    options.slice_rows = 50;
    TestEngine test(options);
    fill(test, 1000);
    const std::uint64_t before = test.engine().metrics().pool_reads;
    EXPECT_EQ(test.ids("{}").size(), 1000u);
    EXPECT_EQ(test.engine().metrics().pool_reads, before + 1);
    FindRequest small = test.request("{}");
    small.limit = 50;
    EXPECT_EQ(test.ids(small).size(), 50u);
    EXPECT_EQ(test.engine().metrics().pool_reads, before + 1);
    EXPECT_EQ(test.count(R"({"n":{"$gte":500}})"), 500u);
    EXPECT_EQ(test.engine().metrics().pool_reads, before + 2);
}

TEST(Reader, GoesOnOverSlicesInEveryOrder) {
    SqliteOptions options;
    options.inline_rows = 16;
    options.slice_rows = 7;
    TestEngine test(options);
    ASSERT_TRUE(test.write(CreateIndex{"things", index_of("by_n", "n")}).ok());
    fill(test, 300);
    const auto sorted = [&](const char* sort) {
        std::vector<std::int64_t> values;
        TextSink sink;
        const auto found = test.wait(test.engine().find(test.request("{}", sort), sink));
        EXPECT_TRUE(found.ok());
        for (const std::string& text : sink.records) values.push_back(json::View(text).find("n")->as_int());
        return values;
    };
    std::vector<std::int64_t> expected(300);
    for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = static_cast<std::int64_t>(i);
    EXPECT_EQ(sorted("n"), expected);
    EXPECT_EQ(test.ids("{}").front(), "r100000");
    EXPECT_EQ(test.ids("{}", "-id").front(), "r100299");
    EXPECT_EQ(test.ids("{}", "-id").size(), 300u);
    std::reverse(expected.begin(), expected.end());
    EXPECT_EQ(sorted("-n"), expected);
}

TEST(Reader, StopsWhereTheSinkHasEnough) {
    TestEngine test;
    fill(test, 20);
    TextSink sink(3);
    const auto found = test.wait(test.engine().find(test.request("{}"), sink));
    ASSERT_TRUE(found.ok());
    EXPECT_THAT(sink.ids, ElementsAre("r100000", "r100001", "r100002"));
    EXPECT_TRUE(found->has_more);
    FindRequest rest = test.request("{}");
    rest.after = found->next;
    EXPECT_EQ(test.ids(rest).front(), "r100003");
    EXPECT_EQ(test.ids(rest).size(), 17u);
}

TEST(Reader, BoundsMemoryAndTime) {
    SqliteOptions options;
    options.slice_rows = 100;
    TestEngine test(options);
    fill(test, 3000);
    FindRequest request = test.request("{}", "n");
    request.limits.memory_bytes = 10'000;
    TextSink sink;
    const auto large = test.wait(test.engine().find(request, sink));
    ASSERT_FALSE(large.ok());
    EXPECT_EQ(large.error().code, ErrorCode::QUERY_TOO_LARGE);
    EXPECT_THAT(large.error().message, HasSubstr("'n'"));
    request.limit = 10;
    EXPECT_EQ(test.ids(request).size(), 10u) << "the first few need little memory";
    request.limits.timeout_ms = 0;
    EXPECT_EQ(test.wait(test.engine().find(request, sink)).error().code, ErrorCode::QUERY_TIMEOUT);
    const std::atomic<bool> cancelled{true};
    request.limits.timeout_ms = 1000;
    request.limits.cancelled = &cancelled;
    EXPECT_EQ(test.wait(test.engine().find(request, sink)).error().code, ErrorCode::QUERY_TIMEOUT);
}

TEST(Reader, CountsUpToABound) {
    TestEngine test;
    fill(test, 500);
    FindRequest request = test.request(R"({"n":{"$gte":100}})");
    request.limit = 5;
    request.count_to = 300;
    TextSink sink;
    auto found = test.wait(test.engine().find(request, sink));
    EXPECT_EQ(found->total, 300u);
    EXPECT_FALSE(found->total_is_exact);
    request.count_to = 400;
    found = test.wait(test.engine().find(request, sink));
    EXPECT_EQ(found->total, 400u);
    EXPECT_TRUE(found->total_is_exact);
}

/// Asks the engine from within a row.
class AskingSink final : public RowSink {
public:
    explicit AskingSink(TestEngine& test) : test_(test) {}
    bool row(const Row& row) override {
        replies.push_back(test_.engine().get(key_, inner_.emplace_back()));
        seen.push_back(row.record.find("id")->as_string());
        return true;
    }
    void restart() override { seen.clear(); }

    std::vector<Reply<bool>> replies;
    std::vector<std::string> seen;

private:
    TestEngine& test_;
    std::deque<TextSink> inner_;  ///< One each: several workers answer at once.
    const RecordKey key_{"db", "things", "r100003"};
};

TEST(Reader, MayBeAskedWhileItGivesRows) {
    TestEngine test;
    fill(test, 5);
    AskingSink sink(test);
    ASSERT_TRUE(test.wait(test.engine().find(test.request("{}"), sink)).ok());
    EXPECT_EQ(sink.seen.size(), 5u);
    for (Reply<bool>& reply : sink.replies) {
        const Result<bool> got = test.wait(std::move(reply));
        ASSERT_TRUE(got.ok()) << got.error().message << " " << got.error().cause;
        EXPECT_TRUE(*got);
    }
}

TEST(Reader, FindsEveryStableRecordWhileOthersAreWritten) {
    SqliteOptions options;
    options.inline_rows = 20;
    options.slice_rows = 20;
    TestEngine test(options);
    fill(test, 1000);
    std::atomic<bool> done{false};
    std::thread writer([&] {
        RunLoop loop;
        for (int i = 0; !done; ++i) {
            const std::string text = "{\"id\":\"w" + std::to_string(i) + "\",\"n\":-1}";
            WriteBatch batch;
            batch.database = "db";
            batch.operations.push_back(InsertRecord{"things", text});
            batch.operations.push_back(i % 7 == 0 ? Operation(CreateIndex{"things", index_of("by_n", "n")})
                                                  : Operation(RemoveRecord{"things", "none", {}}));
            if (i % 7 == 3) batch.operations[1] = DropIndex{"things", "by_n"};
            (void)loop.wait(test.engine().write(batch));
        }
    });
    for (int i = 0; i < 30; ++i) {
        const std::vector<std::string> ids = test.ids(R"({"n":{"$gte":0}})", i % 2 == 0 ? "n" : "");
        EXPECT_EQ(ids.size(), 1000u);
    }
    done = true;
    writer.join();
}

/// Holds the worker that gives it a row until it is let go.
class HoldingSink final : public RowSink {
public:
    bool row(const Row&) override {
        if (std::this_thread::get_id() == asker_) return true;
        holds_ = true;
        holds_.notify_all();
        let_go_.wait(false);
        return true;
    }
    void restart() override {}
    void wait_for_worker() const { holds_.wait(false); }
    void let_go() {
        let_go_ = true;
        let_go_.notify_all();
    }

private:
    const std::thread::id asker_ = std::this_thread::get_id();
    std::atomic<bool> holds_ = false;
    std::atomic<bool> let_go_ = false;
};

TEST(Reader, StartsAnewWhereAnIndexChangedBetweenTwoSlices) {
    SqliteOptions options;
    options.worker_threads = 1;
    options.inline_rows = 4;
    TestEngine test(options);
    ASSERT_TRUE(test.write(CreateIndex{"things", index_of("by_n", "n")}).ok());
    fill(test, 100);
    HoldingSink holding;
    const FindRequest blocking = test.request("{}");
    Reply<FindResult> blocked = test.engine().find(blocking, holding);
    holding.wait_for_worker();
    TextSink sink;
    const FindRequest request = test.request("{}", "n");
    Reply<FindResult> found = test.engine().find(request, sink);
    CountRequest counting;
    counting.database = "db";
    counting.collection = "things";
    counting.filter = filter_of(R"({"n":{"$gte":0}})");
    Reply<CountResult> counted = test.engine().count(counting);
    // Both wait for the worker, planned for an index that has no arrays.
    ASSERT_TRUE(test.insert(R"({"id":"z","n":[1000,-1]})").ok());
    holding.let_go();
    ASSERT_TRUE(test.wait(std::move(blocked)).ok());
    ASSERT_TRUE(test.wait(std::move(found)).ok());
    EXPECT_EQ(sink.restarts, 1);
    EXPECT_EQ(sink.ids.size(), 101u);
    EXPECT_EQ(sink.ids.front(), "z");
    EXPECT_EQ(test.wait(std::move(counted))->count, 101u);
}

TEST(Reader, GetsSomewhereInEverySlice) {
    SqliteOptions options;
    options.inline_rows = 16;
    options.slice_ms = 0;  // Used up before the first record is looked at, as on a machine that is very busy.
    TestEngine test(options);
    fill(test, 300);
    FindRequest request = test.request("{}");
    request.limits.timeout_ms = 5'000;
    EXPECT_EQ(test.ids(request).size(), 300u);
}

/// Inserts a record for each that it is given.
class InsertingSink final : public RowSink {
public:
    explicit InsertingSink(Engine& engine) : engine_(engine) {}
    bool row(const Row&) override {
        const std::string text = "{\"id\":\"w" + std::to_string(++rows) + "\"}";
        WriteBatch batch;
        batch.database = "db";
        batch.operations.push_back(InsertRecord{"things", text});
        RunLoop loop;
        EXPECT_TRUE(loop.wait(engine_.write(batch)).ok());
        return rows < 500;
    }
    void restart() override {}

    int rows = 0;

private:
    Engine& engine_;
};

TEST(Reader, EndsAScanThatWritersKeepAheadOf) {
    SqliteOptions options;
    options.inline_rows = 10;
    options.slice_rows = 10;
    TestEngine test(options);
    fill(test, 100);
    InsertingSink sink(test.engine());
    FindRequest request = test.request("{}");
    request.any_order = true;
    const auto found = test.wait(test.engine().find(request, sink));
    ASSERT_TRUE(found.ok());
    EXPECT_FALSE(found->has_more);
    EXPECT_LE(sink.rows, 120);
}

}  // namespace
}  // namespace credvault::storage
