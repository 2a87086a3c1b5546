// Reading ahead: the same answers with fewer reads, also beside a writer and checkpoints.
#include "storage/sqlite/read_ahead.h"

#include <atomic>
#include <fstream>
#include <thread>

#include "storage/sqlite/sqlite_testing.h"

namespace credvault::storage {
namespace {

using testing::TemporaryDirectory;
using testing::TestEngine;
using testing::TextSink;

/// Read calls of this process so far.
long reads() {
    std::ifstream io("/proc/self/io");
    std::string name;
    long value = 0;
    while (io >> name >> value) {
        if (name == "syscr:") return value;
    }
    return -1;
}

struct Handle {
    explicit Handle(const std::string& path, const std::string& vfs) {
        EXPECT_EQ(
            sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs.c_str()),
            SQLITE_OK);
    }
    ~Handle() { sqlite3_close(raw); }
    void run(const char* sql) {
        EXPECT_EQ(sqlite3_exec(raw, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sql;
    }
    std::string text(const char* sql) {
        sqlite3_stmt* statement = nullptr;
        EXPECT_EQ(sqlite3_prepare_v2(raw, sql, -1, &statement, nullptr), SQLITE_OK);
        EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
        std::string answer = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
        sqlite3_finalize(statement);
        return answer;
    }

    sqlite3* raw = nullptr;
};

constexpr const char* sum = "SELECT sum(n) || ' ' || sum(length(t)) FROM a";

TEST(ReadAhead, GivesTheSameWithFewerReads) {
    const TemporaryDirectory directory;
    const std::string path = directory.path() + "/x.db";
    Handle(path, "unix-excl")
        .run(
            "CREATE TABLE a (n INTEGER PRIMARY KEY, t TEXT);"
            "WITH RECURSIVE s (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM s WHERE n < 20000) "
            "INSERT INTO a SELECT n, printf('%0300d', n) FROM s");
    Handle file(path, reading_ahead("unix-excl"));
    file.run("PRAGMA cache_size=-64");
    const std::string plain = file.text(sum);
    const long before = reads();
    EXPECT_EQ(file.text(sum), plain);
    const long between = reads();
    std::string ahead;
    {
        const ReadAhead scope(file.raw);
        ahead = file.text(sum);
    }
    const long after = reads();
    EXPECT_EQ(ahead, plain);
    EXPECT_GT(between - before, 1'000);
    EXPECT_LT(after - between, (between - before) / 4);
}

TEST(ReadAhead, DoesNothingToOtherConnections) {
    const TemporaryDirectory directory;
    Handle file(directory.path() + "/x.db", "unix-excl");
    file.run("CREATE TABLE a (n INTEGER PRIMARY KEY, t TEXT); INSERT INTO a VALUES (1, 'x')");
    const ReadAhead scope(file.raw);
    EXPECT_EQ(file.text(sum), "1 1");
    EXPECT_EQ(reading_ahead("none such"), "none such");
}

/// Ten is moved from one record to another in one batch, again and again: whoever reads all in one slice finds the sum.
TEST(ReadAhead, SeesOneStateBesideAWriterAndCheckpoints) {
    constexpr int records = 3'000;
    SqliteOptions options;
    options.inline_rows = 1;
    options.slice_rows = 1'000'000;
    options.slice_ms = 60'000;
    options.checkpoint_bytes = 64 * 1024;
    options.connection_cache_bytes = 64 * 1024;
    TestEngine test(options);
    const auto record = [](int i, int n) {
        return "{\"id\":\"" + std::to_string(i) + "\",\"n\":" + std::to_string(n) + ",\"t\":\"" +
               std::string(300, 'x') + "\"}";
    };
    std::vector<std::string> texts;
    std::vector<Operation> inserts;
    for (int i = 0; i < records; ++i) texts.push_back(record(i, 100));
    for (const std::string& text : texts) inserts.push_back(InsertRecord{"things", text});
    ASSERT_TRUE(test.write(std::move(inserts)).ok());

    std::atomic<bool> done{false};
    std::atomic<int> rounds{0};
    std::atomic<int> wrong{0};
    std::thread reader([&] {
        RunLoop loop;
        while (!done) {
            FindRequest request;
            request.database = "db";
            request.collection = "things";
            request.filter = testing::filter_of("{}");
            request.any_order = true;
            request.limit = no_limit;
            TextSink sink;
            const auto found = loop.wait(test.engine().find(request, sink));
            long total = 0;
            for (const std::string& text : sink.records)
                total += std::stol(text.substr(text.find("\"n\":") + 4));
            if (!found.ok() || sink.records.size() != records || total != 100L * records) ++wrong;
            ++rounds;
        }
    });
    std::vector<int> numbers(records, 100);
    for (int i = 0; i < 1'500 || (rounds < 20 && i < 20'000); ++i) {
        // Not the first, which is read in a slice of its own.
        const int from = 1 + i * 7919 % (records - 1);
        const int to = 1 + i * 1'097 % (records - 1);
        if (from == to) continue;
        numbers[static_cast<std::size_t>(from)] -= 10;
        numbers[static_cast<std::size_t>(to)] += 10;
        const std::string ids[] = {std::to_string(from), std::to_string(to)};
        const std::string changed[] = {record(from, numbers[static_cast<std::size_t>(from)]),
                                       record(to, numbers[static_cast<std::size_t>(to)])};
        ASSERT_TRUE(test.write({PutRecord{"things", ids[0], changed[0], false, {}},
                                PutRecord{"things", ids[1], changed[1], false, {}}})
                        .ok());
    }
    done = true;
    reader.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_GE(rounds, 20);
    EXPECT_GT(test.engine().metrics().checkpoints, 0u);
}

}  // namespace
}  // namespace credvault::storage
