// The program's log: a message and named fields, one line each on stderr, as text for people or as JSON for machines.
// Built on spdlog. A call formats its line and appends it to a buffer; a thread of the log's own writes what has
// gathered, so that no caller waits for the reader of the log. Lines beyond the buffer's bound are dropped, and how
// many is said. Thread-safe. Control characters are escaped; keeping secrets out is the caller's affair.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace credvault::log {

enum class Level : std::uint8_t { Debug, Info, Warning, Error, Off };
enum class Format : std::uint8_t { Text, Json };

/// A name (a plain identifier) and its value. Lives only as long as the call that it is written in.
struct Field {
    using Value = std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool>;

    Field(std::string_view n, std::string_view v) : name(n), value(v) {}
    Field(std::string_view n, const std::string& v) : name(n), value(std::string_view(v)) {}
    Field(std::string_view n, const char* v) : name(n), value(std::string_view(v)) {}
    Field(std::string_view n, double v) : name(n), value(v) {}
    Field(std::string_view n, bool v) : name(n), value(v) {}
    Field(std::string_view n, std::signed_integral auto v) : name(n), value(static_cast<std::int64_t>(v)) {}
    Field(std::string_view n, std::unsigned_integral auto v)
        : name(n), value(static_cast<std::uint64_t>(v)) {}

    std::string_view name;
    Value value;
};

using Fields = std::initializer_list<Field>;

struct Options {
    Level level = Level::Info;  ///< Lines below it are not made.
    Format format = Format::Text;
    /// Takes whole lines, several at once, on the log's thread; stderr where empty.
    std::function<void(std::string_view lines)> output;
    std::size_t max_buffered_bytes = 4 * 1024 * 1024;
};

/// Replaces the settings; what was logged before is written first. Until the first call the defaults hold.
void configure(Options options);
/// Whether lines of this level are made, for callers with costly fields.
bool enabled(Level level);
/// From "debug", "info", "warning", "error", "off".
std::optional<Level> level_named(std::string_view name);

void debug(std::string_view message, Fields fields = {});
void info(std::string_view message, Fields fields = {});
void warning(std::string_view message, Fields fields = {});
void error(std::string_view message, Fields fields = {});

/// Returns when everything logged before has been written. Also done when the process ends.
void flush();

}  // namespace credvault::log
