#include "api/access_log.h"

#include <gtest/gtest.h>

#include <thread>

#include "json/canonical.h"

namespace credvault::api {
namespace {

AccessEntry entry(std::string_view path) {
    return {"req_1", "GET", path, "getThing", 200, 1'234'567, "key_1", "127.0.0.1", 42, ""};
}

TEST(AccessLine, SaysWhatHappened) {
    std::string line;
    append_access_line(line, entry("/v1/things/x"), 0);
    EXPECT_EQ(
        line,
        R"({"time":"1970-01-01T00:00:00.000Z","request_id":"req_1","method":"GET","path":"/v1/things/x",)"
        R"("operation":"getThing","status":200,"duration_us":1234,"key":"key_1","address":"127.0.0.1","bytes":42})"
        "\n");
}

TEST(AccessLine, LeavesOutWhatIsNotKnown) {
    AccessEntry rejected;
    rejected.status = 400;
    rejected.error = "MALFORMED_REQUEST";
    std::string line;
    append_access_line(line, rejected, 0);
    EXPECT_EQ(line,
              "{\"time\":\"1970-01-01T00:00:00.000Z\",\"status\":400,\"duration_us\":0,\"bytes\":0,"
              "\"code\":\"MALFORMED_REQUEST\"}\n");
}

TEST(AccessLine, IsOneLineOfJsonWhateverThePath) {
    std::string line;
    append_access_line(line, entry("/a\"\n\x01\\b"), 0);
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    line.pop_back();
    EXPECT_TRUE(json::canonicalize(line).ok()) << line;
}

TEST(AccessLog, WritesWhatAllThreadsAdded) {
    std::string written;
    {
        AccessLog log([&](std::string_view lines) { written.append(lines); });
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (int k = 0; k < 500; ++k) log.add(entry("/x"));
            });
        }
        for (std::thread& thread : threads) thread.join();
    }
    EXPECT_EQ(std::count(written.begin(), written.end(), '\n'), 2000);
}

TEST(AccessLog, FlushesOnDemand) {
    std::string written;
    AccessLog log([&](std::string_view lines) { written.append(lines); });
    log.add(entry("/x"));
    log.flush();
    EXPECT_NE(written.find("/x"), std::string::npos);
}

TEST(AccessLog, DropsAndSaysSoWhenNobodyReads) {
    std::string written;
    std::mutex blocked;
    blocked.lock();
    std::size_t added = 0;
    {
        AccessLog log([&](std::string_view lines) {
            std::lock_guard lock(blocked);
            written.append(lines);
        });
        const std::string path(10'000, 'x');
        // 4 MiB in the buffer, and as much again that the log's thread may have taken.
        for (; added < 2'000; ++added) log.add(entry(path));
        blocked.unlock();
    }
    const auto lines = static_cast<std::size_t>(std::count(written.begin(), written.end(), '\n'));
    EXPECT_LT(lines, added);
    const std::size_t at = written.find("\"dropped_lines\":");
    ASSERT_NE(at, std::string::npos);
    // The line that tells of the dropped ones is one more.
    EXPECT_EQ(std::stoul(written.substr(at + 16)) + lines - 1, added);
}

}  // namespace
}  // namespace credvault::api
