// What is removed by and by: expired idempotency keys, changes beyond the bounds.
#include <gtest/gtest.h>

#include "base/clock.h"
#include "storage/sqlite/check.h"
#include "storage/sqlite/chore.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/sqlite_testing.h"

namespace credvault::storage {
namespace {

using testing::TestEngine;

class Upkeep : public ::testing::Test {
protected:
    /// A store with so many changes behind the first, which made the collection; closed; `sql` is then run on it.
    void make(SqliteOptions options, int records, const std::string& sql) {
        connection.reset();
        test.emplace(std::move(options));
        std::vector<std::string> texts;
        std::vector<Operation> operations;
        for (int i = 0; i < records; ++i) texts.push_back("{\"n\":" + std::to_string(i) + "}");
        for (const std::string& text : texts) operations.push_back(InsertRecord{"things", text});
        ASSERT_TRUE(test->write(std::move(operations)).ok());
        test->close();
        connection = *Connection::open(test->file(), Connection::Mode::Write, test->options());
        ASSERT_TRUE(sql.empty() || connection->execute(sql).ok());
    }

    /// Runs the chore to its end; returns its steps.
    int run(std::int64_t held = INT64_MAX) {
        Context context(test->options());
        UlidGenerator ulids;
        const auto upkeep = make_upkeep([held] { return held; });
        const std::int64_t last = *connection->integer("SELECT max(seq) FROM changes");
        for (int steps = 1; steps < 1'000; ++steps) {
            EXPECT_TRUE(connection->execute("BEGIN IMMEDIATE").ok());
            WriteTransaction transaction({*connection, ulids, context, *Catalog::load(*connection), last});
            const auto done = upkeep->step(transaction);
            EXPECT_TRUE(done.ok() && transaction.save_counts().ok());
            EXPECT_TRUE(connection->execute("COMMIT").ok());
            if (!done.ok() || *done) return steps;
        }
        return 0;
    }

    std::int64_t integer(const std::string& sql) { return *connection->integer(sql); }

    void expect_clean() {
        connection.reset();
        const auto report = check_directory(test->path());
        ASSERT_TRUE(report.ok()) << report.error().message;
        for (const CheckProblem& problem : report->problems) ADD_FAILURE() << problem.what;
    }

    std::optional<TestEngine> test;
    std::unique_ptr<Connection> connection;
};

TEST_F(Upkeep, RemovesExpiredKeys) {
    make({}, 1, "INSERT INTO idempotency VALUES ('old', 'f', 'a', 5), ('new', 'f', 'a', 9000000000000)");
    EXPECT_EQ(run(), 1);
    EXPECT_EQ(integer("SELECT count(*) FROM idempotency"), 1);
}

TEST_F(Upkeep, KeepsSoManyChangesAndAlwaysTheLast) {
    SqliteOptions options;
    options.max_changes = 10;
    make(options, 5'000, "");
    EXPECT_GT(run(), 1);
    EXPECT_EQ(integer("SELECT count(*) FROM changes"), 10);
    EXPECT_EQ(integer("SELECT max(seq) FROM changes"), 5'001);
    EXPECT_EQ(integer("SELECT rows FROM counts WHERE number = 0"), 10);
    expect_clean();
}

TEST_F(Upkeep, KeepsSoManyBytesOfChanges) {
    SqliteOptions options;
    options.max_change_bytes = 1'000;
    make(options, 200, "");
    run();
    EXPECT_LE(integer("SELECT sum(bytes) FROM changes"), 1'000);
    EXPECT_GT(integer("SELECT sum(bytes) FROM changes"), 800);
    expect_clean();
}

TEST_F(Upkeep, ForgetsOldChangesButTheLast) {
    SqliteOptions options;
    options.max_change_age_ms = 60'000;
    make(options, 100, "UPDATE changes SET ms = ms - 61000 WHERE seq <= 40");
    run();
    EXPECT_EQ(integer("SELECT min(seq) FROM changes"), 41);
    ASSERT_TRUE(connection->execute("UPDATE changes SET ms = 1").ok());
    run();
    EXPECT_EQ(integer("SELECT min(seq) FROM changes"), 101);
    expect_clean();
}

TEST_F(Upkeep, KeepsWhatLiveConsumersNeedUpToABound) {
    SqliteOptions options;
    options.max_changes = 10;
    options.held_changes = 50;
    make(options, 100, "");
    run(70);
    EXPECT_EQ(integer("SELECT min(seq) FROM changes"), 71);
    make(options, 100, "");
    run(20);
    EXPECT_EQ(integer("SELECT min(seq) FROM changes"), 52) << "beyond the bound they are no longer held";
}

TEST_F(Upkeep, ForgetsDroppedCollectionsWithTheirChanges) {
    SqliteOptions options;
    options.max_changes = 2;
    make(options, 5, "");
    ASSERT_TRUE(
        connection->execute("INSERT INTO former_collections VALUES (900, 'old', 3), (901, 'newer', 5)").ok());
    run();
    EXPECT_EQ(integer("SELECT number FROM former_collections"), 901);
}

}  // namespace
}  // namespace credvault::storage
