// One line of the log as text or JSON. Internal to log.cpp. Pure functions, thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "base/log.h"

namespace credvault::log {

/// What a line says; views into the caller's values.
struct Line {
    std::int64_t time_ms;
    Level level;
    std::string_view message;
    Fields fields;
};

/// `2026-01-31T12:00:00.000Z info    message name=value other="two words"`, without a line end.
void append_text_line(std::string& out, const Line& line);
/// `{"time":"…","level":"info","message":"…","name":"value"}`, without a line end.
void append_json_line(std::string& out, const Line& line);
void append_line(std::string& out, Format format, const Line& line);
/// The text in quotes, escaped as JSON wants it; bytes that are no UTF-8 become U+FFFD.
void append_quoted(std::string& out, std::string_view text);

std::string_view level_name(Level level);

}  // namespace credvault::log
