#include "storage/query_log.h"

#include <gtest/gtest.h>

#include "base/log.h"
#include "json/canonical.h"
#include "query/filter.h"

namespace credvault::storage {
namespace {

query::Filter filter(std::string_view text) {
    const auto canonical = json::canonicalize(text);
    return *query::parse_filter(json::View(*canonical));
}

class QueryLogTest : public ::testing::Test {
protected:
    void note(std::string_view text, std::uint64_t examined, std::uint64_t returned, std::int64_t ms = 1) {
        const query::Filter asked = filter(text);
        WorkStats stats;
        stats.records_examined = examined;
        stats.returned = returned;
        stats.elapsed_ns = ms * 1'000'000;
        log.note({"find", "shop", "users", {asked, no_sort, true, false}}, stats);
    }
    /// The program's log while `what` runs.
    template <class F>
    std::string logged(F what) {
        std::string lines;
        log::configure(
            {.format = log::Format::Json, .output = [&](std::string_view more) { lines += more; }});
        what();
        log::flush();
        log::configure({});
        return lines;
    }

    const query::Sort no_sort;
    QueryLog log{{.slow_ms = 100, .wasteful_rows = 1000, .wasteful_factor = 10, .max_advice = 3}};
};

TEST_F(QueryLogTest, AdvisesOnWhatExaminedFarMoreThanItGave) {
    note(R"({"status":"a"})", 999, 0);
    note(R"({"status":"a"})", 1000, 101);
    EXPECT_TRUE(log.advice("shop", "users").empty());
    note(R"({"status":"a"})", 1000, 100);
    note(R"({"status":"secret"})", 5000, 2, 7);
    const auto advice = log.advice("shop", "users");
    ASSERT_EQ(advice.size(), 1u);
    EXPECT_EQ(advice[0].fields, "status");
    EXPECT_EQ(advice[0].filter, R"({"status":{"$eq":?}})");
    EXPECT_EQ(advice[0].queries, 2u);
    EXPECT_EQ(advice[0].examined, 6000u);
    EXPECT_EQ(advice[0].returned, 102u);
    EXPECT_EQ(advice[0].elapsed_ns, 8'000'000);
    EXPECT_TRUE(log.advice("shop", "user").empty());
    EXPECT_TRUE(log.advice("sho", "pusers").empty());
}

TEST_F(QueryLogTest, KeepsTheCostliest) {
    note(R"({"a":1})", 5000, 0, 40);
    note(R"({"b":1})", 5000, 0, 10);
    note(R"({"c":1})", 5000, 0, 30);
    note(R"({"d":1})", 5000, 0, 20);
    const auto advice = log.advice("shop", "users");
    ASSERT_EQ(advice.size(), 3u);
    EXPECT_EQ(advice[0].fields + advice[1].fields + advice[2].fields, "acd");
    log.forget("shop", "others");
    EXPECT_EQ(log.advice("shop", "users").size(), 3u);
    log.forget("shop");
    EXPECT_TRUE(log.advice("shop", "users").empty());
}

TEST_F(QueryLogTest, LogsSlowQuestionsWithoutValues) {
    EXPECT_EQ(logged([&] { note(R"({"status":"secret"})", 10, 10, 99); }), "");
    const std::string line = logged([&] { note(R"({"status":"secret"})", 10, 10, 100); });
    EXPECT_NE(line.find("slow query"), std::string::npos) << line;
    EXPECT_NE(line.find(R"("collection":"users")"), std::string::npos) << line;
    EXPECT_NE(line.find(R"("advised_index":"status")"), std::string::npos) << line;
    EXPECT_EQ(line.find("secret"), std::string::npos) << line;
}

TEST_F(QueryLogTest, LogsSlowWorkAsAWhole) {
    const query::Filter asked = filter(R"({"status":"secret"})");
    WorkStats stats;
    stats.records_examined = 5'000;
    stats.returned = 2;
    stats.elapsed_ns = 99'000'000;
    const auto note_whole = [&] {
        log.note_whole({"aggregate", "shop", "users", {asked, no_sort, true, false}, "$match,$group"}, stats);
    };
    EXPECT_EQ(logged(note_whole), "");
    stats.elapsed_ns = 100'000'000;
    const std::string line = logged(note_whole);
    EXPECT_NE(line.find(R"("kind":"aggregate")"), std::string::npos) << line;
    EXPECT_NE(line.find(R"("stages":"$match,$group")"), std::string::npos) << line;
    EXPECT_EQ(line.find("secret"), std::string::npos) << line;
    EXPECT_TRUE(log.advice("shop", "users").empty()) << "its questions make the advice";
}

}  // namespace
}  // namespace credvault::storage
