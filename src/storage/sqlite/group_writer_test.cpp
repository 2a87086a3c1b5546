// Group commit: batches that wait together share a transaction and still fail alone.
#include "storage/sqlite/group_writer.h"

#include <gmock/gmock.h>

#include <thread>

#include "storage/sqlite/sqlite_testing.h"

namespace credvault::storage {
namespace {

using ::testing::HasSubstr;
using testing::index_of;
using testing::SetFields;
using testing::TestEngine;

/// Batches that are handed in together and then waited for.
class Together {
public:
    explicit Together(TestEngine& test) : test_(test) {}

    void add(std::vector<Operation> operations) {
        auto batch = std::make_unique<WriteBatch>();
        batch->database = "db";
        batch->actor = "tester";
        batch->operations = std::move(operations);
        batches_.push_back(std::move(batch));
    }
    std::string_view keep(std::string text) {
        return *texts_.emplace_back(std::make_unique<std::string>(std::move(text)));
    }
    void add_insert(const std::string& id) { add({InsertRecord{"things", keep("{\"id\":\"" + id + "\"}")}}); }

    std::vector<Result<WriteOutcome>> run() {
        std::vector<Reply<WriteOutcome>> replies;
        for (const auto& batch : batches_) replies.push_back(test_.engine().write(*batch));
        std::vector<Result<WriteOutcome>> results;
        for (Reply<WriteOutcome>& reply : replies) results.push_back(test_.wait(std::move(reply)));
        return results;
    }

private:
    TestEngine& test_;
    std::vector<std::unique_ptr<std::string>> texts_;
    std::vector<std::unique_ptr<WriteBatch>> batches_;
};

TEST(GroupWriter, CommitsWhatWaitsTogether) {
    TestEngine test;
    const std::uint64_t before = test.engine().metrics().commits;
    Together together(test);
    for (int i = 0; i < 200; ++i) together.add_insert("r" + std::to_string(i));
    for (const auto& result : together.run()) EXPECT_TRUE(result.ok());
    EXPECT_LT(test.engine().metrics().commits - before, 100u);
    EXPECT_EQ(test.count("{}"), 200u);
    EXPECT_EQ(test.engine().metrics().write_queue, 0u);
}

TEST(GroupWriter, UndoesAFailingBatchAlone) {
    TestEngine test;
    ASSERT_TRUE(test.write(CreateIndex{"things", index_of("by_id", "id")}).ok());
    Together together(test);
    for (int i = 0; i < 60; ++i) {
        const std::string n = std::to_string(i);
        const auto insertion = [&](const std::string& id) {
            return InsertRecord{"things", together.keep("{\"id\":\"" + id + "\"}")};
        };
        // Every third batch trips over its own first record after two insertions.
        if (i % 3 == 0) {
            together.add({insertion("bad" + n), insertion("worse" + n), insertion("bad" + n)});
        } else {
            together.add({insertion("a" + n), insertion("b" + n)});
        }
    }
    const auto results = together.run();
    for (std::size_t i = 0; i < results.size(); ++i) {
        EXPECT_EQ(results[i].ok(), i % 3 != 0);
        if (i % 3 != 0) continue;
        EXPECT_EQ(results[i].error().code, ErrorCode::ALREADY_EXISTS);
        EXPECT_EQ(results[i].error().field, "2.id");
    }
    EXPECT_EQ(test.count("{}"), 80u);
    EXPECT_EQ(test.info().records, 80u);
    EXPECT_EQ(test.info().indexes[0].entries, 80u);
}

TEST(GroupWriter, UndoesADefinitionWithItsBatch) {
    TestEngine test;
    EXPECT_FALSE(test.write({CreateCollection{"other", "{}"}, CreateIndex{"other", index_of("by_n", "n")},
                             RemoveRecord{"things", "none", {}}})
                     .ok());
    EXPECT_EQ(test.wait(test.engine().describe_collection("db", "other")).error().code,
              ErrorCode::COLLECTION_NOT_FOUND);
    ASSERT_TRUE(test.write(CreateCollection{"other", "{}"}).ok());
    test.reopen();
    EXPECT_TRUE(test.wait(test.engine().describe_collection("db", "other"))->indexes.empty());
}

TEST(GroupWriter, RefusesASecondRecordWithAUniqueValue) {
    TestEngine test;
    ASSERT_TRUE(test.write(CreateIndex{"things", index_of("by_email", "email", true)}).ok());
    ASSERT_TRUE(test.insert(R"({"id":"a","email":"x"})").ok());
    const auto refused = test.insert(R"({"id":"b","email":"x"})");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::DUPLICATE_KEY);
    EXPECT_EQ(refused.error().field, "email");
    EXPECT_THAT(refused.error().message, HasSubstr("by_email"));
    const SetFields free(R"({"email":"y"})");
    ASSERT_TRUE(test.write(ModifyRecord{"things", "a", &free, {}}).ok());
    EXPECT_TRUE(test.insert(R"({"id":"b","email":"x"})").ok());
}

TEST(GroupWriter, TellsLongUniqueValuesApart) {
    TestEngine test;
    ASSERT_TRUE(test.write(CreateIndex{"things", index_of("by_text", "text", true)}).ok());
    const std::string start(3000, 'x');
    ASSERT_TRUE(test.insert(R"({"id":"a","text":")" + start + R"(1"})").ok());
    ASSERT_TRUE(test.insert(R"({"id":"b","text":")" + start + R"(2"})").ok());
    EXPECT_FALSE(test.insert(R"({"id":"c","text":")" + start + R"(2"})").ok());
    EXPECT_EQ(test.ids(R"({"text":")" + start + R"(2"})"), std::vector<std::string>{"b"});
}

TEST(GroupWriter, CountsRecordsBytesAndEntries) {
    TestEngine test;
    ASSERT_TRUE(test.write(CreateIndex{"things", index_of("by_tags", "tags")}).ok());
    ASSERT_TRUE(test.insert(R"({"id":"a","tags":["x","y","x"]})").ok());
    ASSERT_TRUE(test.insert(R"({"id":"b","tags":"x"})").ok());
    CollectionInfo info = test.info();
    EXPECT_EQ(info.records, 2u);
    EXPECT_EQ(info.record_bytes, test.get("a").size() + test.get("b").size());
    EXPECT_EQ(info.indexes[0].entries, 3u);
    EXPECT_TRUE(info.indexes[0].multikey);
    const SetFields change(R"({"tags":["x"],"more":true})");
    ASSERT_TRUE(test.write(ModifyRecord{"things", "a", &change, {}}).ok());
    ASSERT_TRUE(test.write(RemoveRecord{"things", "b", {}}).ok());
    test.reopen();
    info = test.info();
    EXPECT_EQ(info.records, 1u);
    EXPECT_EQ(info.record_bytes, test.get("a").size());
    EXPECT_EQ(info.indexes[0].entries, 1u);
    EXPECT_TRUE(info.indexes[0].multikey);
}

TEST(GroupWriter, MakesRisingIdsAlsoAfterARestart) {
    TestEngine test;
    std::string last;
    for (int i = 0; i < 20; ++i) {
        if (i == 10) test.reopen();
        const auto outcome = test.insert("{}");
        ASSERT_TRUE(outcome.ok());
        EXPECT_GT(outcome->operations[0].id, last);
        last = outcome->operations[0].id;
    }
}

TEST(GroupWriter, RefusesWhenTheQueueIsFull) {
    SqliteOptions options;
    options.max_queued_batches = 10;
    TestEngine test(options);
    Together together(test);
    for (int i = 0; i < 2000; ++i) together.add_insert("r" + std::to_string(i));
    std::size_t done = 0;
    for (const auto& result : together.run()) {
        if (result.ok()) {
            ++done;
        } else {
            EXPECT_EQ(result.error().code, ErrorCode::OVERLOADED);
        }
    }
    EXPECT_GE(done, 10u);
    EXPECT_LT(done, 2000u);
    EXPECT_EQ(test.count("{}"), done);
}

TEST(GroupWriter, WritesFromManyThreads) {
    TestEngine test;
    constexpr int threads = 4;
    constexpr int each = 100;
    std::vector<std::thread> running;
    for (int t = 0; t < threads; ++t) {
        running.emplace_back([&test, t] {
            RunLoop loop;
            for (int i = 0; i < each; ++i) {
                const std::string text = "{\"id\":\"t" + std::to_string(t) + "-" + std::to_string(i) + "\"}";
                WriteBatch batch;
                batch.database = "db";
                batch.operations.push_back(InsertRecord{"things", text});
                EXPECT_TRUE(loop.wait(test.engine().write(batch)).ok());
            }
        });
    }
    for (std::thread& thread : running) thread.join();
    EXPECT_EQ(test.count("{}"), static_cast<std::uint64_t>(threads * each));
}

}  // namespace
}  // namespace credvault::storage
