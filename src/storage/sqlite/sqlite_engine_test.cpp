#include "storage/sqlite/sqlite_engine.h"

#include <gmock/gmock.h>

#include "storage/platform.h"
#include "storage/sqlite/check.h"
#include "storage/sqlite/sqlite_testing.h"

namespace credvault::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::index_of;
using testing::SetFields;
using testing::TestEngine;
using testing::TextSink;

TEST(SqliteEngine, GivesBackWhatWasInserted) {
    TestEngine test;
    const auto outcome = test.insert(R"({"id":"a","name":"Ann"})");
    ASSERT_TRUE(outcome.ok()) << outcome.error().message << outcome.error().cause;
    EXPECT_EQ(outcome->operations.at(0).effect, Effect::Created);
    EXPECT_THAT(test.get("a"), HasSubstr(R"({"id":"a","name":"Ann","created_at":")"));
    EXPECT_EQ(test.get("b"), "");
}

TEST(SqliteEngine, KeepsRecordsOverARestart) {
    TestEngine test;
    ASSERT_TRUE(test.insert(R"({"id":"a","n":1})").ok());
    const std::string before = test.get("a");
    test.reopen();
    EXPECT_EQ(test.get("a"), before);
    EXPECT_EQ(test.count("{}"), 1u);
}

/// What is written at a high rate is nobody's to follow; the sequence goes on over restarts all the same.
TEST(SqliteEngine, TheDatabaseOfEventsKeepsNoLog) {
    TestEngine test;
    ASSERT_TRUE(test.wait(test.engine().create_database(events_database)).ok());
    const auto write = [&](std::vector<Operation> operations) {
        WriteBatch batch;
        batch.database = events_database;
        batch.operations = std::move(operations);
        return test.wait(test.engine().write(batch));
    };
    ASSERT_TRUE(write({CreateCollection{"rows", "{}"}}).ok());
    std::uint64_t last = 0;
    for (int round = 0; round < 3; ++round) {
        const auto written = write({InsertRecord{"rows", R"({"n":1})"}, InsertRecord{"rows", R"({"n":2})"},
                                    InsertRecord{"rows", R"({"n":3})"}});
        ASSERT_TRUE(written.ok());
        for (const OperationOutcome& one : written->operations) {
            EXPECT_GT(one.revision.incarnation, last) << "one is never given twice";
            last = one.revision.incarnation;
        }
        // An operation that fails alone leaves nothing.
        WriteBatch partly;
        partly.database = events_database;
        partly.on_failure = OnFailure::Skip;
        partly.operations = {InsertRecord{"rows", R"({"n":4})"}, RemoveRecord{"rows", "none", {}}};
        ASSERT_TRUE(test.wait(test.engine().write(partly)).ok());
        ChangesRequest request;
        request.database = events_database;
        const auto page = test.wait(test.engine().changes(request));
        ASSERT_TRUE(page.ok());
        EXPECT_EQ(page->changes.size(), 1U);
        test.reopen();
    }
    test.close();
    const auto report = check_directory(test.path());
    ASSERT_TRUE(report.ok());
    EXPECT_TRUE(report->problems.empty()) << (report->problems.empty() ? "" : report->problems.front().what);
}

TEST(SqliteEngine, FindsByIndexAndInOrder) {
    TestEngine test;
    ASSERT_TRUE(test.write(CreateIndex{"things", index_of("by_n", "n")}).ok());
    for (int i = 0; i < 50; ++i) {
        ASSERT_TRUE(
            test.insert(R"({"id":"r)" + std::to_string(i) + R"(","n":)" + std::to_string(i * 7 % 50) + "}")
                .ok());
    }
    EXPECT_THAT(test.ids(R"({"n":{"$gte":47}})", "-n"), ElementsAre("r7", "r14", "r21"));
    FindRequest request = test.request(R"({"n":{"$lt":3}})", "n");
    request.explain = true;
    TextSink sink;
    const auto found = test.wait(test.engine().find(request, sink));
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found->stats.index, "by_n");
    EXPECT_FALSE(found->stats.sorted);
    EXPECT_THAT(sink.ids, ElementsAre("r0", "r43", "r36"));
}

TEST(SqliteEngine, ChangesAndRemoves) {
    TestEngine test;
    ASSERT_TRUE(test.write(CreateIndex{"things", index_of("by_n", "n")}).ok());
    const auto first = test.insert(R"({"id":"a","n":1})");
    const SetFields change(R"({"n":2})");
    const auto changed = test.write(ModifyRecord{"things", "a", &change, {}});
    ASSERT_TRUE(changed.ok());
    EXPECT_EQ(changed->operations[0].revision.version, 2u);
    EXPECT_EQ(changed->operations[0].revision.incarnation, first->operations[0].revision.incarnation);
    EXPECT_THAT(test.ids(R"({"n":2})"), ElementsAre("a"));
    EXPECT_THAT(test.ids(R"({"n":1})"), ElementsAre());
    EXPECT_EQ(test.write(ModifyRecord{"things", "a", &change, {}})->operations[0].effect, Effect::Unchanged);
    ASSERT_TRUE(test.write(RemoveRecord{"things", "a", {}}).ok());
    EXPECT_EQ(test.get("a"), "");
    EXPECT_EQ(test.info().indexes[0].entries, 0u);
    const auto again = test.insert(R"({"id":"a","n":1})");
    EXPECT_NE(again->operations[0].revision.incarnation, first->operations[0].revision.incarnation);
}

}  // namespace
}  // namespace credvault::storage
