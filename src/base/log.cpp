#include "base/log.h"

#include <spdlog/logger.h>

#include <atomic>
#include <memory>
#include <utility>

#include "base/clock.h"
#include "base/log_line.h"
#include "base/log_sink.h"

namespace credvault::log {
namespace {

struct Log {
    // spdlog lets everything pass: the level is tested before a line is made.
    Log() { logger.set_level(spdlog::level::trace); }

    std::shared_ptr<GatheringSink> sink = std::make_shared<GatheringSink>();
    spdlog::logger logger{"credvault", sink};
};

std::atomic<Level> least_level{Options().level};
std::atomic<Format> line_format{Options().format};

Log& the_log() {
    // Never destroyed, so that static objects may log while they are: the guard writes what is left.
    static Log* const log = new Log;
    struct Guard {
        ~Guard() { flush(); }
    };
    static const Guard guard;
    return *log;
}

spdlog::level::level_enum spdlog_level(Level level) {
    switch (level) {
        case Level::Debug: return spdlog::level::debug;
        case Level::Info: return spdlog::level::info;
        case Level::Warning: return spdlog::level::warn;
        case Level::Error: return spdlog::level::err;
        case Level::Off: break;
    }
    return spdlog::level::off;
}

void write(Level level, std::string_view message, Fields fields) {
    if (!enabled(level)) return;
    std::string line;
    line.reserve(256);
    append_line(line, line_format.load(std::memory_order_relaxed), {now_ms(), level, message, fields});
    the_log().logger.log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace

void configure(Options options) {
    least_level = options.level;
    line_format = options.format;
    the_log().sink->configure(std::move(options));
}

bool enabled(Level level) {
    return level >= least_level.load(std::memory_order_relaxed) && level != Level::Off;
}

std::optional<Level> level_named(std::string_view name) {
    for (const Level level : {Level::Debug, Level::Info, Level::Warning, Level::Error, Level::Off}) {
        if (level_name(level) == name) return level;
    }
    return {};
}

void debug(std::string_view message, Fields fields) { write(Level::Debug, message, fields); }
void info(std::string_view message, Fields fields) { write(Level::Info, message, fields); }
void warning(std::string_view message, Fields fields) { write(Level::Warning, message, fields); }
void error(std::string_view message, Fields fields) { write(Level::Error, message, fields); }

void flush() { the_log().sink->flush(); }

}  // namespace credvault::log
