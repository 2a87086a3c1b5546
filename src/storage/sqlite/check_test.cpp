#include "storage/sqlite/check.h"

#include <gmock/gmock.h>

#include "storage/sqlite/connection.h"
#include "storage/sqlite/sqlite_testing.h"

namespace credvault::storage {
namespace {

using ::testing::HasSubstr;
using testing::index_of;
using testing::SetFields;
using testing::TestEngine;

/// A database with a bit of everything, closed.
class Check : public ::testing::Test {
protected:
    void SetUp() override {
        ASSERT_TRUE(test.write({CreateIndex{"things", index_of("by_n", "n", true)},
                                CreateIndex{"things", index_of("by_tags", "tags,-n")}})
                        .ok());
        for (int i = 0; i < 100; ++i) {
            const std::string n = std::to_string(i);
            ASSERT_TRUE(
                test.insert("{\"id\":\"r" + n + "\",\"n\":" + n + ",\"tags\":[\"a\",\"b" + n + "\"]}").ok());
        }
        const SetFields change(R"({"n":1000,"tags":[]})");
        ASSERT_TRUE(test.write(ModifyRecord{"things", "r5", &change, {}}).ok());
        ASSERT_TRUE(test.write(RemoveRecord{"things", "r6", {}}).ok());
        test.close();
    }
    void damage(const std::string& sql) {
        const auto connection = *Connection::open(test.file(), Connection::Mode::Write, test.options());
        const Status done = connection->execute(sql);
        ASSERT_TRUE(done.ok()) << done.error().cause;
    }
    std::string problems() {
        const auto report = check_directory(test.path());
        EXPECT_TRUE(report.ok()) << report.error().message;
        std::string text;
        for (const CheckProblem& problem : report->problems)
            text += problem.database + ": " + problem.what + "\n";
        return text;
    }

