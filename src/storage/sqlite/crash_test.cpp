// The process is killed while it writes, again and again: what it said to be written is there afterwards.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "base/clock.h"
#include "storage/sqlite/check.h"
#include "storage/sqlite/sqlite_testing.h"

namespace credvault::storage {
namespace {

using testing::index_of;
using testing::TestEngine;

constexpr int records_a_batch = 20;

std::string id_of(int round, int batch, int record) {
    return "r" + std::to_string(round) + "-" + std::to_string(batch) + "-" + std::to_string(record);
}

/// Writes batches for ever and tells each answered one through the pipe. Runs in a child process.
[[noreturn]] void write_for_ever(const SqliteOptions& options, int round, int pipe) {
    RunLoop loop;
    auto engine = open_sqlite_engine(options);
    if (!engine.ok()) ::_exit(1);
    for (int batch_number = 0;; ++batch_number) {
        std::vector<std::string> texts;
        for (int i = 0; i < records_a_batch; ++i) {
            texts.push_back("{\"id\":\"" + id_of(round, batch_number, i) + "\",\"n\":" + std::to_string(i) +
                            "}");
        }
        WriteBatch batch;
        batch.database = "db";
        for (const std::string& text : texts) batch.operations.push_back(InsertRecord{"things", text});
        if (!loop.wait((*engine)->write(batch)).ok()) ::_exit(2);
        if (::write(pipe, &batch_number, sizeof batch_number) != sizeof batch_number) ::_exit(3);
    }
}

/// The number of the last batch that was told, or -1.
int run_and_kill(const SqliteOptions& options, int round, useconds_t after_us) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        write_for_ever(options, round, ends[1]);
    }
    ::close(ends[1]);
    int last = -1;
    EXPECT_EQ(::read(ends[0], &last, sizeof last), static_cast<ssize_t>(sizeof last))
        << "the child wrote nothing";
    ::usleep(after_us);
    ::kill(child, SIGKILL);
    int told = 0;
    while (::read(ends[0], &told, sizeof told) == static_cast<ssize_t>(sizeof told)) last = told;
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status));
    ::close(ends[0]);
    return last;
}

TEST(Crash, LosesNothingThatWasAnswered) {
    SqliteOptions options;
    options.checkpoint_bytes = 300'000;
    TestEngine test(options);
    ASSERT_TRUE(test.write(CreateIndex{"things", index_of("by_n", "n")}).ok());
    std::mt19937 random(11);
    for (int round = 0; round < 5; ++round) {
        test.close();
        const int last = run_and_kill(test.options(), round, random() % 200'000);
        const auto report = check_directory(test.path());
        ASSERT_TRUE(report.ok());
        for (const CheckProblem& problem : report->problems) ADD_FAILURE() << problem.what;
        test.open();
        for (int batch = 0; batch <= last + 1; ++batch) {
            int there = 0;
            for (int i = 0; i < records_a_batch; ++i)
                there += test.get(id_of(round, batch, i)).empty() ? 0 : 1;
            EXPECT_TRUE(there == records_a_batch || there == 0) << "half a batch";
            EXPECT_TRUE(there == records_a_batch || batch > last) << "an answered batch is lost";
        }
    }
}

}  // namespace
}  // namespace credvault::storage
