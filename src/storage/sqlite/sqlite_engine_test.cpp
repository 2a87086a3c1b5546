#include "storage/sqlite/sqlite_engine.h"

#include <gmock/gmock.h>

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
