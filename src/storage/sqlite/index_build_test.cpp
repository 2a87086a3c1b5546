// Indexes that are built in the background, and what happens to what was dropped.
#include <gmock/gmock.h>

#include "storage/sqlite/check.h"
#include "storage/sqlite/chore.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/sqlite_testing.h"

namespace credvault::storage {
namespace {

using ::testing::HasSubstr;
using testing::index_of;
using testing::SetFields;
using testing::TestEngine;
using testing::TextSink;

SqliteOptions small_steps() {
    SqliteOptions options;
    options.instant_index_records = 0;
    options.chunk_ms = 1;
    return options;
}

void fill(TestEngine& test, int records, int values) {
    for (int first = 0; first < records; first += 1000) {
        std::vector<std::string> texts;
        std::vector<Operation> operations;
        for (int i = first; i < first + 1000; ++i) {
            texts.push_back("{\"id\":\"r" + std::to_string(i) + "\",\"n\":" + std::to_string(i % values) +
                            "}");
        }
        for (const std::string& text : texts) operations.push_back(InsertRecord{"things", text});
        ASSERT_TRUE(test.write(std::move(operations)).ok());
    }
}

void expect_clean(TestEngine& test) {
    test.close();
    const auto report = check_directory(test.path());
    ASSERT_TRUE(report.ok()) << report.error().message;
    for (const CheckProblem& problem : report->problems) ADD_FAILURE() << problem.what;
    test.open();
}

std::int64_t raw_integer(TestEngine& test, const std::string& sql) {
    test.close();
    const auto connection = Connection::open(test.file(), Connection::Mode::Read, test.options());
    const std::int64_t value = *(*connection)->integer(sql);
    test.open();
    return value;
}

/// Gives the background time to sweep.
bool becomes_zero(TestEngine& test, const std::string& sql) {
    for (int tries = 0; tries < 100; ++tries) {
        if (raw_integer(test, sql) == 0) return true;
        test.get("none");  // Opens the database, whose background work then goes on.
        ::usleep(20'000);
    }
    return false;
}

TEST(IndexBuild, GoesOnWhileRecordsAreWritten) {
    TestEngine test(small_steps());
    fill(test, 3000, 100);
    ASSERT_TRUE(test.write(CreateIndex{"things", index_of("by_n", "n")}).ok());
    const SetFields change(R"({"n":50})");
    for (int i = 0; i < 40; ++i) {
        const std::string old_id = "r" + std::to_string(i * 71);
        ASSERT_TRUE(test.write(ModifyRecord{"things", old_id, &change, {}}).ok());
        const std::string removed = "r" + std::to_string(i * 71 + 1);
        ASSERT_TRUE(test.write(RemoveRecord{"things", removed, {}}).ok());
        ASSERT_TRUE(test.insert("{\"id\":\"new" + std::to_string(i) + "\",\"n\":50}").ok());
    }
    const IndexInfo built = test.built("by_n");
    EXPECT_EQ(built.state, IndexState::Ready);
    EXPECT_EQ(built.entries, 3000u);
    std::size_t expected = 0;
    TextSink sink;
    ASSERT_TRUE(test.wait(test.engine().find(test.request("{}"), sink)).ok());
    for (const std::string& text : sink.records)
        expected += json::View(text).find("n")->as_int() == 50 ? 1 : 0;
    EXPECT_EQ(test.ids(R"({"n":50})").size(), expected);
    expect_clean(test);
}

TEST(IndexBuild, GoesOnAfterARestart) {
    TestEngine test(small_steps());
    fill(test, 8'000, 400);
    ASSERT_TRUE(test.write(CreateIndex{"things", index_of("by_n", "n")}).ok());
    bool seen_building = false;
    for (int i = 0; i < 5; ++i) {
        test.reopen();
        const IndexInfo index = test.info().indexes.at(0);
        seen_building |= index.state == IndexState::Building;
        EXPECT_LE(index.records_done, index.records_total);
    }
    EXPECT_TRUE(seen_building);
    EXPECT_EQ(test.built("by_n").entries, 8'000u);
    EXPECT_EQ(test.ids(R"({"n":7})").size(), 20u);
    expect_clean(test);
}

TEST(IndexBuild, FailsOnAValueThatComesTwice) {
    TestEngine test(small_steps());
    fill(test, 2000, 1999);
    ASSERT_TRUE(test.write(CreateIndex{"things", index_of("by_n", "n", true)}).ok());
    const IndexInfo index = test.built("by_n");
    EXPECT_EQ(index.state, IndexState::Failed);
    EXPECT_THAT(index.failure, HasSubstr("n = 0"));
    EXPECT_TRUE(test.insert(R"({"id":"again","n":1})").ok()) << "a failed index refuses nothing";
    EXPECT_TRUE(becomes_zero(test, "SELECT count(*) FROM entries"));
    EXPECT_EQ(test.info().indexes.at(0).state, IndexState::Failed);
    ASSERT_TRUE(test.write(DropIndex{"things", "by_n"}).ok());
    EXPECT_TRUE(test.info().indexes.empty());
    expect_clean(test);
}

TEST(IndexBuild, RefusesDuplicatesFromTheBeginning) {
    TestEngine test(small_steps());
    fill(test, 2000, 2000);
    ASSERT_TRUE(test.write({CreateIndex{"things", index_of("by_n", "n", true)},
                            InsertRecord{"things", R"({"id":"x","n":-5})", false}})
                    .ok());
    EXPECT_EQ(test.insert(R"({"id":"y","n":-5})").error().code, ErrorCode::DUPLICATE_KEY);
    EXPECT_EQ(test.built("by_n").state, IndexState::Ready);
}

TEST(IndexBuild, IsReadyAtOnceOnASmallCollection) {
    TestEngine test;
    ASSERT_TRUE(test.insert(R"({"id":"a","n":[1,2]})").ok());
    ASSERT_TRUE(test.write(CreateIndex{"things", index_of("by_n", "n")}).ok());
    const IndexInfo index = test.info().indexes.at(0);
    EXPECT_EQ(index.state, IndexState::Ready);
    EXPECT_EQ(index.entries, 2u);
    EXPECT_TRUE(index.multikey);
    EXPECT_EQ(test.ids(R"({"n":2})"), std::vector<std::string>{"a"});
}

TEST(Sweep, RemovesWhatADroppedCollectionHad) {
    TestEngine test(small_steps());
    fill(test, 5000, 100);
    ASSERT_TRUE(test.write(CreateIndex{"things", index_of("by_n", "n")}).ok());
    test.built("by_n");
    ASSERT_TRUE(test.write({DropCollection{"things"}, CreateCollection{"things", "{}"}}).ok());
    EXPECT_EQ(test.count("{}"), 0u);
    EXPECT_EQ(test.get("r1"), "");
    ASSERT_TRUE(test.insert(R"({"id":"r1"})").ok());
    EXPECT_TRUE(
        becomes_zero(test,
                     "SELECT (SELECT count(*) FROM records WHERE id <> 'r1') + (SELECT count(*) FROM entries)"
                     " + (SELECT count(*) FROM indexes) + (SELECT count(*) - 1 FROM collections)"));
    EXPECT_NE(test.get("r1"), "");
    expect_clean(test);
}

}  // namespace
}  // namespace credvault::storage
