// What an update writes, as SQLite is told it: the index rows that change and no others, and of a no-op nothing.
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <mutex>

#include "storage/sqlite/sqlite_library.h"
#include "storage/sqlite/sqlite_testing.h"

namespace credvault::storage {
namespace {

using namespace testing;

/// Every statement that writes to a table, on any connection that is opened while this lives. One at a time.
class Writes {
public:
    Writes() {
        configure_sqlite();
        sqlite3_auto_extension(entry_point());
    }
    ~Writes() { sqlite3_cancel_auto_extension(entry_point()); }

    /// Those since the last call, values included.
    std::vector<std::string> take() {
        std::lock_guard lock(mutex);
        return std::exchange(statements, {});
    }

private:
    static void (*entry_point())() { return reinterpret_cast<void (*)()>(&attach); }
    static int attach(sqlite3* connection, const char**, const void*) {
        return sqlite3_trace_v2(connection, SQLITE_TRACE_STMT, &note, nullptr);
    }
    static int note(unsigned, void*, void* statement, void*) {
        auto* const running = static_cast<sqlite3_stmt*>(statement);
        const std::string_view sql = sqlite3_sql(running) == nullptr ? "" : sqlite3_sql(running);
        constexpr std::array writing{"INSERT", "UPDATE", "DELETE", "REPLACE"};
        if (std::ranges::none_of(writing, [&](std::string_view word) { return sql.starts_with(word); }))
            return 0;
        char* const expanded = sqlite3_expanded_sql(running);
        std::lock_guard lock(mutex);
        statements.emplace_back(expanded);
        sqlite3_free(expanded);
        return 0;
    }

    static inline std::mutex mutex;
    static inline std::vector<std::string> statements;
};

/// "INSERT 4": what is done to an entry of which index. Other tables are left out.
std::vector<std::string> of_entries(const std::vector<std::string>& statements) {
    std::vector<std::string> found;
    for (const std::string& statement : statements) {
        const std::size_t table = statement.find(" entries ");
        if (table == std::string::npos) continue;
        const std::size_t number = statement.find_first_of("0123456789", table);
        const std::size_t end = statement.find_first_not_of("0123456789", number);
        found.push_back(statement.substr(0, statement.find(' ')) + " " +
                        statement.substr(number, end - number));
    }
    return found;
}

class IndexRows : public ::testing::Test {
protected:
    IndexRows() {
        const std::vector<Operation> indexes{CreateIndex{"things", index_of("by_a", "a")},
                                             CreateIndex{"things", index_of("by_b", "b")},
                                             CreateIndex{"things", index_of("by_b_and_c", "b,c")},
                                             CreateIndex{"things", index_of("by_tags", "tags")}};
        EXPECT_TRUE(engine_.write(indexes).ok());
        writes_.take();
        EXPECT_TRUE(engine_.insert(R"({"id":"x","a":1,"b":2,"c":3,"tags":["m","p","s"],"n":0})").ok());
        const std::vector<std::string> inserted = of_entries(writes_.take());
        EXPECT_EQ(inserted.size(), 6U);  // Three for the tags.
        for (const std::string& one : inserted) {
            const std::string number = one.substr(one.find(' '));
            if (numbers_.empty() || numbers_.back() != number) numbers_.push_back(number);
        }
        EXPECT_EQ(numbers_.size(), 4U);
    }

    std::vector<std::string> modify(std::string fields) {
        const SetFields change(std::move(fields));
        const auto done = engine_.write(ModifyRecord{"things", "x", &change, {}});
        EXPECT_TRUE(done.ok());
        return writes_.take();
    }
    /// "INSERT" and the number of the i-th index.
    std::string entry(const std::string& verb, std::size_t i) { return verb + numbers_.at(i); }

    Writes writes_;
    TestEngine engine_;
    std::vector<std::string> numbers_;
};

using Entries = std::vector<std::string>;

TEST_F(IndexRows, OfAnUnindexedFieldNoneIsWritten) {
    const auto written = modify(R"({"a":1,"b":2,"c":3,"tags":["m","p","s"],"n":1})");
    EXPECT_EQ(of_entries(written), Entries());
    EXPECT_FALSE(written.empty());  // The record and its change.
}

TEST_F(IndexRows, OfOneFieldOnlyItsIndexesAreWritten) {
    auto written = of_entries(modify(R"({"a":7,"b":2,"c":3,"tags":["m","p","s"],"n":0})"));
    std::ranges::sort(written);
    EXPECT_EQ(written, (Entries{entry("DELETE", 0), entry("INSERT", 0)}));
    written = of_entries(modify(R"({"a":7,"b":2,"c":9,"tags":["m","p","s"],"n":0})"));
    std::ranges::sort(written);
    EXPECT_EQ(written, (Entries{entry("DELETE", 2), entry("INSERT", 2)}));
}

TEST_F(IndexRows, OfAnArrayOnlyTheElementsThatChangeAreWritten) {
    auto written = of_entries(modify(R"({"a":1,"b":2,"c":3,"tags":["m","o","p","s"],"n":0})"));
    EXPECT_EQ(written, (Entries{entry("INSERT", 3)}));
    written = of_entries(modify(R"({"a":1,"b":2,"c":3,"tags":["m","p","s"],"n":0})"));
    EXPECT_EQ(written, (Entries{entry("DELETE", 3)}));
    // The order of the elements is the record's affair.
    EXPECT_EQ(of_entries(modify(R"({"a":1,"b":2,"c":3,"tags":["s","m","p"],"n":0})")), Entries());
}

TEST_F(IndexRows, ANoOpWritesNothing) {
    EXPECT_EQ(modify(R"({"a":1,"b":2,"c":3,"tags":["m","p","s"],"n":0})"), Entries());
    EXPECT_NE(engine_.get("x").find(R"("_version":1)"), std::string::npos);
}

}  // namespace
}  // namespace credvault::storage
