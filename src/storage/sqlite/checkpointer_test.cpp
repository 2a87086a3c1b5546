// The write-ahead log stays short while records are written and read, and is empty once the engine has stopped.
#include "storage/sqlite/checkpointer.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "storage/sqlite/sqlite_testing.h"

namespace credvault::storage {
namespace {

using testing::TestEngine;

std::uintmax_t log_bytes(const TestEngine& test) {
    std::error_code none;
    const std::uintmax_t size = std::filesystem::file_size(test.path() + "/db/db.db-wal", none);
    return none ? 0 : size;
}

/// Writes a batch of about 100 KB.
void write_batch(TestEngine& test, int number) {
    std::vector<std::string> texts;
    std::vector<Operation> operations;
    for (int i = 0; i < 100; ++i) {
        texts.push_back("{\"id\":\"r" + std::to_string(number * 100 + i) + "\",\"text\":\"" +
                        std::string(1000, 't') + "\"}");
    }
    for (const std::string& text : texts) operations.push_back(InsertRecord{"things", text});
    ASSERT_TRUE(test.write(std::move(operations)).ok());
}

TEST(Checkpointer, LetsTheLogBeginAnewWhileRecordsAreWrittenAndRead) {
    SqliteOptions options;
    options.checkpoint_bytes = 200'000;
    options.max_log_bytes = 500'000;
    TestEngine test(options);
    int begun_anew = 0;
    std::uintmax_t before = 0;
    for (int i = 0; i < 400 && begun_anew < 5; ++i) {
        write_batch(test, i);
        // Its transaction is held until the next batch is waited for.
        ASSERT_NE(test.get("r" + std::to_string(i * 100)), "");
        const std::uintmax_t now = log_bytes(test);
        if (now < before) ++begun_anew;
        before = now;
    }
    EXPECT_EQ(begun_anew, 5);
    EXPECT_GT(test.engine().metrics().checkpoints, 0u);
}

TEST(Checkpointer, TheLogIsEmptyOnceTheEngineHasStopped) {
    TestEngine test;
    write_batch(test, 0);
    EXPECT_GT(log_bytes(test), 0u);
    test.close();
    EXPECT_EQ(log_bytes(test), 0u);
}

}  // namespace
}  // namespace credvault::storage
