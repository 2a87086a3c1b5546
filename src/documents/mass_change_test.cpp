#include "documents/mass_change.h"

#include <gtest/gtest.h>

#include "base/run_loop.h"
#include "storage/delayed_engine.h"
#include "storage/memory/memory_engine.h"

namespace credvault::documents {
namespace {

class MassChangeTest : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_TRUE(loop.wait(engine.create_database("db")).ok());
        storage::WriteBatch batch;
        batch.database = "db";
        batch.operations.push_back(storage::CreateCollection{"things"});
        std::vector<std::string> texts;
        for (int i = 0; i < records; ++i) texts.push_back(record(i));
        for (const std::string& text : texts)
            batch.operations.push_back(storage::InsertRecord{"things", text});
        ASSERT_TRUE(loop.wait(engine.write(batch)).ok());
    }
    static std::string record(int i) {
        const std::string digits = std::to_string(i + 10'000);
        return "{\"id\":\"r" + digits.substr(1) + "\",\"n\":0,\"k\":" + std::to_string(i) + "}";
    }
    ChangeOrder order(std::string filter, std::string update) {
        ChangeOrder made;
        made.database = "db";
        made.collection = "things";
        made.collection_ms = loop.wait(engine.describe_collection("db", "things"))->created_ms;
        made.filter = std::move(filter);
        made.update = std::move(update);
        return made;
    }
    std::uint64_t count(std::string_view filter) {
        storage::CountRequest request;
        request.database = "db";
        request.collection = "things";
        request.filter = *query::parse_filter(json::View(filter));
        return loop.wait(engine.count(request))->count;
    }
    /// All there is to do; returns the error that ended it, if one did.
    Status run(MassChange& change) {
        while (true) {
            const Result<bool> more = loop.wait(change.next());
            if (!more.ok()) return more.error();
            if (!*more) return {};
        }
    }

    static constexpr int records = 1'300;
    RunLoop loop;
    storage::MemoryEngine memory;
    storage::DelayedEngine engine{memory};
    const std::atomic<bool> not_cancelled = false;
};

TEST_F(MassChangeTest, OrdersAreReadAsTheyWereWritten) {
    ChangeOrder made = order(R"({"n":0})", R"({"$set":{"a.$[x]":1}})");
    made.array_filters = R"([{"x":1}])";
    made.now_ms = 5;
    const auto read = ChangeOrder::parse(json::View(made.text()));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->text(), made.text());
    EXPECT_EQ(ChangeOrder::parse(json::View(R"({"filter":{}})")).error().code, ErrorCode::INVALID_DATA);
}

TEST_F(MassChangeTest, EachRecordIsChangedOnceThoughItMatchesAgain) {
    MassChange change(engine, order(R"({"n":{"$gte":0}})", R"({"$inc":{"n":1}})"), "c", "me", not_cancelled);
    ASSERT_TRUE(loop.wait(change.begin(json::View())).ok());
    ASSERT_TRUE(run(change).ok());
    EXPECT_EQ(change.result(), R"({"matched_count":1300,"modified_count":1300})");
    EXPECT_EQ(change.total(), 1'300u);
    EXPECT_EQ(count(R"({"n":1})"), 1'300u);
}

TEST_F(MassChangeTest, WhatWasCommittedBehindTheCheckpointIsNotDoneAgain) {
    const ChangeOrder same = order(R"({"n":{"$lt":5}})", R"({"$inc":{"n":1}})");
    MassChange first(engine, same, "c", "me", not_cancelled);
    ASSERT_TRUE(loop.wait(first.begin(json::View())).ok());
    const std::string checkpoint = first.checkpoint();
    ASSERT_TRUE(*loop.wait(first.next()));
    ASSERT_TRUE(*loop.wait(first.next()));
    // The server dies; a run after it knows the checkpoint alone.
    MassChange second(engine, same, "c", "me", not_cancelled);
    ASSERT_TRUE(loop.wait(second.begin(json::View(checkpoint))).ok());
    ASSERT_TRUE(run(second).ok());
    EXPECT_EQ(second.result(), R"({"matched_count":1300,"modified_count":1300})");
    EXPECT_EQ(count(R"({"n":1})"), 1'300u);
}

TEST_F(MassChangeTest, ARecordThatCanNotBeChangedEndsItAndUndoesItsBatch) {
    storage::WriteBatch batch;
    batch.database = "db";
    batch.operations.push_back(storage::PutRecord{"things", "r0700", R"({"n":"text","k":700})", false, {}});
    ASSERT_TRUE(loop.wait(engine.write(batch)).ok());
    MassChange change(engine, order("{}", R"({"$inc":{"n":1}})"), "c", "me", not_cancelled);
    ASSERT_TRUE(loop.wait(change.begin(json::View())).ok());
    const Status ended = run(change);
    ASSERT_FALSE(ended.ok());
    EXPECT_EQ(ended.error().message.substr(0, 15), "Record 'r0700':");
    EXPECT_EQ(ended.error().field, "n");
    EXPECT_EQ(count(R"({"n":1})"), 500u);
    EXPECT_EQ(change.result(), R"({"matched_count":500,"modified_count":500})");
}

TEST_F(MassChangeTest, RemovesWhatMatches) {
    MassChange change(engine, order(R"({"k":{"$gte":100}})", ""), "c", "me", not_cancelled);
    ASSERT_TRUE(loop.wait(change.begin(json::View())).ok());
    ASSERT_TRUE(run(change).ok());
    EXPECT_EQ(change.result(), R"({"deleted_count":1200})");
    EXPECT_EQ(count("{}"), 100u);
}

TEST_F(MassChangeTest, ACollectionMadeAnewIsAnother) {
    ChangeOrder old = order("{}", "");
    old.collection_ms -= 1;
    MassChange change(engine, old, "c", "me", not_cancelled);
    EXPECT_EQ(loop.wait(change.begin(json::View())).error().code, ErrorCode::COLLECTION_NOT_FOUND);
}

}  // namespace
}  // namespace credvault::documents