    TestEngine test;
};

TEST_F(Check, FindsNothingWhereAllIsWell) {
    const auto report = check_directory(test.path());
    ASSERT_TRUE(report.ok());
    EXPECT_TRUE(report->ok()) << report->problems.at(0).what;
    EXPECT_EQ(report->databases, 2u);
    EXPECT_EQ(report->collections, 1u);
    EXPECT_EQ(report->records, 99u);
    EXPECT_EQ(report->entries, 99u + 98u * 2 + 1);
    EXPECT_EQ(report->changes, 1u + 2u * 2 + 102u);  // The collection, two indexes that are ready, records.
}

TEST_F(Check, FindsAMissingEntry) {
    damage("DELETE FROM entries WHERE rid = (SELECT rid FROM records WHERE id = 'r7') AND mark = 3");
    EXPECT_THAT(problems(), HasSubstr("'r7' of 'things' lacks an entry in the index 'by_n'"));
}

TEST_F(Check, FindsAnEntryTooMany) {
    damage("UPDATE records SET doc = replace(doc, '\"n\":8,', '\"n\":-8,') WHERE id = 'r8'");
    const std::string found = problems();
    EXPECT_THAT(found, HasSubstr("'r8' of 'things' lacks an entry in the index 'by_n'"));
    damage(
        "INSERT INTO entries SELECT number, CAST(key || x'00' AS BLOB), rid, mark FROM entries WHERE mark = "
        "3 LIMIT 1");
    EXPECT_THAT(problems(), HasSubstr("entries, the records imply"));
}

TEST_F(Check, FindsEntriesWithoutARecord) {
    damage("DELETE FROM records WHERE id = 'r9'");
    const std::string found = problems();
    EXPECT_THAT(found, HasSubstr("entries, the records imply"));
    EXPECT_THAT(found, HasSubstr("'r9' of 'things' is not there, though the change log does not say so"));
    EXPECT_THAT(found, HasSubstr("has 98 records"));
}

TEST_F(Check, FindsAWrongMark) {
    damage("UPDATE entries SET mark = 0 WHERE rid = (SELECT rid FROM records WHERE id = 'r7') AND mark = 3");
    EXPECT_THAT(problems(), HasSubstr("'r7' of 'things' has a wrongly marked entry"));
}

TEST_F(Check, FindsTextThatIsNotCanonical) {
    damage("UPDATE records SET doc = replace(doc, '\"n\":7,', '\"n\": 7,') WHERE id = 'r7'");
    EXPECT_THAT(problems(), HasSubstr("'r7' of 'things' is no canonical record"));
}

TEST_F(Check, FindsAWrongIdAndVersion) {
    damage(
        "UPDATE records SET doc = replace(doc, '\"id\":\"r7\"', '\"id\":\"q7\"') WHERE id = 'r7';"
        "UPDATE records SET version = 9 WHERE id = 'r10'");
    const std::string found = problems();
    EXPECT_THAT(found, HasSubstr("'r7' of 'things' is stored under another id"));
    EXPECT_THAT(found, HasSubstr("'r10' of 'things' is stored with another version"));
    EXPECT_THAT(found, HasSubstr("'r10' of 'things' has version 9, the change log has 1 writes of it"));
}

TEST_F(Check, FindsWrongCounts) {
    damage("UPDATE counts SET rows = rows + 1");
    const std::string found = problems();
    EXPECT_THAT(found, HasSubstr("its counts are 100"));
    EXPECT_THAT(found, HasSubstr("the index 'by_n' has 99 entries, its count is 100"));
    EXPECT_THAT(found, HasSubstr("the change log's counts are wrong"));
}

TEST_F(Check, FindsAChangeLogThatDisagrees) {
    damage("DELETE FROM changes WHERE id = 'r7'; UPDATE changes SET operation = 3 WHERE id = 'r9'");
    const std::string found = problems();
    EXPECT_THAT(found, HasSubstr("'r7' of 'things' has no insertion in the change log"));
    EXPECT_THAT(found, HasSubstr("changes are missing in the change log"));
    EXPECT_THAT(found,
                HasSubstr("'r9' of 'things' is there, though the change log says that it was removed"));
}

TEST_F(Check, FindsAnIndexThatDoesNotKnowOfArrays) {
    damage("UPDATE indexes SET multikey = 0");
    EXPECT_THAT(problems(), HasSubstr("has an array that 'by_tags' does not know of"));
}

TEST_F(Check, FindsWhatBelongsToNothing) {
    damage(
        "INSERT INTO entries VALUES (77, x'01', 5, 3); INSERT INTO records VALUES (88 << 40 | 1, 88, 'x', 1, "
        "'{}')");
    const std::string found = problems();
    EXPECT_THAT(found, HasSubstr("entries of an index that does not exist (77)"));
    EXPECT_THAT(found, HasSubstr("records of a collection that does not exist (88)"));
}

TEST_F(Check, FindsABrokenFile) {
    ASSERT_EQ(::truncate(test.file().c_str(), 20'000), 0);
    EXPECT_THAT(problems(), HasSubstr("db: "));
}

TEST_F(Check, KeepsABoundedNumberOfProblemsAndCountsAll) {
    damage("DELETE FROM entries");
    CheckSettings settings;
    settings.max_problems = 5;
    const auto report = check_directory(test.path(), settings);
    EXPECT_EQ(report->problems.size(), 5u);
    EXPECT_GT(report->problem_count, 200u);
}

TEST_F(Check, TellsHowFarItIsAndCanBeStopped) {
    CheckSettings settings;
    std::vector<std::string> steps;
    settings.progress = [&](const CheckProgress& progress) {
        steps.emplace_back(progress.step);
        return progress.step != "entries";
    };
    EXPECT_FALSE(check_directory(test.path(), settings).ok());
    EXPECT_THAT(steps, ::testing::Contains("records"));
}

TEST_F(Check, WantsTheDirectoryForItself) {
    test.open();
    EXPECT_EQ(check_directory(test.path()).error().code, ErrorCode::STORAGE_UNAVAILABLE);
    EXPECT_FALSE(check_directory(test.path() + "/nowhere").ok());
}

}  // namespace
}  // namespace credvault::storage
