// An update writes the index entries that differ and no others: told by triggers on the table of entries.
#include <sqlite3.h>

#include "storage/sqlite/sqlite_testing.h"

namespace credvault::storage {
namespace {

using testing::index_of;
using testing::SetFields;
using testing::TestEngine;

void run_sql(const std::string& file, const char* sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
    sqlite3_close(database);
}

std::int64_t count_of(const std::string& file, const char* sql) {
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(database, sql, -1, &statement, nullptr), SQLITE_OK);
    EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
    const std::int64_t count = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return count;
}

class EntryChangesTest : public ::testing::Test {
protected:
    void SetUp() override {
        const query::Sort by_tags = *query::parse_sort("tags");
        ASSERT_TRUE(things
                        .write({CreateIndex{"things", index_of("by_a", "a")},
                                CreateIndex{"things", index_of("by_b", "b,a")},
                                CreateIndex{"things", {"by_tags", {by_tags, false}, false}}})
                        .ok());
        ASSERT_TRUE(things.insert(R"({"id":"x","a":1,"b":2,"tags":["p","q","r"],"free":1})").ok());
        things.close();
        run_sql(things.file(),
                "CREATE TABLE seen (what TEXT);"
                "CREATE TRIGGER seen_insert AFTER INSERT ON entries BEGIN INSERT INTO seen VALUES "
                "('insert'); END;"
                "CREATE TRIGGER seen_delete AFTER DELETE ON entries BEGIN INSERT INTO seen VALUES "
                "('delete'); END;"
                "CREATE TRIGGER seen_update AFTER UPDATE ON entries BEGIN INSERT INTO seen VALUES "
                "('update'); END;");
        things.open();
    }

    /// The rows of entries that the change writes.
    std::int64_t written_by(std::string_view fields) {
        const SetFields change{std::string(fields)};
        EXPECT_TRUE(things.write(ModifyRecord{"things", "x", &change, {}}).ok());
        things.close();
        const std::int64_t rows = count_of(things.file(), "SELECT count(*) FROM seen");
        run_sql(things.file(), "DELETE FROM seen");
        things.open();
        return rows;
    }

    TestEngine things;
};

TEST_F(EntryChangesTest, only_differences_are_written) {
    EXPECT_EQ(written_by(R"({"a":1,"b":2,"tags":["p","q","r"],"free":2})"), 0) << "no index has the field";
    EXPECT_EQ(written_by(R"({"a":1,"b":3,"tags":["p","q","r"],"free":2})"), 2) << "one index of three";
    EXPECT_EQ(written_by(R"({"a":1,"b":3,"tags":["p","q1","r"],"free":2})"), 2) << "one element of three";
    EXPECT_EQ(written_by(R"({"a":9,"b":3,"tags":["p","q1","r"],"free":2})"), 4) << "two indexes";
    EXPECT_EQ(written_by(R"({"a":9,"b":3,"tags":["p","q1","r"],"free":2})"), 0) << "nothing at all";
    EXPECT_EQ(written_by(R"({"a":9,"b":3,"tags":["q1","r"],"free":2})"), 2)
        << "one goes, one becomes the least";
}

}  // namespace
}  // namespace credvault::storage
