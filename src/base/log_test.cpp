#include "base/log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <future>
#include <thread>
#include <utility>
#include <vector>

#include "base/log_line.h"

namespace credvault::log {
namespace {

constexpr std::int64_t noon = 1'769'860'800'000;  // 2026-01-31T12:00:00Z

std::string text_line(std::string_view message, Fields fields = {}) {
    std::string out;
    append_text_line(out, {noon, Level::Info, message, fields});
    return out;
}

std::string json_line(std::string_view message, Fields fields = {}) {
    std::string out;
    append_json_line(out, {noon, Level::Warning, message, fields});
    return out;
}

TEST(LogLine, is_text_for_people) {
    EXPECT_EQ(text_line("listening", {{"address", "127.0.0.1:8080"}, {"threads", 2}, {"tls", false}}),
              "2026-01-31T12:00:00.000Z info    listening address=127.0.0.1:8080 threads=2 tls=false");
    EXPECT_EQ(text_line("m", {{"a", "two words"}, {"b", ""}, {"c", "x=y"}, {"d", "q\"q"}}),
              "2026-01-31T12:00:00.000Z info    m a=\"two words\" b=\"\" c=\"x=y\" d=\"q\\\"q\"");
}

TEST(LogLine, is_json_for_machines) {
    EXPECT_EQ(
        json_line(
            "m",
            {{"text", "a\"b"}, {"int", -3}, {"big", std::uint64_t{1} << 63}, {"real", 0.5}, {"on", true}}),
        "{\"time\":\"2026-01-31T12:00:00.000Z\",\"level\":\"warning\",\"message\":\"m\",\"text\":\"a\\\"b\","
        "\"int\":-3,\"big\":9223372036854775808,\"real\":0.5,\"on\":true}");
    EXPECT_NE(json_line("m", {{"x", std::nan("")}}).find("\"x\":null"), std::string::npos);
}

TEST(LogLine, stays_one_line_whatever_is_in_it) {
    const std::string nasty("a\nb\r\tc\0d\x1b[31m\x7f", 15);
    for (const std::string& line : {text_line(nasty, {{"v", nasty}}), json_line(nasty, {{"v", nasty}})}) {
        for (const char c : line) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) << line;
    }
    EXPECT_NE(json_line(nasty).find("a\\nb\\r\\tc\\u0000d\\u001b[31m\\u007f"), std::string::npos);
}

struct Utf8Case {
    std::string_view bytes;
    std::string_view quoted;
};

TEST(LogLine, replaces_what_is_no_utf8) {
    constexpr Utf8Case cases[] = {
        {"grün €𝄞", "\"grün €𝄞\""},
        {"\xff", "\"\xef\xbf\xbd\""},
        {"a\xc3", "\"a\xef\xbf\xbd\""},
        {"\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\""},                    // Overlong.
        {"\xed\xa0\x80x", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdx\""},  // A surrogate.
        {"\xf4\x90\x80\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xe2\x82", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
    };
    for (const auto& [bytes, quoted] : cases) {
        std::string out;
        append_quoted(out, bytes);
        EXPECT_EQ(out, quoted);
    }
}

/// Collects what is logged while it lives.
class Log : public testing::Test {
protected:
    void configure(Level level, Format format = Format::Text, std::size_t max_bytes = 1 << 20) {
        log::configure({level, format, [this](std::string_view lines) { written_ += lines; }, max_bytes});
    }
    ~Log() override { log::configure({}); }

    const std::string& written() {
        flush();
        return written_;
    }
    std::size_t lines() {
        const std::string& all = written();
        return static_cast<std::size_t>(std::count(all.begin(), all.end(), '\n'));
    }

private:
    std::string written_;
};

TEST_F(Log, leaves_out_what_is_below_its_level) {
    configure(Level::Warning);
    EXPECT_FALSE(enabled(Level::Info));
    EXPECT_TRUE(enabled(Level::Error));
    debug("one");
    info("two");
    warning("three");
    error("four", {{"code", 5}});
    EXPECT_EQ(lines(), 2u);
    EXPECT_NE(written().find("warning three\n"), std::string::npos);
    EXPECT_NE(written().find("error   four code=5\n"), std::string::npos);
}

TEST_F(Log, says_everything_at_debug_and_nothing_when_off) {
    configure(Level::Debug);
    debug("one");
    EXPECT_EQ(lines(), 1u);
    configure(Level::Off);
    error("two");
    EXPECT_EQ(lines(), 1u);
    EXPECT_FALSE(enabled(Level::Off));
}

TEST_F(Log, keeps_every_line_of_many_threads_whole) {
    configure(Level::Info, Format::Json);
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([t] {
                for (int i = 0; i < 500; ++i) info("line", {{"thread", t}, {"number", i}});
            });
        }
    }
    EXPECT_EQ(lines(), 2000u);
    std::size_t at = 0;
    for (std::size_t end; (end = written().find('\n', at)) != std::string::npos; at = end + 1) {
        const std::string_view line = std::string_view(written()).substr(at, end - at);
        EXPECT_TRUE(line.starts_with("{\"time\":\"") && line.ends_with("}")) << line;
    }
}

TEST_F(Log, drops_and_counts_what_a_slow_reader_leaves_no_room_for) {
    std::promise<void> blocked;
    std::promise<void> release;
    std::string out;
    bool first = true;
    log::configure({Level::Info, Format::Json,
                    [&](std::string_view lines) {
                        if (std::exchange(first, false)) {
                            blocked.set_value();
                            release.get_future().wait();
                        }
                        out += lines;
                    },
                    1000});
    error("the reader is busy with this");
    blocked.get_future().wait();
    for (int i = 0; i < 100; ++i) info("a line of some length, so that not all of them fit");
    release.set_value();
    flush();
    log::configure({});
    const auto given = std::count(out.begin(), out.end(), '\n');
    EXPECT_LT(given, 20);
    EXPECT_GT(given, 3);
    EXPECT_NE(out.find("\"message\":\"log lines were dropped\",\"lines\":" + std::to_string(103 - given - 1)),
              std::string::npos)
        << out;
}

TEST(LogLevel, has_names) {
    EXPECT_EQ(level_named("debug"), Level::Debug);
    EXPECT_EQ(level_named("off"), Level::Off);
    EXPECT_EQ(level_named("loud"), std::nullopt);
}

TEST(LogDefault, writes_to_stderr) {
    testing::internal::CaptureStderr();
    info("to stderr", {{"n", 1}});
    flush();
    EXPECT_NE(testing::internal::GetCapturedStderr().find("info    to stderr n=1\n"), std::string::npos);
}

}  // namespace
}  // namespace credvault::log
